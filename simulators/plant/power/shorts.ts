/**
 * Short circuits. What flows is twenty times the rating of the breaker before it, or what the sources can give: a
 * generator three times its rating (usual with a permanent-magnet exciter), a UPS without a bypass 1.65 times for a
 * second (MGE Galaxy PW), and with one whatever stands behind the bypass. The nearest breaker opens at once; one above
 * opens with it where its rating is not at least twice as large, or waits where it is an air circuit breaker.
 */

import type { Plant } from "../plant.ts";
import type { Grid } from "./grid.ts";
import { kindOf } from "./grid.ts";

const bolted = 20;
const ofGenerator = 3;
const ofInverter = 1.65;
const inverterS = 1;

/** What flows into every short circuit on a live node in this step rushes through all above it. */
export function burdenShorts(plant: Plant): void {
  const { grid } = plant;
  for (const at of grid.shorts) {
    if (grid.live[at] !== 1) continue;
    grid.surgeKw[at]! += Math.min(grid.breakers.ratedKw[at]! * bolted, availableKw(plant, at));
    grid.surging = true;
    grid.moving = true;
  }
}

/** The most that the supplies of a node can drive into a fault, kW. */
function availableKw(plant: Plant, at: number): number {
  const { grid } = plant;
  if (grid.kind[at] === kindOf.generator) return grid.ratedKw[at]! * ofGenerator;
  if (grid.kind[at] === kindOf.utility) return Number.POSITIVE_INFINITY;
  if (grid.kind[at] === kindOf.ups && isInverting(plant, at)) return grid.ratedKw[at]! * ofInverter;
  if (grid.isShared[at] !== 1) return grid.feeding[at]! < 0 ? 0 : availableKw(plant, grid.feeding[at]!);
  let sum = 0;
  for (const supply of suppliesOf(grid, at)) if (grid.live[supply] === 1) sum += availableKw(plant, supply);
  return sum;
}

const suppliesOf = (grid: Grid, at: number): Int32Array =>
  grid.supplies.subarray(grid.firstSupply[at], grid.firstSupply[at + 1]);

/** An inverter that has to bear it, for want of a bypass. */
function isInverting({ ups, grid }: Plant, at: number): boolean {
  const one = ups[grid.place[at]!]!;
  return one.mode !== "bypass" && !one.sees.bypassGood;
}

/** A fault that no breaker has cleared within the step: the inverters above it give up after a second. */
export function strainShorts(plant: Plant, dtS: number): void {
  const { grid } = plant;
  for (const short of grid.shorts) {
    for (let at = short; at >= 0 && grid.breakers.open[at] !== 1; at = grid.feeding[at]!) {
      if (grid.live[at] !== 1 || grid.kind[at] !== kindOf.ups || !isInverting(plant, at)) continue;
      const ups = plant.ups[grid.place[at]!]!;
      ups.strain += dtS / inverterS;
      if (ups.strain >= 1) ups.stopped = "overload";
    }
  }
}
