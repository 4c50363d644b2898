/**
 * The public supply: three phases of 220/380 V at 60 Hz that wander by a volt or two, fail, come back
 * or sag. A sag takes the voltage to 60 % for 0.4 s: long enough for a cooler's contactor to drop out
 * (Azure Australia East, 2023-08-30), too short for the transfer switch.
 */
import type { Dice } from "./dice.ts";
import { wander } from "./dice.ts";

export interface Utility {
  failed: boolean;
  /** Seconds of a sag still to come. */
  sagS: number;
  /** Phase to neutral, V. */
  voltage: number;
  frequencyHz: number;
  wanderV: number;
  wanderHz: number;
  /** What the site takes from it, kW. */
  kw: number;
  energyKwh: number;
}

/** Phase to neutral, V: 380 V between phases. */
export const nominalVoltage = 220;
export const nominalHz = 60;
/** Below this share of the nominal voltage a supply is no supply. */
const usable = 0.85;
const sagDepth = 0.6;
const sagLength = 0.4;

export const makeUtility = (): Utility => ({
  failed: false,
  sagS: 0,
  voltage: nominalVoltage,
  frequencyHz: nominalHz,
  wanderV: 0,
  wanderHz: 0,
  kw: 0,
  energyKwh: 0,
});

export function sag(utility: Utility): void {
  utility.sagS = sagLength;
}

/** A tenth of a second or so of the supply. */
export function runUtility(utility: Utility, dtS: number): void {
  if (utility.sagS > 0) utility.sagS = Math.max(0, utility.sagS - dtS);
  const whole = nominalVoltage + utility.wanderV;
  utility.voltage = utility.failed ? 0 : utility.sagS > 0 ? whole * sagDepth : whole;
  utility.frequencyHz = utility.failed ? 0 : nominalHz + utility.wanderHz;
}

/** Its slow wandering, once a second. */
export function driftUtility(utility: Utility, chance: Dice): void {
  utility.wanderV = wander(utility.wanderV, chance, 0.25);
  utility.wanderHz = wander(utility.wanderHz, chance, 0.004, 0.1);
}

/** Whether a load could be run from it. */
export const isUtilityGood = (utility: Utility): boolean => utility.voltage >= nominalVoltage * usable;
