/**
 * The whole of what the service knows and may remember between two scans. `site` is fixed; all the
 * rest is plain data, so that a checkpoint can hold it and a replay can begin in the middle.
 */
import type { Agenda } from "./agenda.ts";
import { agenda } from "./agenda.ts";
import type { AlarmDefinition, AlarmId, Channel, Priority } from "./alarm/definition.ts";
import type { Alarm, AlarmRequest, AlarmStatus } from "./alarm/lifecycle.ts";
import { calm, dueAt, unseen } from "./alarm/lifecycle.ts";
import { assert } from "./assert.ts";
import type { Command, Outcome, ResponseId } from "./command.ts";
import type { Detector } from "./detect/detector.ts";
import { makeDetector } from "./detect/index.ts";
import type { PointRule } from "./image.ts";
import type { PointId, Reading } from "./reading.ts";
import type { Campaign } from "./respond/campaign.ts";
import { idle } from "./respond/campaign.ts";
import type { Response } from "./respond/response.ts";
import type { Instant } from "./time.ts";
import { after, instant, seconds } from "./time.ts";
import type { PowerTree } from "./topology/power.ts";
import type { Verdict } from "./vote.ts";

/** A site as the core sees it. References in it hold: that is checked where the site file is read. */
export interface SiteModel {
  readonly id: string;
  readonly points: ReadonlyMap<PointId, PointRule>;
  readonly alarms: readonly AlarmDefinition[];
  readonly responses: readonly Response[];
  readonly power: PowerTree;
}

/** All that happened since the last scan. The journal is one of these a record. */
export interface ScanInput {
  readonly at: Instant;
  readonly readings: readonly Reading[];
  readonly requests: readonly Request[];
  readonly outcomes: readonly Outcome[];
  /** Whether this node may act. A node that may not still judges and announces. */
  readonly leads: boolean;
}

/** What a person asks. */
export type Request =
  | { readonly to: "alarm"; readonly alarm: AlarmId; readonly event: AlarmRequest }
  | {
      readonly to: "response";
      readonly response: ResponseId;
      readonly event: "start" | "approve" | "stop";
      readonly by: string;
      readonly why: string;
    };

/** All that follows from it. Nothing else in the service has effects. */
export interface ScanOutput {
  readonly transitions: readonly Transition[];
  readonly commands: readonly Command[];
  readonly notices: readonly Notice[];
}

/** An alarm went from one state to another, or went blind or saw again. */
export interface Transition {
  readonly alarm: AlarmId;
  readonly at: Instant;
  readonly priority: Priority;
  readonly from: AlarmStatus;
  readonly to: AlarmStatus;
  /** Set where sight changed: true, it went blind; false, it sees again. */
  readonly blind?: boolean;
  /** The readings behind it, in words: "asd-battery/smoke.level = fire1". */
  readonly because: string;
}

/** Something people must be told that is not an alarm. */
export interface Notice {
  readonly at: Instant;
  readonly about: "response" | "request" | "fault";
  readonly id: string;
  readonly event: string;
  readonly text: string;
}

/** One alarm as it stands. */
export interface AlarmState {
  alarm: Alarm;
  /** The last verdict of each channel. */
  readonly verdicts: Verdict[];
  readonly detectors: Detector[];
}

export interface Plant {
  readonly site: SiteModel;
  readonly index: SiteIndex;
  now: Instant;
  leads: boolean;
  /** Until then no response plans anything: after a restart the plant is looked at first. */
  holdUntil: Instant;
  readonly newest: Map<PointId, Reading>;
  readonly alarms: readonly AlarmState[];
  readonly campaigns: Campaign[];
  readonly agenda: Agenda;
  /** Points whose ageing is already on the agenda. */
  readonly ageing: Set<PointId>;
}

/** What is looked up in every scan, worked out once. */
export interface SiteIndex {
  readonly alarmAt: ReadonlyMap<AlarmId, number>;
  /** Alarm and channel numbers that judge a point. */
  readonly judges: ReadonlyMap<PointId, readonly (readonly [alarm: number, channel: number])[]>;
  /** Alarms that an alarm suppresses. */
  readonly suppresses: readonly (readonly number[])[];
  /** How many alarms stand one above the other over an alarm in suppression by design: those of depth 0 are nobody's consequence. */
  readonly depths: readonly number[];
}

