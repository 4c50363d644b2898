/**
 * What coolers, units on chilled water and chillers show. A name with "[n]" stands for every instance of it: a unit has one
 * temperature before its coil and one behind it, however many sensors its maker counts.
 */

import type { Gauges } from "../gauge-table.ts";
import { alarmed, alias, place } from "../gauge-table.ts";
import type { Plant } from "../plant.ts";
import type { ChilledWater, Chiller } from "./chilled-water.ts";
import { type Cooler, condenserC } from "./cooling.ts";
import { dewPointC, humidityPercent } from "./moisture.ts";
import type { Room } from "./room.ts";

/** Air at full fan, l/s for each kW/K that it carries. */
const litresPerKwK = 833;
const coolerFans = [1, 2, 3, 4, 5, 6, 7, 8];
/** Chilled water of a house that names no chiller. */
const plainWater = { ls: 1.1, inC: 10 };
/** kJ/(kg·K), and a litre of water is a kilogram. */
const waterHeat = 4.19;
const coilK = 6;
/** A filter that is half used, Pa at full fan, and a row whose aisles are a little apart. */
const filterPa = 60;
const aislePa = 3;
/** Hours that a cooler of some years has run: its fans, its pump, and the filter since its last change. */
const fanS = 21_000 * 3600;
const pumpS = 18_000 * 3600;
const filterS = 1500 * 3600;
const filterWeeks = 26;
const fanRpm = 1400;
const pumpRpm = 2900;
/** Saturation of R-410A about its usual evaporating and condensing temperatures: kPa at a temperature, and for a degree. */
const refrigerant = { atC: 5, kpa: 934, kpaK: 29, riseKpaK: 55 };
const usualSuctionC = 5;
const usualLiftK = 13;
const alarmLimits = {
  supplyHighC: 27,
  supplyLowC: 8,
  returnHighC: 45,
  waterHighC: 15,
  coolantHighC: 18,
  coolantLowC: 4,
};

/** What a cooler's service counters, its contacts and its group show. */
const upkeepGauges = (cooler: Cooler): Gauges => ({
  "aisle.pressure_difference": () => (cooler.running ? aislePa : 0),
  "filter.pressure_difference": () => (cooler.fanPercent / 100) * filterPa,
  "input.contact": () => place("input.contact", "open"),
  "relay.contact": () => place("relay.contact", hasFailed(cooler) ? "closed" : "open"),
  "power.source.feed": () => place("power.source.feed", "a"),
  "filter.runtime": () => filterS,
  "pump.runtime": () => pumpS,
  "unit.runtime": () => fanS,
  "fan.runtime": () => fanS,
  "filter.service.count": () => filterWeeks,
  "temperature.setpoint": () => cooler.setC,
  "setpoint[n].temperature": () => cooler.setC,
  "group.cooling": () => cooler.outputKw,
  "group.maximum.cooling": () => cooler.capacityKw,
  "group.maximum.temperature": () => cooler.inletC,
  "group.minimum.temperature": () => cooler.inletC,
  "group.air.status": () => place("group.air.status", cooler.running ? "normal" : "warning"),
  ...Object.fromEntries(coolerFans.map((fan) => [`fan[${fan}].runtime`, () => fanS])),
});

/** Failed, or stopped by its own protection. */
const hasFailed = (cooler: Cooler): boolean => cooler.failed || cooler.stopped !== "no";

/** A cooler of this kind has no state for its own failure: it says that it idles. */
const modeOf = (cooler: Cooler): string => (cooler.running ? "on" : hasFailed(cooler) ? "idle" : "standby");

