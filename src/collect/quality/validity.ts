import { holds } from "../../profiles/condition.ts";
import type { Sample } from "../../profiles/model.ts";

/**
 * Values that mean something only in one state of the device: the time on battery only while it is
 * on battery. While that state is unknown the value is kept, and not vouched for.
 */
export class Validity {
  /** The last word of every point; undefined where it is none. */
  readonly #values = new Map<string, number | undefined>();

  /** Takes note of a poll. Of a point that was not asked, the poll before holds. */
  see(samples: readonly Sample[]): void {
    for (const sample of samples) this.#values.set(sample.point.name, "fault" in sample ? undefined : sample.value);
  }

  judge(sample: Sample): Sample {
    const when = sample.point.doubts?.validWhen;
    if (!when || "fault" in sample) return sample;
    const value = this.#values.get(when.point);
    if (value === undefined) return { doubt: "notAccurate", ...sample };
    return holds(when, value) ? sample : { point: sample.point, fault: "notApplicable" };
  }
}
