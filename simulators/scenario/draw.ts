/** Chance in a scenario: what is drawn from its seed before anything else is read, so that a run is the seed's and nobody else's. */
import { parseDuration } from "../../src/profiles/index.ts";
import type { Dice } from "../plant/dice.ts";
import { between } from "../plant/dice.ts";

/** The forms of a draw, for people. */
export const drawForms = "uniform 1min..5min, whole 1..6, normal 30s ± 5s, or one of bat-a, bat-b";

/** What a draw's words mean, drawn; null where they mean nothing. A drawn time comes out in ms: "61234ms". */
export function draw(text: string, dice: Dice): string | number | null {
  const [, kind, rest = ""] = /^(uniform|whole|normal|one of) +(.+)$/.exec(text.trim()) ?? [];
  if (kind === undefined) return null;
  if (kind === "one of") {
    const choices = rest.split(",").map((choice) => choice.trim());
    return choices[Math.floor(between(dice, 0, choices.length))]!;
  }
  const [low, high, ...more] = rest.split(kind === "normal" ? "±" : "..").map((part) => part.trim());
  if (low === undefined || high === undefined || more.length > 0) return null;
  const times = [low, high].map(parseDuration);
  if (times[0] !== null && times[1] !== null) {
    const drawn = kind === "whole" ? null : number(kind, times as number[], dice);
    return drawn === null ? null : `${Math.max(0, Math.round(drawn))}ms`;
  }
  const numbers = [low, high].map(Number);
  return low === "" || high === "" || !numbers.every(Number.isFinite) ? null : number(kind, numbers, dice);
}

function number(kind: string, [a = 0, b = 0]: readonly number[], dice: Dice): number | null {
  if (kind === "normal") return b < 0 ? null : a + b * bell(dice);
  if (b < a) return null;
  return kind === "whole" ? Math.floor(between(dice, a, b + 1)) : between(dice, a, b);
}

/** About a standard normal, within ± 6: twelve throws added up take nothing of a machine's own mathematics. */
function bell(dice: Dice): number {
  let sum = -6;
  for (let n = 0; n < 12; n += 1) sum += between(dice, 0, 1);
  return sum;
}
