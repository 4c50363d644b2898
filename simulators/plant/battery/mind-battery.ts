/**
 * A second of a bank: age and warmth of its strings, what their management systems see, their trips, and, where a cell
 * fails or modules are hot, the fire. What comes of it for the room is the bank's emission.
 */
import { age, resist } from "./ageing.ts";
import type { Battery } from "./battery.ts";
import { emfOf } from "./battery.ts";
import type { Lithium } from "./chemistry.ts";
import type { Fire } from "./fire.ts";
import { emit, runModule, smother } from "./fire.ts";
import { hydrogenLs, mindJars } from "./lead.ts";
import { isLithium } from "./lithium.ts";
import { warmModules } from "./module-heat.ts";
import type { CellFault } from "./runaway.ts";
import { ageFault, expose, isArcing, isBankLost } from "./runaway.ts";
import type { BatteryString } from "./string.ts";
import { mindTrips } from "./trips.ts";

/** What is about a bank. */
export interface BatterySurroundings {
  readonly roomC: number;
  /** Whether no flame can stand in its air now, for an extinguishing gas. */
  readonly smothered: boolean;
  /** Whether water comes down on it. */
  readonly wet: boolean;
}

/** Strings age and calm ones are warmed so often, s. */
const ageingS = 600;
const calmS = 10;
const calmA = 1;
/** Modules as warm as this are looked at for self-heating, °C. */
const suspectC = 70;
/** Cells of a string are never quite alike, and less so with age: so far they stand from the mean, V. */
const lowestV = 0.004;
const highestV = 0.006;

export function mindBattery(battery: Battery, surroundings: BatterySurroundings): void {
  battery.heartbeat = (battery.heartbeat + 1) % 65_536;
  battery.roomC = surroundings.roomC;
  const { emission, fire, chemistry, fault, strings } = battery;
  emission.smokingModules = emission.vapourLs = emission.gasLs = 0;
  emission.hydrogenLs = emission.heatKw = 0;
  emission.venting = emission.flames = false;
  for (const string of strings) {
    mindString(battery, string, surroundings.roomC);
    emission.heatKw += string.airKw;
    emission.hydrogenLs += hydrogenLs(string.gasA, string.cells);
  }
  if (fire && isLithium(chemistry) && (fault !== null || isSuspect(battery))) {
    fire.exposure.wet = battery.wet || surroundings.wet;
    const takenKw = mindFire(battery, fire, chemistry);
    if (surroundings.smothered) smother(fire);
    emit(fire, chemistry, strings[0]!.size, emission);
    // What warms other modules comes from the flames, and is the room's when they have given it on.
    emission.heatKw = Math.max(0, emission.heatKw - takenKw);
    emission.flames ||= fault !== null && isArcing(fault);
  }
  for (let i = 0; i < strings.length; i++) {
    const string = strings[i]!;
    const volts = string.connected ? battery.voltage : emfOf(string);
    look(string, volts, fault?.string === i ? fault : null);
    lookAtFire(battery, i);
    mindTrips(string, volts);
  }
}

const isSuspect = ({ strings }: Battery): boolean => strings.some(({ temperatureC }) => temperatureC >= suspectC);

function mindString(battery: Battery, string: BatteryString, roomC: number): void {
  if (battery.heartbeat % ageingS === 0) age(string, ageingS);
  const calm = battery.fault === null && Math.abs(string.amperes) < calmA;
  if (calm && battery.heartbeat % calmS !== 0) return;
  const stepS = calm ? calmS : 1;
  string.airKw = warmModules(string, roomC, stepS) / 1000 / stepS;
  resist(string);
  if (!isLithium(string.chemistry)) mindJars(string, stepS);
}

/** Every module's hottest cell; the bank's links and bus go with the one that began it. Gives what modules took, kW. */
function mindFire(battery: Battery, fire: Fire, chemistry: Lithium): number {
  const { strings, fault } = battery;
  const { exposure, modules } = fire;
  let takenKw = 0;
  for (let i = 0; i < fire.cellC.length; i++) {
    const string = strings[Math.floor(i / modules)]!;
    const { coreC } = string;
    const module = i % modules;
    exposure.moduleC = coreC[module]!;
    exposure.insulated = false;
    exposure.faultC = 0;
    if (fault && i === fault.string * modules + fault.module) {
      expose(fault, chemistry, exposure, string.connected && battery.onCharger);
    }
    const warmedC = runModule(fire, chemistry, i);
    coreC[module]! += warmedC;
    takenKw += warmedC * chemistry.coreKjK * string.size;
  }
  if (!fault) {
    battery.fault = faultOf(fire);
    return takenKw;
  }
  ageFault(fault, fire);
  if (isBankLost(fault)) for (const string of strings) string.connected = false;
  return takenKw;
}

/** A bank that its room has set on fire has no failed cell but the first that burns. */
function faultOf({ burningS, modules }: Fire): CellFault | null {
  const at = burningS.findIndex((s) => s > 0);
  if (at < 0) return null;
  return { archetype: "drift", string: Math.floor(at / modules), module: at % modules, ageS: 0, sagV: 0, burningS: 1 };
}

/** What a string's management system sees. */
function look(string: BatteryString, volts: number, fault: CellFault | null): void {
  const { view, shellC } = string;
  view.meanV = volts / string.cells;
  view.highestV = view.meanV + highestV;
  view.lowestV = Math.max(0, view.meanV - lowestV - (fault?.sagV ?? 0));
  let [hottest, coolest] = [shellC[0]!, shellC[0]!];
  for (let i = 1; i < shellC.length; i++) {
    if (shellC[i]! > hottest) hottest = shellC[i]!;
    if (shellC[i]! < coolest) coolest = shellC[i]!;
  }
  view.hottestC = hottest;
  view.coolestC = coolest;
  view.meanC = string.temperatureC;
}

/** The hot cells of a module lift its sensor. */
function lookAtFire({ fire, fault, strings }: Battery, at: number): void {
  if (!fire || !fault) return;
  const { view, shellC } = strings[at]!;
  let lifted = 0;
  for (let i = 0; i < fire.modules; i++) {
    const sensedC = fire.sensedC[at * fire.modules + i]!;
    lifted += sensedC;
    view.hottestC = Math.max(view.hottestC, shellC[i]! + sensedC);
  }
  view.meanC += lifted / fire.modules;
}
