/**
 * How an alarm moves and is told of. Its verdict, suppression and whatever has run out make one move
 * and are told as one. A failed assertion in any of it faults this alarm alone: it stays as it
 * stood, is blind, and the scan goes on.
 */
import type { Weighed } from "../detect/detector.ts";
import type { PointRule } from "../image.ts";
import { imageAt, valueInWords } from "../image.ts";
import type { AlarmState, Notice } from "../plant.ts";
import type { Reading } from "../reading.ts";
import type { Run } from "../run.ts";
import { tellFault } from "../run.ts";
import type { Ballot } from "../vote.ts";
import { vote } from "../vote.ts";
import { noteMove } from "./attention.ts";
import { ballotsOf, degradationOf } from "./ballots.ts";
import type { AlarmDefinition } from "./definition.ts";
import type { Alarm, AlarmEvent } from "./lifecycle.ts";
import { advance, endsOf, statusOf } from "./lifecycle.ts";

/** Brings an alarm, by its number, to rest. */
export function settleAlarm(run: Run, at: number): void {
  const { plant } = run;
  const before = plant.alarms[at]!.alarm;
  const ballots = ballotsOf(plant, at);
  unlessFaulty(run, at, () => judge(run, at, ballots));
  unlessFaulty(run, at, () => pass(run, at));
  if (!ballots.includes("waiting")) tellDegradation(run, at, degradationOf(plant, at, ballots));
  if (plant.alarms[at]!.alarm !== before) tell(run, at, before, because(run, at, before));
}

/** A failed assertion blinds the alarm that it is about, in sight, and no other. */
export function unlessFaulty(run: Run, at: number, act: () => void): void {
  try {
    act();
  } catch (error) {
    tellFault(run, at, error, !run.plant.alarms[at]!.alarm.blind);
    step(run, at, { kind: "judged", verdict: "unknown" });
  }
}

function judge(run: Run, at: number, ballots: readonly Ballot[]): void {
  const { plant } = run;
  const { active, pendingSince } = plant.alarms[at]!.alarm;
  const verdict = vote(plant.index.rules[at]!, ballots, active || pendingSince !== null);
  const isEarly = verdict === "unknown" && ballots.includes("waiting");
  if (!isEarly) step(run, at, { kind: "judged", verdict });
}

/** Suppression by what now stands, and the end of whatever has run out. */
function pass(run: Run, at: number): void {
  const { plant } = run;
  const roots = plant.site.alarms[at]!.suppressedBy;
  step(run, at, {
    kind: "suppressed",
    on: roots.some((id) => plant.alarms[plant.index.alarmAt.get(id)!]!.alarm.active),
  });
  const before = plant.alarms[at]!.alarm;
  step(run, at, { kind: "elapsed" });
  tellOver(run, at, before);
}

/** One step of one alarm's lifecycle and what hangs on it: its timers and its dependants. */
export function step(run: Run, at: number, event: AlarmEvent): void {
  const { plant } = run;
  const [state, definition] = [plant.alarms[at]!, plant.site.alarms[at]!];
  const before = state.alarm;
  const now = advance(before, event, definition, plant.now);
  if (now === before) return;
  state.alarm = now;
  const known = endsOf(before, definition);
  for (const end of endsOf(now, definition))
    if (!known.includes(end)) plant.agenda.add(end, { kind: "alarm", alarm: definition.id });
  if (now.active !== before.active) for (const other of plant.index.suppresses[at]!) run.dirty.add(other);
}

/** Tells how an alarm has moved, if anybody can see that it has. */
export function tell(run: Run, at: number, before: Alarm, why: string): void {
  const { plant } = run;
  const now = plant.alarms[at]!.alarm;
  const [from, to] = [statusOf(before), statusOf(now)];
  noteMove(plant, at, before);
  if (from === to && before.blind === now.blind) return;
  const { id, priority } = plant.site.alarms[at]!;
  const sight = before.blind === now.blind ? {} : { blind: now.blind };
  run.transitions.push({ alarm: id, at: plant.now, priority, from, to, ...sight, because: why });
}

/** Tells of an alarm what is no transition of it. */
export function notice(run: Run, at: number, told: Pick<Notice, "about" | "event" | "text">): void {
  run.effects.notices.push({ at: run.plant.now, id: run.plant.site.alarms[at]!.id, ...told });
}

