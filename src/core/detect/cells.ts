/**
 * How far the lowest cell of a rack lies under the others. A load, a charger and a test move all cells, and the weak one a
 * little more, and an empty rack is uneven at rest as well; so a standing difference is believed only while the others
 * have kept still for ten minutes where they usually do, and in between its last word holds. A difference that comes from one reading to the next, and is not the others' own fall, is a
 * short: 0.2 to 0.3 V at McMicken (2019), a step to a plateau and then to nothing in tests. The two values of a device may
 * be of two moments, so that a step counts when the next pair shows it as well.
 */
import { z } from "zod";
import { minutes } from "../time.ts";
import { medianOf, middleOfThree, towards } from "./average.ts";
import { pointSchema } from "./kind.ts";

export const cellsSchema = z.strictObject({
  lowest: pointSchema,
  /** The rack's mean cell, or its highest. */
  than: pointSchema,
  /** V under the others: standing, standing, and all at once. */
  warning: z.number().positive().default(0.03),
  stop: z.number().positive().default(0.05),
  step: z.number().positive().default(0.15),
});

export type CellsSpec = z.output<typeof cellsSchema>;

/** The two values of one moment: how far the lowest lies under the others, and where those are, V. */
interface Pair {
  readonly under: number;
  readonly than: number;
}

export interface CellsMemory {
  lowest: number | null;
  than: number | null;
  /** Which of them have come since the last pair. */
  news: { lowest: boolean; than: boolean };
  /** The last pairs, oldest first, and when the newest came. */
  recent: Pair[];
  at: number;
  /** What was before a step, and whether a second pair has shown it. */
  step: (Pair & { readonly isSure: boolean }) | null;
  /** Where the others keep still, since when, and the average difference there. */
  rest: { readonly than: number; readonly since: number; readonly under: number } | null;
  /** Where they usually keep still, V; null before the first time. */
  usual: number | null;
  /** The last word on the standing difference. */
  wide: 0 | 1 | 2;
}

/** Of so many pairs the middle one counts, so that one wrong reading says nothing. */
const pairs = 3;
/** The others keep still within this, V: noise does, and a load does not. */
const still = 0.01;
/** A string that rests has got over most of its recovery by then. */
const restMin = minutes(10);
const smoothing = minutes(1);
/** A battery that stands by is full, or at the one charge that it is kept at; a rack stored at another is known by then. */
const learning = minutes(24 * 60);
/** V from there: a tenth of an NMC cell's charge, and more than a full LFP cell falls when its charger lets go of it. */
const nearUsual = 0.1;
/** After a longer silence nobody saw whether it came at once. */
const silence = minutes(1);
/** V; the deadband of a difference between cells. */
const deadband = 0.01;

export const noCells = (): CellsMemory => ({
  lowest: null,
  than: null,
  news: { lowest: false, than: false },
  recent: [],
  at: 0,
  step: null,
  rest: null,
  usual: null,
  wide: 0,
});

/** Takes in a value of one of the two, or that it has none. */
export function weighCell(
  spec: CellsSpec,
  memory: CellsMemory,
  which: "lowest" | "than",
  { value, at }: { readonly value: number | null; readonly at: number },
): void {
  memory[which] = value;
  memory.news[which] = value !== null;
  if (!memory.news.lowest || !memory.news.than || memory.lowest === null || memory.than === null) return;
  memory.news = { lowest: false, than: false };
  takePair(spec, memory, { under: memory.than - memory.lowest, than: memory.than }, at);
}

function takePair(spec: CellsSpec, memory: CellsMemory, pair: Pair, at: number): void {
  const passed = at - memory.at;
  if (passed > silence) Object.assign(memory, { recent: [], rest: null });
  memory.step = stepAfter(spec, memory, pair);
  memory.recent.push(pair);
  if (memory.recent.length > pairs) memory.recent.shift();
  memory.at = at;
  memory.rest = restAfter(memory.rest, middleOf(memory.recent), { passed, at });
  if (at - memory.rest.since >= restMin) takeRest(spec, memory, memory.rest, passed);
}

function takeRest(
  spec: CellsSpec,
  memory: CellsMemory,
  { than, under }: NonNullable<CellsMemory["rest"]>,
  passed: number,
): void {
  memory.usual = towards(memory.usual ?? than, than, passed, learning);
  if (Math.abs(than - memory.usual) <= nearUsual) memory.wide = wideAt(spec, under, memory.wide);
}

/** Each value's own middle. */
function middleOf(recent: readonly Pair[]): Pair {
  const [a, b, c] = recent;
  if (a && b && c)
    return { under: middleOfThree(a.under, b.under, c.under), than: middleOfThree(a.than, b.than, c.than) };
  return {
    under: medianOf(recent.map(({ under }) => under)) ?? 0,
    than: medianOf(recent.map(({ than }) => than)) ?? 0,
  };
}

/** Whether both values can be read now. */
export const areCellsSeen = ({ lowest, than }: CellsMemory): boolean => lowest !== null && than !== null;

/** How far the lowest lies under the others, V; null where it is not known. */
export const underOf = (memory: CellsMemory): number | null =>
  areCellsSeen(memory) && memory.recent.length > 0 ? middleOf(memory.recent).under : null;

/** 3 after a step, and 1 or 2 for a standing difference. */
export const gradeOfCells = ({ step, wide }: CellsMemory): 0 | 1 | 2 | 3 => (step?.isSure ? 3 : wide);

/** What a difference has grown by that is not the fall of all the others. */
const grown = (from: Pair, to: Pair): number => to.under - from.under - Math.max(0, from.than - to.than);

function stepAfter(spec: CellsSpec, { step, recent }: CellsMemory, pair: Pair): CellsMemory["step"] {
  if (step?.isSure) return pair.under - step.under < spec.step / 2 ? null : step;
  if (step && grown(step, pair) >= spec.step) return { ...step, isSure: true };
  if (recent.length < pairs) return null;
  const before = middleOf(recent);
  return grown(before, pair) >= spec.step ? { ...before, isSure: false } : null;
}

function restAfter(
  rest: CellsMemory["rest"],
  { under, than }: Pair,
  { passed, at }: { readonly passed: number; readonly at: number },
): NonNullable<CellsMemory["rest"]> {
  if (rest === null || Math.abs(than - rest.than) > still) return { than, since: at, under };
  return { than: rest.than, since: rest.since, under: towards(rest.under, under, passed, smoothing) };
}

function wideAt(spec: CellsSpec, under: number, before: 0 | 1 | 2): 0 | 1 | 2 {
  if (under >= spec.stop - (before === 2 ? deadband : 0)) return 2;
  return under >= spec.warning - (before > 0 ? deadband : 0) ? 1 : 0;
}
