/** What one scan is doing, for all that have a part in it. */
import { claimOf } from "./assert.ts";
import type { Plant, Transition } from "./plant.ts";
import type { Effects } from "./respond/turn.ts";

export interface Run {
  readonly plant: Plant;
  /** Alarms whose verdicts or timers have moved, by number. */
  readonly dirty: Set<number>;
  readonly transitions: Transition[];
  readonly effects: Effects;
}

/** Tells of a failed assertion in the judgement of one alarm, by its number, if it is news; any other error goes on. */
export function tellFault(run: Run, at: number, error: unknown, isNews: boolean): void {
  const text = claimOf(error);
  const { plant, effects } = run;
  const { id } = plant.site.alarms[at]!;
  if (isNews) effects.notices.push({ at: plant.now, about: "fault", id, event: "faulted", text });
}
