/** What drives the core from outside, as one file: a copy of it is a core of its own. */
export { resume } from "../../src/core/checkpoint.ts";
export { start } from "../../src/core/plant.ts";
export { nextDue, scan } from "../../src/core/scan.ts";
