/**
 * One failing lithium cell and what it does to its rack. Its core heats itself by dT/dt = A·exp(-E/T)
 * (T in K; E = 11,706 K, A = 2.0e12 °C/min), which gives 0.02 °C/min at 90 °C and 60 °C/min at 210 °C,
 * where there is no way back; then 10.5 °C/s to 1,052 °C, as measured on NMC cells. It vents from 150 °C.
 * At 154 °C and under charge that leaves the 6.4 minutes between off-gas and runaway of DNV's tests; with the
 * charge stopped it cools and nothing follows. Three archetypes: `drift` warms over hours; `vent` is an
 * overcharged cell; `short` is McMicken and Pangyo: nothing, then a voltage step, fire and silence in a minute.
 */
import type { Archetype, Battery, CellFault } from "./battery.ts";
import { cellVoltage } from "./battery.ts";

const kelvin = 273.15;
const activation = 11_706;
const rate = 2.0e12;
const noReturnC = 210;
const ventC = 150;
const peakC = 1052;
/** °C a second of a cell in runaway (mean of the NMC tests). */
const fierce = 10.5;
const ventStartC = 154;
/** Core to module, min. */
const coolingMin = 10;
/** The module's sensor sits on the outside of the cells: a quarter of the excess, a minute late. */
const sensed = 0.25;
const sensorLagS = 60;
/** The first step of an internal short, V (0.2 to 0.3 at McMicken). */
const stepV = 0.25;
/** Drift: leakage heat grows by so much a minute each minute, and the cell sags by so many volts an hour. */
const driftCMinMin = 0.018;
const driftVH = 0.015;
/** Fire takes the links with it within a minute of a short: runaway comes after 18 s, silence 30 s later. */
const linksBurnS = 30;
/** One more module every 5 minutes: five racks of thirty in eight hours at Pangyo. Each burns half an hour at 20 kW. */
const spreadS = 300;
const moduleBurnS = 1800;
const moduleKw = 20;
/** The first minute's flare, kW. */
const flareKw = 60;
/** After so long the fire has the whole bank. */
const bankLostS = 360;
/** Cells and modules of a string are never quite alike: so far they stand from the mean. */
const spreadV = { lowest: 0.004, highest: 0.006 };
const spreadC = { coolest: -0.8, warmest: 1.1 };

/** A cell begins to fail. */
export function startFault(archetype: Archetype, string: number, bulkC: number): CellFault {
  return {
    archetype,
    string,
    ageS: 0,
    coreC: archetype === "vent" ? ventStartC : bulkC,
    sensedC: 0,
    sagV: archetype === "short" ? stepV : 0,
    burningS: 0,
  };
}

/** A second of the fault. `charging` says whether its string is connected to a charger. */
export function runFault(fault: CellFault, bulkC: number, charging: boolean): void {
  fault.ageS += 1;
  if (fault.burningS > 0 || fault.coreC >= noReturnC) burn(fault, bulkC);
  else fault.coreC += heating(fault, bulkC, charging);
  fault.sensedC += (sensed * (fault.coreC - bulkC) - fault.sensedC) / sensorLagS;
  if (fault.archetype === "drift") fault.sagV += driftVH / 3600;
}

function burn(fault: CellFault, bulkC: number): void {
  fault.burningS += 1;
  fault.coreC = fault.burningS < moduleBurnS ? Math.min(peakC, fault.coreC + fierce) : cooler(fault.coreC, bulkC);
  // Two stages, as cells show it: the step to a plateau, then nothing.
  fault.sagV = fault.burningS > 20 ? 5 : Math.max(fault.sagV, stepV);
}

const cooler = (coreC: number, bulkC: number): number => coreC - (coreC - bulkC) / (coolingMin * 60);

/** °C of the next second. */
function heating(fault: CellFault, bulkC: number, charging: boolean): number {
  const own = (rate * Math.exp(-activation / (fault.coreC + kelvin))) / 60;
  const lost = (fault.coreC - bulkC) / (coolingMin * 60);
  switch (fault.archetype) {
    case "short":
      return fierce;
    case "vent":
      return charging ? own : own - lost;
    case "drift":
      return own - lost + (driftCMinMin * fault.ageS) / 3600;
  }
}

export const isVenting = ({ coreC, burningS }: CellFault): boolean =>
  coreC >= ventC && burningS < moduleBurnS + spreadS;
/** What a flame detector sees: a fire, or the arc of a short before there is one. */
export const isFlaming = (fault: CellFault): boolean =>
  modulesBurning(fault) > 0 || (fault.archetype === "short" && fault.burningS === 0);
const isBurning = ({ burningS }: CellFault): boolean => burningS > 0;
/** Whether the fire has taken the bank's links: its management system no longer answers. */
export const areLinksBurnt = ({ burningS }: CellFault): boolean => burningS >= linksBurnS;
/** Whether the fire has opened every string of the bank. */
export const isBankLost = ({ burningS }: CellFault): boolean => burningS >= bankLostS;

/** Modules in flames. */
export function modulesBurning({ burningS }: CellFault): number {
  if (burningS <= 0) return 0;
  const begun = 1 + burningS / spreadS;
  const ended = Math.max(0, 1 + (burningS - moduleBurnS) / spreadS);
  return begun - (burningS > moduleBurnS ? ended : 0);
}

/** Heat into the room, kW. */
export const fireKw = (fault: CellFault): number =>
  modulesBurning(fault) * moduleKw + (isBurning(fault) && fault.burningS < 60 ? flareKw : 0);

/** Cells and modules as the bank's management system reports them. */
export interface CellView {
  readonly highestV: number;
  readonly lowestV: number;
  readonly meanV: number;
  readonly hottestC: number;
  readonly coolestC: number;
  readonly meanC: number;
}

/** One string's cells. */
export function cellsOf(battery: Battery, at: number): CellView {
  const string = battery.strings[at]!;
  const cellOhm = 0.0011;
  const meanV = cellVoltage(string.soc) - string.current * cellOhm;
  const fault = battery.fault?.string === at ? battery.fault : null;
  const highestV = meanV + spreadV.highest;
  const hottestC = string.temperatureC + spreadC.warmest;
  return {
    highestV,
    lowestV: Math.max(0, meanV - spreadV.lowest - (fault?.sagV ?? 0)),
    meanV,
    hottestC: fault ? Math.max(hottestC, string.temperatureC + fault.sensedC) : hottestC,
    coolestC: string.temperatureC + spreadC.coolest,
    meanC: string.temperatureC + (fault ? fault.sensedC / 17 : 0),
  };
}
