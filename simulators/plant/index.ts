/**
 * The simulated plant: physics that anybody may look into, act on and break. `power/` is the way from the utility to the
 * rack, `battery/` strings, their management and their fires, `rooms/` air, cooling, smoke, people and services; each
 * has its gauges, which are what instruments show of it. Here is what makes a plant of a layout and moves it on.
 */

export { actuate } from "./actuate.ts";
export { advance } from "./advance.ts";
export { demoPlant, demoSiteFile } from "./demo.ts";
export type { PlantEvent } from "./events.ts";
export { apply, eventSchema, strangerIn } from "./events.ts";
export { answers, measure } from "./gauge.ts";
export type { Plant } from "./plant.ts";
export { targetAnswers } from "./targets.ts";
