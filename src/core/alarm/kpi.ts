/**
 * How an alarm system serves the people before it, in the figures of EEMUA 191 and ISA-18.2: how many alarms they are
 * given in ten minutes, how long that is a flood, which alarms chatter, which pass by before anyone can answer, and whether
 * they are answered. Fed with transitions and nothing else; its memory is plain, and bounded by the alarms of the site.
 */
import { assert } from "../assert.ts";
import type { Transition } from "../plant.ts";
import type { Duration, Instant } from "../time.ts";
import { after, elapsed, hours, minutes, seconds } from "../time.ts";
import type { AlarmId, Priority } from "./definition.ts";
import { priorities } from "./definition.ts";
import { floodAbove, floodBelow, floodSpan as window } from "./flood.ts";
import { isShown } from "./lifecycle.ts";

/** An alarm that is raised so often within a minute chatters (ISA-18.2). */
const chatterCount = 3;
const chatterSpan = minutes(1);
/** Nobody has answered an alarm that is gone within this: it told of something, and asked for nothing. No standard gives a figure. */
const fleetingBelow = seconds(60);
/** Instants that are remembered: a storm that is larger is counted as this many at least. */
const recentMax = 10_000;

/** In which time somebody should have acknowledged it. Ours: the standards ask for a time, and leave it to the site. */
export const answerWithin: Readonly<Record<Priority, Duration>> = {
  critical: minutes(2),
  high: minutes(5),
  medium: minutes(15),
  low: hours(1),
};

/** What is remembered of an alarm that was ever put before people. */
interface Heard {
  /** Times that it was put before people. */
  count: number;
  chatters: number;
  fleeting: number;
  /** Its newest instants, no more than make it chatter. */
  recent: Instant[];
  /** Since when it waits for an answer; null where it does not. */
  unanswered: Instant | null;
  /** Since when it stands before people; null where it does not. */
  since: Instant | null;
}

/** All that is remembered, as plain data. */
export interface KpiMemory {
  /** From when on there was counting. */
  readonly since: Instant;
  now: Instant;
  /** Of the time since then, when nobody watched. */
  unwatchedMs: number;
  /** When alarms of the last {@link window} were put before people, oldest first. */
  recent: Instant[];
  count: number;
  peak: number;
  peakAt: Instant | null;
  floodSince: Instant | null;
  floods: number;
  /** In floods that are over. */
  floodMs: number;
  readonly byPriority: Record<Priority, number>;
  answered: number;
  answeredInTime: number;
  readonly alarms: [AlarmId, Heard][];
}

/** Counting that begins now. */
export const beginKpi = (since: Instant): KpiMemory => ({
  since,
  now: since,
  unwatchedMs: 0,
  recent: [],
  count: 0,
  peak: 0,
  peakAt: null,
  floodSince: null,
  floods: 0,
  floodMs: 0,
  byPriority: { critical: 0, high: 0, medium: 0, low: 0 },
  answered: 0,
  answeredInTime: 0,
  alarms: [],
});

/** Counts over a memory, which it changes. */
export interface Kpi {
  readonly memory: KpiMemory;
  /** Takes note of what a scan said, in the order of time. */
  take(transitions: readonly Transition[]): void;
  /** Nobody has watched in between: that time counts for nothing. */
  skip(from: Instant, to: Instant): void;
  /** How it stands at an instant, which is no earlier than what was taken last. */
  read(now: Instant): KpiFigures;
}

/** An alarm and how often it was put before people. */
export interface Frequent {
  readonly alarm: AlarmId;
  readonly count: number;
  /** Its part of all (0 to 1). */
  readonly share: number;
}

/** What was counted; spans in ms. */
export interface KpiFigures {
  readonly since: Instant;
  readonly now: Instant;
  readonly watchedMs: number;
  readonly annunciated: number;
  /** Put before people in the last 10 min, at most in any 10 min, and on average. */
  readonly per10min: {
    readonly now: number;
    readonly peak: number;
    readonly peakAt: Instant | null;
    readonly mean: number;
  };
  readonly flood: { readonly isOn: boolean; readonly count: number; readonly ms: number; readonly share: number };
  /** Alarms that have chattered or were fleeting, and how many times. */
  readonly chattering: readonly Frequent[];
  readonly fleeting: readonly Frequent[];
  readonly byPriority: Readonly<Record<Priority, { readonly count: number; readonly share: number }>>;
  /** The ten most frequent, and their part of all (0 to 1). */
  readonly top: readonly Frequent[];
  readonly topShare: number;
  readonly answered: { readonly count: number; readonly inTime: number };
}

/** As many as are worth mending first. */
const topMost = 10;

/** Counts on, from a memory that was begun or saved. */
export function kpiOver(memory: KpiMemory): Kpi {
  const heard = new Map(memory.alarms);
  return {
    memory,
    take(transitions) {
      for (const transition of transitions) {
        passTo(memory, transition.at);
        hear(memory, heard, transition);
      }
    },
    skip(from, to) {
      memory.unwatchedMs += elapsed(from, to);
      passTo(memory, to);
    },
    read(now) {
      passTo(memory, now);
      return figuresOf(memory);
    },
  };
}

