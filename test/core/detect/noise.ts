import type { Dice } from "../../../simulators/plant/dice.ts";
import { between, dice } from "../../../simulators/plant/dice.ts";

/** Noise from a seed: mean 0, standard deviation 1, as good as Gaussian (twelve uniform ones). */
export function noiseFrom(seed: number): () => number {
  const from = dice(seed);
  return () => Array.from({ length: 12 }, () => between(from, -0.5, 0.5)).reduce((sum, one) => sum + one, 0);
}

/** Noise that remembers: each value keeps `recall` of the one before, as a room's temperature does. Standard deviation 1. */
export function driftFrom(seed: number, recall: number): () => number {
  const noise = noiseFrom(seed);
  const push = Math.sqrt(1 - recall * recall);
  let value = noise();
  return () => {
    value = recall * value + push * noise();
    return value;
  };
}

/** Chance from a seed, in [0, 1). */
export function chanceFrom(seed: number): () => number {
  const from: Dice = dice(seed);
  return () => between(from, 0, 1);
}
