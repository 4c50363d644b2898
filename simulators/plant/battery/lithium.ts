/**
 * A lithium string as a circuit: an open-circuit voltage that follows charge and temperature, a resistance in series,
 * and one resistor-capacitor pair behind it. V = U(s, T) - v - I·R0; dv/dt = (I·R1 - v)/tau, of the whole resistance
 * three fifths being R0 and tau 30 s. Resistance rises below 30 % of charge and with cold, exp(2500·(1/T - 1/298)).
 * Heat is I²·R0, what R1 turns into heat, and the reversible part -I·T·dU/dT, so that energy is kept.
 */
import type { Lithium } from "./chemistry.ts";
import { along, under } from "./chemistry.ts";
import type { BatteryString } from "./string.ts";
import { heat } from "./string.ts";

const atOnce = 0.6;
const lagS = 30;
export const kelvin = 273.15;
/** Open-circuit voltages are those of 25 °C. */
export const warmC = 25;
/** Below this charge resistance rises, to so many times of itself. */
const lowSoc = 0.3;
const lowFactor = 0.8;

/** What stands behind the resistance that answers at once, V. */
export const lithiumEmf = (string: BatteryString): number =>
  string.cells * (along(string.chemistry.openV, string.soc) + string.chemistry.voltK * (string.temperatureC - warmC)) -
  string.lagV;

/** That resistance, Ω. */
export const lithiumOhm = (string: BatteryString): number =>
  atOnce * string.ohm * (string.soc < lowSoc ? 1 + lowFactor * (1 - string.soc / lowSoc) : 1);

/** A step at a current that is positive out of the string. */
export function settleLithium(string: BatteryString, amperes: number, dtS: number): void {
  const kelvins = string.temperatureC + kelvin;
  const lagOhm = (1 - atOnce) * string.ohm;
  const share = dtS / lagS;
  const before = string.lagV;
  string.lagV = (before + share * amperes * lagOhm) / (1 + share);
  const middleV = (before + string.lagV) / 2;
  const watts =
    amperes * amperes * lithiumOhm(string) +
    (middleV * middleV) / lagOhm -
    amperes * kelvins * string.chemistry.voltK * string.cells;
  heat(string, watts * dtS);
  string.soc = Math.max(0, string.soc - (amperes * dtS) / (3600 * string.capacityAh));
  string.amperes = amperes;
}

/** What it holds, J. */
export function lithiumJ(string: BatteryString): number {
  const { chemistry, soc, cells, capacityAh, lagV } = string;
  const perCell = under(chemistry.openV, soc) - (warmC + kelvin) * chemistry.voltK * soc;
  return 3600 * capacityAh * cells * perCell + ((lagS / ((1 - atOnce) * string.ohm)) * lagV * lagV) / 2;
}

/** How long it lasts at a load, s. */
export function lithiumRuntimeS(string: BatteryString, kw: number): number {
  if (string.soc <= 0) return 0;
  const { capacityAh, cells, chemistry, ohm } = string;
  const volts = (cells * under(chemistry.openV, string.soc)) / string.soc;
  const root = volts * volts - 4000 * kw * ohm;
  const amperes = root > 0 ? (volts - Math.sqrt(root)) / (2 * ohm) : volts / (2 * ohm);
  return (3600 * capacityAh * string.soc) / amperes;
}

/** Its chemistry; for a string that is known to be one of lithium. */
export const isLithium = (chemistry: BatteryString["chemistry"]): chemistry is Lithium => chemistry.kind === "lithium";