/** What ends by itself and is not to be seen in the alarm's state. */
function tellOver(run: Run, at: number, before: Alarm): void {
  const { asking, bypassed } = run.plant.alarms[at]!.alarm;
  if (before.bypassed && !bypassed) {
    const { channel, by, why } = before.bypassed;
    notice(run, at, { about: "vote", event: "restored", text: `${channel}: time is up (${by}: ${why})` });
  }
  if (before.asking && !asking) {
    const text = `no second person asked in time for what ${before.asking.by} did: ${before.asking.kind}`;
    notice(run, at, { about: "request", event: "lapsed", text });
  }
}

function tellDegradation(run: Run, at: number, degraded: string | null): void {
  const state = run.plant.alarms[at]!;
  if (state.degraded === degraded) return;
  state.degraded = degraded;
  const { need, channels } = run.plant.site.alarms[at]!;
  const whole = `judged as ${need}oo${channels.length} again`;
  notice(run, at, { about: "vote", event: degraded === null ? "whole" : "degraded", text: degraded ?? whole });
}

function because(run: Run, at: number, before: Alarm): string {
  const state = run.plant.alarms[at]!;
  const definition = run.plant.site.alarms[at]!;
  const { alarm } = state;
  const isJudged = alarm.active !== before.active || alarm.blind !== before.blind;
  if (!isJudged && alarm.suppressed && !before.suppressed) return "suppressed by design";
  const over = overOf(alarm, before);
  if (!isJudged && over !== null) return over;
  if (!isJudged && before.acknowledged && !alarm.acknowledged && !before.suppressed) return reminder(alarm);
  const speaking = evidence(run, at);
  // Channels that are bad have been named by then.
  const degraded = state.degraded ?? "";
  const terms = alarm.blind && speaking !== "" ? degraded.split(":")[0]! : degraded;
  return [speaking, flapping(alarm, definition), terms, over ?? ""].filter((part) => part !== "").join("; ");
}

/** What has run out, and who had asked for it. */
function overOf(alarm: Alarm, before: Alarm): string | null {
  if (before.outOfService && !alarm.outOfService) {
    const { by, why, permit } = before.outOfService;
    return `time is up (${by}: ${why}, permit ${permit})`;
  }
  if (!before.shelved || alarm.shelved) return null;
  return `time is up (${before.shelved.by}: ${before.shelved.why})`;
}

/** Only what somebody has acknowledged comes back to mind. */
const reminder = ({ said }: Alarm): string => `still stands since ${said.acknowledge!.by} acknowledged it`;

const flapping = ({ active, flapping }: Alarm, { flap }: AlarmDefinition): string =>
  active && flapping && flap
    ? `flapping, ${flap.count} times within ${flap.within / 1000} s: held until normal for ${flap.hold / 1000} s`
    : "";

/** The readings that speak for the alarm's state, in words. */
function evidence(run: Run, at: number): string {
  const { plant } = run;
  const [state, definition] = [plant.alarms[at]!, plant.site.alarms[at]!];
  const told = state.alarm.blind ? "unknown" : state.alarm.active ? "abnormal" : "normal";
  const image = imageAt(plant.newest, plant.site.points, plant.now);
  const speaking = definition.channels.flatMap(({ point }, i) => {
    if (state.verdicts[i] !== told) return [];
    const weighed = accountOf(run, at, state, i).flatMap(weighedInWords);
    return [inWords(image.readingOf(point), plant.site.points.get(point)), ...weighed];
  });
  return speaking.join(", ");
}

/** What a detector weighs; nothing where it fails to say: an alarm is told of all the same. */
function accountOf(run: Run, at: number, { detectors }: AlarmState, channel: number): readonly Weighed[] {
  try {
    return detectors[channel]!.account?.() ?? [];
  } catch (error) {
    tellFault(run, at, error, true);
    return [];
  }
}

const weighedInWords = ({ name, value, unit }: Weighed): readonly string[] =>
  value === null ? [] : [`${name} ${Number(value.toPrecision(3))}${unit ? ` ${unit}` : ""}`];

function inWords(reading: Reading, rule: PointRule | undefined): string {
  if (reading.quality === "bad") return `${reading.point} ${reading.reason}`;
  return `${reading.point} = ${valueInWords(reading.value, rule)}`;
}
