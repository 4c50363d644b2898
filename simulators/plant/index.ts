/** The simulated plant: physics that anybody may look into, act on and break. */

export { actuate } from "./actuate.ts";
export { advance, ageS } from "./advance.ts";
export { demoPlant, demoSiteFile } from "./demo.ts";
export type { PlantEvent } from "./events.ts";
export { apply, eventSchema, strangerIn } from "./events.ts";
export { answers, gaugeOf, measure } from "./gauge.ts";
export type { Layout } from "./layout.ts";
export { layoutOf } from "./layout.ts";
export { makePlant } from "./make.ts";
export type { Plant } from "./plant.ts";
