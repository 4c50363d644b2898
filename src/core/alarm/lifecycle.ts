/**
 * The alarm lifecycle of ISA-18.2 as orthogonal regions, the way OPC UA Part 9 has them: the
 * condition, the acknowledgement, the latch, and three ways of being withheld are independent
 * facts. The standard's state names are read off them. Withholding hides an alarm from people; it
 * stops neither its timers nor its latch, so what is released is what really stands, and nobody is
 * taken to have acknowledged it.
 */
import { assert } from "../assert.ts";
import type { PointId } from "../reading.ts";
import type { Instant } from "../time.ts";
import { after, elapsed, instant, ms, seconds } from "../time.ts";
import type { Verdict } from "../vote.ts";
import type { AlarmDefinition, FlapRule } from "./definition.ts";

/** A second person must ask for the same within this time, or the first one's word lapses. */
export const signatureMax = seconds(60);

/** Who asked for something, and why. */
export interface Said {
  readonly by: string;
  readonly why: string;
}

/** What is asked for ends by itself then. */
export interface Timed extends Said {
  readonly until: Instant;
}

/** What a person may ask of an alarm. */
export type AlarmRequest =
  | (Said & { readonly kind: "acknowledge" | "reset" | "unshelve" | "returnToService" | "restore" })
  | Withholding;

/** What takes an alarm, or one of its sensors, from those who rely on it. */
export type Withholding =
  | (Timed & { readonly kind: "shelve" })
  | (Timed & { readonly kind: "outOfService"; readonly permit: string })
  | (Timed & { readonly kind: "bypass"; readonly channel: PointId });

/** The independent facts about one alarm: plain data. */
export interface Alarm {
  readonly active: boolean;
  readonly acknowledged: boolean;
  readonly latched: boolean;
  /** The vote cannot be decided: the alarm holds as it was. */
  readonly blind: boolean;
  readonly shelved: Timed | null;
  readonly suppressed: boolean;
  readonly outOfService: (Timed & { readonly permit: string }) | null;
  /** The one sensor that a person has taken out of the vote. */
  readonly bypassed: (Timed & { readonly channel: PointId }) | null;
  /** What one person has asked for and a second one has to. */
  readonly asking: (Withholding & { readonly at: Instant }) | null;
  /** It has come and gone too often, and is held until it was normal for long enough. */
  readonly flapping: boolean;
  /** When it was raised of late, where that is counted. */
  readonly raisings: readonly Instant[];
  /** When the condition last began to differ from `active`; null while they agree. */
  readonly pendingSince: Instant | null;
  /** When it last became active; null before the first time. */
  readonly raisedAt: Instant | null;
  /** What was last granted of each kind. */
  readonly said: Readonly<Partial<Record<AlarmRequest["kind"], Said & { readonly at: Instant }>>>;
}

export type AlarmStatus =
  | "normal"
  | "unacknowledged"
  | "acknowledged"
  | "returnedUnacknowledged"
  | "latchedUnacknowledged"
  | "latchedAcknowledged"
  | "shelved"
  | "suppressedByDesign"
  | "outOfService";

export const calm: Alarm = {
  active: false,
  acknowledged: true,
  latched: false,
  blind: false,
  shelved: null,
  suppressed: false,
  outOfService: null,
  bypassed: null,
  asking: null,
  flapping: false,
  raisings: [],
  pendingSince: null,
  raisedAt: null,
  said: {},
};

/** The ISA-18.2 state of an alarm. */
export function statusOf(alarm: Alarm): AlarmStatus {
  if (alarm.outOfService) return "outOfService";
  if (alarm.suppressed) return "suppressedByDesign";
  if (alarm.shelved) return "shelved";
  return underlyingStatusOf(alarm);
}

