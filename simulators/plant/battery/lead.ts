/**
 * A valve-regulated lead-acid string. Charge stands in two wells, ready (0.546 of it) and slow, that even out at
 * 1.93/h (the kinetic battery model of Manwell and McGowan); voltage is that of the ready well less I·R. Fitted to
 * the constant-power table of Panasonic's UP-PW1245 to 1.7 V a cell, 3 minutes to 10 hours, within 6 %.
 * On float at 2.27 V a cell and 25 °C it takes 1 mA for each Ah, eight times as much at 2.40 V (EN 50272-2) and
 * twice as much for each 10 K; all of that is heat but for what leaves as gas. Hydrogen: 0.42 l for each Ah and cell.
 */
import { along, under } from "./chemistry.ts";
import { kelvin, warmC } from "./lithium.ts";
import type { BatteryString } from "./string.ts";
import { heat } from "./string.ts";

const readyShare = 0.546;
const evenPerS = 1.93 / 3600;
const floatPerAh = 0.001;
const floatV = 2.27;
/** ln 8 over the 0.13 V from 2.27 to 2.40. */
const tafelV = 0.13 / Math.log(8);
const doublingK = 10;
/** A string that has dried out floats fifteen times as much. */
const dryFloat = 14;
/** What escapes of what could recombine, wet and dry; and how much can, A for each Ah: oxygen goes more easily through a dry separator. */
const escaping = 0.005;
const dryEscaping = 0.05;
const recombinedPerAh = 0.02;
const dryRecombinedPerAh = 0.1;
/** What it takes to part water, V. */
const waterV = 1.48;
const hydrogenLAh = 0.42;
/** Jars boil at so many °C, and are dry after so long. */
const boilingC = 105;
const boiledDryS = 4 * 3600;
/** Below this the ready well gives nothing more. */
const lastReady = 0.005;

export const leadEmf = (string: BatteryString): number =>
  string.cells * (along(string.chemistry.openV, string.ready) + string.chemistry.voltK * (string.temperatureC - warmC));

/** What goes over from the slow well to the ready one, A. */
const evening = ({ capacityAh, ready, slow }: BatteryString): number =>
  3600 * evenPerS * capacityAh * readyShare * (1 - readyShare) * (slow - ready);

/** The most that it takes as charge within a step, A. */
export const acceptedA = (string: BatteryString, dtS: number): number =>
  ((1 - string.ready) * readyShare * string.capacityAh * 3600) / dtS - evening(string);

/** What floats at a voltage of its cells, A. */
export const floatAt = (string: BatteryString, cellV: number): number =>
  string.usualFloatA * Math.exp((cellV - floatV) / tafelV);

/** What warmth and dryness make of the float current. A string that boils comes no hotter, and opens when it has boiled dry. */
export function mindJars(string: BatteryString, dtS: number): void {
  const { ageing, coreC, chemistry, size } = string;
  ageing.dry = Math.min(1, ageing.dry + ageing.dryingS * dtS);
  const warmth = Math.exp((Math.LN2 * (string.temperatureC - warmC)) / doublingK);
  string.usualFloatA = healthyFloatA(string) * (1 + dryFloat * ageing.dry) * warmth;
  let boiling = false;
  for (let i = 0; i < coreC.length; i++) {
    if (coreC[i]! <= boilingC) continue;
    string.gasJ += (coreC[i]! - boilingC) * chemistry.coreKjK * size * 1000;
    coreC[i] = boilingC;
    boiling = true;
  }
  if (!boiling) return;
  string.boiledS += dtS;
  if (string.boiledS >= boiledDryS) string.connected = false;
}

/** What it floated when new, at 25 °C. */
export const healthyFloatA = ({ chemistry, ratedKw }: BatteryString): number =>
  floatPerAh * chemistry.ahPerKw * ratedKw;

