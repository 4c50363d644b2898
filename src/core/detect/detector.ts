import type { Reading } from "../reading.ts";
import type { Verdict } from "../vote.ts";

/**
 * Judges one point, reading after reading. Given the same readings in the same order, two of them
 * always agree. `memory` is all that it remembers: plain data, bounded, so that a checkpoint can
 * carry it; a detector made over a saved memory goes on as if nothing had happened.
 */
export interface Detector<Memory = unknown> {
  readonly memory: Memory;
  judge(reading: Reading): Verdict;
}
