import type { Reading } from "../reading.ts";
import type { Instant } from "../time.ts";
import type { Verdict } from "../vote.ts";

/**
 * Judges the points of one channel, reading after reading. Given the same readings in the same
 * order, two of them always agree. `memory` is all that it remembers: plain data, bounded, so that a
 * checkpoint can carry it; a detector made over a saved memory goes on as if nothing had happened.
 */
export interface Detector<Memory = unknown> {
  readonly memory: Memory;
  /**
   * `reading` is of any of the channel's points; one that has grown too old is handed over as bad. `now` is the scan's.
   * `stands`: its alarm is raised. A deadband holds what stands, and no on-delay.
   */
  judge(reading: Reading, now: Instant, stands: boolean): Verdict;
  /** What it weighs, as of the last reading, for people who ask why. What is to be seen in the reading itself is left out. */
  account?(): readonly Weighed[];
}

/** One number of a judgement: a slope, a difference, a time left. */
export interface Weighed {
  readonly name: string;
  /** Null where it is not known. */
  readonly value: number | null;
  /** Beyond this it is abnormal. */
  readonly limit?: number;
  readonly unit?: string;
}
