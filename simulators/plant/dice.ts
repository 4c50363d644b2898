/**
 * Chance for the simulated plant, from a seed: the same seed gives the same plant, to the bit. The
 * generator is Mulberry32 (one 32-bit word of state), whose quality is far above what noise on a
 * simulated sensor needs.
 */

/** A generator's whole memory, as plain data. */
export interface Dice {
  word: number;
}

export const dice = (seed: number): Dice => ({ word: seed >>> 0 });

/** The next number in [0, 1). */
function roll(from: Dice): number {
  from.word = (from.word + 0x6d2b79f5) | 0;
  let t = Math.imul(from.word ^ (from.word >>> 15), 1 | from.word);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

/** The next number in [low, high). */
export const between = (from: Dice, low: number, high: number): number => low + (high - low) * roll(from);

/**
 * A value that wanders about zero: it forgets `recall` of itself a step and is pushed by up to ±`push`.
 * It keeps within push / recall.
 */
export const wander = (value: number, from: Dice, push: number, recall = 0.02): number =>
  value * (1 - recall) + push * (2 * roll(from) - 1);
