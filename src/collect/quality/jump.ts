import type { Sample } from "../../profiles/model.ts";

/** What is believed of a point, and the values that have not been confirmed yet. */
interface Belief {
  readonly value: number;
  /** Polls in a row that said something else, and what the last of them said. */
  readonly polls: number;
  readonly seen: number;
}

/**
 * Values that jump. A bit that falls over on its way makes a reading that nothing physical can make;
 * it is gone at the next poll. A jump that is still there is what happened. Until then the value is
 * told, because it may be true, and called unconfirmed, because it may not.
 */
export class Jump {
  readonly #beliefs = new Map<string, Belief>();

  judge(sample: Sample): Sample {
    const confirm = sample.point.doubts?.confirm;
    if (!confirm || "fault" in sample) return sample;
    const { name } = sample.point;
    const { value } = sample;
    const belief = this.#beliefs.get(name);
    const far = belief !== undefined && Math.abs(value - belief.value) > confirm.jump;
    // What jumps about does not confirm itself: each value has to stand near the one before it.
    const again = belief && far && belief.polls > 0 && Math.abs(value - belief.seen) <= confirm.jump;
    const polls = far ? (again ? belief.polls + 1 : 1) : 0;
    if (!far || polls >= confirm.polls) {
      this.#beliefs.set(name, { value, polls: 0, seen: value });
      return sample;
    }
    this.#beliefs.set(name, { value: belief.value, polls, seen: value });
    return { ...sample, doubt: "unconfirmed" };
  }
}
