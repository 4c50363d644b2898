/**
 * A bank of strings side by side behind one UPS. Strings share a load by their voltages and resistances: with E and R of
 * each, V = (S + √(S² - 4·G·P)) / 2G, where S = ΣE/R, G = Σ1/R and P is positive out of the bank. A lithium bank lasts 6
 * minutes at its UPS's rating and follows t = t_rated · load^-1.05 within 2 %; a lead-acid one lasts 10. What goes in
 * and out is what is stored, heat, and gas, to 0.1 %. A bank at rest is settled once a second, and not ten times.
 */
import { lossOf } from "./ageing.ts";
import type { Chemistry } from "./chemistry.ts";
import { nmc } from "./chemistry.ts";
import type { Emission, Fire } from "./fire.ts";
import { makeEmission, makeFire } from "./fire.ts";
import { acceptedA, floatAt, leadEmf, leadJ, leadRuntimeS, settleLead } from "./lead.ts";
import { isLithium, lithiumEmf, lithiumJ, lithiumOhm, lithiumRuntimeS, settleLithium } from "./lithium.ts";
import type { CellFault } from "./runaway.ts";
import type { BatteryString } from "./string.ts";
import { heat, makeString } from "./string.ts";

export interface Battery {
  readonly id: string;
  readonly room: number;
  readonly ratedKw: number;
  readonly chemistry: Chemistry;
  readonly strings: readonly BatteryString[];
  /** Its modules on the way to fire; null where they cannot burn. */
  readonly fire: Fire | null;
  /** The cell that began to fail, if one has. */
  fault: CellFault | null;
  /** What the bank puts into its room. */
  readonly emission: Emission;
  /** Whether a charger stands on it, the most that it can give, kW, and how far above its setting it is, %. */
  onCharger: boolean;
  chargerKw: number;
  chargerPercent: number;
  /** The relay that stops its charger while it is on; null where none is wired to it. */
  chargeStop: string | null;
  /** Whether water is on it. */
  wet: boolean;
  /** The air about it when it was last looked at, °C. */
  roomC: number;
  voltage: number;
  /** Positive while it discharges, A. */
  current: number;
  /** What it truly gives, kW; negative while it takes. */
  kw: number;
  /** Counts up once a second while the management system runs. */
  heartbeat: number;
  /** What the converter leaves on the bus, A: no two readings of a living string are alike. */
  rippleA: number;
  energyOutKwh: number;
  energyInKwh: number;
  /** Seconds not yet settled, the power that was asked last, and whether nothing moves at it. */
  owedS: number;
  askedKw: number;
  resting: boolean;
}

/** A charger gives up to a tenth of the rating, as far as its UPS says nothing else. */
const chargerShare = 0.1;
/** An overcharged cell takes its share of the bank's voltage and a few amperes, kW. */
const overchargeKw = 4;
/** A bank at rest is settled this often, s; at rest it is with less than so many amperes and volts. */
const restS = 1;
const stillA = 0.05;
const stillV = 0.01;
const fullReady = 0.9999;

export interface BatteryPlace {
  readonly id: string;
  readonly room: number;
  readonly ratedKw: number;
  readonly strings: number;
  readonly chemistry?: Chemistry;
}

export function makeBattery({ id, room, ratedKw, strings: count, chemistry = nmc }: BatteryPlace): Battery {
  const strings = Array.from({ length: count }, () => makeString(chemistry, ratedKw / count));
  return {
    id,
    room,
    ratedKw,
    chemistry,
    strings,
    fire: isLithium(chemistry) ? makeFire(count, chemistry) : null,
    fault: null,
    emission: makeEmission(),
    onCharger: false,
    chargerKw: chargerShare * ratedKw,
    chargerPercent: 0,
    chargeStop: null,
    wet: false,
    roomC: 25,
    voltage: emfOf(strings[0]!),
    current: 0,
    kw: 0,
    heartbeat: 0,
    rippleA: 0,
    energyOutKwh: 0,
    energyInKwh: 0,
    owedS: 0,
    askedKw: 0,
    resting: false,
  };
}

