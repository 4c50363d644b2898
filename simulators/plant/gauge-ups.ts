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
  const inputV = () => (isBusLive(plant) ? supplyOf(plant).voltage : 0);
  const outputV = () => (isUpsLive(ups) ? nominalVoltage : 0);
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
    "output.power": () => ups.kw,
    "output.load": () => loadPercent(ups),
    "output.frequency": () => (isUpsLive(ups) ? nominalHz : 0),
    "temperature.ambient": () => room?.airC ?? null,
    ...phases("input.voltage", inputV, lines),
    ...phases("input.frequency", () => (isBusLive(plant) ? supplyOf(plant).frequencyHz : 0), lines),
    ...phases("output.voltage", outputV, lines),
    ...phases("output.current", () => (ups.kw * 1000) / lines / nominalVoltage / powerFactor, lines),
    ...phases("output.power", () => ups.kw / lines, lines),
    ...phases("output.load", () => loadPercent(ups), lines),
  };
}

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
