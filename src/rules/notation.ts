/**
 * What a point says over time, in one line: values with blanks between them, each so much later than the one before.
 * `21x3` is three of them, `_` is no reading, `bad` one without a value (`bad(stale)` with its reason), `~21` one that is
 * in doubt, `20..35 over 5min` a ramp with both its ends, and `online*` goes on to the end.
 */
import { parseDuration } from "../core/duration.ts";
import type { Doubt, Fault, PointId, Reading } from "../core/reading.ts";
import type { Duration, Instant } from "../core/time.ts";
import { after, ms } from "../core/time.ts";

/** More readings of one test than this are a history, and not an example. */
export const readingsMost = 1_000_000;

/** What the values of a line are of. */
export interface Notated {
  readonly point: PointId;
  /** A state point's states. */
  readonly states: readonly string[] | null;
  readonly starts: Instant;
  readonly every: Duration;
  /** Until when `*` goes on; null where nobody has said how long the test lasts. */
  readonly ends: Instant | null;
}

/** A sentence about what cannot be read. */
export interface Unread {
  readonly wrong: string;
}

const usualFault: Fault = "noCommunication";
const usualDoubt: Doubt = "notAccurate";
const faults: readonly string[] = [
  "noCommunication",
  "stale",
  "deviceFailure",
  "sensorFailure",
  "notFitted",
  "configuration",
  "notApplicable",
  "frozen",
  "wrongDevice",
  "waitingForFirst",
] satisfies readonly Fault[];

/** What is said at one place; null where nothing is. */
type Said =
  | { readonly quality: "good"; readonly value: number }
  | { readonly quality: "uncertain"; readonly value: number; readonly reason: Doubt }
  | { readonly quality: "bad"; readonly reason: Fault }
  | null;

const nothing = Symbol("no such word");

/** The readings of a line, in the order of time. */
export function readingsIn(line: string, notated: Notated): readonly Reading[] | Unread {
  const readings: Reading[] = [];
  let at = notated.starts;
  const put = (said: Said): void => {
    if (said) readings.push({ point: notated.point, at, ...said });
    at = after(at, notated.every);
  };
  for (const word of wordsOf(line)) {
    const said = saidBy(word, notated, at);
    if ("wrong" in said) return said;
    if (readings.length + said.count > readingsMost) return { wrong: `comes to more than ${readingsMost} readings` };
    for (let i = 0; i < said.count; i += 1) put(said.nth(i));
  }
  return readings;
}

/** "20..35 over 5min" is one word of the notation. */
const wordsOf = (line: string): readonly string[] => line.trim().match(/\S+\.\.\S+ +over +\S+|\S+/g) ?? [];

interface Run {
  readonly count: number;
  nth(i: number): Said;
}

function saidBy(word: string, notated: Notated, at: Instant): Run | Unread {
  const [, from, to, over] = /^(\S+)\.\.(\S+) +over +(\S+)$/.exec(word) ?? [];
  if (from !== undefined) return rampOf([from, to!, over!], notated);
  const whole = valueOf(word, notated);
  if (whole !== nothing) return { count: 1, nth: () => whole };
  const [, before = "", times, on] = /^(.+?)(?:x(\d+)|(\*))$/.exec(word) ?? [];
  const said = valueOf(before, notated);
  if (said === nothing) return strange(word, notated);
  if (on === undefined) return { count: Number(times), nth: () => said };
  if (notated.ends === null) return { wrong: `${word} goes on to the end: say how long the test lasts` };
  return { count: Math.max(0, Math.floor((notated.ends - at) / notated.every) + 1), nth: () => said };
}

function rampOf([from, to, over]: readonly [string, string, string], notated: Notated): Run | Unread {
  const [low, high, lasts] = [Number(from), Number(to), parseDuration(over)];
  if (!Number.isFinite(low) || !Number.isFinite(high) || lasts === null)
    return { wrong: `"${from}..${to} over ${over}" is no ramp such as 20..35 over 5min` };
  if (notated.states) return { wrong: `${notated.point} is a state, and has no ramp` };
  const steps = Math.max(1, Math.round(ms(lasts) / notated.every));
  return { count: steps + 1, nth: (i) => ({ quality: "good", value: low + ((high - low) * i) / steps }) };
}

function valueOf(word: string, notated: Notated): Said | typeof nothing {
  if (word === "_") return null;
  const [, reason] = /^bad(?:\((\w+)\))?$/.exec(word) ?? [];
  if (word === "bad") return { quality: "bad", reason: usualFault };
  if (reason !== undefined) return faults.includes(reason) ? { quality: "bad", reason: reason as Fault } : nothing;
  const isDoubted = word.startsWith("~");
  const value = numberOf(isDoubted ? word.slice(1) : word, notated);
  if (value === null) return nothing;
  return isDoubted ? { quality: "uncertain", value, reason: usualDoubt } : { quality: "good", value };
}

/** A state by its name, or a number. */
export function numberOf(word: string, { states }: Pick<Notated, "states">): number | null {
  if (states) return states.includes(word) ? states.indexOf(word) : null;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word) ? Number(word) : null;
}

function strange(word: string, { point, states }: Notated): Unread {
  const may = states ? `${states.join(", ")}` : "a number";
  return { wrong: `"${word}" is nothing that ${point} says: ${may}, bad, ~ before a value, _ or a ramp` };
}
