/**
 * A public supply: three phases of 220/380 V at 60 Hz that wander by a volt or two, fail, come back, sag or stand
 * outside their tolerance. A sag takes the voltage to 60 % for 0.4 s: long enough for a cooler's contactor to drop out
 * (Azure Australia East, 2023-08-30), too short for a transfer switch.
 */
import type { Dice } from "../dice.ts";
import { wander } from "../dice.ts";

export interface Utility {
  readonly id: string;
  /** Its place in the grid. */
  readonly node: number;
  failed: boolean;
  /** Seconds of a sag still to come. */
  sagS: number;
  /** What it is given to, in per cent of the nominal voltage, and Hz. */
  usualPercent: number;
  usualHz: number;
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
/** Outside these shares of the nominal voltage, and these frequencies, a supply is no supply. */
const usable = { low: 0.85, high: 1.15, lowHz: 45, highHz: 65 };
const sagDepth = 0.6;
const sagLength = 0.4;

export const makeUtility = (id: string, node: number): Utility => ({
  id,
  node,
  failed: false,
  sagS: 0,
  usualPercent: 100,
  usualHz: nominalHz,
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
  const whole = (nominalVoltage * utility.usualPercent) / 100 + utility.wanderV;
  utility.voltage = utility.failed ? 0 : utility.sagS > 0 ? whole * sagDepth : whole;
  utility.frequencyHz = utility.failed ? 0 : utility.usualHz + utility.wanderHz;
}

/** Its slow wandering, once a second. */
export function driftUtility(utility: Utility, chance: Dice): void {
  utility.wanderV = wander(utility.wanderV, chance, 0.25);
  utility.wanderHz = wander(utility.wanderHz, chance, 0.004, 0.1);
}

/** Whether a load could be run from it. */
export const isUtilityGood = ({ voltage, frequencyHz }: Utility): boolean =>
  voltage >= nominalVoltage * usable.low &&
  voltage <= nominalVoltage * usable.high &&
  frequencyHz >= usable.lowHz &&
  frequencyHz <= usable.highHz;
