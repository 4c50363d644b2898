/**
 * A history read back as readings, in the order of time and a slice of time after the other: a year of a large site does
 * not fit in memory, and no slice of it is larger than it must be.
 */
import type { Reading } from "../core/reading.ts";

/** A history that can be read. Its methods reject with what the database said. */
export interface Past {
  /** The instants of the oldest and the newest reading, ms; null where there is none. */
  span(): Promise<{ readonly oldest: number; readonly newest: number } | null>;
  /** The readings from an instant on and before another, in the order of time. */
  readings(from: number, to: number): Promise<readonly Reading[]>;
  close(): Promise<void>;
}

/** What a slice should hold: enough that asking costs little, and some tens of megabytes. */
const wanted = 100_000;
const firstSliceMs = 60_000;
const sliceMsMin = 1000;
const sliceMsMax = 24 * 3_600_000;

/** All readings between two instants, the second included. Slices without a reading are passed over. */
export async function* slicesOf(past: Past, from: number, to: number): AsyncGenerator<readonly Reading[]> {
  let width = firstSliceMs;
  for (let at = from; at <= to; ) {
    const until = Math.min(at + width, to + 1);
    const readings = await past.readings(at, until);
    if (readings.length > 0) yield readings;
    at = until;
    const factor = readings.length > 2 * wanted ? 0.5 : readings.length < wanted / 2 ? 2 : 1;
    width = Math.min(sliceMsMax, Math.max(sliceMsMin, width * factor));
  }
}
