/** The standing alarms, worst first, with their consequences folded under them; in a flood what came first before all others. */
import type { Priority } from "../core/alarm/definition.ts";
import { priorities } from "../core/alarm/definition.ts";
import { groupOf } from "../core/alarm/first-out.ts";
import type { Alarm } from "../core/alarm/lifecycle.ts";
import { statusOf, underlyingStatusOf } from "../core/alarm/lifecycle.ts";
import type { Plant } from "../core/plant.ts";
import { deviceOf } from "../core/reading.ts";
import type { AlarmCounts, AlarmView, CauseView } from "./api.ts";

/** A list longer than this is no longer read by anybody; the rest is counted. */
export const alarmsMax = 200;

/** The alarms that stand, worst first, and how many stand in which way. */
export function standing(
  plant: Plant,
  causes: readonly CauseView[],
): { readonly alarms: readonly AlarmView[]; readonly counts: AlarmCounts } {
  const under = new Map(causes.flatMap(({ node, alarms }) => alarms.map((id) => [id, node] as const)));
  const views: AlarmView[] = [];
  plant.alarms.forEach(({ alarm }, i) => {
    if (isListed(alarm)) views.push(viewOf(plant, i, under.get(plant.site.alarms[i]!.id) ?? null));
  });
  const rank = (alarm: AlarmView): number => (plant.flood.since === null ? 0 : rankOf(plant, alarm));
  views.sort((a, b) => rank(a) - rank(b) || worstFirst(a, b));
  return { alarms: views.slice(0, alarmsMax), counts: countsOf(plant, Math.max(0, views.length - alarmsMax)) };
}

/** In a flood: the alarms of nodes that are the cause of others, then what came first in its group, then the rest. */
function rankOf({ index }: Plant, { under, devices, firstOut }: AlarmView): number {
  const isOfCause = (device: string): boolean =>
    index.power.nodesOf.get(device)?.some((node) => node === under) ?? false;
  if (under !== null && devices.some(isOfCause)) return 0;
  return firstOut ? 1 : 2;
}

const isWithheld = (alarm: Alarm): boolean => alarm.shelved !== null || alarm.suppressed || alarm.outOfService !== null;

const isListed = (alarm: Alarm): boolean => !isWithheld(alarm) && statusOf(alarm) !== "normal";

function viewOf(plant: Plant, at: number, under: string | null): AlarmView {
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
    under,
  };
  const place = { space: definition.space ?? null, devices: devicesOf(plant, at) };
  const response = { en: definition.response };
  return { id, title, priority, status: statusOf(alarm), ...facts, ...place, cause, consequence, response };
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
    (b.raisedAt ?? 0) - (a.raisedAt ?? 0) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** How many alarms stand in which way; `more` of them are not in the list. */
export function countsOf(plant: Plant, more: number): AlarmCounts {
  const active: Record<Priority, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  const counts = { active, unacknowledged: 0, shelved: 0, suppressed: 0, outOfService: 0, blind: 0, more };
  plant.alarms.forEach(({ alarm }, i) => {
    if (alarm.blind) counts.blind += 1;
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