/** A unit's air, its moving parts, and the alarms that follow from them. */
export function coolerGauges(plant: Plant, cooler: Cooler): Gauges {
  const loop = plant.loops[cooler.loop];
  const fan = () => cooler.fanPercent;
  const supply = () => cooler.supplyC;
  const back = () => cooler.returnC;
  const asked = () => (cooler.running ? cooler.asked * 100 : 0);
  return {
    "cooling.mode": () => place("cooling.mode", modeOf(cooler)),
    "cooling.output": () => cooler.outputKw,
    "cooling.demand": () => cooler.demandKw,
    "cooling.alarms": () => alarmed(hasFailed(cooler)),
    "cooling.enabled": () => 1,
    "unit[n].state": () => (cooler.running ? 1 : 2),
    "unit[n].cooling": () => cooler.outputKw,
    "device.alarm": () => (hasFailed(cooler) ? 2 : 0),
    airflow: () => (cooler.fanPercent / 100) * (cooler.capacityKw / 12) * litresPerKwK,
    "temperature.inlet": () => cooler.inletC,
    ...alias(supply, "temperature.supply", "supply[n].temperature", "temperature.outlet[n]"),
    ...alias(back, "temperature.return", "return[n].temperature"),
    ...alias(() => cooler.inletC, "temperature.inlet[n]", "unit[n].temperature"),
    ...alias(fan, "fan.speed", "fan.duty", "fan[n].duty", "fan.first[n].duty"),
    ...alias(() => (cooler.running ? 1 : 0), "fan.state", "fan[n].state", "fan.first[n].state"),
    "fan[n].speed": () => (cooler.fanPercent / 100) * fanRpm,
    "unit.fan.speed": () => (cooler.fanPercent / 100) * fanRpm,
    "fan.fault": () => alarmed(cooler.failed),
    "fan[n].status": () => place("fan[n].status", cooler.failed ? "fault" : "normal"),
    ...alias(asked, "valve.level", "valve[n].level", "coil.percent", "coil.fluid.percent", "coil.fluid.output.percent"),
    ...alias(() => alarmed(cooler.supplyC > alarmLimits.supplyHighC), "temperature.supply.high", "supply.high.alarm"),
    ...alias(() => alarmed(cooler.supplyC < alarmLimits.supplyLowC), "temperature.supply.low", "supply.low.alarm"),
    ...alias(() => alarmed(cooler.returnC > alarmLimits.returnHighC), "return.high.alarm", "room.high.alarm"),
    ...upkeepGauges(cooler),
    ...humidityGauges(plant.rooms[cooler.room], cooler),
    ...(loop ? {} : compressorGauges(plant, cooler)),
    ...waterGauges(cooler, loop),
    ...alias(() => plant.weather.outdoorC, "temperature.outdoor", "outdoor[n].temperature"),
  };
}

/** Moisture before the coil is the room's, and behind it is at most what the colder air can hold. */
function humidityGauges(room: Room | undefined, cooler: Cooler): Gauges {
  if (!room) return {};
  const before = () => humidityPercent(cooler.returnC, room.moistureGkg);
  const behind = () => humidityPercent(cooler.supplyC, room.moistureGkg);
  const dew = () => dewPointC(room.moistureGkg);
  return {
    ...alias(
      before,
      "humidity.return",
      "return.humidity",
      "return[n].humidity",
      "return.average.humidity",
      "unit[n].humidity",
    ),
    ...alias(behind, "supply.humidity", "supply[n].humidity"),
    ...alias(dew, "dewpoint.return", "dewpoint.ambient[n]"),
    "smoke.detected": () => alarmed(room.spots.smoke),
    "fire[n].alarm": () => alarmed(room.spots.smoke),
  };
}

/** A unit's own compressor and condenser. */
function compressorGauges({ weather }: Plant, cooler: Cooler): Gauges {
  const load = () => (cooler.running ? (100 * cooler.outputKw) / cooler.capacityKw : 0);
  const condensing = () => condenserC(cooler, weather.outdoorC);
  const discharge = () => pressureKpa(cooler.running ? condensing() + usualLiftK : condensing());
  const suctionC = () => (cooler.running ? usualSuctionC : cooler.inletC);
  const running = () => (cooler.running && cooler.outputKw > 0 ? 1 : 0);
  return {
    ...alias(
      running,
      "compressor.state",
      "compressor[n].state",
      "compressor.first[n].state",
      "compressor.main[n].state",
    ),
    ...alias(load, "compressor.percent", "compressor.output.percent", "compressor.load"),
    ...alias(discharge, "compressor.discharge.pressure", "compressor.discharge[n].pressure", "condenser[n].pressure"),
    ...alias(() => pressureKpa(suctionC()), "compressor.suction.pressure", "compressor.suction[n].pressure"),
    ...alias(suctionC, "compressor.suction.temperature", "evaporator.temperature", "evaporator[n].temperature"),
    ...alias(condensing, "temperature.condenser", "condenser.outlet.temperature"),
    "condenser.inlet.temperature": () => weather.outdoorC,
    "condenser.fan.duty": load,
    "condenser.fan.state": running,
    ...alias(
      () => alarmed(cooler.stopped === "pressure"),
      "high.pressure.alarm",
      "refrigerant.high.alarm",
      "high.pressure[n].alarm",
    ),
  };
}

const pressureKpa = (saturatedC: number): number => {
  const { atC, kpa, kpaK, riseKpaK } = refrigerant;
  return kpa + (saturatedC - atC) * (saturatedC > 25 ? riseKpaK : kpaK);
};

