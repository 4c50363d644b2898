/**
 * A plant's memory, written down and taken up again: after a restart, for a replay that begins in
 * the middle, and after a time in which nobody watched.
 */
import type { Agenda, Due } from "./agenda.ts";
import type { AlarmDefinition, AlarmId, Channel } from "./alarm/definition.ts";
import { pointsOf } from "./alarm/definition.ts";
import type { FirstOut } from "./alarm/first-out.ts";
import type { Flood } from "./alarm/flood.ts";
import type { Alarm } from "./alarm/lifecycle.ts";
import { calm, endsOf, unseen } from "./alarm/lifecycle.ts";
import { assert } from "./assert.ts";
import { makeDetector } from "./detect/index.ts";
import type { AlarmState, Plant, SiteModel } from "./plant.ts";
import { start, watchAge } from "./plant.ts";
import type { PointId, Reading } from "./reading.ts";
import { fresh } from "./reading.ts";
import type { Campaign } from "./respond/campaign.ts";
import type { Instant } from "./time.ts";
import { after, seconds } from "./time.ts";
import { noteTeller } from "./topology/cause.ts";
import type { NodeId } from "./topology/power.ts";
import type { Verdict } from "./vote.ts";

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
    readonly isolated: readonly boolean[];
    readonly degraded: string | null;
    /** By which delays what is on the agenda was worked out. */
    readonly delays: readonly (number | null)[];
    /** What the memory is of: a channel that is another one now starts without it. */
    readonly channels: readonly Channel[];
  }[];
  readonly alarmIds: readonly AlarmId[];
  readonly campaigns: readonly Campaign[];
  readonly agenda: ReturnType<Agenda["entries"]>;
  /** What is lost, what came first and how many alarms there were: not in checkpoints of before they were kept. */
  readonly lost?: Plant["causes"]["lost"];
  readonly events?: Plant["causes"]["events"];
  readonly causesFaulted?: string | null;
  readonly firstOuts?: readonly (readonly [group: string, first: FirstOut])[];
  readonly flood?: Flood;
}

/** The plant's memory, copied: what happens to the plant afterwards does not change it. */
export function checkpoint(plant: Plant): Checkpoint {
  return structuredClone({
    site: plant.site.id,
    now: plant.now,
    leads: plant.leads,
    holdUntil: plant.holdUntil,
    newest: plant.newest.values(),
    alarms: plant.alarms.map(({ alarm, verdicts, detectors, isolated, degraded }, i) => ({
      alarm,
      verdicts,
      memory: detectors.map((d) => d.memory),
      isolated,
      degraded,
      delays: delaysOf(plant.site.alarms[i]!),
      channels: plant.site.alarms[i]!.channels,
    })),
    alarmIds: plant.site.alarms.map((definition) => definition.id),
    campaigns: plant.campaigns,
    agenda: plant.agenda.entries(),
    lost: plant.causes.lost,
    events: plant.causes.events,
    causesFaulted: plant.causes.faulted,
    firstOuts: [...plant.firstOuts],
    flood: plant.flood,
  });
}

const delaysOf = ({ onDelay, offDelay, reAlarm, flap }: AlarmDefinition): readonly (number | null)[] => [
  onDelay,
  offDelay,
  reAlarm ?? null,
  flap?.hold ?? null,
];

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
  for (const reading of from.newest) {
    const watched = plant.index.points.get(reading.point);
    if (watched) watched.latest = reading;
  }
  const known = new Map(from.alarmIds.map((id, i) => [id, from.alarms[i]]));
  const unread = site.alarms.flatMap(({ id, channels }, i) => restoreAlarm(plant.alarms[i]!, channels, known.get(id)));
  from.campaigns.forEach((campaign) => {
    const at = plant.campaigns.findIndex((c) => c.response === campaign.response);
    if (at >= 0) plant.campaigns[at] = campaign;
  });
  restoreEvents(plant, from);
  plant.index.points.forEach((watched) => {
    watched.isAgeing = false;
  });
  plant.agenda.replace(from.agenda.filter(({ entry }) => stillMeant(plant, entry)).map((due) => takenUp(plant, due)));
  for (const point of unread) watchFor(plant, point);
  for (const reading of plant.newest.values()) if (isUsable(plant, reading)) watchFor(plant, reading.point);
  site.alarms.forEach((definition, i) => {
    if (known.get(definition.id)?.delays?.join() !== delaysOf(definition).join()) planAnew(plant, i);
  });
  return plant;
}