/** The state it would have if nothing withheld it. */
export function underlyingStatusOf(alarm: Alarm): AlarmStatus {
  if (alarm.active) return alarm.acknowledged ? "acknowledged" : "unacknowledged";
  if (alarm.latched) return alarm.acknowledged ? "latchedAcknowledged" : "latchedUnacknowledged";
  return alarm.acknowledged ? "normal" : "returnedUnacknowledged";
}

/** Whether people do not see it as it stands. */
export const isWithheld = ({ outOfService, suppressed, shelved }: Alarm): boolean =>
  outOfService !== null || suppressed || shelved !== null;

/** Whether an alarm of this state stands before people. */
export const isShown = (status: AlarmStatus): boolean => status === "unacknowledged" || status === "acknowledged";

export type AlarmEvent =
  | { readonly kind: "judged"; readonly verdict: Verdict }
  | { readonly kind: "suppressed"; readonly on: boolean }
  /** Whatever lasts until an instant may be over. */
  | { readonly kind: "elapsed" }
  /** The first of two people has asked. */
  | { readonly kind: "asked"; readonly request: Withholding }
  | AlarmRequest;

/** One step of the lifecycle. A step that changes nothing gives back the very same alarm. */
export function advance(alarm: Alarm, event: AlarmEvent, definition: AlarmDefinition, now: Instant): Alarm {
  if ("by" in event) return granted(alarm, event, now);
  switch (event.kind) {
    case "judged":
      if (event.verdict === "unknown") return alarm.blind ? alarm : unseen(alarm, true);
      return settle(alarm.blind ? { ...alarm, blind: false } : alarm, event.verdict === "abnormal", definition, now);
    case "suppressed":
      return alarm.suppressed === event.on ? alarm : released({ ...alarm, suppressed: event.on });
    case "elapsed":
      return elapse(alarm, definition, now);
    case "asked":
      return { ...alarm, asking: { ...event.request, at: now } };
  }
}

function granted(alarm: Alarm, request: AlarmRequest, now: Instant): Alarm {
  const next = grant(alarm, request);
  const { kind, by, why } = request;
  return next === alarm ? alarm : { ...next, said: { ...alarm.said, [kind]: { by, why, at: now } } };
}

function grant(alarm: Alarm, event: AlarmRequest): Alarm {
  const { by, why } = event;
  switch (event.kind) {
    case "acknowledge":
      return alarm.acknowledged ? alarm : { ...alarm, acknowledged: true };
    case "reset":
      return alarm.latched && mayReset(alarm) ? { ...alarm, latched: false } : alarm;
    case "shelve":
      return { ...alarm, asking: null, shelved: { by, why, until: event.until } };
    case "unshelve":
      return alarm.shelved ? released({ ...alarm, shelved: null }) : alarm;
    case "outOfService":
      return { ...alarm, asking: null, outOfService: { by, why, until: event.until, permit: event.permit } };
    case "returnToService":
      return alarm.outOfService ? released({ ...alarm, outOfService: null }) : alarm;
    case "bypass":
      return { ...alarm, asking: null, bypassed: { by, why, until: event.until, channel: event.channel } };
    case "restore":
      return alarm.bypassed ? { ...alarm, bypassed: null } : alarm;
  }
}

/** What stands when nothing withholds it any more is news to everybody. */
const released = (alarm: Alarm): Alarm =>
  alarm.active && alarm.acknowledged && !isWithheld(alarm) ? { ...alarm, acknowledged: false } : alarm;

function elapse(alarm: Alarm, definition: AlarmDefinition, now: Instant): Alarm {
  const isOver = (timed: Timed | null): boolean => timed !== null && now >= timed.until;
  let next = alarm;
  if (isOver(alarm.shelved)) next = released({ ...next, shelved: null });
  if (isOver(alarm.outOfService)) next = released({ ...next, outOfService: null });
  if (isOver(alarm.bypassed)) next = { ...next, bypassed: null };
  if (alarm.asking && now >= lapseOf(alarm.asking)) next = { ...next, asking: null };
  const again = reAlarmAt(next, definition);
  return again !== null && now >= again ? { ...next, acknowledged: false } : next;
}

