/**
 * What is shown of one string: by a rack's management system, by the tables of batteries that some cards hold, and by a
 * monitor of lead-acid jars, which warns of float current, of jars warmer than the room by 10 K (C&D's manual) or than
 * each other by 5 K, and of runaway where both have gone too far.
 */

import type { Gauge, Gauges } from "../gauge-table.ts";
import { place } from "../gauge-table.ts";
import { lossOf } from "./ageing.ts";
import type { Battery } from "./battery.ts";
import { connectedStrings, runtimeS } from "./battery.ts";
import { healthyFloatA } from "./lead.ts";
import type { BatteryString } from "./string.ts";

const hotterK = 10;
const unevenK = 5;
/** Float current against that of a new string. */
const highFloat = 2.5;
const runawayFloat = 3;
const lowCellV = 2.1;
const highCellV = 2.35;
const warmRoomC = 30;
const stillA = 2;
/** A runtime is told no further than a day, s. */
const longestS = 86_400;

export function stringGauges(battery: Battery, at: number): Gauges {
  const string = battery.strings[at]!;
  const { view } = string;
  const name = `string[${at + 1}]`;
  return {
    [`${name}.voltage`]: () => view.meanV * string.cells,
    [`${name}.current`]: () => string.current,
    [`${name}.charge`]: () => Math.min(1, string.soc) * 100,
    [`${name}.charge_capacity`]: () => string.soc * string.capacityAh,
    [`${name}.temperature`]: () => view.meanC,
    [`${name}.runtime`]: () => runtimeOf(battery, string),
    [`${name}.charging`]: () => place("string[n].charging", chargingOf(battery, string)),
    [`${name}.connection`]: () => (string.connected ? 1 : 0),
    [`${name}.module.temperature.max`]: () => view.hottestC,
    ...jarGauges(battery, string, name),
    ...tableGauges(battery, string, at),
    ...capacitorGauges(battery, string, name),
  };
}

/** What a table of batteries tells, in which each string is one. The current is negative while it discharges. */
function tableGauges(battery: Battery, string: BatteryString, at: number): Gauges {
  const { chemistry, ratedKw, view } = string;
  const one = `battery[${at + 1}]`;
  const ratedAh = chemistry.ahPerKw * ratedKw;
  return {
    [`${one}.voltage`]: () => view.meanV * string.cells,
    [`${one}.current`]: () => -string.current,
    [`${one}.temperature`]: () => view.meanC,
    [`${one}.charging`]: () => place("battery[n].charging", chargingOf(battery, string)),
    [`${one}.charge_capacity`]: () => string.soc * string.capacityAh,
    [`${one}.total.charge_capacity`]: () => string.capacityAh,
    [`${one}.rated.charge_capacity`]: () => ratedAh,
    [`${one}.rated.voltage`]: () => chemistry.chargeV * chemistry.modules * chemistry.cellsPerModule,
    [`${one}.discharge.count`]: () => Math.floor(string.ageing.cycles),
    [`module[${at + 1}].voltage`]: () => view.meanV * string.cells,
    [`module[${at + 1}].current`]: () => string.current,
    [`module[${at + 1}].health`]: () => (1 - lossOf(string)) * 100,
  };
}

const isHotter = ({ roomC }: Battery, { view }: BatteryString): boolean => view.hottestC - roomC > hotterK;
const isUneven = ({ view }: BatteryString): boolean => view.hottestC - view.meanC > unevenK;
const floatOf = (string: BatteryString): number => string.floatA / healthyFloatA(string);

/** Whether a monitor of jars has nothing to say of any string. */
export const areJarsWell = (battery: Battery): boolean =>
  !battery.strings.some(
    (string) => !string.connected || isHotter(battery, string) || isUneven(string) || floatOf(string) > highFloat,
  );

/** What a monitor of jars warns of. */
function jarGauges(battery: Battery, string: BatteryString, name: string): Gauges {
  const { view } = string;
  const alarms: Readonly<Record<string, () => boolean>> = {
    thermal_runaway: () => isHotter(battery, string) && floatOf(string) > runawayFloat,
    hotter_than_room: () => isHotter(battery, string),
    hotter_than_rest: () => isUneven(string),
    discharging: () => string.current > stillA,
    offline: () => !string.connected,
    "voltage.low": () => view.meanV < lowCellV,
    "voltage.high": () => view.meanV > highCellV,
    "current.high": () => floatOf(string) > highFloat,
    "ambient.high": () => battery.roomC > warmRoomC,
  };
  return Object.fromEntries(Object.entries(alarms).map(([what, on]) => [`${name}.${what}`, flag(on)]));
}

const flag =
  (on: () => boolean): Gauge =>
  () =>
    on() ? 1 : 0;

/** A bank of capacitors is simulated as a small one of cells. */
function capacitorGauges(battery: Battery, string: BatteryString, name: string): Gauges {
  const status = (on: () => boolean): Gauge => {
    return () => place(`${name}.current.status`, on() ? "alarm" : "normal");
  };
  return {
    [`${name}.ambient.temperature`]: () => battery.roomC,
    [`${name}.power.temperature`]: () => string.view.hottestC,
    [`${name}.storage.charge_capacity`]: () => string.capacityAh,
    [`${name}.count`]: () => string.chemistry.modules,
    [`${name}.ambient.status`]: status(() => battery.roomC > warmRoomC),
    [`${name}.power.status`]: status(() => string.tripped),
    [`${name}.current.status`]: status(() => string.tripped),
    [`${name}.voltage.status`]: status(() => string.tripped),
  };
}

/** At its share of the load; a string that carries none would last for as long as can be told. */
function runtimeOf(battery: Battery, string: BatteryString): number {
  if (!string.connected) return 0;
  const loadKw = Math.max(0, battery.kw);
  return connectedStrings(battery) === 0 ? 0 : Math.min(longestS, runtimeS(battery, loadKw));
}

function chargingOf(battery: Battery, string: BatteryString): string {
  if (!string.connected) return "none";
  if (string.current > stillA) return "discharging";
  if (!battery.onCharger) return "resting";
  return string.current < -stillA ? "boost" : "float";
}