/** A point stands on the agenda itself. */
function takenUp(plant: Plant, due: Due): Due {
  if (due.entry.kind !== "age") return due;
  const watched = plant.index.points.get(due.entry.point)!;
  watched.isAgeing = true;
  return { ...due, entry: watched };
}

/** Events of nodes, and first-outs of alarms, that the site no longer has are forgotten. */
function restoreEvents(
  plant: Plant,
  { lost = [], events = [], causesFaulted = null, firstOuts = [], flood = plant.flood }: Checkpoint,
): void {
  const has = (node: NodeId): boolean => plant.site.power.nodes.has(node);
  plant.causes.lost = lost.filter(({ node, of }) => has(node) && has(of));
  plant.causes.events = events.filter(({ node }) => has(node));
  plant.causes.faulted = causesFaulted;
  for (const [group, first] of firstOuts)
    if (plant.index.groups.has(group) && plant.index.alarmAt.has(first.alarm)) plant.firstOuts.set(group, first);
  Object.assign(plant.flood, flood);
  hearTellers(plant);
}

/** What is lost is worked out anew from what is known now. */
function hearTellers(plant: Plant): void {
  plant.index.points.forEach((watched) => {
    if (watched.teller !== null) noteTeller(plant, watched);
  });
  plant.causes.isDirty = true;
}

/** A value may be usable again in a site whose points may be older than they might. */
function isUsable(plant: Plant, reading: Reading): boolean {
  return fresh(reading, plant.now, plant.site.points.get(reading.point)!.maxAge).quality !== "bad";
}

/** Has a point looked at when its newest reading, or its time to give a first one, has run out. */
function watchFor(plant: Plant, point: PointId): void {
  const watched = plant.index.points.get(point)!;
  if (!watched.isAgeing) watchAge(plant, watched, watched.latest?.at ?? plant.now);
}

/** A delay that the site file has changed while it ran is over when the new one is. */
function planAnew({ agenda, alarms, site }: Plant, at: number): void {
  const definition = site.alarms[at]!;
  for (const end of endsOf(alarms[at]!.alarm, definition)) agenda.add(end, { kind: "alarm", alarm: definition.id });
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
  hearTellers(plant);
  plant.alarms.forEach((state, i) => lookAway(state, plant.site.alarms[i]!.channels, at));
  plant.agenda.replace(plant.agenda.entries().filter(({ entry }) => entry.kind !== "age"));
  plant.index.points.forEach((watched) => watchAge(plant, watched, at));
  for (const { response } of plant.campaigns) plant.agenda.add(plant.holdUntil, { kind: "response", response });
}

/** Old verdicts must neither raise nor clear anything now, and detectors hear of the silence that was. */
function lookAway(state: AlarmState, channels: readonly Channel[], at: Instant): void {
  state.alarm = unseen(state.alarm, state.alarm.blind);
  state.verdicts.fill("unknown");
  channels.forEach((channel, i) => {
    for (const point of pointsOf(channel))
      state.detectors[i]!.judge({ point, at, quality: "bad", reason: "waitingForFirst" }, at, state.alarm.active);
  });
}

/** Gives an alarm its state back; the points of those channels that start over, because they are others now. */
function restoreAlarm(
  state: AlarmState,
  channels: readonly Channel[],
  saved: Checkpoint["alarms"][number] | undefined,
): readonly PointId[] {
  if (saved) state.alarm = { ...calm, ...saved.alarm };
  state.degraded = saved?.degraded ?? null;
  const isSameVote = saved?.channels.length === channels.length;
  const unread: PointId[] = [];
  channels.forEach((channel, i) => {
    const isSame = isSameVote && JSON.stringify(saved.channels[i]) === JSON.stringify(channel);
    if (isSame) {
      state.verdicts[i] = saved.verdicts[i]!;
      state.isolated[i] = saved.isolated[i]!;
      state.detectors[i] = makeDetector(channel.detect, saved.memory[i] ?? undefined);
    } else unread.push(...pointsOf(channel));
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
    case "cause":
    case "flood":
      return true;
  }
}
