/**
 * One failing lithium cell, by which its bank's fire begins. Three archetypes: `drift` warms over hours and sags;
 * `vent` is an overcharged cell, which vents from 150 °C and at 154 °C and under charge leaves the 6.4 minutes between
 * off-gas and runaway of DNV's tests (with the charge stopped it cools, and nothing follows); `short` is McMicken and
 * Pangyo: nothing, then a voltage step, fire and silence in a minute.
 */
import type { Lithium } from "./chemistry.ts";
import type { Exposure, Fire } from "./fire.ts";

/** How a cell fails: over hours, by overcharge, or all at once. */
export type Archetype = "drift" | "vent" | "short";

/** One failing cell. */
export interface CellFault {
  readonly archetype: Archetype;
  /** The string, and the module of it, that the cell sits in. */
  readonly string: number;
  readonly module: number;
  ageS: number;
  /** What the cell has lost of its voltage, V. */
  sagV: number;
  /** Seconds since runaway; 0 before. */
  burningS: number;
}

/** An overcharged cell is this far past its venting when it is first heard of, °C. */
const pastVentC = 4;
/** The first step of an internal short, V (0.2 to 0.3 at McMicken). */
const stepV = 0.25;
/** Two stages, as cells show it: the step to a plateau, then nothing. */
const plateauS = 20;
const deadV = 5;
/** Drift: leakage heat grows by so much a minute each minute, and the cell sags by so many volts an hour. */
const driftCMinMin = 0.018;
const driftVH = 0.015;
/** An internal short heats any cell as fast as an NMC cell burns, °C a second. */
const shortC = 10.5;
/** Fire takes the links with it within a minute of a short: runaway comes after 18 s, silence 30 s later. */
const linksBurnS = 30;
/** After so long it has burnt the bus above the racks. */
const bankLostS = 360;

/** Where a cell fails, and how. */
export interface FaultPlace {
  readonly archetype: Archetype;
  readonly string: number;
  readonly module: number;
}

/** A cell begins to fail. */
export function startFault({ archetype, string, module }: FaultPlace, fire: Fire, chemistry: Lithium): CellFault {
  const at = string * fire.modules + module;
  if (archetype === "vent") fire.cellC[at] = Math.max(fire.cellC[at]!, chemistry.kinetics.ventC + pastVentC);
  return { archetype, string, module, ageS: 0, sagV: archetype === "short" ? stepV : 0, burningS: 0 };
}

/** What the fault does to its cell in the next second. `charging` says whether its string stands on a charger. */
export function expose(fault: CellFault, { kinetics }: Lithium, exposure: Exposure, charging: boolean): void {
  exposure.insulated = fault.archetype === "short" || (fault.archetype === "vent" && charging);
  if (fault.archetype === "short") exposure.faultC = Math.max(kinetics.fierce, shortC);
  if (fault.archetype === "drift") exposure.faultC = (driftCMinMin * fault.ageS) / 3600;
}

/** A second of the fault, after that of its module. */
export function ageFault(fault: CellFault, fire: Fire): void {
  fault.ageS += 1;
  fault.burningS = fire.burningS[fault.string * fire.modules + fault.module]!;
  if (fault.archetype === "drift") fault.sagV += driftVH / 3600;
  if (fault.burningS > 0) fault.sagV = fault.burningS > plateauS ? deadV : Math.max(fault.sagV, stepV);
}

/** A short arcs before there is a fire. */
export const isArcing = ({ archetype, burningS }: CellFault): boolean => archetype === "short" && burningS === 0;
/** Whether the fire has taken the bank's links: its management system no longer answers. */
export const areLinksBurnt = ({ burningS }: CellFault): boolean => burningS >= linksBurnS;
/** Whether the fire has opened every string of the bank. */
export const isBankLost = ({ burningS }: CellFault): boolean => burningS >= bankLostS;