/** A plant of which nothing is known yet: every point waits for its first reading, every alarm is blind. */
export function start(site: SiteModel, at: Instant): Plant {
  const alarms = site.alarms.map((definition) => ({
    alarm: calm,
    verdicts: definition.channels.map((): Verdict => "unknown"),
    detectors: definition.channels.map((channel) => makeDetector(channel.detect)),
  }));
  const plant: Plant = {
    site,
    index: indexOf(site),
    now: at,
    leads: false,
    holdUntil: at,
    newest: new Map(),
    alarms,
    campaigns: site.responses.map((response) => idle(response.id)),
    agenda: agenda(),
    ageing: new Set(),
  };
  site.points.forEach((rule, point) => {
    plant.agenda.add(instant(at + rule.maxAge + 1), { kind: "age", point });
    plant.ageing.add(point);
  });
  return plant;
}

function indexOf(site: SiteModel): SiteIndex {
  const alarmAt = new Map(site.alarms.map((definition, i) => [definition.id, i]));
  const judges = new Map<PointId, [number, number][]>();
  site.alarms.forEach((definition, alarm) => {
    definition.channels.forEach(({ point }, channel) => {
      const of = judges.get(point) ?? [];
      of.push([alarm, channel]);
      judges.set(point, of);
    });
  });
  const suppresses = site.alarms.map((root) =>
    site.alarms.flatMap((definition, i) => (definition.suppressedBy.includes(root.id) ? [i] : [])),
  );
  return { alarmAt, judges, suppresses, depths: depthsOf(site.alarms, alarmAt) };
}

function depthsOf(alarms: readonly AlarmDefinition[], alarmAt: ReadonlyMap<AlarmId, number>): readonly number[] {
  const depths: number[] = [];
  const depthOf = (at: number): number => {
    const known = depths[at];
    if (known !== undefined) return known;
    // Until it is known it counts as 0, so that a circle, which no site file may hold, still ends.
    depths[at] = 0;
    const above = alarms[at]!.suppressedBy.map((id) => depthOf(alarmAt.get(id)!) + 1);
    const depth = Math.max(0, ...above);
    depths[at] = depth;
    return depth;
  };
  alarms.forEach((_, at) => depthOf(at));
  return depths;
}

/** Everything a plant remembers, as plain data. */
export interface Checkpoint {
  readonly site: string;
  readonly now: Instant;
  readonly leads: boolean;
  readonly holdUntil: Instant;
  readonly newest: readonly Reading[];
  readonly alarms: readonly {
    readonly alarm: Alarm;
    readonly verdicts: readonly Verdict[];
    readonly memory: readonly unknown[];
    /** What the memory is of: a channel that is another one now starts without it. */
    readonly channels: readonly Channel[];
  }[];
  readonly alarmIds: readonly AlarmId[];
  readonly campaigns: readonly Campaign[];
  readonly agenda: ReturnType<Agenda["entries"]>;
}

/** The plant's memory, copied: what happens to the plant afterwards does not change it. */
export function checkpoint(plant: Plant): Checkpoint {
  return structuredClone({
    site: plant.site.id,
    now: plant.now,
    leads: plant.leads,
    holdUntil: plant.holdUntil,
    newest: [...plant.newest.values()],
    alarms: plant.alarms.map(({ alarm, verdicts, detectors }, i) => ({
      alarm,
      verdicts,
      memory: detectors.map((d) => d.memory),
      channels: plant.site.alarms[i]!.channels,
    })),
    alarmIds: plant.site.alarms.map((definition) => definition.id),
    campaigns: plant.campaigns,
    agenda: plant.agenda.entries(),
  });
}

/**
 * A plant that goes on from a checkpoint, as if it had never stopped. Alarms and responses are
 * matched by their ids, so that a site file may change between two runs: what is new starts calm and
 * waits for its readings, what is gone is forgotten.
 */
