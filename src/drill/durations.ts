/**
 * How long steps took in drills, outlets of sheds among them: a file of JSON lines, one a step that was made, to
 * which is only added. A plan is reckoned with it only where its reader says so, and then says so itself.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { SiteModel } from "../core/plant.ts";
import { deviceOf } from "../core/reading.ts";
import { practiceOf } from "../core/respond/practice.ts";
import type { Response } from "../core/respond/response.ts";
import { usualWrite } from "../core/respond/shed.ts";
import type { Duration } from "../core/time.ts";
import { ms } from "../core/time.ts";

const durationSchema = z.strictObject({
  site: z.string().min(1),
  response: z.string().min(1),
  step: z.string().min(1),
  /** From the order to the end, s. */
  seconds: z.number().min(0),
  /** When it was ordered, ms. */
  at: z.int().min(0),
  by: z.string(),
  isConfirmed: z.boolean(),
});

export type Drilled = z.output<typeof durationSchema>;

/** The name of the file in a state folder. */
export const drillsFile = "drills.ndjson";

/** Adds what was measured. */
export function addDrills(file: string, drilled: readonly Drilled[]): void {
  if (drilled.length > 0) appendFileSync(file, drilled.map((one) => `${JSON.stringify(one)}\n`).join(""));
}

/** A line of the file that is none. */
export interface BadLine {
  readonly line: number;
  readonly what: string;
}

/** All that a file holds, or every line of it that is wrong; a file that is not there yet holds nothing. */
export function readDrills(file: string): { readonly drills: readonly Drilled[]; readonly bad: readonly BadLine[] } {
  const drills: Drilled[] = [];
  const bad: BadLine[] = [];
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  for (const [i, text] of lines.entries()) {
    if (text === "") continue;
    const read = lineOf(text);
    if (typeof read === "string") bad.push({ line: i + 1, what: read });
    else drills.push(read);
  }
  return { drills, bad };
}

function lineOf(text: string): Drilled | string {
  try {
    const { data, error } = durationSchema.safeParse(JSON.parse(text));
    return data ?? error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  } catch {
    return "is no JSON";
  }
}

/** What drills say of a step, of all outlets of a shed, or of one write to a device. */
export interface Measured {
  /** Confirmed ones, which alone tell how long it takes. */
  readonly drills: number;
  readonly failed: number;
  /** When the last confirmed one was ordered, ms. */
  readonly last: number;
  /** What is reckoned with. */
  readonly p95: Duration;
  /** Few drills are no distribution: the larger of the longest and of what the file says was taken. */
  readonly isFew: boolean;
  /** What the site file says; null where it says nothing. */
  readonly said: Duration | null;
}

/** With fewer, a percentile would be a guess. */
const drillsMin = 5;

/** All that drills say of a site; what none has confirmed is not in it. */
export interface Measurements {
  /** By "response/step", a shed's outlets among them; and of all outlets of a shed together by its response. */
  readonly steps: ReadonlyMap<string, Measured>;
  /** What one write takes, by device. */
  readonly writes: ReadonlyMap<string, Measured>;
}

type Grounds = Pick<SiteModel, "responses" | "power" | "closable">;

export function measuredOf(site: string, grounds: Grounds, drills: readonly Drilled[]): Measurements {
  const steps = new Map<string, Measured>();
  const writes: Outlet[] = [];
  for (const response of grounds.responses) {
    const { id, action } = response;
    const own = drills.filter((one) => one.site === site && one.response === id);
    const known = new Map((own.length === 0 ? [] : practiceOf(action, grounds).steps).map((step) => [step.id, step]));
    const made = own.filter(({ step }) => known.has(step)).map((one) => ({ ...one, tookMs: one.seconds * 1000 }));
    for (const [step, of] of grouped(made, (one) => one.step))
      put(steps, keyOf(id, step), measure(of, known.get(step)!.usual));
    if (action.kind === "failover") continue;
    put(steps, id, measure([...grouped(made, ({ at }) => at).values()].map(slowest), action.usual));
    writes.push(...made.map((one) => ({ ...one, device: deviceOf(known.get(one.step)!.point) })));
  }
  return { steps, writes: pacesOf(writes, grounds) };
}

export const keyOf = (response: string, step: string): string => `${response}/${step}`;

function put(among: Map<string, Measured>, key: string, measured: Measured | null): void {
  if (measured) among.set(key, measured);
}

function grouped<K, T>(all: readonly T[], keyOfOne: (one: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const group = groups.get(keyOfOne(one));
    if (group) group.push(one);
    else groups.set(keyOfOne(one), [one]);
  }
  return groups;
}

interface Took extends Pick<Drilled, "at" | "isConfirmed"> {
  readonly tookMs: number;
}

interface Outlet extends Took {
  readonly response: string;
  readonly device: string;
}

/** What was ordered in the same moment, as one: it is confirmed when all of it is. */
const slowest = (all: readonly Took[]): Took => ({
  at: all[0]!.at,
  tookMs: Math.max(...all.map(({ tookMs }) => tookMs)),
  isConfirmed: all.every(({ isConfirmed }) => isConfirmed),
});

/** Few drills are not taken to have shown less than `atLeast`. */
function measure(all: readonly Took[], said: Duration | undefined, atLeast = said): Measured | null {
  const own = all.filter(({ isConfirmed }) => isConfirmed);
  if (own.length === 0) return null;
  const took = own.map(({ tookMs }) => tookMs);
  const isFew = took.length < drillsMin;
  const p95 = ms(Math.round(isFew ? Math.max(...took, atLeast ?? 0) : nearestRank(took, 0.95)));
  const last = Math.max(...own.map(({ at }) => at));
  return { drills: took.length, failed: all.length - took.length, last, p95, isFew, said: said ?? null };
}

/**
 * A device makes its writes one after the other: one that has shown several within a time takes no longer for each
 * than its part of it. A single outlet says nothing of the pace: most of its time is that in which it shows.
 */
function pacesOf(outlets: readonly Outlet[], { power }: Grounds): ReadonlyMap<string, Measured> {
  const paces = new Map<string, Measured>();
  for (const [device, own] of grouped(outlets, (one) => one.device)) {
    const bursts = [...grouped(own, ({ at, response }) => `${response}@${at}`).values()].filter((of) => of.length > 1);
    const took = bursts.map((of) => ({ ...slowest(of), tookMs: slowest(of).tookMs / of.length }));
    const said = power.writeTimes?.get(device);
    put(paces, device, measure(took, said, said ?? usualWrite));
  }
  return paces;
}

/** The smallest value that so great a part of all is not above. Of fewer than twenty, 95 % is the longest. */
export function nearestRank(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** Responses whose steps, and outlets, take what drills have shown, where they have. */
export const withMeasured = (
  responses: readonly Response[],
  { steps }: Pick<Measurements, "steps">,
): readonly Response[] => responses.map((response) => ({ ...response, action: measuredAction(response, steps) }));

function measuredAction({ id, action }: Response, measured: Measurements["steps"]): Response["action"] {
  const timed = <T extends object>(what: T, key: string): T => {
    const p95 = measured.get(key)?.p95;
    return p95 === undefined ? what : { ...what, usual: p95 };
  };
  if (action.kind === "shed") return timed(action, id);
  return { ...action, steps: action.steps.map((step) => timed(step, keyOf(id, step.id))) };
}
