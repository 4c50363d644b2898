import { assert } from "../../src/core/assert.ts";
import type { Duration } from "../../src/core/time.ts";
import type { Plant } from "./plant.ts";
import { runPower } from "./power/power.ts";
import { runRooms } from "./rooms/rooms.ts";
import { runTargets } from "./targets.ts";

const stepMs = 100;
const stepS = 0.1;
const stepsPerSecond = 10;

/** The plant moves on by `dt`. What is less than a step is kept for the next call. */
export function advance(plant: Plant, dt: Duration): void {
  assert(dt >= 0 && Number.isFinite(dt), `time goes forward, not by ${dt} ms`);
  plant.owedMs += dt;
  while (plant.owedMs >= stepMs) {
    plant.owedMs -= stepMs;
    plant.steps += 1;
    runPower(plant, stepS);
    if (plant.steps % stepsPerSecond !== 0) continue;
    runRooms(plant);
    runTargets(plant.targets);
  }
}
