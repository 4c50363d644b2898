import { z } from "zod";
import { priorities } from "../core/alarm/definition.ts";
import { conditionSchema } from "../core/detect/condition.ts";
import { hours } from "../core/time.ts";
import { checkJudgement, judgement } from "./judgement.ts";
import { checkVoting, checkWays, voting, ways } from "./lifecycle.ts";
import { delay, id, instruction, point, text, title } from "./words.ts";

/** An alarm that waits longer than this tells of yesterday. */
const DELAY_MAX = hours(24);
/** Channels of one vote: what a person can still look through. */
const CHANNELS_MAX = 200;

const suppressor = z.string().regex(/^[a-z0-9][a-z0-9_-]*(\.\S+)?$/, "the id of an alarm");
const priority = z.enum(priorities as readonly ["critical", "high", "medium", "low"]);
const limit = z.union([
  z.number(),
  z.strictObject({
    limit: z.number(),
    /** What is left out is the alarm's. */
    priority: priority.optional(),
    deadband: z.number().min(0).optional(),
    onDelay: delay(DELAY_MAX).optional(),
    offDelay: delay(DELAY_MAX).optional(),
    /** Beside the alarm's and the outer limit. */
    suppressedBy: z.array(suppressor).optional(),
  }),
]);

/** From the uppermost limit down; a value must pass the inner ones before it passes the outer. */
export const limitNames = ["HHH", "HH", "H", "L", "LL", "LLL"] as const;
export type LimitName = (typeof limitNames)[number];

const limits = z
  .strictObject({
    /** A third tier, as of hydrogen: air the room, stop charging, cut off. */
    HHH: limit.optional(),
    HH: limit.optional(),
    H: limit.optional(),
    L: limit.optional(),
    LL: limit.optional(),
    LLL: limit.optional(),
  })
  .refine(
    (all) => Object.values(all).some((one) => one !== undefined),
    `needs at least one of ${limitNames.join(", ")}`,
  );

/** What says of the sensor itself that it is isolated or at fault. */
const unless = conditionSchema.optional();

const channel = z.strictObject({ point, ...judgement, unless }).superRefine((source, context) => {
  checkJudgement(source, (path, message) => context.addIssue({ code: "custom", path, message }));
});

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
    ...voting,
    channels: z.array(channel).min(1).max(CHANNELS_MAX).optional(),
    point: point.optional(),
    ...judgement,
    unless,
    limits: limits.optional(),
    onDelay: delay(DELAY_MAX).prefault("0s"),
    offDelay: delay(DELAY_MAX).prefault("0s"),
    ...ways,
    suppressedBy: z.array(suppressor).default([]),
    cause: text,
    consequence: text,
    /** On the wall, so in the languages of those who stand before it. */
    response: instruction,
  })
  .superRefine((source, context) => {
    const say = (path: string[], message: string): void => context.addIssue({ code: "custom", path, message });
    checkShape(source, say);
    checkVoting(source, say);
    checkWays(source, say);
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
    .concat("limits", "unless")
    .find((key) => source[key as keyof Shape] !== undefined);
  if (loose !== undefined) say([loose], `"${loose}" belongs to a channel`);
}

/** A limit with all that it has of its own. */
export const limitOf = (source: z.output<typeof limit>): Exclude<z.output<typeof limit>, number> =>
  typeof source === "number" ? { limit: source } : source;
