/** How a plant's alarms stand, counted: what people have before them, for how long, and what is kept from them. */
import type { Plant } from "../plant.ts";
import { elapsed, hours } from "../time.ts";
import type { AlarmId } from "./definition.ts";
import { isShown, isWithheld, statusOf } from "./lifecycle.ts";

/** An alarm that has stood for longer than this is no longer news to anybody (ISA-18.2). */
export const staleAfter = hours(24);

/** Counts at one instant. `stale` is of those that stand before people. */
export interface Standing {
  readonly active: number;
  readonly unacknowledged: number;
  readonly stale: readonly AlarmId[];
  readonly shelved: number;
  readonly suppressed: number;
  readonly outOfService: number;
  readonly blind: number;
}

/** An alarm that is suppressed counts where it would stand if it were not. */
export function standingOf({ alarms, site, now }: Plant): Standing {
  const all = alarms.map(({ alarm }, i) => ({ alarm, status: statusOf(alarm), id: site.alarms[i]!.id }));
  const count = (is: (one: (typeof all)[number]) => boolean): number => all.filter(is).length;
  return {
    active: count(({ status }) => isShown(status)),
    unacknowledged: count(({ alarm }) => !alarm.acknowledged && !isWithheld(alarm)),
    stale: all
      .filter(
        ({ alarm, status }) => isShown(status) && alarm.raisedAt !== null && elapsed(alarm.raisedAt, now) > staleAfter,
      )
      .map(({ id }) => id),
    shelved: count(({ status }) => status === "shelved"),
    suppressed: count(({ alarm, status }) => status === "suppressedByDesign" && alarm.active),
    outOfService: count(({ status }) => status === "outOfService"),
    blind: count(({ alarm }) => alarm.blind),
  };
}
