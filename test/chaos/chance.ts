import { between, dice } from "../../simulators/plant/dice.ts";

/** Chance from a seed, for those who make things up. */
export interface Chance {
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** Whether something comes true that does so `part` of the times. */
  odds(part: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** The same seed makes the same choices. */
export function chance(seed: number): Chance {
  const from = dice(seed);
  // The first numbers of neighbouring seeds are neighbours themselves.
  for (let i = 0; i < 8; i += 1) between(from, 0, 1);
  const whole = (low: number, high: number): number => Math.floor(between(from, low, high + 1));
  return {
    whole,
    odds: (part) => between(from, 0, 1) < part,
    pick: (list) => list[whole(0, list.length - 1)]!,
  };
}
