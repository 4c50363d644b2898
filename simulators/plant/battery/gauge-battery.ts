/** What a bank's management system shows. */

import type { Gauges } from "../gauge-table.ts";
import { place } from "../gauge-table.ts";
import type { Battery } from "./battery.ts";
import { chargeOf, connectedStrings, healthOf } from "./battery.ts";
import { lfp } from "./chemistry.ts";
import { areJarsWell, stringGauges } from "./gauge-string.ts";
import { isLithium } from "./lithium.ts";
import type { BatteryString, CellView } from "./string.ts";
import { trip } from "./trips.ts";

export function batteryGauges(battery: Battery): Gauges {
  const most = (pick: (view: CellView) => number) => () => over(battery, pick, Math.max);
  const least = (pick: (view: CellView) => number) => () => over(battery, pick, Math.min);
  const mean = (pick: (view: CellView) => number) => () =>
    over(battery, pick, (sum, value) => sum + value) / battery.strings.length;
  const { cellsPerModule } = battery.chemistry;
  return {
    "battery.charge": () => chargeOf(battery) * 100,
    "battery.health": () => healthOf(battery) * 100,
    "battery.cycles": () => Math.floor(Math.max(...battery.strings.map(({ ageing }) => ageing.cycles))),
    "battery.voltage": () => battery.voltage,
    "battery.current": () => battery.current,
    "battery.power": () => (battery.voltage * battery.current) / 1000,
    "battery.temperature": mean(({ meanC }) => meanC),
    "battery.heartbeat": () => battery.heartbeat,
    "battery.alarms": () => eventBits(battery),
    "device.alarm": () => place("device.alarm", areJarsWell(battery) ? "normal" : "alarm"),
    "battery.alarm": () => place("battery.alarm", alarmOf(battery)),
    "battery.fault": () => place("battery.fault", battery.strings.some(({ tripped }) => tripped) ? "alarm" : "normal"),
    "battery.state": () => place("battery.state", stateOf(battery)),
    "battery.connection": () => place("battery.connection", connectionOf(battery)),
    "battery.insulation": () => insulationKOhm,
    "battery.charge_limit": () => limitA(battery, chargeShare),
    "battery.discharge_limit": () => limitA(battery, dischargeShare),
    "cell.voltage.max": most(({ highestV }) => highestV),
    "cell.voltage.min": least(({ lowestV }) => lowestV),
    "cell.voltage.mean": mean(({ meanV }) => meanV),
    "cell.temperature.max": most(({ hottestC }) => hottestC),
    "cell.temperature.min": least(({ coolestC }) => coolestC),
    "module.voltage.max": most(({ highestV }) => highestV * cellsPerModule),
    "module.voltage.min": least(({ meanV, lowestV }) => meanV * (cellsPerModule - 1) + lowestV),
    "module.temperature.max": most(({ hottestC }) => hottestC),
    "module.temperature.min": least(({ coolestC }) => coolestC),
    "module.temperature.mean": mean(({ meanC }) => meanC),
    ...Object.assign({}, ...battery.strings.map((_, i) => stringGauges(battery, i))),
  };
}

/** A sound bank stands so far from earth, kΩ. */
const insulationKOhm = 5000;
/** What a management system lets through, as a share of what the rating draws. */
const chargeShare = 0.2;
const dischargeShare = 1.25;

function over(
  { strings }: Battery,
  pick: (view: CellView) => number,
  of: (one: number, other: number) => number,
): number {
  let value = pick(strings[0]!.view);
  for (let i = 1; i < strings.length; i++) value = of(value, pick(strings[i]!.view));
  return value;
}

/** Nothing with every string open, A. */
function limitA(battery: Battery, share: number): number {
  const open = battery.chemistry.chargeV * battery.strings[0]!.cells;
  return (share * 1000 * battery.ratedKw * connectedStrings(battery)) / battery.strings.length / open;
}

/** Below this a current is the converter's ripple, A. */
const stillA = 2;

function stateOf(battery: Battery): string {
  if (connectedStrings(battery) === 0) return "off";
  if (battery.current > stillA) return "discharging";
  if (battery.current < -stillA) return "charging";
  // Racks of iron-phosphate cells have no word for it but standby.
  return battery.chemistry === lfp ? "standby" : "holding";
}

/** A bank that has lost some of its strings is still connected; its strings say which. */
function connectionOf(battery: Battery): string {
  if (connectedStrings(battery) > 0) return "connected";
  return battery.strings.some(({ tripped }) => tripped) ? "fault" : "disconnected";
}

/** A trip that is on its way warns; one that has come is an alarm. */
function alarmOf({ strings }: Battery): string {
  if (strings.some(({ tripped }) => tripped)) return "alarm";
  return strings.some((string) => isLithium(string.chemistry) && string.tripS.some((s) => s > 0))
    ? "warning"
    : "normal";
}

/** SunSpec's event bits by the trips that raise them, and 20, a contactor. */
const bits: readonly (readonly [bit: number, ...trips: readonly number[]])[] = [
  [1, trip.hot],
  [5, trip.fastCharge, trip.charge],
  [7, trip.fastDischarge, trip.discharge],
  [9, trip.over, trip.cabinetOver],
  [11, trip.under, trip.cabinetUnder],
  [17, trip.apart],
  [18, trip.warmthApart],
];
const contactorBit = 20;

function eventBits({ strings }: Battery): number {
  let word = 0;
  for (const string of strings) word |= bitsOf(string);
  return word;
}

function bitsOf({ tripS, tripped }: BatteryString): number {
  let word = tripped ? 1 << contactorBit : 0;
  for (const [bit, ...trips] of bits) if (trips.some((at) => tripS[at]! > 0)) word |= 1 << bit;
  return word;
}
