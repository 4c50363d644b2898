import type { Sample } from "../../profiles/model.ts";

/** Fewer than this may all be outside at once because something has happened. */
const NOMINALS_MIN = 3;

/**
 * Whether a poll shows a register map that has moved: a firmware that put one word more at the front
 * makes nonsense of everything at once. One value outside its nominal range is news of the plant, so
 * all that have one must be outside.
 */
export function isShifted(samples: readonly Sample[]): boolean {
  const judged = samples.flatMap((sample) => {
    const nominal = sample.point.doubts?.nominal;
    return nominal && !("fault" in sample) ? [sample.value < nominal[0] || sample.value > nominal[1]] : [];
  });
  return judged.length >= NOMINALS_MIN && judged.every(Boolean);
}
