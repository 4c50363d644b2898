/** What a UPS's card shows. */
import { chargeOf, isBatteryGood, runtimeS } from "../battery/battery.ts";
import type { Gauge, Gauges } from "../gauge-table.ts";
import { place } from "../gauge-table.ts";
import type { Plant } from "../plant.ts";
import { firstLive, lastLive, origin } from "./grid.ts";
import type { Ups } from "./ups.ts";
import { isEcoRunning, isUpsLive, loadPercent, upsLossKw } from "./ups.ts";
import { nominalVoltage } from "./utility.ts";

/** A card counts no further than four hours. */
const longestRuntimeS = 14_400;
const lowRuntimeS = 120;
const powerFactor = 0.98;
export const threePhase = 3;
/** The electronics stand so far above the air that they breathe, °C at full load. */
const internalK = 15;

/** A UPS with this many lines in and out; what it carries is shared alike over them. */
export function upsGauges(plant: Plant, ups: Ups, lines: number): Gauges {
  const room = plant.rooms[ups.room];
  return {
    "ups.mode": () => place("ups.mode", ups.mode),
    "ups.on_battery": () => place("ups.on_battery", ups.mode === "battery" ? "yes" : "no"),
    "ups.on_bypass": () => place("ups.on_bypass", ups.mode === "bypass" ? "yes" : "no"),
    "ups.test": () => place("ups.test", "none"),
    "ups.transfer.count": () => ups.transfers,
    "temperature.ambient": () => room?.airC ?? null,
    "internal.temperature": () => ups.intakeC + (internalK * loadPercent(ups)) / 100,
    "temperature.internal": () => ups.intakeC + (internalK * loadPercent(ups)) / 100,
    ...stringGauges(plant, ups),
    ...faultGauges(plant, ups),
    ...inputGauges(plant, ups),
    ...outputGauges(plant, ups),
    ...lineGauges(plant, ups, lines),
  };
}

const amperes = (kw: number): number => (kw * 1000) / nominalVoltage / powerFactor;
const bypassKw = (ups: Ups): number => (ups.mode === "bypass" ? ups.kw : 0);
const outputVoltage = ({ grid }: Plant, ups: Ups): number => grid.voltage[ups.node]!;

const inputNode = ({ grid }: Plant, { node }: Ups): number => firstLive(grid, node);
const bypassNode = ({ grid }: Plant, { node }: Ups): number => lastLive(grid, node);
const inputVoltage = (plant: Plant, ups: Ups): number => plant.grid.voltage[inputNode(plant, ups)] ?? 0;
const inputHz = (plant: Plant, ups: Ups): number => plant.grid.hz[inputNode(plant, ups)] ?? 0;
const bypassVoltage = (plant: Plant, ups: Ups): number => plant.grid.voltage[bypassNode(plant, ups)] ?? 0;
const bypassHz = (plant: Plant, ups: Ups): number => plant.grid.hz[bypassNode(plant, ups)] ?? 0;

/** What a card tells of the string behind it. */
function stringGauges(plant: Plant, ups: Ups): Gauges {
  const battery = plant.batteries[ups.battery];
  const runtime = () => (battery ? Math.min(longestRuntimeS, runtimeS(battery, ups.kw + upsLossKw(ups))) : 0);
  const low = () => ups.mode === "battery" && runtime() < lowRuntimeS;
  return {
    "ups.alarms": () =>
      (ups.mode === "online" ? 0 : 1) + (low() ? 1 : 0) + (ups.stopped ? 1 : 0) + (loadPercent(ups) > 105 ? 1 : 0),
    "battery.status": () =>
      place("battery.status", !battery || !isBatteryGood(battery) ? "depleted" : low() ? "low" : "normal"),
    "battery.charge": () => (battery ? chargeOf(battery) * 100 : null),
    "battery.runtime": runtime,
    "battery.time_on_battery": () => ups.onBatteryS,
    "battery.voltage": () => battery?.voltage ?? null,
    "battery.current": () => battery?.current ?? null,
    "battery.total.current": () => battery?.current ?? null,
    "battery.discharge.current": () => Math.max(0, battery?.current ?? 0),
    "battery.charger.current": () => Math.max(0, -(battery?.current ?? 0)),
    "battery.unit.status": () => place("battery.unit.status", battery && isBatteryGood(battery) ? "normal" : "fault"),
    "battery.power": () => ups.batteryKw,
    "battery.temperature": () => battery?.strings[0]?.temperatureC ?? null,
    "battery.state": () => place("battery.state", batteryState(ups)),
    "battery.charging": () => place("battery.charging", charging(ups)),
    "battery.fault": () => place("battery.fault", !battery || !isBatteryGood(battery) ? "alarm" : "normal"),
    "battery.presence": () => place("battery.presence", battery ? "present" : "absent"),
    "battery.alarm": () => place("battery.alarm", "normal"),
    "battery.low.alarm": () => place("battery.low.alarm", low() ? "alarm" : "normal"),
    "battery.test": () => place("battery.test", "none"),
    "charger.state": () => place("charger.state", ups.batteryKw < -stillKw ? "on" : "standby"),
  };
}

