/** The simulated plant: physics that anybody may look into, act on and break. */

export { actuate } from "./actuate.ts";
export { advance } from "./advance.ts";
export { demoPlant, demoSiteFile } from "./demo.ts";
export type { PlantEvent } from "./events.ts";
export { apply, eventSchema, strangerIn } from "./events.ts";
export { answers, measure } from "./gauge.ts";
export type { Plant } from "./plant.ts";
