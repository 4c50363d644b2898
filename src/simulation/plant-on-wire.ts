/** Any site's plant on the wire: physics behind its devices, and a plausible value behind every point that physics does not know. */
import type { Furnished } from "../../simulators/device/index.ts";
import { furnish } from "../../simulators/device/index.ts";
import type { Plant, PlantEvent } from "../../simulators/plant/index.ts";
import { advance, apply } from "../../simulators/plant/index.ts";
import type { Profile } from "../profiles/index.ts";
import type { SiteOnWire, SiteOnWireOptions } from "./site-on-wire.ts";
import { openSiteOnWire, withKeys } from "./site-on-wire.ts";

export interface PlantOnWireOptions extends SiteOnWireOptions {
  readonly plant: Plant;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** Rows of each table that only the device can fill. */
  readonly rows: number;
}

export interface PlantOnWire extends SiteOnWire {
  readonly plant: Plant;
  readonly counts: Furnished["counts"];
  /** Holds a point at a value from now on; false where no device has such a point. */
  set(device: string, point: string, value: number): boolean;
}

/** Puts a plant on the wire. Rejects, with nothing left open, where a port is taken. */
export async function openPlantOnWire(options: PlantOnWireOptions): Promise<PlantOnWire> {
  const { site, plant, keys } = options;
  const furnished = furnish(withKeys(site, keys), plant, options);
  const { devices, access, counts } = furnished;
  const wire = await openSiteOnWire(options, { devices, access, move: (by) => advance(plant, by) });
  return {
    ...wire,
    plant,
    counts,
    set(device, point, value) {
      if (!furnished.isKnown(device, point)) return furnished.set(device, point, value);
      const event: PlantEvent = { reading: `${device}/${point}`, shows: value };
      apply(plant, event);
      return true;
    },
  };
}
