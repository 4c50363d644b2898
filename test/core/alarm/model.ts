/**
 * ISA-18.2 as a table, in ages and times left where the product keeps instants: what each event does
 * to each fact. It is what the lifecycle is held against, and shares nothing with it.
 */
import type { AlarmDefinition } from "../../../src/core/alarm/definition.ts";
import type { Alarm, AlarmEvent } from "../../../src/core/alarm/lifecycle.ts";

/** Times in ms. */
export interface Model {
  readonly on: boolean;
  readonly read: boolean;
  readonly locked: boolean;
  readonly dark: boolean;
  readonly muted: boolean;
  /** What is left of the shelf, the permit, the bypass and the first person's word. */
  readonly shelf: number | null;
  readonly permit: number | null;
  readonly bypass: number | null;
  readonly word: number | null;
  /** How long the condition has been another than `on`. */
  readonly differs: number | null;
  readonly held: boolean;
  /** Ages of the last raisings. */
  readonly raised: readonly number[];
  /** Since when it is read, while it is on. */
  readonly readFor: number | null;
}

type Terms = Pick<AlarmDefinition, "onDelay" | "offDelay" | "latch" | "reAlarm" | "flap">;

const wordMs = 60_000;

/** The same facts seen from an alarm as it is at an instant. */
export function modelOf(alarm: Alarm, now: number): Model {
  const left = (until: number | undefined): number | null => (until === undefined ? null : until - now);
  const { said, active: on, acknowledged: read } = alarm;
  return {
    on,
    read,
    locked: alarm.latched,
    dark: alarm.blind,
    muted: alarm.suppressed,
    shelf: left(alarm.shelved?.until),
    permit: left(alarm.outOfService?.until),
    bypass: left(alarm.bypassed?.until),
    word: alarm.asking && left(Math.min(alarm.asking.at + wordMs, alarm.asking.until)),
    differs: alarm.pendingSince === null ? null : now - alarm.pendingSince,
    held: alarm.flapping,
    raised: alarm.raisings.map((at) => now - at),
    readFor: on && read && said.acknowledge ? now - said.acknowledge.at : null,
  };
}

/** What becomes of it. */
export function expected(model: Model, event: AlarmEvent, terms: Terms, now: number): Model {
  const { on, read, locked, dark, shelf, permit, bypass } = model;
  switch (event.kind) {
    case "judged":
      if (event.verdict === "unknown")
        return dark ? model : { ...model, dark: true, differs: on ? null : model.differs };
      return event.verdict === "abnormal"
        ? wrong({ ...model, dark: false }, terms)
        : right({ ...model, dark: false }, terms);
    case "suppressed":
      return shown(model, { muted: event.on });
    case "elapsed": {
      const kept = (left: number | null): number | null => (left !== null && left <= 0 ? null : left);
      const word = kept(model.word);
      const next = shown(model, { shelf: kept(shelf), permit: kept(permit), bypass: kept(bypass), word });
      const isForgotten = terms.reAlarm !== undefined && next.readFor !== null && next.readFor >= terms.reAlarm;
      return isForgotten ? { ...next, read: false, readFor: null } : next;
    }
    case "asked":
      return { ...model, word: Math.min(wordMs, event.request.until - now) };
    case "acknowledge":
      return read ? model : { ...model, read: true, readFor: on ? 0 : null };
    case "reset":
      return { ...model, locked: locked && (on || dark || !read) };
    case "shelve":
      return { ...model, word: null, shelf: event.until - now };
    case "unshelve":
      return shown(model, { shelf: null });
    case "outOfService":
      return { ...model, word: null, permit: event.until - now };
    case "returnToService":
      return shown(model, { permit: null });
    case "bypass":
      return { ...model, word: null, bypass: event.until - now };
    case "restore":
      return { ...model, bypass: null };
  }
}

function wrong(model: Model, { onDelay, latch, flap }: Terms): Model {
  if (model.on) return { ...model, differs: null };
  const differs = model.differs ?? 0;
  if (differs < onDelay) return { ...model, differs };
  const raised = flap ? [...model.raised.filter((age) => age <= flap.within), 0].slice(-flap.count) : [];
  const held = flap !== undefined && raised.length === flap.count;
  return { ...model, on: true, read: false, locked: model.locked || latch, differs: null, raised, held, readFor: null };
}

function right(model: Model, { offDelay, flap }: Terms): Model {
  if (!model.on) return { ...model, differs: null };
  const differs = model.differs ?? 0;
  const wait = model.held ? Math.max(offDelay, flap?.hold ?? 0) : offDelay;
  if (differs < wait) return { ...model, differs };
  return { ...model, on: false, differs: null, held: false, raised: model.held ? [] : model.raised, readFor: null };
}

/** What was hidden and is no longer is unread, if it is on. */
function shown(model: Model, change: Partial<Model>): Model {
  const isHidden = ({ muted, shelf, permit }: Model): boolean => muted || shelf !== null || permit !== null;
  const next = { ...model, ...change };
  const isReleased = isHidden(model) && !isHidden(next) && next.on;
  return isReleased ? { ...next, read: false, readFor: null } : next;
}