const alarmed = (on: boolean): "alarm" | "normal" => (on ? "alarm" : "normal");
const hotC = 45;

/** What is wrong with it, and how its parts stand. */
function faultGauges(plant: Plant, ups: Ups): Gauges {
  const overloaded = () => loadPercent(ups) > 105;
  const failed = () => ups.stopped !== null || ups.inverterFailed || ups.rectifierFailed;
  const state = () => (failed() ? "alarm" : ups.mode === "online" ? "normal" : "warning");
  return {
    "ups.status": () => place("ups.status", state()),
    "ups.alarm": () => place("ups.alarm", alarmed(failed())),
    "device.alarm": () => place("device.alarm", state()),
    "input.fault": () => place("input.fault", alarmed(inputNode(plant, ups) < 0)),
    "input.status": () => place("input.status", alarmed(inputNode(plant, ups) < 0)),
    "bypass.fault": () => place("bypass.fault", alarmed(!ups.sees.bypassGood)),
    "bypass.alarm": () => place("bypass.alarm", alarmed(!ups.sees.bypassGood)),
    "bypass.input.alarm": () => place("bypass.input.alarm", alarmed(!ups.sees.bypassLive)),
    "charger.alarm": () => place("charger.alarm", ups.rectifierFailed ? "fault" : "normal"),
    "utility.alarm": () => place("utility.alarm", alarmed(inputNode(plant, ups) < 0)),
    "bypass.status": () => place("bypass.status", ups.sees.bypassGood ? "normal" : "alarm"),
    "maintenance.bypass.status": () =>
      place("maintenance.bypass.status", ups.bypass === "maintenance" ? "warning" : "normal"),
    "maintenance.bypass.breaker.status": () =>
      place("maintenance.bypass.breaker.status", ups.bypass === "maintenance" ? "normal" : "off"),
    "output.load.alarm": () => place("output.load.alarm", alarmed(overloaded())),
    "load.state": () => place("load.state", overloaded() ? "overload" : "normal"),
    "internal.temperature.alarm": () => place("internal.temperature.alarm", alarmed(ups.intakeC > hotC)),
    "rectifier.alarm": () => place("rectifier.alarm", alarmed(ups.rectifierFailed)),
    "inverter.alarm": () => place("inverter.alarm", alarmed(ups.inverterFailed)),
    "inverter.status": () => place("inverter.status", ups.inverterFailed ? "fault" : "normal"),
    "inverter.state": () => place("inverter.state", ups.inverterFailed ? "fault" : inverting(ups) ? "on" : "off"),
    "rectifier.state": () => place("rectifier.state", ups.rectifierFailed ? "fault" : ups.inputKw > 0 ? "on" : "off"),
  };
}

const inverting = (ups: Ups): boolean => ups.mode === "battery" || (ups.mode === "online" && !isEcoRunning(ups));

const feeds = ["none", "utility", "generator", "battery"] as const;

/** What comes in, and where from. */
function inputGauges(plant: Plant, ups: Ups): Gauges {
  const volts = () => inputVoltage(plant, ups);
  const feed = () => feeds[plant.grid.origin[inputNode(plant, ups)] ?? origin.none] ?? "none";
  return {
    "input.frequency": () => inputHz(plant, ups),
    "input.voltage": volts,
    "input.average.voltage": volts,
    "input.minimum.voltage": volts,
    "input.maximum.voltage": volts,
    "input.current": () => amperes(ups.inputKw) / threePhase,
    "input.total.current": () => amperes(ups.inputKw),
    "input.total.power": () => ups.inputKw,
    "input.total.apparent_power": () => ups.inputKw / powerFactor,
    "input.total.frequency": () => inputHz(plant, ups),
    "input.power": () => ups.inputKw,
    "input.energy": () => ups.inputEnergyKwh,
    "input.apparent_power": () => ups.inputKw / powerFactor,
    "input.power_factor": () => powerFactor,
    "input.outages": () => ups.outages,
    "input.feed": () => place("input.feed", feed()),
    "bypass.frequency": () => bypassHz(plant, ups),
    "bypass.voltage": () => bypassVoltage(plant, ups),
  };
}

