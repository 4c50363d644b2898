/**
 * First-out: of the alarms of one group, which came first, kept with its time until every alarm of
 * the group is back to normal, acknowledged and reset. What came first is what to look at first,
 * also when it has cleared long before what followed from it.
 */
import type { Instant } from "../time.ts";
import type { AlarmDefinition, AlarmId } from "./definition.ts";
import type { Alarm } from "./lifecycle.ts";
import { isWithheld, underlyingStatusOf } from "./lifecycle.ts";

/** The alarm that came first in a group, and when. */
export interface FirstOut {
  readonly alarm: AlarmId;
  readonly at: Instant;
}

/** By group. */
export type FirstOuts = Map<string, FirstOut>;

/** The group of an alarm: what its definition says, or else its space; null where it has neither. */
export const groupOf = ({ group, space }: AlarmDefinition): string | null => group ?? space ?? null;

/** The alarms of each group, by number. */
export function groupsOf(alarms: readonly AlarmDefinition[]): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  alarms.forEach((definition, at) => {
    const group = groupOf(definition);
    if (group !== null) groups.set(group, [...(groups.get(group) ?? []), at]);
  });
  return groups;
}

/** Takes note of an alarm that has moved. `others` are the alarms of its group as they stand. */
export function noteFirstOut(
  firstOuts: FirstOuts,
  definition: AlarmDefinition,
  alarm: Alarm,
  others: () => Iterable<Alarm>,
): void {
  const group = groupOf(definition);
  if (group === null) return;
  // An alarm that is withheld was put before nobody: it cannot be what people look at first.
  if (alarm.active && !isWithheld(alarm) && !firstOuts.has(group)) {
    firstOuts.set(group, { alarm: definition.id, at: alarm.raisedAt! });
    return;
  }
  if (!firstOuts.has(group) || underlyingStatusOf(alarm) !== "normal") return;
  for (const other of others()) if (underlyingStatusOf(other) !== "normal") return;
  firstOuts.delete(group);
}
