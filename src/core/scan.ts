/**
 * One cycle: image → judge → vote → lifecycle → respond. Deterministic: it reads no clock, file,
 * socket or random number, and awaits nothing. Its work grows with what arrived and what fell due.
 */
import { followFlood, noteMove } from "./alarm/attention.ts";
import type { AlarmDefinition, Channel } from "./alarm/definition.ts";
import { pointsOf } from "./alarm/definition.ts";
import type { Alarm, AlarmEvent } from "./alarm/lifecycle.ts";
import { advance, dueAt, mayReset, statusOf } from "./alarm/lifecycle.ts";
import { AssertionError, assert } from "./assert.ts";
import type { Detector, Weighed } from "./detect/detector.ts";
import type { PointRule } from "./image.ts";
import { imageAt } from "./image.ts";
import type { AlarmState, Plant, Request, ScanInput, ScanOutput, Transition, Watched } from "./plant.ts";
import { watchAge } from "./plant.ts";
import type { PointId, Reading } from "./reading.ts";
import { fresh } from "./reading.ts";
import { ask, respond } from "./respond/respond.ts";
import type { Effects } from "./respond/turn.ts";
import type { Instant } from "./time.ts";
import { elapsed, hours } from "./time.ts";
import { followCauses, noteTeller } from "./topology/cause.ts";
import type { Verdict } from "./vote.ts";
import { vote } from "./vote.ts";

/** Nobody shelves for longer than a shift: a shelved alarm that is forgotten is a lost one. */
export const shelfMax = hours(8);

/** What one scan is doing. */
interface Run {
  readonly plant: Plant;
  /** Alarms whose verdicts or timers have moved, by number. */
  readonly dirty: Set<number>;
  readonly transitions: Transition[];
  readonly effects: Effects;
}

/** Takes all that happened since the last scan and gives back all that follows from it. */
export function scan(plant: Plant, input: ScanInput): ScanOutput {
  assert(input.at >= plant.now, "time does not go backwards");
  plant.now = input.at;
  plant.leads = input.leads;
  const run: Run = { plant, dirty: new Set(), transitions: [], effects: { commands: [], notices: [] } };
  for (const reading of input.readings) observe(run, reading);
  for (const entry of plant.agenda.take(plant.now)) {
    if (entry.kind === "age") age(run, entry.point);
    else if (entry.kind === "alarm") run.dirty.add(plant.index.alarmAt.get(entry.alarm)!);
    else if (entry.kind === "cause") plant.causes.isDirty = true;
  }
  for (const request of input.requests) hear(run, request);
  settle(run);
  const image = imageAt(plant.newest, plant.site.points, plant.now);
  followCauses(plant, image, run.effects.notices);
  followFlood(plant, run.effects.notices);
  respond(plant, image, input.outcomes, run.effects);
  return { transitions: run.transitions, ...run.effects };
}

/** When the next scan has something to do though nothing arrives; null when never. */
export const nextDue = (plant: Plant): Instant | null => plant.agenda.next();

/**
 * Takes a reading into the image. A poll that got no answer does not wipe out the last value: that
 * one ages, and is bad once it is older than its point allows.
 */
function observe(run: Run, arrived: Reading): void {
  const { plant } = run;
  const watched = plant.index.points.get(arrived.point);
  if (!watched) return;
  const reading = sound(arrived, plant.now);
  if (watched.at > reading.at) return;
  const { rule, isValued } = watched;
  const wasUsable = watched.isUsable(plant.now, rule.maxAge);
  if (reading.quality === "bad" && reading.reason === "noCommunication") {
    // The last value can still be used, or the time for the first one runs.
    if (watched.isKnown ? wasUsable : watched.isAgeing) return;
  }
  watched.latest = reading;
  // A value that could be used until now is on the agenda, and its place there is the new one's.
  if (!wasUsable && !watched.isAgeing && reading.quality !== "bad") watchAge(plant, watched, reading.at);
  if (watched.teller !== null) noteTeller(plant, watched);
  if (watched.judges.length > 0)
    judge(run, watched, { reading: fresh(reading, plant.now, rule.maxAge), isNews: !isValued });
}

/** A reading is of now at the latest, and a value or an instant that is no number is a fault, whoever called it good. */
function sound(reading: Reading, now: Instant): Reading {
  const isTimed = Number.isFinite(reading.at);
  const at = isTimed && reading.at <= now ? reading.at : now;
  if (reading.quality === "bad" || (isTimed && Number.isFinite(reading.value)))
    return at === reading.at ? reading : { ...reading, at };
  return { point: reading.point, at, quality: "bad", reason: "sensorFailure" };
}