/** What stands behind a string's resistance, V. */
export const emfOf = (string: BatteryString): number =>
  isLithium(string.chemistry) ? lithiumEmf(string) : leadEmf(string);
const ohmOf = (string: BatteryString): number => (isLithium(string.chemistry) ? lithiumOhm(string) : string.ohm);

export function connectedStrings(battery: Battery): number {
  let count = 0;
  for (const string of battery.strings) if (string.connected) count += 1;
  return count;
}

/** Mean charge of all strings that is ready for a load, 0 to 1. */
export function chargeOf(battery: Battery): number {
  let sum = 0;
  for (const { chemistry, soc, ready } of battery.strings) sum += Math.min(1, isLithium(chemistry) ? soc : ready);
  return sum / battery.strings.length;
}

/** What of the capacity of its strings is left by their age, 0 to 1. */
export function healthOf(battery: Battery): number {
  let sum = 0;
  for (const string of battery.strings) sum += 1 - lossOf(string);
  return sum / battery.strings.length;
}

/** Whether it can give power. */
export function isBatteryGood(battery: Battery): boolean {
  for (const string of battery.strings) if (isUsable(string, true)) return true;
  return false;
}

const isUsable = (string: BatteryString, loaded: boolean): boolean =>
  string.connected && !(loaded && (string.spent || string.soc <= 0));

/** How long it would last at a load, s. */
export function runtimeS(battery: Battery, kw: number): number {
  let usable = 0;
  for (const string of battery.strings) if (isUsable(string, true)) usable += 1;
  if (usable === 0) return 0;
  if (kw <= 0) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (const string of battery.strings) {
    if (!isUsable(string, true)) continue;
    sum += isLithium(string.chemistry) ? lithiumRuntimeS(string, kw / usable) : leadRuntimeS(string, kw / usable);
  }
  return sum / usable;
}

/** What its strings hold, J. */
export function storedJ(battery: Battery): number {
  let sum = 0;
  for (const string of battery.strings) sum += isLithium(string.chemistry) ? lithiumJ(string) : leadJ(string);
  return sum;
}

/** A step at a power that is positive out of the bank. What it truly gives or takes is its `kw` afterwards. */
export function runBattery(battery: Battery, kw: number, dtS: number): void {
  if (battery.resting && kw === battery.askedKw) {
    battery.owedS += dtS;
    // Sums of tenths fall short of their sum by a hair.
    if (battery.owedS < restS - 1e-9) return;
    settleBank(battery, kw, battery.owedS);
  } else {
    if (battery.owedS > 0) settleBank(battery, battery.askedKw, battery.owedS);
    settleBank(battery, kw, dtS);
  }
}

function settleBank(battery: Battery, kw: number, stepS: number): void {
  battery.owedS = 0;
  battery.askedKw = kw;
  settleVoltage(battery, wantedKw(battery, kw), stepS);
  const floating = battery.chemistry.kind === "lead" && battery.onCharger && kw <= 0;
  for (const string of battery.strings) settle(string, battery, { loaded: kw > 0, floating, stepS });
  account(battery, stepS);
}

/**
 * What goes in or out of a bank: a charger gives what it can to lead-acid strings, to a bank that is spent, and where it
 * has lost its setting; to others what its UPS means to.
 */
function wantedKw(battery: Battery, kw: number): number {
  const { onCharger, chargerPercent, chemistry } = battery;
  if (kw > 0 || !onCharger) return kw;
  if (chargerPercent === 0 && isLithium(chemistry) && isBatteryGood(battery)) return kw;
  return Math.min(kw, -battery.chargerKw);
}

