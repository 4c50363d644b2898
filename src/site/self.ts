/** What a site has otherwise in the alarms on the service's own life: numbers, or none of it. */
import { z } from "zod";
import { priorities } from "../core/alarm/definition.ts";
import { hours } from "../core/time.ts";
import { delay } from "./words.ts";

/** An alarm that waits longer than this tells of yesterday. */
const DELAY_MAX = hours(24);

/** The alarms on the service's own life, by what they watch. */
export const selfNames = ["scan", "journal", "clock", "queues", "memory", "spool", "disk", "chain", "causes"] as const;
export type SelfName = (typeof selfNames)[number];

const rule = z.union([
  z.literal(false),
  z.strictObject({
    /** In place of the usual one, in its unit. */
    limit: z.number().min(0).optional(),
    priority: z.enum(priorities as readonly ["critical", "high", "medium", "low"]).optional(),
    onDelay: delay(DELAY_MAX).optional(),
    offDelay: delay(DELAY_MAX).optional(),
  }),
]);

/** `false` leaves an alarm out. */
export const selfSchema = z.partialRecord(z.enum(selfNames), rule);

/** A time of day of the site. */
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day like 04:00");

/** The chain's test at length, once a day. */
export const selfTestSchema = z.strictObject({ at: timeOfDay.default("04:00") });

export type SelfRules = z.output<typeof selfSchema>;
