/**
 * What a game day lays over the readings of a site that is alive: one point that shows something else, a device that is
 * silent, one that always says the same. The readings themselves stay the site's.
 */
import type { PlantEvent } from "../simulators/plant/index.ts";
import { assert } from "./core/assert.ts";
import type { PointId, Reading } from "./core/reading.ts";
import { deviceOf } from "./core/reading.ts";
import type { Instant } from "./core/time.ts";

export interface Overlay {
  /** It happens, from the next readings on. */
  apply(event: PlantEvent): void;
  /** Readings as they are with all that has happened; what is injected is in them whether its point has spoken or not. */
  lay(readings: readonly Reading[], at: Instant): readonly Reading[];
}

/** The events that can be laid over readings; all others need a plant. */
export const isLaid = (event: PlantEvent): boolean => "reading" in event || "sensor" in event || "freeze" in event;

export function openOverlay(points: Iterable<PointId>): Overlay {
  const shown = new Map<PointId, number | null>();
  const silent = new Set<string>();
  const frozen = new Set<string>();
  const last = new Map<PointId, Reading>();
  const pointsOf = new Map<string, PointId[]>();
  for (const point of points) pointsOf.set(deviceOf(point), [...(pointsOf.get(deviceOf(point)) ?? []), point]);
  const instead = (reading: Reading): Reading => {
    const { point, at } = reading;
    const value = shown.get(point);
    if (value !== undefined)
      return value === null
        ? { point, at, quality: "bad", reason: "sensorFailure" }
        : { point, at, quality: "good", value };
    if (!frozen.has(deviceOf(point))) return reading;
    return { ...(last.get(point) ?? reading), at };
  };
  return {
    apply(event) {
      assert(isLaid(event), "only readings can be laid over a live site");
      if ("reading" in event) {
        if (event.shows === "truth") shown.delete(event.reading as PointId);
        else shown.set(event.reading as PointId, event.shows);
      } else if ("sensor" in event) mark(silent, event.sensor, event.silent);
      else if ("freeze" in event) mark(frozen, event.freeze, event.on);
    },
    lay(readings, at) {
      const laid: Reading[] = [];
      for (const reading of readings) {
        const device = deviceOf(reading.point);
        if (!frozen.has(device)) last.set(reading.point, reading);
        if (!silent.has(device)) laid.push(instead(reading));
      }
      for (const point of shown.keys())
        if (!silent.has(deviceOf(point))) laid.push(instead({ point, at, quality: "bad", reason: "waitingForFirst" }));
      for (const device of silent)
        for (const point of pointsOf.get(device) ?? [])
          laid.push({ point, at, quality: "bad", reason: "noCommunication" });
      return laid;
    },
  };
}

function mark(set: Set<string>, one: string, on: boolean): void {
  if (on) set.add(one);
  else set.delete(one);
}
