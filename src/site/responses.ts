import { z } from "zod";
import { hours } from "../core/time.ts";
import { state } from "./targets.ts";
import { delay, id, text, title, wait } from "./words.ts";

/** A response that waits longer than this is a work order. */
const AFTER_MAX = hours(24);
/** What has shown no effect for this long has none. */
const WITHIN_MAX = hours(4);
/** Attempts after the first: a mover that failed so often needs a person. */
const RETRIES_MAX = 5;
/** Steps that a person can still follow on one screen, several times over. */
const STEPS_MAX = 200;
const RELIEVED_MAX = 64;

const step = z
  .strictObject({
    id,
    title: title.optional(),
    /** What is moved, to a site; or what is commanded, to one of its states. */
    service: id.optional(),
    target: id.optional(),
    to: state,
    needs: z.array(id).default([]),
    within: wait(WITHIN_MAX),
    retries: z.int().min(0).max(RETRIES_MAX).default(0),
    ifFailed: z.enum(["carryOn", "stop"]),
  })
  .refine(
    ({ service, target }) => (service === undefined) !== (target === undefined),
    "moves a service or commands a target",
  );

const shed = z.strictObject({
  relieve: z
    .array(z.strictObject({ node: id, toKw: z.number().min(0) }))
    .min(1)
    .max(RELIEVED_MAX),
  within: wait(WITHIN_MAX),
  settle: delay(WITHIN_MAX),
});

const failover = z.strictObject({ steps: z.array(step).min(1).max(STEPS_MAX) });

/** What is done about alarms. Whether, when and how blind: written down, with no default. */
export const responseSchema = z
  .strictObject({
    title,
    when: z.array(text).min(1),
    ifBlind: z.enum(["act", "hold"]),
    mode: z.enum(["observe", "advise", "act"]),
    after: delay(AFTER_MAX),
    /** Why it may darken loads though one sensor alone can call for it. */
    accept: text.optional(),
    shed: shed.optional(),
    failover: failover.optional(),
  })
  .refine(
    (source) => (source.shed === undefined) !== (source.failover === undefined),
    "does one thing: shed or failover",
  );

export type ResponseSource = z.output<typeof responseSchema>;
export type ShedSource = z.output<typeof shed>;
export type StepSource = z.output<typeof step>;
