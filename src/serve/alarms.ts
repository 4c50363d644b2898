/** The standing alarms, worst first, with their consequences folded under them; in a flood what came first before all others. */
import { ballotsOf } from "../core/alarm/ballots.ts";
import type { AlarmId, Priority } from "../core/alarm/definition.ts";
import { priorities } from "../core/alarm/definition.ts";
import { groupOf } from "../core/alarm/first-out.ts";
import type { Alarm } from "../core/alarm/lifecycle.ts";
import { isWithheld, lapseOf, statusOf, underlyingStatusOf } from "../core/alarm/lifecycle.ts";
import { closest, hintAt } from "../core/closest.ts";
import type { AlarmState, Plant } from "../core/plant.ts";
import { deviceOf } from "../core/reading.ts";
import type { Ballot } from "../core/vote.ts";
import { architectureOf } from "../core/vote.ts";
import type { AlarmCounts, AlarmView, CauseView, VoteView } from "./api.ts";
import { Refusal } from "./problem.ts";

/** A list longer than this is no longer read by anybody; the rest is counted. */
export const alarmsMax = 200;

/** The alarms that stand, worst first, and how many stand in which way. */
export function standing(
  plant: Plant,
  causes: readonly CauseView[] = [],
): { readonly alarms: readonly AlarmView[]; readonly counts: AlarmCounts } {
  const under = underOf(causes);
  const views: AlarmView[] = [];
  plant.alarms.forEach(({ alarm }, i) => {
    if (isListed(alarm)) views.push(viewOf(plant, i, under));
  });
  const rank = (alarm: AlarmView): number => (plant.flood.since === null ? 0 : rankOf(plant, alarm));
  views.sort((a, b) => rank(a) - rank(b) || worstFirst(a, b));
  return { alarms: views.slice(0, alarmsMax), counts: countsOf(plant, Math.max(0, views.length - alarmsMax)) };
}

/** Every alarm of which anything is to be said, those that are withheld and those that stand with fewer channels among them. */
export function notable(plant: Plant, causes: readonly CauseView[] = []): readonly AlarmView[] {
  const under = underOf(causes);
  const isNotable = ({ alarm, degraded }: AlarmState): boolean =>
    statusOf(alarm) !== "normal" ||
    alarm.blind ||
    degraded !== null ||
    alarm.bypassed !== null ||
    alarm.asking !== null;
  const views = plant.alarms.flatMap((state, i) => (isNotable(state) ? [viewOf(plant, i, under)] : []));
  return views.sort(worstFirst);
}

/** One alarm, whatever it is in; null where there is none of this id. */
export function alarmView(plant: Plant, id: string, causes: readonly CauseView[] = []): AlarmView | null {
  const at = plant.index.alarmAt.get(id as AlarmId);
  return at === undefined ? null : viewOf(plant, at, underOf(causes));
}

/** What is answered about an alarm that is not there. */
export function noSuchAlarm({ index }: Plant, id: string): Refusal {
  return new Refusal(404, `there is no alarm "${id}"${hintAt(closest(id, index.alarmAt.keys()))}`);
}

/** By alarm: the node of the event that it follows from. */
const underOf = (causes: readonly CauseView[]): ReadonlyMap<string, string> =>
  new Map(causes.flatMap(({ node, alarms }) => alarms.map((id) => [id, node] as const)));

/** In a flood: the alarms of nodes that are the cause of others, then what came first in its group, then the rest. */
function rankOf({ index }: Plant, { under, devices, firstOut }: AlarmView): number {
  const isOfCause = (device: string): boolean =>
    index.power.nodesOf.get(device)?.some((node) => node === under) ?? false;
  if (under !== null && devices.some(isOfCause)) return 0;
  return firstOut ? 1 : 2;
}

const isListed = (alarm: Alarm): boolean => !isWithheld(alarm) && statusOf(alarm) !== "normal";

