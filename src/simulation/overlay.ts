/**
 * What a game day lays over the readings of a site that is alive: one point that shows something else, a device that is
 * silent, one that always says the same, and faults of devices and links as far as readings can show them. The readings
 * themselves stay the site's.
 */
import type { PlantEvent } from "../../simulators/plant/index.ts";
import type { Faults } from "../../simulators/wire/faults.ts";
import { noMishap } from "../../simulators/wire/faults.ts";
import { assert } from "../core/assert.ts";
import type { PointId, Reading } from "../core/reading.ts";
import { deviceOf } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";

export interface Overlay {
  /** It happens, from the next readings on. */
  apply(event: PlantEvent): void;
  /** Readings as they are with all that has happened; what is injected is in them whether its point has spoken or not. */
  lay(readings: readonly Reading[], at: Instant): readonly Reading[];
}

/** The events that can be laid over readings; all others need a plant. */
export const isLaid = (event: PlantEvent): boolean => "reading" in event || "sensor" in event || "freeze" in event;

/** What an overlay is laid over. */
export interface Overlaid {
  /** All points of the site; one with states is a state. */
  readonly points: ReadonlyMap<PointId, { readonly states?: readonly string[] | null }>;
  /** A device's faults; without it there are none. */
  readonly faultsOf?: (device: string) => Faults | null;
}

export function openOverlay({ points, faultsOf }: Overlaid): Overlay {
  const shown = new Map<PointId, number | null>();
  const silent = new Set<string>();
  const frozen = new Set<string>();
  const last = new Map<PointId, Reading>();
  const pointsOf = new Map<string, PointId[]>();
  for (const point of points.keys()) pointsOf.set(deviceOf(point), [...(pointsOf.get(deviceOf(point)) ?? []), point]);
  const stands = (device: string): boolean => frozen.has(device) || (faultsOf?.(device)?.frozen() ?? false);
  /** What is asked of a device's faults once for each look at it: an answer that is lost is all of its points. */
  const lost = (): readonly string[] =>
    [...pointsOf.keys()].filter((device) => silent.has(device) || isLost(faultsOf?.(device) ?? null));
  const instead = (reading: Reading): Reading => {
    const { point, at } = reading;
    const value = shown.get(point);
    if (value !== undefined)
      return value === null
        ? { point, at, quality: "bad", reason: "sensorFailure" }
        : { point, at, quality: "good", value };
    if (stands(deviceOf(point))) return { ...(last.get(point) ?? reading), at };
    return points.get(point)?.states ? reading : seenThrough(reading, faultsOf?.(deviceOf(point)) ?? null);
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
      const mute = new Set(lost());
      for (const reading of readings) {
        const device = deviceOf(reading.point);
        if (!stands(device)) last.set(reading.point, reading);
        if (!mute.has(device)) laid.push(instead(reading));
      }
      for (const point of shown.keys())
        if (!mute.has(deviceOf(point))) laid.push(instead({ point, at, quality: "bad", reason: "waitingForFirst" }));
      for (const device of mute)
        for (const point of pointsOf.get(device) ?? [])
          laid.push({ point, at, quality: "bad", reason: "noCommunication" });
      return laid;
    },
  };
}

function isLost(faults: Faults | null): boolean {
  const mishap = faults?.next() ?? noMishap;
  return mishap.isLost || mishap.isReset || mishap.isHalf || mishap.isOfAnother;
}

function seenThrough(reading: Reading, faults: Faults | null): Reading {
  if (!faults || reading.quality === "bad") return reading;
  return { ...reading, value: faults.shows(reading.point.slice(deviceOf(reading.point).length + 1), reading.value) };
}

function mark(set: Set<string>, one: string, on: boolean): void {
  if (on) set.add(one);
  else set.delete(one);
}