/** Currents of a step, A: of its charge, positive out of it, and what floats through; and the voltage that they meet. */
export interface LeadStep {
  readonly amperes: number;
  readonly floatA: number;
  readonly busV: number;
}

export function settleLead(string: BatteryString, { amperes, floatA, busV }: LeadStep, dtS: number): void {
  const { chemistry, cells, ageing } = string;
  const over = evening(string);
  const apartV = along(chemistry.openV, string.slow) - along(chemistry.openV, string.ready);
  const chargeAs = 3600 * string.capacityAh;
  const emfV = leadEmf(string);
  string.ready -= ((amperes - over) * dtS) / (chargeAs * readyShare);
  string.slow -= (over * dtS) / (chargeAs * (1 - readyShare));
  string.soc = readyShare * string.ready + (1 - readyShare) * string.slow;
  const most = recombinedPerAh + (dryRecombinedPerAh - recombinedPerAh) * ageing.dry;
  const recombined = Math.min(floatA, most * string.capacityAh);
  string.gasA = floatA - recombined + recombined * (escaping + (dryEscaping - escaping) * ageing.dry);
  const watts =
    amperes * (emfV - busV) +
    over * apartV * cells -
    amperes * (string.temperatureC + kelvin) * chemistry.voltK * cells +
    floatA * busV;
  const gasWatts = string.gasA * waterV * cells;
  heat(string, (watts - gasWatts) * dtS);
  string.gasJ += gasWatts * dtS;
  string.floatA = floatA;
  string.amperes = amperes - floatA;
  if (amperes > 0 && string.ready <= lastReady) string.spent = true;
}

/** What it holds, J. */
export function leadJ({ chemistry, cells, capacityAh, ready, slow, soc }: BatteryString): number {
  const wells = readyShare * under(chemistry.openV, ready) + (1 - readyShare) * under(chemistry.openV, slow);
  return 3600 * capacityAh * cells * (wells - (warmC + kelvin) * chemistry.voltK * soc);
}

/** How long it lasts at a load, s: the wells' own solution for a steady current, down to the lowest voltage. */
export function leadRuntimeS(string: BatteryString, kw: number): number {
  const { chemistry, cells, capacityAh, ready, slow, ohm } = string;
  const meanV = (cells * (along(chemistry.openV, ready) + chemistry.emptyV)) / 2;
  const amperes = (1000 * kw) / (meanV - (500 * kw * ohm) / meanV);
  const last = lastReadyAt(string, chemistry.emptyV + (amperes * ohm) / cells);
  const perS = amperes / (3600 * capacityAh);
  const towards = slow - ready - perS / readyShare / evenPerS;
  const readyIn = (s: number): number => ready - perS * s + (1 - readyShare) * towards * (1 - Math.exp(-evenPerS * s));
  let low = 0;
  let high = string.soc / perS;
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2;
    if (readyIn(middle) > last) low = middle;
    else high = middle;
  }
  return low;
}

/** The ready charge at which an open cell has so many volts. */
function lastReadyAt({ chemistry }: BatteryString, volts: number): number {
  const { at } = chemistry.openV;
  for (let i = 1; i < at.length; i++) {
    if (at[i]! >= volts)
      return Math.max(lastReady, (i - 1 + (volts - at[i - 1]!) / (at[i]! - at[i - 1]!)) / (at.length - 1));
  }
  return 1;
}

/** Hydrogen from a current that parts water in cells in series, l/s. */
export const hydrogenLs = (gasA: number, cells: number): number => (hydrogenLAh * gasA * cells) / 3600;

/** A cell shorts inside: what it held turns to heat in its jar, the middle one, and the others share its voltage. */
export function shortCell(string: BatteryString): void {
  const { chemistry, coreC, size } = string;
  const held = leadJ(string) / string.cells;
  string.cells -= 1;
  string.warmedJ += held;
  coreC[coreC.length >> 1]! += held / 1000 / (chemistry.coreKjK * size);
}
