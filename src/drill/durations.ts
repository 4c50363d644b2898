/**
 * How long steps took in drills: a file of JSON lines, one a step that was made, to which is only added. A plan is
 * reckoned with it only where its reader says so, and then says so itself.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { FailoverStep, Response } from "../core/respond/response.ts";
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

/** What drills say of a step. */
export interface Measured {
  /** Confirmed ones, which alone tell how long it takes. */
  readonly drills: number;
  readonly failed: number;
  /** What is reckoned with. */
  readonly p95: Duration;
  /** Few drills are no distribution: the larger of the longest and of what the file says was taken. */
  readonly isFew: boolean;
  /** What the site file says; null where it says nothing. */
  readonly said: Duration | null;
}

/** With fewer, a percentile would be a guess. */
const drillsMin = 5;

/** What was measured of a site's steps, by "response/step". Steps that no drill has confirmed are not in it. */
export function measuredOf(
  site: string,
  responses: readonly Response[],
  drills: readonly Drilled[],
): ReadonlyMap<string, Measured> {
  const found = new Map<string, Measured>();
  for (const { id, action } of responses)
    for (const step of action.kind === "failover" ? action.steps : []) {
      const own = drills.filter((one) => one.site === site && one.response === id && one.step === step.id);
      const measured = measuredStep(step, own);
      if (measured) found.set(keyOf(id, step.id), measured);
    }
  return found;
}

export const keyOf = (response: string, step: string): string => `${response}/${step}`;

function measuredStep({ usual }: FailoverStep, own: readonly Drilled[]): Measured | null {
  const took = own.filter(({ isConfirmed }) => isConfirmed).map(({ seconds }) => seconds * 1000);
  if (took.length === 0) return null;
  const isFew = took.length < drillsMin;
  const longest = Math.max(...took, usual ?? 0);
  const p95 = ms(Math.round(isFew ? longest : nearestRank(took, 0.95)));
  return { drills: took.length, failed: own.length - took.length, p95, isFew, said: usual ?? null };
}

/** The smallest value that so great a part of all is not above. Of fewer than twenty, 95 % is the longest. */
export function nearestRank(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** Responses whose steps take what drills have shown, where they have. */
export const withMeasured = (
  responses: readonly Response[],
  measured: ReadonlyMap<string, Measured>,
): readonly Response[] =>
  responses.map((response) => {
    const { action } = response;
    if (action.kind !== "failover") return response;
    const steps = action.steps.map((step) => {
      const p95 = measured.get(keyOf(response.id, step.id))?.p95;
      return p95 === undefined ? step : { ...step, usual: p95 };
    });
    return { ...response, action: { ...action, steps } };
  });