/** When a first person's word is no longer good: after a minute, or when what was asked for would be over. */
export const lapseOf = ({ at, until }: NonNullable<Alarm["asking"]>): Instant =>
  instant(Math.min(after(at, signatureMax), until));

/** When an acknowledged alarm that stands is to be looked at again; null when never. */
function reAlarmAt({ active, acknowledged, said }: Alarm, { reAlarm }: AlarmDefinition): Instant | null {
  if (reAlarm === undefined || !active || !acknowledged || !said.acknowledge) return null;
  return after(said.acknowledge.at, reAlarm);
}

/**
 * The alarm as it stands when nobody can see it: an on-delay runs on, an off-delay does not, because
 * an alarm clears only after it was seen to be normal for the whole of it.
 */
export const unseen = (alarm: Alarm, blind: boolean): Alarm => ({
  ...alarm,
  blind,
  pendingSince: alarm.active ? null : alarm.pendingSince,
});

/** A latch may be reset once its cause is known to be gone and a person has seen it. */
export const mayReset = (alarm: Alarm): boolean => !alarm.active && !alarm.blind && alarm.acknowledged;

/** When the on- or off-delay that is running will have passed; null when none is. */
export function dueAt(alarm: Alarm, definition: AlarmDefinition): Instant | null {
  if (alarm.pendingSince === null) return null;
  return after(alarm.pendingSince, alarm.active ? offDelayOf(alarm, definition) : definition.onDelay);
}

/** Every instant at which the alarm has to be looked at though nothing is heard of it. */
export function endsOf(alarm: Alarm, definition: AlarmDefinition): readonly Instant[] {
  const { shelved, outOfService, bypassed, asking } = alarm;
  const ends = [dueAt(alarm, definition), reAlarmAt(alarm, definition), asking === null ? null : lapseOf(asking)];
  for (const timed of [shelved, outOfService, bypassed]) ends.push(timed?.until ?? null);
  return ends.filter((end) => end !== null);
}

function settle(alarm: Alarm, abnormal: boolean, definition: AlarmDefinition, now: Instant): Alarm {
  if (abnormal === alarm.active) return alarm.pendingSince === null ? alarm : { ...alarm, pendingSince: null };
  const since = alarm.pendingSince ?? now;
  assert(since <= now, "an alarm cannot have been pending since the future");
  const wait = abnormal ? definition.onDelay : offDelayOf(alarm, definition);
  if (elapsed(since, now) < wait) return alarm.pendingSince === since ? alarm : { ...alarm, pendingSince: since };
  return abnormal ? raised(alarm, definition, now) : cleared(alarm);
}

function raised(alarm: Alarm, { latch, flap }: AlarmDefinition, now: Instant): Alarm {
  const raisings = flap ? recent([...alarm.raisings, now], flap, now) : alarm.raisings;
  const flapping = flap !== undefined && raisings.length >= flap.count;
  const latched = alarm.latched || latch;
  return {
    ...alarm,
    active: true,
    acknowledged: false,
    latched,
    pendingSince: null,
    raisedAt: now,
    flapping,
    raisings,
  };
}

/** After a hold it may come and go as often as before it; so no more raisings are remembered than begin one. */
const cleared = (alarm: Alarm): Alarm => ({
  ...alarm,
  active: false,
  pendingSince: null,
  flapping: false,
  raisings: alarm.flapping ? [] : alarm.raisings,
});

const recent = (raisings: readonly Instant[], { within }: FlapRule, now: Instant): readonly Instant[] =>
  raisings.filter((at) => elapsed(at, now) <= within);

const offDelayOf = ({ flapping }: Alarm, { flap, offDelay }: AlarmDefinition): AlarmDefinition["offDelay"] =>
  flapping && flap ? ms(Math.max(flap.hold, offDelay)) : offDelay;
