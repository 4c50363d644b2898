import type { Plant } from "../../../simulators/plant/index.ts";
import { advance, apply, demoPlant, measure } from "../../../simulators/plant/index.ts";
import { ms, seconds } from "../../../src/core/time.ts";

/** Moves a plant on, second by second. */
export function run(plant: Plant, forS: number): void {
  for (let i = 0; i < forS; i++) advance(plant, seconds(1));
}

/** Tenths of a second until something holds; infinite where it does not within `withinS`. */
export function secondsUntil(plant: Plant, holds: () => boolean, withinS: number): number {
  for (let tenths = 1; tenths <= withinS * 10; tenths++) {
    advance(plant, ms(100));
    if (holds()) return tenths / 10;
  }
  return Number.POSITIVE_INFINITY;
}

/** The demo's plant after some events, with a look at its points. */
export function plantWith(...events: Parameters<typeof apply>[1][]) {
  const plant = demoPlant(7);
  for (const event of events) apply(plant, event);
  return { plant, shows: measure(plant) };
}
