/** What tables of gauges are made of. */
import { assert } from "../../src/core/assert.ts";
import { quantityOf } from "../../src/core/quantity.ts";

/** Places by quantity and state: a name that is put together is taken apart once. */
const places = new Map<string, Map<string, number>>();

/** A state's place in its quantity's list, which is its value: place("ups.mode", "battery") is 3. */
export function place(quantity: string, state: string): number {
  const at = places.get(quantity)?.get(state);
  return at === undefined ? findPlace(quantity, state) : at;
}

function findPlace(quantity: string, state: string): number {
  const at = quantityOf(quantity)?.states?.indexOf(state) ?? -1;
  assert(at >= 0, `${quantity} has a state "${state}"`);
  const of = places.get(quantity) ?? new Map<string, number>();
  places.set(quantity, of.set(state, at));
  return at;
}

/**
 * What a point truly is at this moment; null where its sensor has nothing to say, and a number where physics always has
 * one.
 */
export type Gauge<T extends number | null = number | null> = () => T;

/** A device's gauges by the standard names of its points. */
export type Gauges = Record<string, Gauge>;

/** One gauge under several names. */
export const alias = (gauge: Gauge, ...names: readonly string[]): Gauges =>
  Object.fromEntries(names.map((name) => [name, gauge]));

/** A two-state alarm's value. */
export const alarmed = (on: boolean): number => (on ? 1 : 0);

/** A name with its instance taken out: "supply[2].temperature" as "supply[n].temperature". */
export const anyInstance = (name: string): string => name.replace(/\[[a-z0-9.]+\]/, "[n]");

/** Gauges in which a name with an instance that has none of its own finds that of "[n]". Its keys are those that it was given. */
export const withInstances = (gauges: Gauges): Gauges =>
  new Proxy(gauges, {
    get: (table, name) => (typeof name === "string" ? (table[name] ?? table[anyInstance(name)]) : undefined),
  });
