/** What a scenario file may hold, after its parameters and draws are put in. */
import { z } from "zod";
import { hours } from "../../src/core/time.ts";
import { durationSchema } from "../../src/profiles/index.ts";
import { eventSchema } from "../plant/index.ts";
import { askSchema } from "./asks.ts";
import { entryKeys, swarmSchema, wrongIn } from "./fault.ts";
import { historySchema } from "./history.ts";
import { siteSchema } from "./site.ts";

/** Nobody rehearses for longer than this at once. */
const longest = hours(7 * 24);
const slowestPoll = hours(1);
/** More entries than this no person has written or could follow. */
const entriesMax = 10_000;

const condition = /^(.+?) is (not )?(\S+)$/;

/** Whether an entry's condition, its parameters put in, holds. */
export function holds(only: string | undefined): boolean {
  const [, said, not, meant] = condition.exec(only ?? "") ?? [];
  return (said === meant) === (not === undefined);
}

const entrySchema = z
  .strictObject({
    at: z.string(),
    /** Promises may count from an entry by its label. */
    label: z.string().min(1).optional(),
    /** Left out where this does not hold: "${mode} is advise", or "is not". */
    only: z.string().regex(condition, 'a condition is like "${mode} is advise" or "${mode} is not act"').optional(),
    does: z.string().optional(),
    event: eventSchema.optional(),
    asks: askSchema.optional(),
    ...entryKeys,
  })
  .refine(
    ({ does, asks, fault, label }) => [does, asks, fault, label].some((said) => said !== undefined),
    "says neither what happens nor what is asked",
  )
  .superRefine((entry, context) => {
    for (const message of wrongIn(entry)) context.addIssue({ code: "custom", message });
  });

export const scenarioSchema = z.strictObject({
  scenario: z.string(),
  about: z.string().min(1),
  /** Where times and figures come from, and what is not known. */
  sources: z.string().optional(),
  /** Of what happened in the world, where the scenario tells it again. */
  history: historySchema.optional(),
  site: siteSchema,
  starts: z.iso.datetime({ offset: true, message: "a start is like 2026-03-02T09:00:00+09:00" }),
  lasts: durationSchema.refine((ms) => ms > 0 && ms <= longest, "a run lasts up to a week"),
  seed: z.int().min(0),
  params: z.record(z.string(), z.unknown()).optional(),
  draw: z.record(z.string(), z.unknown()).optional(),
  /** No device is asked more often than this, in virtual time. */
  polls: durationSchema.refine((ms) => ms > 0 && ms <= slowestPoll, "polls are up to an hour apart").optional(),
  timeline: z.array(entrySchema).max(entriesMax),
  swarm: swarmSchema.optional(),
  /** Points that a report draws. */
  plots: z.array(z.string()).default([]),
  promises: z.array(z.string()),
});

export type ScenarioSource = z.output<typeof scenarioSchema>;
export type EntrySource = z.output<typeof entrySchema>;
