/**
 * One cycle: image → judge → vote → lifecycle → respond. Deterministic: it reads no clock, file,
 * socket or random number, and awaits nothing. Its work grows with what arrived and what fell due.
 */
import type { Entry } from "./agenda.ts";
import { hearAboutAlarm } from "./alarm/ask.ts";
import { followFlood } from "./alarm/attention.ts";
import { settleAlarm } from "./alarm/settle.ts";
import { assert } from "./assert.ts";
import { imageAt } from "./image.ts";
import type { Plant, Request, ScanInput, ScanOutput, Watched } from "./plant.ts";
import { agedAt, watchAge } from "./plant.ts";
import type { PointId, Reading } from "./reading.ts";
import { fresh } from "./reading.ts";
import { ask, respond } from "./respond/respond.ts";
import type { Run } from "./run.ts";
import { tellFault } from "./run.ts";
import type { Instant } from "./time.ts";
import { after, instant, seconds } from "./time.ts";
import { followCauses, noteTeller } from "./topology/cause.ts";
import type { Verdict } from "./vote.ts";

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
  plant.agenda.postpone(after(plant.now, soon), (entry, due) => refreshedUntil(plant, entry, due));
  return { transitions: run.transitions, ...run.effects };
}

/** Nobody need wake in this time for points that have been read again meanwhile: as long as the usual poll. */
const soon = seconds(1);

/** Until when a point can be used now that was to grow old at an instant; null where it has not been read again, or it is no point. */
function refreshedUntil(plant: Plant, entry: Entry, due: Instant): Instant | null {
  if (entry.kind !== "age") return null;
  const watched = plant.index.points.get(entry.point)!;
  return watched.isUsable(due, watched.rule.maxAge) ? agedAt(watched, watched.at) : null;
}

/** When the next scan has something to do though nothing arrives; null when never. */
export const nextDue = (plant: Plant): Instant | null => plant.agenda.next();

/** Lets time pass up to an instant, and not through it: `take` scans whatever falls due, though nothing has arrived. */
export function passTime(plant: Plant, until: Instant, take: (input: ScanInput) => void): void {
  for (let due = nextDue(plant); due !== null && due < until; due = nextDue(plant))
    take({ at: instant(Math.max(due, plant.now)), readings: [], requests: [], outcomes: [], leads: plant.leads });
}

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
  const isFirst = !watched.isKnown;
  watched.latest = reading;
  // A value that could be used until now is on the agenda, and its place there is the new one's.
  if (!wasUsable && !watched.isAgeing && reading.quality !== "bad") watchAge(plant, watched, reading.at);
  if (watched.teller !== null) noteTeller(plant, watched);
  if (watched.judges.length === 0 && watched.isolates.length === 0) return;
  const judged = fresh(reading, plant.now, rule.maxAge);
  if (watched.isolates.length > 0) isolate(run, watched, judged);
  judge(run, watched, { reading: judged, isNews: !isValued, isFirst });
}

/** A sensor says whether it is isolated or at fault. Where nothing is heard of that any more, its last word holds. */
function isolate(run: Run, { isolates }: Watched, reading: Reading): void {
  for (const { alarm, channel, verdictOf } of isolates) {
    const verdict = verdictOf(reading);
    const { isolated } = run.plant.alarms[alarm]!;
    if (verdict === "unknown" || isolated[channel] === (verdict === "abnormal")) continue;
    isolated[channel] = verdict === "abnormal";
    run.dirty.add(alarm);
  }
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
  judge(run, watched, { reading: fresh(last, plant.now, watched.rule.maxAge), isNews, isFirst: true });
}

/** What is judged, and whether the point had no value until now: a fault of ours is told when it begins, not with every reading that meets it. */
interface Judged {
  readonly reading: Reading;
  readonly isNews: boolean;
  /** Whether the point says for the first time that it has a value or none: an alarm may have waited for it. */
  readonly isFirst: boolean;
}

function judge(run: Run, { judges }: Watched, { reading, isNews, isFirst }: Judged): void {
  for (const [alarm, channel] of judges) {
    const state = run.plant.alarms[alarm]!;
    const was = state.verdicts[channel];
    const judged = { reading, isNews: isNews || was !== "unknown", isFirst };
    const verdict = verdictOf(run, alarm, channel, judged);
    state.verdicts[channel] = verdict;
    // A first verdict counts as a change even where it is "unknown": the alarm was waiting for it. One that is blind already was not.
    if (was !== verdict || (was === "unknown" && (isFirst || !state.alarm.blind))) run.dirty.add(alarm);
  }
}

/** A failed assertion while one alarm is judged faults that channel, in sight, and no other. */
function verdictOf(run: Run, alarm: number, channel: number, { reading, isNews }: Judged): Verdict {
  const state = run.plant.alarms[alarm]!;
  try {
    return state.detectors[channel]!.judge(reading, run.plant.now, state.alarm.active);
  } catch (error) {
    tellFault(run, alarm, error, isNews);
    return "unknown";
  }
}

function hear(run: Run, request: Request): void {
  const { plant } = run;
  if (request.to === "alarm") {
    const at = plant.index.alarmAt.get(request.alarm);
    if (at === undefined) return refuse(run, request.alarm, "there is no such alarm");
    return hearAboutAlarm(run, at, request.event);
  }
  const at = plant.campaigns.findIndex((c) => c.response === request.response);
  const [campaign, response] = [plant.campaigns[at], plant.site.responses[at]];
  if (!campaign || !response) return refuse(run, request.response, "there is no such response");
  const image = imageAt(plant.newest, plant.site.points, plant.now);
  ask({ plant, response, campaign, image, effects: run.effects }, request);
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
    for (const at of these) settleAlarm(run, at);
  }
}
