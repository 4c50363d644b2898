/**
 * What the product itself calls dangerous: limits and states of the alarms that device profiles bring along.
 * A site may set its own; a dashboard for every site draws these and invents none.
 */
import type { Priority } from "../src/core/alarm/definition.ts";
import { priorities } from "../src/core/alarm/definition.ts";
import { quantityOf } from "../src/core/quantity.ts";
import type { Profile } from "../src/profiles/index.ts";

/** One limit of a quantity, in its unit. */
export interface Limit {
  readonly side: "above" | "below";
  readonly limit: number;
  readonly priority: Priority;
}

/** Limits and states by quantity; "output.load[n]" counts as "output.load". */
export interface Danger {
  limitsOf(quantity: string): readonly Limit[];
  /** The priority of being in a state; null where no profile has an alarm for it. */
  priorityOf(quantity: string, state: string): Priority | null;
}

/** From this value on a priority holds; null, none does. `from` is null where all lower values are meant. */
export interface Step {
  readonly from: number | null;
  readonly priority: Priority | null;
}

/** A dry contact has no profile that could say what it means. These priorities are those of the demo's site file. */
const ofContacts: Readonly<Record<string, Priority>> = {
  "offgas.state alarm": "critical",
  "flame.state alarm": "critical",
  "suppression.released alarm": "high",
};

const plain = (quantity: string): string => quantity.replace(/\[[a-z]\]/, "");

/** Gathers the alarms of all profiles. Where two differ, the more important one counts. */
export function dangerOf(profiles: Iterable<Profile>): Danger {
  const limits = new Map<string, Limit[]>();
  const states = new Map<string, Priority>(Object.entries(ofContacts));
  for (const { alarms } of profiles) {
    for (const { point, detect, priority } of alarms) {
      const quantity = plain(point);
      if (detect.kind === "limit") {
        const { side, limit } = detect;
        limits.set(quantity, [...(limits.get(quantity) ?? []), { side, limit, priority }]);
      } else if (detect.kind === "state") {
        for (const at of detect.among) {
          const key = `${quantity} ${quantityOf(point)?.states?.[at]}`;
          states.set(key, first([states.get(key), priority]) ?? priority);
        }
      }
    }
  }
  return {
    limitsOf: (quantity) => limits.get(plain(quantity)) ?? [],
    priorityOf: (quantity, state) => states.get(`${plain(quantity)} ${state}`) ?? null,
  };
}

/** Limits as a staircase from the lowest values up, each step with the most important priority that holds on it. */
export function stepsOf(limits: readonly Limit[]): readonly Step[] {
  const edges = [...new Set(limits.map(({ limit }) => limit))].toSorted((a, b) => a - b);
  return [null, ...edges].map((from) => {
    const value = from ?? Number.NEGATIVE_INFINITY;
    const holding = limits.filter(({ side, limit }) => (side === "above" ? value >= limit : value < limit));
    return { from, priority: first(holding.map(({ priority }) => priority)) };
  });
}

const first = (among: readonly (Priority | undefined)[]): Priority | null =>
  priorities.find((priority) => among.includes(priority)) ?? null;
