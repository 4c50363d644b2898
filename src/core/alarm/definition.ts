import type { Condition } from "../detect/condition.ts";
import type { DetectorSpec } from "../detect/index.ts";
import { inputsOf } from "../detect/index.ts";
import type { PointId } from "../reading.ts";
import type { Duration } from "../time.ts";

export type AlarmId = string & { readonly brand: "AlarmId" };

/** 1 of 4 first: what the operator must look at before anything else. */
export type Priority = "critical" | "high" | "medium" | "low";

export const priorities: readonly Priority[] = ["critical", "high", "medium", "low"];

/** One channel of an alarm's vote: a point and how it is judged; `detect` may look at others beside it. */
export interface Channel {
  readonly point: PointId;
  readonly detect: DetectorSpec;
  /** While this is met the sensor itself says that it is isolated or at fault: the channel is no vote then. */
  readonly unless?: Condition;
}

/** What a channel whose reading is bad does to its vote: it leaves the outcome open, it votes beside one that is seen, or it is left out. */
export type IfBad = "hold" | "vote" | "exclude";

/** What is done about an alarm that comes and goes: from the `count`th time within `within` on it is held until it was normal for `hold`. */
export interface FlapRule {
  readonly count: number;
  readonly within: Duration;
  readonly hold: Duration;
}

/** All points that a channel is judged by, its own first. */
export function pointsOf(channel: Channel): readonly PointId[] {
  const known = pointsKnown.get(channel);
  if (known) return known;
  const points = [channel.point, ...inputsOf(channel.detect)];
  pointsKnown.set(channel, points);
  return points;
}

/** Worked out once a channel: it is asked for whenever an alarm moves. */
const pointsKnown = new WeakMap<Channel, readonly PointId[]>();

/**
 * A rationalised alarm (ISA-18.2, clause on rationalisation): what is wrong, what follows if nobody
 * acts, and what to do. An alarm that cannot fill these in is not an alarm.
 */
export interface AlarmDefinition {
  readonly id: AlarmId;
  /** Said to people: language code → text. "en" is always there. */
  readonly title: Readonly<Record<string, string>>;
  /** Where it is, if in one space. */
  readonly space?: string;
  /** Among which alarms it may have come first; those of its space where it names none. */
  readonly group?: string;
  readonly channels: readonly Channel[];
  /** M of the MooN vote over the channels. */
  readonly need: number;
  /** Without it "hold". */
  readonly ifBad?: IfBad;
  /** How many channels are needed once one of them is out: as many as before (the default), or one less. */
  readonly degradeTo?: number;
  /** The abnormal channels must be of two different senses, as smoke and heat are: see `senseOf`. */
  readonly diverse?: boolean;
  readonly priority: Priority;
  readonly onDelay: Duration;
  readonly offDelay: Duration;
  /** Stays until it is reset by a person. */
  readonly latch: boolean;
  /** An acknowledged alarm that stands for so long is unacknowledged again. */
  readonly reAlarm?: Duration;
  readonly flap?: FlapRule;
  /** Two people are needed to withhold it or to take away one of its channels. */
  readonly safety?: boolean;
  /** While any of these is active this alarm is suppressed by design: it is their consequence, and is counted under them. */
  readonly suppressedBy: readonly AlarmId[];
  readonly cause: string;
  readonly consequence: string;
  readonly response: string;
}