/** What goes out as a whole. */
function outputGauges(plant: Plant, ups: Ups): Gauges {
  const volts = () => outputVoltage(plant, ups);
  return {
    "output.power": () => ups.kw,
    "output.total.power": () => ups.kw,
    "output.load": () => loadPercent(ups),
    "output.frequency": () => plant.grid.hz[ups.node]!,
    "output.total.frequency": () => plant.grid.hz[ups.node]!,
    "output.voltage": volts,
    "output.average.voltage": volts,
    "output.current": () => amperes(ups.kw) / threePhase,
    "output.total.current": () => amperes(ups.kw),
    "output.apparent_power": () => ups.kw / powerFactor,
    "output.total.apparent_power": () => ups.kw / powerFactor,
    "output.power_factor": () => powerFactor,
    "output.energy": () => ups.energyKwh,
    "output.status": () => place("output.status", outputStatus[ups.mode]),
    "output.feed": () => place("output.feed", outputFeed(ups)),
    "output.breaker.status": () =>
      place("output.breaker.status", plant.grid.breakers.open[ups.node] === 1 ? "off" : "normal"),
    "ups.efficiency": () => (ups.kw > 0 ? (100 * ups.kw) / (ups.kw + upsLossKw(ups)) : 0),
    "rated.power": () => ups.ratedKw,
    "rated.apparent_power": () => ups.ratedKw / powerFactor,
  };
}

/** A load on the bypass is fed, and not protected. */
const outputStatus = { off: "off", online: "normal", bypass: "warning", battery: "normal" } as const;
const outputFeed = (ups: Ups): string =>
  ({ off: "none", online: "utility", bypass: "bypass", battery: "battery" })[ups.mode];

/** What each line carries; some cards tell a current twice, whole and in tenths. */
function lineGauges(plant: Plant, ups: Ups, lines: number): Gauges {
  const volts = () => inputVoltage(plant, ups);
  const hz = () => inputHz(plant, ups);
  const out = () => outputVoltage(plant, ups);
  const inputA = () => amperes(ups.inputKw) / lines;
  const outputA = () => amperes(ups.kw) / lines;
  const bypassA = () => amperes(bypassKw(ups)) / lines;
  const quantities: readonly (readonly [part: string, quantity: string, gauge: Gauge])[] = [
    ["input", "voltage", volts],
    ["input", "frequency", hz],
    ["input", "current", inputA],
    ["input", "power", () => ups.inputKw / lines],
    ["output", "voltage", out],
    ["output", "current", outputA],
    ["output", "power", () => ups.kw / lines],
    ["output", "load", () => loadPercent(ups)],
    ["output", "frequency", () => plant.grid.hz[ups.node]!],
    ["bypass", "voltage", () => bypassVoltage(plant, ups)],
    ["bypass", "current", bypassA],
    ["bypass", "power", () => bypassKw(ups) / lines],
    ["bypass", "frequency", () => bypassHz(plant, ups)],
  ];
  return {
    ...Object.assign(
      {},
      ...quantities.flatMap(([part, quantity, gauge]) => [
        phases(`${part}.${quantity}`, gauge, lines),
        linesOf(part, quantity, gauge, lines),
      ]),
    ),
    ...linesOf("input", "apparent_power", () => ups.inputKw / powerFactor / lines, lines),
    ...linesOf("input", "power_factor", () => powerFactor, lines),
    ...linesOf("output", "apparent_power", () => ups.kw / powerFactor / lines, lines),
    ...linesOf("output", "power_factor", () => powerFactor, lines),
    ...linesOf("output", "energy", () => ups.energyKwh / lines, lines),
  };
}

/** Lines that share alike, where the instance stands with the part: "input[1].current". */
const linesOf = (part: string, quantity: string, gauge: Gauge, lines: number): Gauges =>
  Object.fromEntries(Array.from({ length: lines }, (_, i) => [`${part}[${i + 1}].${quantity}`, gauge]));

/** Phases that share alike. */
const phases = (name: string, gauge: Gauge, lines = threePhase): Gauges =>
  Object.fromEntries(Array.from({ length: lines }, (_, i) => [`${name}[${i + 1}]`, gauge]));

/** Below this a charger only holds its string, kW. */
const stillKw = 0.1;

function batteryState(ups: Ups): string {
  if (ups.batteryKw > stillKw) return "discharging";
  if (ups.mode === "off") return "off";
  return ups.batteryKw < -stillKw ? "charging" : "holding";
}

function charging(ups: Ups): string {
  if (ups.batteryKw > stillKw) return "discharging";
  if (!isUpsLive(ups)) return "none";
  return ups.batteryKw < -stillKw ? "boost" : "float";
}
