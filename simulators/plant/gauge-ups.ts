/** What a UPS's card shows. */
import { chargeOf, isBatteryGood, runtimeS } from "./battery.ts";
import type { Gauge, Gauges } from "./gauge-table.ts";
import { place } from "./gauge-table.ts";
import type { Plant } from "./plant.ts";
import { isBusLive } from "./power.ts";
import type { Ups } from "./ups.ts";
import { isUpsLive, loadPercent, upsLossKw } from "./ups.ts";
import { nominalHz, nominalVoltage } from "./utility.ts";

/** A card counts no further than four hours. */
const longestRuntimeS = 14_400;
const lowRuntimeS = 120;
const powerFactor = 0.98;
export const threePhase = 3;

/** A UPS with this many lines in and out; what it carries is shared alike over them. */
export function upsGauges(plant: Plant, ups: Ups, lines: number): Gauges {
  const battery = plant.batteries[ups.battery];
  const room = plant.rooms[ups.room];
  const runtime = () => (battery ? Math.min(longestRuntimeS, runtimeS(battery, ups.kw + upsLossKw(ups))) : 0);
  const low = () => ups.mode === "battery" && runtime() < lowRuntimeS;
  return {
    "ups.mode": () => place("ups.mode", ups.mode),
    "ups.alarms": () =>
      (ups.mode === "online" ? 0 : 1) + (low() ? 1 : 0) + (ups.stopped ? 1 : 0) + (loadPercent(ups) > 105 ? 1 : 0),
    "battery.status": () =>
      place("battery.status", !battery || !isBatteryGood(battery) ? "depleted" : low() ? "low" : "normal"),
    "battery.charge": () => (battery ? chargeOf(battery) * 100 : null),
    "battery.runtime": runtime,
    "battery.time_on_battery": () => ups.onBatteryS,
    "battery.voltage": () => battery?.voltage ?? null,
    "battery.current": () => battery?.current ?? null,
    "battery.temperature": () => battery?.strings[0]?.temperatureC ?? null,
    "battery.state": () => place("battery.state", batteryState(ups)),
    "battery.fault": () => place("battery.fault", !battery || !isBatteryGood(battery) ? "alarm" : "normal"),
    "battery.presence": () => place("battery.presence", battery ? "present" : "absent"),
    "battery.alarm": () => place("battery.alarm", "normal"),
    "battery.low.alarm": () => place("battery.low.alarm", low() ? "alarm" : "normal"),
    "battery.test": () => place("battery.test", "none"),
    "ups.test": () => place("ups.test", "none"),
    "output.power": () => ups.kw,
    "output.load": () => loadPercent(ups),
    "output.frequency": () => (isUpsLive(ups) ? nominalHz : 0),
    "temperature.ambient": () => room?.airC ?? null,
    ...totalGauges(plant, ups),
    ...lineGauges(plant, ups, lines),
  };
}

const inputVoltage = (plant: Plant): number => (isBusLive(plant) ? supplyOf(plant).voltage : 0);
const inputHz = (plant: Plant): number => (isBusLive(plant) ? supplyOf(plant).frequencyHz : 0);
const outputVoltage = (ups: Ups): number => (isUpsLive(ups) ? nominalVoltage : 0);
const amperes = (kw: number): number => (kw * 1000) / nominalVoltage / powerFactor;
const bypassKw = (ups: Ups): number => (ups.mode === "bypass" ? ups.kw : 0);

/** What goes in and out as a whole, and where from. */
function totalGauges(plant: Plant, ups: Ups): Gauges {
  const supply = () => (isBusLive(plant) ? plant.transfer.position : "none");
  return {
    "input.frequency": () => inputHz(plant),
    "input.average.voltage": () => inputVoltage(plant),
    "input.total.current": () => amperes(ups.inputKw),
    "input.power": () => ups.inputKw,
    "input.apparent_power": () => ups.inputKw / powerFactor,
    "input.power_factor": () => powerFactor,
    "input.feed": () => place("input.feed", supply()),
    "input.fault": () => place("input.fault", isBusLive(plant) ? "normal" : "alarm"),
    "bypass.frequency": () => inputHz(plant),
    "output.average.voltage": () => outputVoltage(ups),
    "output.total.current": () => amperes(ups.kw),
    "output.apparent_power": () => ups.kw / powerFactor,
    "output.power_factor": () => powerFactor,
    "output.energy": () => ups.energyKwh,
    "output.status": () => place("output.status", outputStatus[ups.mode]),
    "rated.power": () => ups.ratedKw,
    "rated.apparent_power": () => ups.ratedKw / powerFactor,
  };
}

/** A load on the bypass is fed, and not protected. */
const outputStatus = { off: "off", online: "normal", bypass: "warning", battery: "normal" } as const;

/** What each line carries; some cards tell a current twice, whole and in tenths. */
function lineGauges(plant: Plant, ups: Ups, lines: number): Gauges {
  const inputA = () => amperes(ups.inputKw) / lines;
  const outputA = () => amperes(ups.kw) / lines;
  return {
    ...phases("input.voltage", () => inputVoltage(plant), lines),
    ...phases("input.frequency", () => inputHz(plant), lines),
    ...phases("input.current", inputA, lines),
    ...phases("input.power", () => ups.inputKw / lines, lines),
    ...phases("output.voltage", () => outputVoltage(ups), lines),
    ...phases("output.current", outputA, lines),
    ...phases("output.power", () => ups.kw / lines, lines),
    ...phases("output.load", () => loadPercent(ups), lines),
    ...phases("bypass.voltage", () => inputVoltage(plant), lines),
    ...phases("bypass.current", () => amperes(bypassKw(ups)) / lines, lines),
    ...phases("bypass.power", () => bypassKw(ups) / lines, lines),
    ...linesOf("input", "current", inputA, lines),
    ...linesOf("input", "power", () => ups.inputKw / lines, lines),
    ...linesOf("output", "current", outputA, lines),
    ...linesOf("output", "apparent_power", () => ups.kw / powerFactor / lines, lines),
    ...linesOf("bypass", "power", () => bypassKw(ups) / lines, lines),
  };
}

/** Lines that share alike, where the instance stands with the part: "input[1].current". */
const linesOf = (part: string, quantity: string, gauge: Gauge, lines: number): Gauges =>
  Object.fromEntries(Array.from({ length: lines }, (_, i) => [`${part}[${i + 1}].${quantity}`, gauge]));

/** Phases that share alike. */
export const phases = (name: string, gauge: Gauge, lines = threePhase): Gauges =>
  Object.fromEntries(Array.from({ length: lines }, (_, i) => [`${name}[${i + 1}]`, gauge]));

/** The supply that the transfer switch stands on. */
export const supplyOf = (plant: Plant): { readonly voltage: number; readonly frequencyHz: number } =>
  plant.transfer.position === "generator" ? plant.generator : plant.utility;

function batteryState(ups: Ups): string {
  if (ups.mode === "battery") return "discharging";
  if (ups.mode === "off") return "off";
  return ups.batteryKw < -0.1 ? "charging" : "holding";
}
