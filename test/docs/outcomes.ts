/** When what a history calls an outcome came true in a run. */
import type { Ground, Promised, Record } from "../../simulators/promises/index.ts";
import { readPromise } from "../../simulators/promises/index.ts";
import { assert } from "../../src/core/assert.ts";
import type { Duration } from "../../src/core/time.ts";
import { elapsed, ms } from "../../src/core/time.ts";

/** An outcome as a promise with its time, ms after the start; its points have to be sampled in the run. */
export function outcomeBy(outcome: string, after: Duration, ground: Ground): Promised {
  const read = readPromise(`${outcome} by +${after}ms`, ground);
  assert("check" in read, `${outcome} can be read, for the scenario that names it was`);
  return read;
}

/** How long after the start it came true; null where it never did. A promise that holds by a time holds by any later one. */
export function whenTrue(outcome: string, record: Record, ground: Ground): Duration | null {
  const isTrueBy = (after: number): boolean => outcomeBy(outcome, ms(after), ground).check(record) === null;
  let most = elapsed(record.starts, record.ends) as number;
  if (!isTrueBy(most)) return null;
  let least = -1;
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    if (isTrueBy(middle)) most = middle;
    else least = middle;
  }
  return ms(most);
}