/** The voltage at which strings and load agree, no higher than a charger's setting, and that where they are full. */
function settleVoltage(battery: Battery, kw: number, stepS: number): void {
  const highest = setV(battery);
  let siemens = 0;
  let drive = 0;
  let takenA = 0;
  for (const string of battery.strings) {
    if (!isUsable(string, kw > 0)) continue;
    const each = 1 / ohmOf(string);
    siemens += each;
    drive += emfOf(string) * each;
    if (kw < 0 && !isLithium(string.chemistry)) {
      takenA += Math.min(acceptedA(string, stepS), (highest - emfOf(string)) * each);
    }
  }
  if (siemens === 0) {
    battery.voltage = emfOf(battery.strings[0]!);
    return;
  }
  const root = drive * drive - 4000 * siemens * kw;
  const volts = (drive + Math.sqrt(Math.max(0, root))) / (2 * siemens);
  const full = battery.chemistry.kind === "lead" && takenA * highest < -1000 * kw;
  battery.voltage = kw >= 0 ? volts : full ? highest : Math.min(volts, highest);
}

/** What a charger is set to, V. */
const setV = ({ chemistry, chargerPercent }: Battery): number =>
  chemistry.chargeV * chemistry.modules * chemistry.cellsPerModule * (1 + chargerPercent / 100);

interface Step {
  readonly loaded: boolean;
  readonly floating: boolean;
  readonly stepS: number;
}

function settle(string: BatteryString, battery: Battery, { loaded, floating, stepS }: Step): void {
  const usable = isUsable(string, loaded);
  const amperes = usable ? (emfOf(string) - battery.voltage) / ohmOf(string) : 0;
  if (isLithium(string.chemistry)) {
    settleLithium(string, Math.min(amperes, (string.soc * 3600 * string.capacityAh) / stepS), stepS);
    string.ageing.cycles += (Math.abs(string.amperes) * stepS) / (7200 * string.capacityAh);
  } else {
    const floatA = floating && usable ? floatOf(string, battery) : 0;
    const most = ((string.ready * string.capacityAh * 3600) / stepS) * 0.5;
    const through = Math.min(most, Math.max(amperes, -acceptedA(string, stepS)));
    settleLead(string, { amperes: through, floatA, busV: battery.voltage }, stepS);
  }
  if (!loaded && string.amperes < 0) string.spent = false;
  if (loaded && usable && battery.voltage < string.chemistry.emptyV * string.cells) string.spent = true;
}

/** What floats through a string, within its share of what the charger can give, A. */
function floatOf(string: BatteryString, battery: Battery): number {
  const mostA = (1000 * battery.chargerKw) / battery.strings.length / battery.voltage;
  return Math.min(mostA, floatAt(string, battery.voltage / string.cells));
}

function account(battery: Battery, stepS: number): void {
  let amperes = 0;
  let still = true;
  const share = battery.rippleA / Math.max(1, connectedStrings(battery));
  overcharge(battery, stepS);
  for (const string of battery.strings) {
    amperes += string.amperes;
    string.current = string.connected ? string.amperes + share : 0;
    const moving = Math.abs(string.amperes + string.floatA) > stillA || Math.abs(string.lagV) > stillV;
    still &&= !moving && (isLithium(string.chemistry) || string.ready > fullReady);
  }
  battery.kw = (battery.voltage * amperes) / 1000;
  battery.current = connectedStrings(battery) > 0 ? amperes + battery.rippleA : 0;
  battery.resting = still && battery.askedKw <= 0;
  if (battery.kw > 0) battery.energyOutKwh += (battery.kw * stepS) / 3600;
  else battery.energyInKwh -= (battery.kw * stepS) / 3600;
}

/** An overcharged cell stands in a full string, which turns all that it is given into heat. */
function overcharge({ fault, onCharger, strings, voltage, fire, chemistry }: Battery, stepS: number): void {
  if (fault?.archetype !== "vent" || fault.burningS > 0 || !onCharger || !fire || !isLithium(chemistry)) return;
  const string = strings[fault.string]!;
  const venting = fire.cellC[fault.string * fire.modules + fault.module]! >= chemistry.kinetics.ventC;
  if (!string.connected || !venting) return;
  string.amperes -= (1000 * overchargeKw) / voltage;
  heat(string, 1000 * overchargeKw * stepS);
}