function hear(memory: KpiMemory, heard: Map<AlarmId, Heard>, transition: Transition): void {
  const { alarm, from, to } = transition;
  if (from === to) return;
  const known = heard.get(alarm);
  if (to === "unacknowledged") return annunciate(memory, known ?? remember(memory, heard, alarm), transition);
  if (!known) return;
  if (to === "acknowledged" || to === "latchedAcknowledged" || to === "normal") answer(memory, known, transition);
  if (!isShown(to)) leave(known, transition);
}

function remember(memory: KpiMemory, heard: Map<AlarmId, Heard>, alarm: AlarmId): Heard {
  const one: Heard = { count: 0, chatters: 0, fleeting: 0, recent: [], unanswered: null, since: null };
  heard.set(alarm, one);
  memory.alarms.push([alarm, one]);
  return one;
}

/**
 * Every time that an alarm is put before people is one: when it is raised, when it is back from a shelf, and when it
 * comes back to mind. Only the first of these tells that it has come and gone.
 */
function annunciate(memory: KpiMemory, one: Heard, { at, priority, from }: Transition): void {
  memory.count += 1;
  memory.byPriority[priority] += 1;
  memory.recent.push(at);
  if (memory.recent.length > recentMax) memory.recent.shift();
  if (memory.recent.length > memory.peak) [memory.peak, memory.peakAt] = [memory.recent.length, at];
  if (memory.recent.length > floodAbove && memory.floodSince === null) {
    memory.floodSince = at;
    memory.floods += 1;
  }
  one.count += 1;
  one.unanswered = at;
  if (isAgain(from)) return;
  one.since ??= at;
  one.recent.push(at);
  if (one.recent.length > chatterCount) one.recent.shift();
  if (one.recent.length < chatterCount || elapsed(one.recent[0]!, at) > chatterSpan) return;
  one.chatters += 1;
  // The next spell of it needs as many again.
  one.recent = [];
}

/** Whether an alarm that is put before people from this state may have stood all along. */
const isAgain = (from: Transition["from"]): boolean =>
  from === "acknowledged" || from === "shelved" || from === "suppressedByDesign" || from === "outOfService";

/** Acknowledged, or acknowledged after it was gone. */
function answer(memory: KpiMemory, one: Heard, { at, priority }: Transition): void {
  if (one.unanswered === null) return;
  memory.answered += 1;
  if (elapsed(one.unanswered, at) <= answerWithin[priority]) memory.answeredInTime += 1;
  one.unanswered = null;
}

/** It no longer stands before people: by itself, or because somebody has put it away. */
function leave(one: Heard, { at, to }: Transition): void {
  const isGone = to === "returnedUnacknowledged" || to === "latchedUnacknowledged";
  if (isGone && one.since !== null && elapsed(one.since, at) < fleetingBelow) one.fleeting += 1;
  one.since = null;
  // Whoever shelved it or took it out of service has seen it.
  if (!isGone) one.unanswered = null;
}

/** Lets time pass: what is older than the window no longer counts, and a flood may be over. */
function passTo(memory: KpiMemory, now: Instant): void {
  assert(now >= memory.now, "what is counted comes in the order of time");
  memory.now = now;
  const { recent, floodSince } = memory;
  const young = recent.findIndex((at) => elapsed(at, now) < window);
  const old = young < 0 ? recent.length : young;
  if (floodSince !== null && recent.length - old < floodBelow) {
    // It was over when the fifth newest of all grew too old to count.
    memory.floodMs += elapsed(floodSince, after(recent[recent.length - floodBelow]!, window));
    memory.floodSince = null;
  }
  if (old > 0) memory.recent = recent.slice(old);
}

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function figuresOf(memory: KpiMemory): KpiFigures {
  const { since, now, count, recent, peak, peakAt, floodSince, floods, floodMs, alarms } = memory;
  const span = elapsed(since, now) - memory.unwatchedMs;
  const inFlood = floodMs + (floodSince === null ? 0 : elapsed(floodSince, now));
  const most = (of: (heard: Heard) => number): readonly Frequent[] =>
    alarms
      .filter(([, heard]) => of(heard) > 0)
      .map(([alarm, heard]) => ({ alarm, count: of(heard), share: shareOf(heard.count, count) }))
      .toSorted((a, b) => b.count - a.count || (a.alarm < b.alarm ? -1 : 1));
  const top = most((heard) => heard.count).slice(0, topMost);
  return {
    since,
    now,
    watchedMs: span,
    annunciated: count,
    per10min: { now: recent.length, peak, peakAt, mean: span < window ? count : (count * window) / span },
    flood: { isOn: floodSince !== null, count: floods, ms: inFlood, share: shareOf(inFlood, span) },
    chattering: most((heard) => heard.chatters),
    fleeting: most((heard) => heard.fleeting),
    byPriority: Object.fromEntries(
      priorities.map((priority) => [
        priority,
        { count: memory.byPriority[priority], share: shareOf(memory.byPriority[priority], count) },
      ]),
    ) as KpiFigures["byPriority"],
    top,
    topShare: shareOf(
      top.reduce((sum, one) => sum + one.count, 0),
      count,
    ),
    answered: { count: memory.answered, inTime: memory.answeredInTime },
  };
}
