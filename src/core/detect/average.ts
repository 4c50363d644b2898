import type { Duration } from "../time.ts";

/** An average that forgets: what it is `passed` ms later, having been drawn towards a value with a time constant. */
export const towards = (average: number, value: number, passed: number, constant: Duration): number =>
  average + (value - average) * (1 - Math.exp(-passed / constant));

/** The median of some numbers; null where there is none. */
export function medianOf(values: readonly (number | null)[]): number | null {
  // A rack is mostly held against its own mean, and by its last three readings, at every one of them.
  const [a, b, c] = [values[0] ?? null, values[1] ?? null, values[2] ?? null];
  if (values.length === 1) return a;
  if (values.length === 3 && a !== null && b !== null && c !== null) return middleOfThree(a, b, c);
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The middle one of three. */
export const middleOfThree = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
