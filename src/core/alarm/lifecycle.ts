/**
 * The alarm lifecycle of ISA-18.2 as orthogonal regions, the way OPC UA Part 9 has them: the
 * condition, the acknowledgement, the latch, and three ways of being withheld are independent
 * facts. The standard's state names are read off them. Withholding hides an alarm from people; it
 * stops neither its timers nor its latch, so what is released is what really stands.
 */
import { assert } from "../assert.ts";
import type { Instant } from "../time.ts";
import { elapsed } from "../time.ts";
import type { Verdict } from "../vote.ts";
import type { AlarmDefinition } from "./definition.ts";

/** Who asked for something, and why. */
export interface Said {
  readonly by: string;
  readonly why: string;
}

/** The independent facts about one alarm: plain data. */
export interface Alarm {
  readonly active: boolean;
  readonly acknowledged: boolean;
  readonly latched: boolean;
  /** The vote cannot be decided: the alarm holds as it was. */
  readonly blind: boolean;
  readonly shelved: (Said & { readonly until: Instant }) | null;
  readonly suppressed: boolean;
  readonly outOfService: Said | null;
  /** When the condition last began to differ from `active`; null while they agree. */
  readonly pendingSince: Instant | null;
  /** When it last became active; null before the first time. */
  readonly raisedAt: Instant | null;
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
  pendingSince: null,
  raisedAt: null,
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

export type AlarmEvent =
  | { readonly kind: "judged"; readonly verdict: Verdict }
  | { readonly kind: "suppressed"; readonly on: boolean }
  | { readonly kind: "shelfExpired" }
  | AlarmRequest;

/** What a person may ask of an alarm. */
export type AlarmRequest =
  | (Said & { readonly kind: "acknowledge" | "reset" | "unshelve" | "outOfService" | "returnToService" })
  | (Said & { readonly kind: "shelve"; readonly until: Instant });

/** One step of the lifecycle. A step that changes nothing gives back the very same alarm. */
export function advance(alarm: Alarm, event: AlarmEvent, definition: AlarmDefinition, now: Instant): Alarm {
  switch (event.kind) {
    case "judged":
      if (event.verdict === "unknown") return alarm.blind ? alarm : unseen(alarm, true);
      return settle(alarm.blind ? { ...alarm, blind: false } : alarm, event.verdict === "abnormal", definition, now);
    case "acknowledge":
      return alarm.acknowledged ? alarm : { ...alarm, acknowledged: true };
    case "reset":
      return alarm.latched && mayReset(alarm) ? { ...alarm, latched: false } : alarm;
    case "shelve":
      return { ...alarm, shelved: { by: event.by, why: event.why, until: event.until } };
    case "unshelve":
    case "shelfExpired":
      return alarm.shelved ? { ...alarm, shelved: null } : alarm;
    case "suppressed":
      return alarm.suppressed === event.on ? alarm : { ...alarm, suppressed: event.on };
    case "outOfService":
      return { ...alarm, outOfService: { by: event.by, why: event.why } };
    case "returnToService":
      return alarm.outOfService ? { ...alarm, outOfService: null } : alarm;
  }
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
  return (alarm.pendingSince + (alarm.active ? definition.offDelay : definition.onDelay)) as Instant;
}

function settle(alarm: Alarm, abnormal: boolean, definition: AlarmDefinition, now: Instant): Alarm {
  if (abnormal === alarm.active) return alarm.pendingSince === null ? alarm : { ...alarm, pendingSince: null };
  const since = alarm.pendingSince ?? now;
  assert(since <= now, "an alarm cannot have been pending since the future");
  const wait = abnormal ? definition.onDelay : definition.offDelay;
  if (elapsed(since, now) < wait) return alarm.pendingSince === since ? alarm : { ...alarm, pendingSince: since };
  if (!abnormal) return { ...alarm, active: false, pendingSince: null };
  const latched = alarm.latched || definition.latch;
  return { ...alarm, active: true, acknowledged: false, latched, pendingSince: null, raisedAt: now };
}
