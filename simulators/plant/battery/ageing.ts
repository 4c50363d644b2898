/**
 * Age. Lithium: calendar loss goes with the square root of time, to 20 % after 15 years at 25 °C, twice as fast in
 * time for each 10 K; use adds 20 % over 4000 full cycles; resistance rises by half by then. Lead-acid: 20 % after 10
 * years at 25 °C, half that life for each 10 K (C&D's manual), with the square of time, as it dries; a string that has
 * dried out holds half. Both are the capacity that health tells.
 */
import { isLithium, kelvin, lithiumJ, warmC } from "./lithium.ts";
import type { BatteryString } from "./string.ts";
import { heat } from "./string.ts";

const endLoss = 0.2;
const lifeCycles = 4000;
const doublingK = 10;
/** Resistance, more for each part of capacity lost. */
const ohmPerLoss = { lithium: 2.5, lead: 1 };
const dryLoss = 0.5;
const yearS = 365.25 * 86_400;

/** What of its capacity a string has lost, 0 to 1. */
export function lossOf({ chemistry, ageing }: BatteryString): number {
  const share = ageing.years / chemistry.lifeYears;
  if (!isLithium(chemistry)) return Math.min(0.9, endLoss * share * share + dryLoss * ageing.dry);
  return Math.min(0.9, endLoss * (Math.sqrt(share) + ageing.cycles / lifeCycles));
}

/** Time goes by for a string at the warmth that it has; the charge that goes with a lithium cell's capacity is heat. */
export function age(string: BatteryString, dtS: number): void {
  const before = heldJ(string);
  string.ageing.years += (dtS / yearS) * Math.exp((Math.LN2 * (string.temperatureC - warmC)) / doublingK);
  shrink(string);
  heat(string, before - heldJ(string));
}

/** Plates that dry out lose their charge to no current. */
const heldJ = (string: BatteryString): number => (isLithium(string.chemistry) ? lithiumJ(string) : 0);

function shrink(string: BatteryString): void {
  string.capacityAh = string.chemistry.ahPerKw * string.ratedKw * (1 - lossOf(string));
}

/** Resistance as age and warmth make it; often enough, as warmth goes. */
export function resist(string: BatteryString): void {
  const { chemistry, ratedKw, temperatureC } = string;
  const cold = Math.exp(chemistry.warmingK * (1 / (temperatureC + kelvin) - 1 / (warmC + kelvin)));
  string.ohm = (chemistry.ohmKw / ratedKw) * (1 + ohmPerLoss[chemistry.kind] * lossOf(string)) * cold;
}

/** Makes a string so many years old, as if all had passed at 25 °C with a full cycle a month. */
export function makeOld(string: BatteryString, years: number): void {
  string.ageing.years = years;
  string.ageing.cycles = years * 12;
  shrink(string);
  resist(string);
}
