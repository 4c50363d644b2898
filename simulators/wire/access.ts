import { actuate } from "../plant/actuate.ts";
import { answers, gaugeOf } from "../plant/gauge.ts";
import type { Plant } from "../plant/plant.ts";
import type { MovableService } from "../plant/rooms/services.ts";
import { targetAnswers } from "../plant/targets.ts";

/** A target: the point that is commanded, its state's place, and whether it answers. */
export interface TargetShown {
  readonly point: string;
  readonly state: number;
  readonly answers: boolean;
}

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
  /** How a target stands; null for a stranger. */
  target(id: string): TargetShown | null;
}

/** A plant's devices as they stand at the moment of each question. */
export const accessTo = (plant: Plant): PlantAccess => ({
  look: (device, point) => gaugeOf(plant, device, point) ?? (() => null),
  answers: (device) => answers(plant, device),
  actuate: (device, point, value) => actuate(plant, device, point, value),
  service: (id) => plant.services.find((one) => one.id === id) ?? null,
  target: (id) => {
    const target = plant.targets.find((one) => one.id === id);
    return target ? { point: target.point, state: target.state, answers: targetAnswers(plant, target) } : null;
  },
});
