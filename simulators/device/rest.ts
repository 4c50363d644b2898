/** The state that a device at rest is in: the first of these that its profile has a raw value for. */
import type { PointModel } from "../../src/profiles/index.ts";

/** Where all is well, or else where nothing is known to be wrong. */
const calm: readonly string[] = [
  "online",
  "normal",
  "no",
  "none",
  "on",
  "up",
  "connected",
  "closed",
  "auto",
  "running",
  "standby",
  "correct",
  "remote",
  "metric",
  "passed",
];

/** The place of that state in the quantity's list. */
export function restsAt({ map, states }: Pick<PointModel, "map" | "states">): number {
  const sayable = [...(map?.values() ?? [])].toSorted((a, b) => a - b);
  for (const state of calm) {
    const place = states?.indexOf(state) ?? -1;
    if (sayable.includes(place)) return place;
  }
  return sayable[0] ?? 0;
}
