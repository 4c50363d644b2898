import { z } from "zod";
import { hours } from "../core/time.ts";
import { state } from "./targets.ts";
import { delay, id, point, text, title, wait } from "./words.ts";

/** A response that waits longer than this is a work order. */
const AFTER_MAX = hours(24);
/** What has shown no effect for this long has none. */
const WITHIN_MAX = hours(4);
/** Attempts after the first: a mover that failed so often needs a person. */
const RETRIES_MAX = 5;
/** Steps that a person can still follow on one screen, several times over. */
const STEPS_MAX = 200;
/** What a person can still check by eye. */
const TESTS_MAX = 32;
const RELIEVED_MAX = 64;
/** Sheds that one reason speaks of. */
const TOGETHER_MAX = 32;
/** Loads that one list names: more than a hall has racks. */
const LISTED_MAX = 10_000;

/** A test of one point: that it is in a state, or beyond a limit. */
export const test = z
  .strictObject({ point, at: state.optional(), above: z.number().optional(), below: z.number().optional() })
  .refine(
    ({ at, above, below }) => [at, above, below].filter((way) => way !== undefined).length === 1,
    "is tested in one way: at, above or below",
  );

const step = z
  .strictObject({
    id,
    title: title.optional(),
    /** What is moved, to a site; or what is commanded, to one of its states: a target, or a point of a device. */
    service: id.optional(),
    target: id.optional(),
    point: point.optional(),
    to: state,
    /** What must be seen beside it before it is over. */
    shows: test.optional(),
    needs: z.array(id).default([]),
    within: wait(WITHIN_MAX),
    retries: z.int().min(0).max(RETRIES_MAX).default(0),
    /** The id of a step is one that is taken in its place, and only then. */
    ifFailed: z.union([z.enum(["carryOn", "stop"]), id], { error: "carryOn, stop, or the id of a step" }),
    /** What must hold when it is written. */
    when: test.optional(),
    /** How long it takes as a rule; of a service, what drills have shown where it is not said. */
    usual: wait(WITHIN_MAX).optional(),
    /** What undoes it: the site, or the state, to go back to. */
    inverse: state.optional(),
    pointOfNoReturn: z.literal(true).optional(),
  })
  .refine(
    ({ service, target, point: own }) => [service, target, own].filter((one) => one !== undefined).length === 1,
    "moves a service, or commands a target or a point: one of them",
  )
  .refine(
    ({ inverse, pointOfNoReturn }) => inverse === undefined || pointOfNoReturn === undefined,
    "is a point of no return or has an inverse, not both",
  )
  .refine(({ usual, within }) => usual === undefined || usual <= within, "usual is at most within");

const kw = z.number().min(0);

/** When a person may have it undone: all of these must be seen to hold, for so long; and how long from one start to the next. */
const restore = z.strictObject({
  when: z.array(test).min(1).max(TESTS_MAX),
  settle: wait(AFTER_MAX),
  every: wait(WITHIN_MAX).optional(),
});

/** A node and its three bands: above `capKw` it is shed to `toKw`, below `uncapKw` load may come back. */
const relief = z
  .strictObject({ node: id, toKw: kw, capKw: kw.optional(), uncapKw: kw.optional() })
  .refine(({ toKw, capKw = toKw }) => capKw >= toKw, "capKw is at least toKw: what is shed to must not be over it")
  .refine(
    ({ toKw, uncapKw = 0 }) => uncapKw <= toKw,
    "uncapKw is at most toKw: what comes back must not be shed again",
  );

const shed = z
  .strictObject({
    relieve: z.array(relief).min(1).max(RELIEVED_MAX),
    within: wait(WITHIN_MAX),
    /** How long an outlet takes as a rule to show that it is open: plans are reckoned with it. */
    usual: wait(WITHIN_MAX).optional(),
    settle: delay(WITHIN_MAX),
    /** In what time all of it is to be done, from its beginning. */
    deadline: wait(WITHIN_MAX).optional(),
    /** The loads that it may touch, in this order; without it, those whose loss does the least harm. */
    order: z.array(id).min(1).max(LISTED_MAX).optional(),
    /** How load comes back by itself. */
    release: z
      .strictObject({ after: wait(WITHIN_MAX), every: wait(WITHIN_MAX), tightenAfter: wait(WITHIN_MAX).optional() })
      .optional(),
    /** When a person may have it closed again. */
    restore: restore.optional(),
  })
  .refine(
    ({ release, restore: asked }) => release === undefined || asked === undefined,
    "load comes back by itself (release) or when a person asks for it (restore), not both",
  )
  .refine(
    ({ relieve, release }) => release === undefined || relieve.every(({ uncapKw }) => uncapKw !== undefined),
    "release needs an uncapKw of every node that is relieved",
  );

const failover = z.strictObject({
  steps: z.array(step).min(1).max(STEPS_MAX),
  /** From the alarm on, the announced wait in it; or the UPS whose battery must not be empty before. */
  deadline: z.union([wait(AFTER_MAX), z.strictObject({ runtimeOf: id })]).optional(),
  /** What a step means that would be over too late: it is ordered all the same, or left out. */
  ifLate: z.enum(["carryOn", "skip"]).default("carryOn"),
  restore: restore.optional(),
});

/** Why it may darken loads though one sensor alone can call for it, or go as far as it does; and the other sheds of which that is said as well. */
const accept = z.union([text, z.strictObject({ why: text, with: z.array(id).min(1).max(TOGETHER_MAX) })]);

/** What is done about alarms. Whether, when and how blind: written down, with no default. */
export const responseSchema = z
  .strictObject({
    title,
    when: z.array(text).min(1),
    ifBlind: z.enum(["act", "hold"]),
    /** What another device must show, one of these, before anything is done for an alarm that is blind. */
    witness: z.array(test).min(1).max(TESTS_MAX).optional(),
    mode: z.enum(["observe", "advise", "act"]),
    after: delay(AFTER_MAX),
    accept: accept.optional(),
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
export type RestoreSource = z.output<typeof restore>;
export type TestSource = z.output<typeof test>;
