import type { Sample } from "../../profiles/model.ts";

/**
 * Two bindings of one point: two registers, or two objects, in which a device says the same. Where
 * they contradict each other one of them is wrong, and nobody can tell which. A second binding that
 * says nothing contradicts nothing; it stands in for a first that says nothing.
 */
export class Agreement {
  /** One sample for each point, without those of the second bindings. */
  settle(samples: readonly Sample[]): readonly Sample[] {
    const seconds = new Map(samples.map((sample) => [sample.point, sample]));
    const isSecond = new Set(samples.flatMap(({ point }) => point.doubts?.agrees?.point ?? []));
    if (isSecond.size === 0) return samples;
    return samples
      .filter(({ point }) => !isSecond.has(point))
      .map((sample) => {
        const agrees = sample.point.doubts?.agrees;
        const second = agrees && seconds.get(agrees.point);
        return second ? settled(sample, second, agrees.within) : sample;
      });
  }
}

function settled(first: Sample, second: Sample, within: number): Sample {
  if ("fault" in second) return first;
  if ("fault" in first) return { point: first.point, value: second.value, doubt: second.doubt ?? "notAccurate" };
  return Math.abs(first.value - second.value) <= within ? first : { ...first, doubt: "disagreeing" };
}