export function restore(site: SiteModel, saved: Checkpoint): Plant {
  assert(saved.site === site.id, `the checkpoint is of site ${saved.site}, not ${site.id}`);
  const plant = start(site, saved.now);
  const from = structuredClone(saved);
  plant.leads = from.leads;
  plant.holdUntil = from.holdUntil;
  for (const reading of from.newest) if (site.points.has(reading.point)) plant.newest.set(reading.point, reading);
  const known = new Map(from.alarmIds.map((id, i) => [id, from.alarms[i]]));
  const unread = site.alarms.flatMap(({ id, channels }, i) => restoreAlarm(plant.alarms[i]!, channels, known.get(id)));
  from.campaigns.forEach((campaign) => {
    const at = plant.campaigns.findIndex((c) => c.response === campaign.response);
    if (at >= 0) plant.campaigns[at] = campaign;
  });
  plant.agenda.replace(from.agenda.filter((entry) => stillMeant(plant, entry.entry)));
  plant.ageing.clear();
  for (const { entry } of plant.agenda.entries()) if (entry.kind === "age") plant.ageing.add(entry.point);
  for (const point of unread) watchFor(plant, point);
  keepDelays(plant);
  return plant;
}

/** Has a point looked at when its newest reading, or its time to give a first one, has run out. */
function watchFor(plant: Plant, point: PointId): void {
  if (plant.ageing.has(point)) return;
  const since = plant.newest.get(point)?.at ?? plant.now;
  plant.agenda.add(instant(since + plant.site.points.get(point)!.maxAge + 1), { kind: "age", point });
  plant.ageing.add(point);
}

/** A delay that the site file has changed while it ran is over when the new one is. */
function keepDelays(plant: Plant): void {
  const entries = plant.agenda.entries();
  const planned = new Set(entries.map(({ at, entry }) => (entry.kind === "alarm" ? `${at} ${entry.alarm}` : "")));
  plant.site.alarms.forEach((definition, i) => {
    const due = dueAt(plant.alarms[i]!.alarm, definition);
    if (due !== null && !planned.has(`${due} ${definition.id}`))
      plant.agenda.add(due, { kind: "alarm", alarm: definition.id });
  });
}

/** How long a plant that was not watched is looked at before anything is planned: a full poll of the fast points, with one retry. */
const lookFirst = seconds(5);

/**
 * Takes up a plant again after a time in which nobody watched it. What was read before, and what was
 * made of it, is forgotten, and every point has its usual time to speak before anyone is called
 * blind; alarms, latches and responses stand as they stood.
 */
export function resume(plant: Plant, at: Instant): void {
  assert(at >= plant.now, "time does not go backwards");
  plant.now = at;
  plant.holdUntil = after(at, lookFirst);
  plant.newest.clear();
  plant.alarms.forEach((state, i) => lookAway(state, plant.site.alarms[i]!.channels, at));
  plant.agenda.replace(plant.agenda.entries().filter(({ entry }) => entry.kind !== "age"));
  plant.site.points.forEach((rule, point) => {
    plant.agenda.add(instant(at + rule.maxAge + 1), { kind: "age", point });
    plant.ageing.add(point);
  });
  for (const { response } of plant.campaigns) plant.agenda.add(plant.holdUntil, { kind: "response", response });
}

/** Old verdicts must neither raise nor clear anything now, and detectors hear of the silence that was. */
function lookAway(state: AlarmState, channels: readonly Channel[], at: Instant): void {
  state.alarm = unseen(state.alarm, state.alarm.blind);
  state.verdicts.fill("unknown");
  channels.forEach(({ point }, i) => {
    state.detectors[i]!.judge({ point, at, quality: "bad", reason: "waitingForFirst" });
  });
}

/** Gives an alarm its state back; the points of those channels that start over, because they are others now. */
function restoreAlarm(
  state: AlarmState,
  channels: readonly Channel[],
  saved: Checkpoint["alarms"][number] | undefined,
): readonly PointId[] {
  if (saved) state.alarm = saved.alarm;
  const isSameVote = saved?.channels.length === channels.length;
  const unread: PointId[] = [];
  channels.forEach((channel, i) => {
    const isSame = isSameVote && JSON.stringify(saved.channels[i]) === JSON.stringify(channel);
    if (isSame) {
      state.verdicts[i] = saved.verdicts[i] ?? "unknown";
      state.detectors[i] = makeDetector(channel.detect, saved.memory[i] ?? undefined);
    } else unread.push(channel.point);
  });
  return unread;
}

function stillMeant(plant: Plant, entry: Checkpoint["agenda"][number]["entry"]): boolean {
  switch (entry.kind) {
    case "age":
      return plant.site.points.has(entry.point);
    case "alarm":
      return plant.index.alarmAt.has(entry.alarm);
    case "response":
      return plant.campaigns.some((c) => c.response === entry.response);
  }
}
