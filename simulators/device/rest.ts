/** The states that a device at rest may be in, the calmest first. */
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

/** Places in the quantity's list of all states that the profile can say. */
export function restsAt({ map, texts, states }: Pick<PointModel, "map" | "texts" | "states">): readonly number[] {
  const sayable = [...new Set([...(map?.values() ?? []), ...(texts?.values() ?? [])])];
  const rank = (place: number): number => {
    const at = calm.indexOf(states?.[place] ?? "");
    return at < 0 ? calm.length + place : at;
  };
  return sayable.toSorted((a, b) => rank(a) - rank(b));
}
