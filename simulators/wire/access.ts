import { actuate } from "../plant/actuate.ts";
import { answers, measure } from "../plant/gauge.ts";
import type { Plant } from "../plant/plant.ts";
import type { MovableService } from "../plant/services.ts";

/** All that a wire may do with a plant. */
export interface PlantAccess {
  /** What a point shows; null where the device gives its "no reading". */
  measure(device: string, point: string): number | null;
  answers(device: string): boolean;
  actuate(device: string, point: string, value: number): "done" | "refused";
  /** Where a service is (0 this site, 1 the first of the others) and how it stands; null for a stranger. */
  service(id: string): Pick<MovableService, "site" | "state"> | null;
}

/** A plant's devices as they stand at the moment of each question. */
export const accessTo = (plant: Plant): PlantAccess => ({
  measure: measure(plant),
  answers: (device) => answers(plant, device),
  actuate: (device, point, value) => actuate(plant, device, point, value),
  service: (id) => plant.services.find((one) => one.id === id) ?? null,
});
