import { actuate } from "../plant/actuate.ts";
import { answers, gaugesOf } from "../plant/gauge.ts";
import type { Plant } from "../plant/plant.ts";
import type { MovableService } from "../plant/rooms/services.ts";

/** What a point shows at the moment of the call; null where the device gives its "no reading". */
export type Look = () => number | null;

/** All that a wire may do with a plant. */
export interface PlantAccess {
  /** A look at a point. It is to be kept: whoever asks for a point many times asks for the look once. */
  look(device: string, point: string): Look;
  answers(device: string): boolean;
  actuate(device: string, point: string, value: number): "done" | "refused";
  /** Where a service is (0 this site, 1 the first of the others) and how it stands; null for a stranger. */
  service(id: string): Pick<MovableService, "site" | "state"> | null;
}

/** A plant's devices as they stand at the moment of each question. */
export const accessTo = (plant: Plant): PlantAccess => ({
  look: (device, point) => lookInto(plant, device, point) ?? (() => null),
  answers: answersOf(plant),
  actuate: (device, point, value) => actuate(plant, device, point, value),
  service: (id) => plant.services.find((one) => one.id === id) ?? null,
});

/** A look at a point with what lies over it: what it is made to show, and what its device froze at. Null for a stranger. */
export function lookInto(plant: Plant, device: string, point: string): Look | null {
  const truth = gaugesOf(plant).get(device)?.[point];
  if (!truth) return null;
  const id = `${device}/${point}`;
  const { shown, frozen } = plant.faults;
  return () => {
    const instead = shown[id];
    if (instead !== undefined) return instead;
    const still = frozen[device]?.[point];
    return still === undefined ? truth() : still;
  };
}

/** Which supply a device lives on takes a search of the plant: it is looked for once in each step of the plant. */
function answersOf(plant: Plant): (device: string) => boolean {
  const known = new Map<string, { steps: number; silent: boolean; up: boolean }>();
  return (device) => {
    const silent = plant.faults.silent[device] === true;
    const before = known.get(device);
    if (before && before.steps === plant.steps && before.silent === silent) return before.up;
    const up = answers(plant, device);
    known.set(device, { steps: plant.steps, silent, up });
    return up;
  };
}