/** A point may have grown too old. One entry a point is on the agenda; it moves on with the newest reading. */
function age(run: Run, point: PointId): void {
  const { plant } = run;
  const watched = plant.index.points.get(point);
  assert(watched !== undefined, `${point} is a point of this site`);
  watched.isAgeing = false;
  if (watched.isUsable(plant.now, watched.rule.maxAge)) return watchAge(plant, watched, watched.at);
  if (watched.teller !== null) noteTeller(plant, watched);
  const last: Reading = watched.latest ?? { point, at: plant.now, quality: "bad", reason: "waitingForFirst" };
  const isNews = !watched.isValued;
  judge(run, watched, { reading: fresh(last, plant.now, watched.rule.maxAge), isNews });
}

/** What is judged, and whether the point had no value until now: a fault of ours is told when it begins, not with every reading that meets it. */
interface Judged {
  readonly reading: Reading;
  readonly isNews: boolean;
}

function judge(run: Run, { judges }: Watched, { reading, isNews }: Judged): void {
  for (const [alarm, channel] of judges) {
    const state = run.plant.alarms[alarm]!;
    const was = state.verdicts[channel];
    const judged = { reading, isNews: isNews || was !== "unknown" };
    const verdict = verdictOf(run, alarm, state.detectors[channel]!, judged);
    state.verdicts[channel] = verdict;
    // A first verdict counts as a change even where it is "unknown": the alarm was waiting for it.
    if (was !== verdict || was === "unknown") run.dirty.add(alarm);
  }
}

/** A failed assertion while one alarm is judged faults that channel, in sight, and no other. */
function verdictOf(run: Run, alarm: number, detector: Detector, { reading, isNews }: Judged): Verdict {
  try {
    return detector.judge(reading, run.plant.now);
  } catch (error) {
    return faulted(run, alarm, error, isNews);
  }
}

function voteOf(run: Run, at: number): Verdict {
  const { verdicts, alarm } = run.plant.alarms[at]!;
  try {
    return vote(run.plant.site.alarms[at]!.need, verdicts);
  } catch (error) {
    return faulted(run, at, error, !alarm.blind);
  }
}

function faulted(run: Run, alarm: number, error: unknown, isNews: boolean): Verdict {
  if (!(error instanceof AssertionError)) throw error;
  const { plant, effects } = run;
  const { id } = plant.site.alarms[alarm]!;
  if (isNews) effects.notices.push({ at: plant.now, about: "fault", id, event: "faulted", text: error.message });
  return "unknown";
}

function hear(run: Run, request: Request): void {
  const { plant } = run;
  if (request.to === "alarm") return hearAboutAlarm(run, request);
  const at = plant.campaigns.findIndex((c) => c.response === request.response);
  const [campaign, response] = [plant.campaigns[at], plant.site.responses[at]];
  if (!campaign || !response) return refuse(run, request.response, "there is no such response");
  const image = imageAt(plant.newest, plant.site.points, plant.now);
  ask({ plant, response, campaign, image, effects: run.effects }, request);
}

function hearAboutAlarm(run: Run, request: Extract<Request, { to: "alarm" }>): void {
  const at = run.plant.index.alarmAt.get(request.alarm);
  if (at === undefined) return refuse(run, request.alarm, "there is no such alarm");
  const state = run.plant.alarms[at]!;
  const { event } = request;
  if (event.kind === "reset" && !mayReset(state.alarm)) {
    return refuse(run, request.alarm, "only an alarm that is seen to be clear, and acknowledged, can be reset");
  }
  if (event.kind === "shelve") {
    const wait = elapsed(run.plant.now, event.until);
    if (!(wait > 0 && wait <= shelfMax)) return refuse(run, request.alarm, "shelving lasts up to 8 h from now");
    run.plant.agenda.add(event.until, { kind: "alarm", alarm: request.alarm });
  }
  const before = state.alarm;
  step(run, at, event);
  tell(run, at, before, `${event.by}: ${event.why}`);
}

function refuse(run: Run, id: string, text: string): void {
  run.effects.notices.push({ at: run.plant.now, about: "request", id, event: "refused", text });
}

/**
 * Brings every alarm that may have moved to rest, those that suppress others before those others:
 * what is told does not depend on the order in which a site file lists its alarms.
 */
