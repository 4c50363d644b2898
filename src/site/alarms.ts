import { z } from "zod";
import { priorities } from "../core/alarm/definition.ts";
import { hours } from "../core/time.ts";
import { checkJudgement, judgement } from "./judgement.ts";
import { delay, id, instruction, point, text, title } from "./words.ts";

/** An alarm that waits longer than this tells of yesterday. */
const DELAY_MAX = hours(24);
/** Channels of one vote: what a person can still look through. */
const CHANNELS_MAX = 200;

const priority = z.enum(priorities as readonly ["critical", "high", "medium", "low"]);
const limit = z.union([z.number(), z.strictObject({ limit: z.number(), priority: priority.optional() })]);

/** From the uppermost limit down; a value must pass the inner ones before it passes the outer. */
export const limitNames = ["HH", "H", "L", "LL"] as const;
export type LimitName = (typeof limitNames)[number];

const limits = z
  .strictObject({ HH: limit.optional(), H: limit.optional(), L: limit.optional(), LL: limit.optional() })
  .refine((all) => Object.values(all).some((one) => one !== undefined), "needs at least one of HH, H, L and LL");

const channel = z.strictObject({ point, ...judgement }).superRefine((source, context) => {
  checkJudgement(source, (path, message) => context.addIssue({ code: "custom", path, message }));
});

const suppressor = z.string().regex(/^[a-z0-9][a-z0-9_-]*(\.\S+)?$/, "the id of an alarm");

/** A rationalised alarm: a judged point, or a vote over several, and what a person must know of it. */
export const alarmSchema = z
  .strictObject({
    title,
    space: id.optional(),
    /** Among which alarms it may have come first; those of its space where it names none. */
    group: id.optional(),
    priority,
    latch: z.boolean().default(false),
    need: z.int().min(1).optional(),
    channels: z.array(channel).min(1).max(CHANNELS_MAX).optional(),
    point: point.optional(),
    ...judgement,
    limits: limits.optional(),
    onDelay: delay(DELAY_MAX).prefault("0s"),
    offDelay: delay(DELAY_MAX).prefault("0s"),
    suppressedBy: z.array(suppressor).default([]),
    cause: text,
    consequence: text,
    /** On the wall, so in the languages of those who stand before it. */
    response: instruction,
  })
  .superRefine((source, context) => {
    const say = (path: string[], message: string): void => context.addIssue({ code: "custom", path, message });
    checkShape(source, say);
  });

export type AlarmSource = z.output<typeof alarmSchema>;
export type ChannelSource = z.output<typeof channel>;

type Shape = Parameters<typeof checkJudgement>[0] & {
  readonly point?: string | undefined;
  readonly need?: number | undefined;
  readonly channels?: readonly unknown[] | undefined;
};

function checkShape(source: Shape, say: (path: string[], message: string) => void): void {
  const { channels, need, point: only } = source;
  if (only !== undefined) {
    if (channels) return say(["channels"], "has a point already: write one or the other");
    if (need !== undefined) say(["need"], "a single point takes no vote");
    return checkJudgement(source, say);
  }
  if (!channels) return say([], "needs a point, or channels and how many of them it needs");
  if (need === undefined) return say(["channels"], `say how many of the ${channels.length} it needs`);
  if (need > channels.length) say(["need"], `needs ${need} of ${channels.length}: that can never be`);
  const loose = Object.keys(judgement)
    .concat("limits")
    .find((key) => source[key as keyof Shape] !== undefined);
  if (loose !== undefined) say([loose], `"${loose}" belongs to a channel`);
}

/** A limit as number and, where it has one of its own, priority. */
export const limitOf = (source: z.output<typeof limit>) => (typeof source === "number" ? { limit: source } : source);
