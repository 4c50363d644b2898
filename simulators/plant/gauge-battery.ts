/** What a bank's management system shows. */
import type { Battery } from "./battery.ts";
import { chargeOf, connectedStrings } from "./battery.ts";
import type { Gauges } from "./gauge-table.ts";
import { place } from "./gauge-table.ts";
import type { CellView } from "./runaway.ts";
import { cellsOf } from "./runaway.ts";

export function batteryGauges(battery: Battery): Gauges {
  const over = (pick: (view: CellView) => number, of: (...values: number[]) => number) => () =>
    of(...battery.strings.map((_, i) => pick(cellsOf(battery, i))));
  return {
    "battery.charge": () => chargeOf(battery) * 100,
    "battery.health": () => 97,
    "battery.voltage": () => battery.voltage,
    "battery.current": () => battery.current,
    "battery.power": () => (battery.voltage * battery.current) / 1000,
    "battery.heartbeat": () => battery.heartbeat,
    "battery.alarms": () => eventBits(battery),
    "battery.state": () => place("battery.state", stateOf(battery)),
    "battery.connection": () => place("battery.connection", connectionOf(battery)),
    "cell.voltage.max": over(({ highestV }) => highestV, Math.max),
    "cell.voltage.min": over(({ lowestV }) => lowestV, Math.min),
    "cell.voltage.mean": over(({ meanV }) => meanV, mean),
    "module.temperature.max": over(({ hottestC }) => hottestC, Math.max),
    "module.temperature.min": over(({ coolestC }) => coolestC, Math.min),
    "module.temperature.mean": over(({ meanC }) => meanC, mean),
    ...Object.assign({}, ...battery.strings.map((_, i) => stringGauges(battery, i))),
  };
}

const mean = (...values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function stringGauges(battery: Battery, at: number): Gauges {
  const string = battery.strings[at]!;
  const name = `string[${at + 1}]`;
  return {
    [`${name}.voltage`]: () => battery.voltage,
    [`${name}.current`]: () => string.current,
    [`${name}.charge`]: () => string.soc * 100,
    [`${name}.connection`]: () => (string.connected ? 1 : 0),
    [`${name}.module.temperature.max`]: () => cellsOf(battery, at).hottestC,
  };
}

/** Below this a current is the converter's ripple, A. */
const stillA = 2;

function stateOf(battery: Battery): string {
  if (connectedStrings(battery) === 0) return "off";
  if (battery.current > stillA) return "discharging";
  return battery.current < -stillA ? "charging" : "holding";
}

/** A bank that has lost some of its strings is still connected; its strings say which. */
function connectionOf(battery: Battery): string {
  if (connectedStrings(battery) > 0) return "connected";
  return battery.strings.some(({ tripped }) => tripped) ? "fault" : "disconnected";
}

/** SunSpec's event bits: 1 over-temperature, 11 under-voltage, 17 voltage imbalance, 20 contactor. */
function eventBits(battery: Battery): number {
  let bits = 0;
  for (const { hotS, lowS, apartS, tripped } of battery.strings) {
    bits |= (hotS > 0 ? 1 << 1 : 0) | (lowS > 0 ? 1 << 11 : 0) | (apartS > 0 ? 1 << 17 : 0) | (tripped ? 1 << 20 : 0);
  }
  return bits;
}