function settle(run: Run): void {
  const { plant } = run;
  let passes = 0;
  while (run.dirty.size > 0) {
    assert(passes <= plant.site.alarms.length, "suppression by design goes in no circle");
    passes += 1;
    const these = [...run.dirty].sort((a, b) => plant.index.depths[a]! - plant.index.depths[b]! || a - b);
    run.dirty.clear();
    for (const at of these) settleOne(run, at);
  }
}

/** Suppression, shelf and verdict together make one move of an alarm, and are told as one. */
function settleOne(run: Run, at: number): void {
  const { plant } = run;
  const [state, definition] = [plant.alarms[at]!, plant.site.alarms[at]!];
  const before = state.alarm;
  const suppressed = definition.suppressedBy.some((id) => plant.alarms[plant.index.alarmAt.get(id)!]!.alarm.active);
  step(run, at, { kind: "suppressed", on: suppressed });
  if (before.shelved && plant.now >= before.shelved.until) step(run, at, { kind: "shelfExpired" });
  const verdict = voteOf(run, at);
  const isEarly = verdict === "unknown" && definition.channels.some((channel) => isAwaited(plant, channel));
  if (!isEarly) step(run, at, { kind: "judged", verdict });
  if (state.alarm !== before) tell(run, at, before, because(plant, state, definition, before));
}

function because(plant: Plant, state: AlarmState, definition: AlarmDefinition, before: Alarm): string {
  const { alarm } = state;
  const isJudged = alarm.active !== before.active || alarm.blind !== before.blind;
  if (!isJudged && alarm.suppressed && !before.suppressed) return "suppressed by design";
  if (!isJudged && before.shelved && !alarm.shelved) return "time is up";
  return evidence(plant, state, definition);
}

/** Whether a point has never spoken and still has time to: until then nobody is called blind. */
function isAwaited({ index }: Plant, channel: Channel): boolean {
  return pointsOf(channel).some((point) => {
    const watched = index.points.get(point);
    return watched !== undefined && !watched.isKnown && watched.isAgeing;
  });
}

/** One step of one alarm's lifecycle and what hangs on it: its timer and its dependants. */
function step(run: Run, at: number, event: AlarmEvent): void {
  const { plant } = run;
  const [state, definition] = [plant.alarms[at]!, plant.site.alarms[at]!];
  const before = state.alarm;
  const now = advance(before, event, definition, plant.now);
  state.alarm = now;
  const due = dueAt(now, definition);
  if (due !== null && now.pendingSince !== before.pendingSince)
    plant.agenda.add(due, { kind: "alarm", alarm: definition.id });
  if (now.active !== before.active) for (const other of plant.index.suppresses[at] ?? []) run.dirty.add(other);
}

function tell(run: Run, at: number, before: Alarm, why: string): void {
  const { plant } = run;
  const now = plant.alarms[at]!.alarm;
  const [from, to] = [statusOf(before), statusOf(now)];
  noteMove(plant, at, before);
  if (from === to && before.blind === now.blind) return;
  const { id, priority } = plant.site.alarms[at]!;
  const sight = before.blind === now.blind ? {} : { blind: now.blind };
  run.transitions.push({ alarm: id, at: plant.now, priority, from, to, ...sight, because: why });
}

/** The readings that speak for the alarm's state, in words. */
function evidence(plant: Plant, state: AlarmState, definition: AlarmDefinition): string {
  const told = state.alarm.blind ? "unknown" : state.alarm.active ? "abnormal" : "normal";
  const image = imageAt(plant.newest, plant.site.points, plant.now);
  const speaking = definition.channels.flatMap(({ point }, i) => {
    if (state.verdicts[i] !== told) return [];
    const weighed = state.detectors[i]!.account?.().flatMap(weighedInWords) ?? [];
    return [inWords(image.readingOf(point), plant.site.points.get(point)), ...weighed];
  });
  return speaking.join(", ");
}

const weighedInWords = ({ name, value, unit }: Weighed): readonly string[] =>
  value === null ? [] : [`${name} ${Number(value.toPrecision(3))}${unit ? ` ${unit}` : ""}`];

function inWords(reading: Reading, rule: PointRule | undefined): string {
  if (reading.quality === "bad") return `${reading.point} ${reading.reason}`;
  const state = rule?.states?.[reading.value];
  return `${reading.point} = ${state ?? `${Number(reading.value.toPrecision(5))}${rule?.unit ? ` ${rule.unit}` : ""}`}`;
}
