/**
 * A bank's modules on the way to fire, one hottest cell for each. It heats itself, gives heat to its module within
 * 10 minutes, and takes heat from modules that burn: above or below it in the rack, and in the racks beside it.
 * Past the point of no return its module burns cell by cell, each a flare of 60 kW that dies away with 75 s (36 MJ
 * for 8 cells, 5 times what they stored). Fitted to Pangyo, where 5 racks of one row went in 8.4 hours: a module every 6
 * minutes upwards, every 23 downwards, and the next rack after an hour and a half. A gas puts flames out for as long as
 * it is about, and does not cool: cells go on, and what they vent does not burn. Water cools.
 */
import type { Lithium } from "./chemistry.ts";
import { kelvin } from "./lithium.ts";

/** All lists hold string after string, module after module from the lowest. */
export interface Fire {
  readonly modules: number;
  /** The hottest cell's core, °C, and how far it lifts its module's sensor. */
  readonly cellC: Float64Array;
  readonly sensedC: Float64Array;
  /** Seconds since runaway; 0 before. */
  readonly burningS: Float64Array;
  /** Heat of its cells were they in flames, kW. */
  readonly flareKw: Float64Array;
  /** Cells yet to go, and whether what vents is in flames. */
  readonly left: Uint8Array;
  readonly lit: Uint8Array;
  /** What the next second does to the module in turn. */
  readonly exposure: Exposure;
}

/** What besides its own heat a second does to the hottest cell of a module. */
export interface Exposure {
  moduleC: number;
  /** What the cell's own fault adds, °C. */
  faultC: number;
  /** Whether it cannot give heat to its module. */
  insulated: boolean;
  wet: boolean;
}

/** What a failing bank puts into its room, each second. */
export interface Emission {
  /** Of currents, cells and flames together. */
  heatKw: number;
  /** Burning modules that would make as much smoke. */
  smokingModules: number;
  /** Electrolyte vapour before runaway, and gas of runaway that has not burnt, l/s at 25 °C; the hydrogen in both is named apart. */
  vapourLs: number;
  gasLs: number;
  hydrogenLs: number;
  venting: boolean;
  flames: boolean;
}

/** Core of a cell to its module, s. */
const coolingS = 600;
/** A burnt module cools, s. */
const glowS = 3600;
/** The module's sensor sits on the outside of the cells: a quarter of the excess, a minute late. */
const sensed = 0.25;
const sensorLagS = 60;
const flareS = 75;
/** From a burning module to the one above and below, and to each of the rack beside, s. */
const upS = 1350;
const downS = 4000;
const besideS = 12_300;
/** Water at its boil takes heat within a minute; below this no cell sets off the next. */
const waterC = 100;
const waterS = 60;
const quenchedC = 120;
/** Self-heating below this is not worth its sum, °C. */
const calmC = 70;
/** A flare below this is no flame, kW; one of 60 kW smokes like 3 modules of 20. */
const faintKw = 2;
const smokeOfFlare = 3;
/** What of a cell's gas comes before its runaway, within the 6.4 minutes of DNV's tests; what flames leave unburnt. */
const earlyShare = 0.05;
const earlyS = 384;
const unburnt = 0.05;

export function makeFire(strings: number, { modules }: Lithium): Fire {
  const count = strings * modules;
  return {
    modules,
    cellC: new Float64Array(count).fill(25),
    sensedC: new Float64Array(count),
    burningS: new Float64Array(count),
    flareKw: new Float64Array(count),
    left: new Uint8Array(count),
    lit: new Uint8Array(count),
    exposure: { moduleC: 25, faultC: 0, insulated: false, wet: false },
  };
}

export const makeEmission = (): Emission => ({
  heatKw: 0,
  smokingModules: 0,
  vapourLs: 0,
  gasLs: 0,
  hydrogenLs: 0,
  venting: false,
  flames: false,
});

/** A second of self-heating at a temperature, °C. */
export const selfHeating = ({ kinetics }: Lithium, coreC: number): number =>
  coreC < calmC ? 0 : (kinetics.rate * Math.exp(-kinetics.activation / (coreC + kelvin))) / 60;

/** A second of one module under its exposure; gives by how much the rest of it is warmer for it, °C. */
export function runModule(fire: Fire, chemistry: Lithium, at: number): number {
  const { exposure, cellC, sensedC } = fire;
  const coreC = cellC[at]!;
  let lostC = 0;
  if (fire.burningS[at]! > 0) burn(fire, chemistry, at);
  else if (coreC >= chemistry.kinetics.noReturnC) ignite(fire, chemistry, at);
  else {
    lostC = exposure.insulated ? 0 : (coreC - exposure.moduleC) / coolingS;
    cellC[at] = coreC + selfHeating(chemistry, coreC) - lostC + exposure.faultC + fromFire(fire, at);
  }
  if (exposure.wet) cellC[at]! -= Math.max(0, cellC[at]! - waterC) / waterS;
  sensedC[at]! += (sensed * Math.max(0, cellC[at]! - exposure.moduleC) - sensedC[at]!) / sensorLagS;
  return lostC / chemistry.cellsPerModule + fromBeside(fire, at);
}