function waterGauges(cooler: Cooler, loop: ChilledWater | undefined): Gauges {
  const inC = () => loop?.supplyC ?? plainWater.inC;
  const fullLs = loop ? cooler.capacityKw / coilK / waterHeat : plainWater.ls;
  const flow = () => (cooler.running ? fullLs * (loop?.flowShare ?? 1) * (cooler.valveStuck ?? 1) : 0);
  const outC = () => inC() + (flow() > 0 ? cooler.outputKw / flow() / waterHeat : 0);
  const pumping = () => (flow() > 0 ? 1 : 0);
  return {
    ...alias(flow, "water.flow", "water[n].flow"),
    ...alias(inC, "water.temperature.in", "water.inlet[n].temperature"),
    ...alias(outC, "water.temperature.out", "water.outlet[n].temperature"),
    "water.high.alarm": () => alarmed(inC() > alarmLimits.waterHighC),
    // A unit that gives its coolness to a liquid counts the same flow as its coolant.
    ...alias(flow, "coolant.flow"),
    ...alias(inC, "coolant.temperature.supply"),
    ...alias(outC, "coolant.temperature.return"),
    "coolant.temperature.high": () => alarmed(inC() > alarmLimits.coolantHighC),
    "coolant.temperature.low": () => alarmed(inC() < alarmLimits.coolantLowC),
    "coolant.fault": () => alarmed(flow() === 0),
    ...alias(pumping, "pump.state", "pump[n].state"),
    "pump.duty": () => pumping() * 60,
    "pump[n].speed": () => pumping() * pumpRpm,
    ...alias(() => alarmed(cooler.failed), "pump.fault", "pump[n].fault"),
    "input.power": () => cooler.kw,
  };
}

const supplyKpa = 350;
const dropKpa = 150;
/** What is left of the pressure where pipes hold air. */
const airyKpa = 120;
const lineVoltage = 380;

/** A chiller and the loop that it cools. */
export function chillerGauges(plant: Plant, loop: ChilledWater, chiller: Chiller): Gauges {
  const running = () => (chiller.state === "running" ? 1 : 0);
  const flow = () => (loop.ratedKw / coilK / waterHeat) * loop.flowShare;
  const pressure = () =>
    loop.pumpRestartS === 0 ? supplyKpa - (supplyKpa - airyKpa) * Math.min(1, loop.airShare) : airyKpa;
  const pumping = () => alarmed(loop.pumpRestartS === 0 && loop.pumps.includes(true));
  const fault = () => alarmed(chiller.state === "tripped" || chiller.state === "failed");
  return {
    "cooling.mode": () => place("cooling.mode", chiller.state === "running" ? "on" : "off"),
    "cooling.output": () => chiller.outputKw,
    "compressor.cooling": () => chiller.outputKw,
    ...alias(() => 0, "free.cooling", "free.state", "refrigerant.pressure.low"),
    ...alias(running, "compressor.state", "compressor[n].state"),
    "device.alarm": () => fault() * 2,
    ...alias(flow, "coolant.flow"),
    "coolant.temperature.supply": () => loop.supplyC,
    "coolant.temperature.return": () => loop.returnC,
    "coolant.temperature.high": () => alarmed(loop.supplyC > alarmLimits.coolantHighC),
    "coolant.temperature.low": () => alarmed(loop.supplyC < alarmLimits.coolantLowC),
    "coolant.pressure.supply": pressure,
    "coolant.pressure.return": () => pressure() - dropKpa * loop.flowShare,
    "coolant.level.low": () => alarmed(loop.airShare > 0.3),
    "coolant.fault": () => alarmed(loop.flowShare < 0.3),
    ...alias(pumping, "pump.state", "pump[n].state"),
    "pump[n].duty": () => pumping() * 80,
    "pump.fault": () => alarmed(loop.pumps.includes(false)),
    "fan.fault": () => alarmed(chiller.state === "failed"),
    "refrigerant.pressure.high": () => alarmed(chiller.state === "tripped" && plant.weather.outdoorC > 45),
    "condenser[n].pressure": () => pressureKpa(plant.weather.outdoorC + running() * usualLiftK),
    "input.power": () => chiller.kw,
    "input.current": () => (chiller.kw * 1000) / lineVoltage / Math.sqrt(3),
    "input.fault": () => alarmed(loop.pumpRestartS > 0),
    "temperature.outdoor": () => plant.weather.outdoorC,
  };
}
