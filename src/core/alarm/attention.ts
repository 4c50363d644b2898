/** What the move of one alarm means beyond it: for the first-out of its group, and for how much is put before people. */
import type { Notice, Plant } from "../plant.ts";
import { groupOf, noteFirstOut } from "./first-out.ts";
import { annunciate, annunciated, floodDue, moveFlood } from "./flood.ts";
import type { Alarm } from "./lifecycle.ts";
import { statusOf, underlyingStatusOf } from "./lifecycle.ts";

/** Takes note of an alarm, by number, that stood otherwise before. */
export function noteMove({ alarms, site, index, firstOuts, flood, now }: Plant, at: number, before: Alarm): void {
  const definition = site.alarms[at]!;
  const { alarm } = alarms[at]!;
  const [from, to] = [statusOf(before), statusOf(alarm)];
  if (from === to && underlyingStatusOf(before) === underlyingStatusOf(alarm)) return;
  const members = index.groups.get(groupOf(definition) ?? "") ?? [];
  noteFirstOut(firstOuts, definition, alarm, () => members.map((other) => alarms[other]!.alarm));
  if (to === "unacknowledged") annunciate(flood, now);
}

/** Tells of a flood of alarms when it begins and when it ends. */
export function followFlood({ flood, now, site, agenda }: Plant, notices: Notice[]): void {
  const event = moveFlood(flood, now);
  if (event !== null) {
    const text = `${annunciated(flood, now)} alarms in the last ten minutes`;
    notices.push({ at: now, about: "flood", id: site.id, event, text });
  }
  const due = floodDue(flood, now);
  if (due === flood.due) return;
  flood.due = due;
  if (due !== null) agenda.add(due, { kind: "flood" });
}