function ignite(fire: Fire, chemistry: Lithium, at: number): void {
  fire.burningS[at] = 1;
  fire.left[at] = chemistry.cellsPerModule;
  nextCell(fire, chemistry, at);
}

function nextCell(fire: Fire, { kinetics }: Lithium, at: number): void {
  fire.left[at]! -= 1;
  fire.flareKw[at]! += kinetics.flareKw;
  if (kinetics.flaming) fire.lit[at] = 1;
}

function burn(fire: Fire, chemistry: Lithium, at: number): void {
  const { kinetics } = chemistry;
  const { moduleC, wet } = fire.exposure;
  fire.burningS[at]! += 1;
  // Under water a cell that has not gone sets off no other: what still flares is all that heats.
  if (wet ? fire.flareKw[at]! > faintKw : isGoing(fire, at))
    fire.cellC[at] = Math.min(kinetics.peakC, fire.cellC[at]! + kinetics.fierce);
  else fire.cellC[at]! -= (fire.cellC[at]! - moduleC) / glowS;
  fire.flareKw[at]! -= fire.flareKw[at]! / flareS;
  if (fire.left[at]! > 0 && !wet && fire.burningS[at]! % kinetics.nextCellS === 0) nextCell(fire, chemistry, at);
  if (wet && fire.cellC[at]! < quenchedC) fire.left[at] = 0;
  if (fire.flareKw[at]! < faintKw) fire.lit[at] = 0;
}

/** Whether cells of a module are still going. */
const isGoing = ({ burningS, left, flareKw }: Fire, at: number): boolean =>
  burningS[at]! > 0 && (left[at]! > 0 || flareKw[at]! > faintKw);

/** What modules above and below that burn, or have burnt and glow, give a cell, °C. */
function fromFire(fire: Fire, at: number): number {
  const { modules, cellC } = fire;
  const place = at % modules;
  let given = 0;
  if (place > 0) given += heatFrom(fire, at - 1, cellC[at]!) / upS;
  if (place < modules - 1) given += heatFrom(fire, at + 1, cellC[at]!) / downS;
  return given;
}

/** What modules of the same height in the racks beside it give a whole module, °C. */
function fromBeside(fire: Fire, at: number): number {
  const { modules, cellC, exposure } = fire;
  if (fire.burningS[at]! > 0) return 0;
  const before = at >= modules ? heatFrom(fire, at - modules, exposure.moduleC) : 0;
  const after = at + modules < cellC.length ? heatFrom(fire, at + modules, exposure.moduleC) : 0;
  return (before + after) / besideS;
}

const heatFrom = ({ burningS, cellC }: Fire, from: number, coreC: number): number =>
  burningS[from]! > 0 ? Math.max(0, cellC[from]! - coreC) : 0;

/** No flame can stand in the air: what is in flames is so no longer, until the next cell goes. */
export const smother = (fire: Fire): void => void fire.lit.fill(0);

/** What the bank's modules put out in this second is added up. */
export function emit(fire: Fire, chemistry: Lithium, size: number, emission: Emission): void {
  const { kinetics, moduleWh, cellsPerModule } = chemistry;
  const cellL = ((moduleWh * size) / cellsPerModule) * kinetics.gasLWh;
  let flares = 0;
  for (let i = 0; i < fire.cellC.length; i++) {
    const flareKw = fire.flareKw[i]! * size;
    if (fire.burningS[i] === 0) {
      if (fire.cellC[i]! < kinetics.ventC) continue;
      emission.vapourLs += (cellL * earlyShare) / earlyS;
      emission.venting = true;
      continue;
    }
    const flare = fire.flareKw[i]! / kinetics.flareKw;
    const inFlames = fire.lit[i] === 1;
    emission.heatKw += inFlames ? flareKw : flareKw * kinetics.flamelessShare;
    emission.gasLs += ((flare * cellL * (1 - earlyShare)) / flareS) * (inFlames ? unburnt : 1);
    emission.flames ||= inFlames;
    flares += flare;
    if (isGoing(fire, i)) emission.venting = true;
  }
  emission.smokingModules += flares * smokeOfFlare * size;
  emission.hydrogenLs += emission.gasLs * kinetics.hydrogen;
}