function viewOf(plant: Plant, at: number, under: ReadonlyMap<string, string>): AlarmView {
  const definition = plant.site.alarms[at]!;
  const { id, title, priority, cause, consequence } = definition;
  const { alarm } = plant.alarms[at]!;
  const { active, acknowledged, blind, raisedAt } = alarm;
  const facts = {
    active,
    acknowledged,
    blind,
    raisedAt,
    folds: foldsOf(plant, at),
    firstOut: isFirstOut(plant, at),
    under: under.get(id) ?? null,
  };
  const place = { space: definition.space ?? null, devices: devicesOf(plant, at) };
  const response = { en: definition.response };
  const ways = { safety: definition.safety ?? false, flapping: alarm.flapping, vote: voteView(plant, at) };
  const texts = { cause, consequence, response };
  return { id, title, priority, status: statusOf(alarm), ...facts, ...place, ...texts, ...ways, ...askedOf(alarm) };
}

/** What people have asked of it. */
function askedOf({ shelved, outOfService, bypassed, asking, said }: Alarm) {
  if (!asking) return { shelved, outOfService, bypassed, asking: null, said };
  const { kind, by, why } = asking;
  return { shelved, outOfService, bypassed, asking: { kind, by, why, until: lapseOf(asking) }, said };
}

function voteView(plant: Plant, at: number): VoteView {
  const ballots = ballotsOf(plant, at);
  const count = (of: Ballot): number => ballots.filter((ballot) => ballot === of).length;
  const as = architectureOf(plant.index.rules[at]!, ballots);
  return {
    need: plant.site.alarms[at]!.need,
    of: ballots.length,
    bad: count("unknown"),
    bypassed: count("bypassed"),
    isolated: count("isolated"),
    as: as && `${as.need}oo${as.of}`,
  };
}

function devicesOf(plant: Plant, at: number): readonly string[] {
  const { alarm, verdicts } = plant.alarms[at]!;
  if (!alarm.active) return [];
  const speaking = plant.site.alarms[at]!.channels.filter((_, i) => verdicts[i] === "abnormal");
  return [...new Set(speaking.map(({ point }) => deviceOf(point)))];
}

/** Consequences of an alarm that would stand if it did not: those below those as well. */
function foldsOf(plant: Plant, root: number): number {
  const seen = new Set<number>([root]);
  const queue = [root];
  let folds = 0;
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const other of plant.index.suppresses[at] ?? []) {
      if (seen.has(other)) continue;
      seen.add(other);
      const { alarm } = plant.alarms[other]!;
      if (!alarm.suppressed || underlyingStatusOf(alarm) === "normal") continue;
      folds += 1;
      queue.push(other);
    }
  }
  return folds;
}

/** Whether an alarm came first of several that are not back to normal in its group. */
function isFirstOut({ site, index, firstOuts, alarms }: Plant, at: number): boolean {
  const group = groupOf(site.alarms[at]!) ?? "";
  if (firstOuts.get(group)?.alarm !== site.alarms[at]!.id) return false;
  const standing = index.groups.get(group)!.filter((other) => underlyingStatusOf(alarms[other]!.alarm) !== "normal");
  return standing.length > 1;
}

/** By priority; then what nobody has acknowledged; then the newest. */
function worstFirst(a: AlarmView, b: AlarmView): number {
  return (
    priorities.indexOf(a.priority) - priorities.indexOf(b.priority) ||
    Number(a.acknowledged) - Number(b.acknowledged) ||
    Number(b.active) - Number(a.active) ||
    (b.raisedAt ?? 0) - (a.raisedAt ?? 0) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** How many alarms stand in which way; `more` of them are not in the list. */
export function countsOf(plant: Plant, more: number): AlarmCounts {
  const active: Record<Priority, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  const withheld = { shelved: 0, suppressed: 0, outOfService: 0, bypassed: 0 };
  const counts = { active, unacknowledged: 0, ...withheld, degraded: 0, blind: 0, more };
  plant.alarms.forEach(({ alarm, degraded }, i) => {
    if (alarm.blind) counts.blind += 1;
    if (alarm.bypassed) counts.bypassed += 1;
    if (degraded !== null) counts.degraded += 1;
    if (alarm.outOfService) counts.outOfService += 1;
    else if (alarm.suppressed) counts.suppressed += underlyingStatusOf(alarm) === "normal" ? 0 : 1;
    else if (alarm.shelved) counts.shelved += 1;
    else {
      if (alarm.active) active[plant.site.alarms[i]!.priority] += 1;
      if (!alarm.acknowledged) counts.unacknowledged += 1;
    }
  });
  return counts;
}
