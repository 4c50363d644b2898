/** What a generator's controller shows: the set, and the mains that it watches. */
import type { Gauge, Gauges } from "../gauge-table.ts";
import { place } from "../gauge-table.ts";
import type { Plant } from "../plant.ts";
import type { Generator } from "./generator.ts";
import { fuelPercent, isGeneratorGood } from "./generator.ts";

const runningKpa = 420;
const engineBatteryV = 27.1;
/** Terminal voltage of a starter battery at rest that is empty, and what cranking takes from it, V. */
const emptyV = 21;
const crankingV = 5;
const powerFactor = 0.98;
const rootOfThree = Math.sqrt(3);
const serviceS = 250 * 3600;
/** Oil runs a little hotter than coolant. */
const oilK = 8;

export function generatorGauges(plant: Plant, generator: Generator): Gauges {
  const volts = () => generator.voltage;
  const amperes = () => (generator.voltage > 0 ? (generator.kw * 1000) / 3 / generator.voltage / powerFactor : 0);
  const third = () => generator.kw / 3;
  const mains = () => plant.utilities[0]?.voltage ?? 0;
  return {
    "generator.mode": () => place("generator.mode", "auto"),
    // A set that has given up stands still; its alarm says why.
    "generator.state": () => place("generator.state", generator.state === "fault" ? "stopped" : generator.state),
    "generator.alarm": () => place("generator.alarm", alarmOf(generator)),
    "device.alarm": () => place("device.alarm", alarmOf(generator) === "shutdown" ? "alarm" : alarmOf(generator)),
    "generator.power": () => generator.kw,
    "generator.apparent_power": () => generator.kw / powerFactor,
    "generator.load": () => (generator.kw / generator.ratedKw) * 100,
    "generator.voltage": volts,
    "generator.frequency": () => generator.frequencyHz,
    "generator.starts": () => generator.starts,
    "generator.breaker.alarm": () => place("generator.breaker.alarm", "normal"),
    "power.factor": () => powerFactor,
    "engine.speed": () => generator.speedRpm,
    "engine.oil_pressure": () => (isGeneratorGood(generator) ? runningKpa : 0),
    "engine.oil_temperature": () => generator.coolantC + (isGeneratorGood(generator) ? oilK : 0),
    "engine.coolant_temperature": () => generator.coolantC,
    "engine.battery_voltage": () => starterV(generator),
    "charger.voltage": () => (mains() > 0 ? engineBatteryV : 0),
    "engine.runtime": () => generator.runS,
    "engine.service.runtime": () => Math.max(0, serviceS - generator.runS),
    "energy.active": () => generator.energyKwh,
    "fuel.level": () => fuelPercent(generator),
    "mains.frequency": () => plant.utilities[0]?.frequencyHz ?? 0,
    ...oneOfMany(generator),
    ...transferSide(plant, generator),
    ...threePhases("phase[#].voltage", volts),
    ...threePhases("phase[#].current", amperes),
    ...threePhases("phase[#].power", third),
    ...threePhases("line[#].voltage", () => volts() * rootOfThree),
    ...threePhases("current[#]", amperes),
    ...threePhases("voltage[#]", volts),
    ...threePhases("voltage.line[#]", () => volts() * rootOfThree),
    ...threePhases("power.active[#]", third),
    ...threePhases("generator.phase[#].current", amperes),
    ...threePhases("generator.phase[#].voltage", volts),
    ...threePhases("generator.line[#].voltage", () => volts() * rootOfThree),
    ...threePhases("mains.phase[#].voltage", mains),
    ...threePhases("mains.line[#].voltage", () => mains() * rootOfThree),
  };
}

/** A controller that knows several sets counts its own as the first. */
function oneOfMany(generator: Generator): Gauges {
  return {
    "generator[1].power": () => generator.kw,
    "generator[1].apparent_power": () => generator.kw / powerFactor,
    "generator[1].frequency": () => generator.frequencyHz,
    "generator[1].speed": () => generator.speedRpm,
    "generator[1].runtime": () => generator.runS,
    "generator[1].fuel.level": () => fuelPercent(generator),
    "generator[1].battery.voltage": () => starterV(generator),
    "generator[1].coolant.temperature": () => generator.coolantC,
    "generator[1].oil.pressure": () => (isGeneratorGood(generator) ? runningKpa : 0),
    "generator[1].oil.temperature": () => generator.coolantC + (isGeneratorGood(generator) ? oilK : 0),
  };
}

/** A controller of mains and generator shows the switch that calls its set. */
function transferSide(plant: Plant, { calledBy }: Generator): Gauges {
  const transfer = plant.transfers[calledBy[0] ?? -1];
  if (!transfer) return {};
  return {
    "ats.on_utility": () => (transfer.position === 0 ? 1 : 0),
    "ats.on_generator": () => (transfer.position > 0 ? 1 : 0),
  };
}

/** One gauge under three names, whose "#" is the phase. */
const threePhases = (name: string, gauge: Gauge): Gauges =>
  Object.fromEntries([1, 2, 3].map((phase) => [name.replace("#", String(phase)), gauge]));

function starterV({ starter, state }: Generator): number {
  return emptyV + (engineBatteryV - emptyV) * starter - (state === "starting" ? crankingV : 0);
}

const lowFuelPercent = 15;

function alarmOf(generator: Generator): "shutdown" | "warning" | "normal" {
  if (generator.state === "fault") return "shutdown";
  return fuelPercent(generator) < lowFuelPercent || generator.kw > generator.ratedKw ? "warning" : "normal";
}
