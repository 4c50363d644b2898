/** What a room's contacts, its cooler, its smoke detector and services show. */
import { type Cooler, setPointC } from "./cooling.ts";
import type { Gauges } from "./gauge-table.ts";
import { place } from "./gauge-table.ts";
import type { MovableService } from "./services.ts";
import type { Sampler } from "./smoke.ts";
import { flameDelayS, gasDelayS } from "./smoke.ts";
import type { Room } from "./thermal.ts";

const alarmed = (on: boolean): number => (on ? 1 : 0);

export const roomGauges = (room: Room): Gauges => ({
  "offgas.state": () => alarmed(room.gasS >= gasDelayS),
  "flame.state": () => alarmed(room.flameS >= flameDelayS),
  "suppression.released": () => alarmed(room.suppression.released),
  "leak.state": () => alarmed(room.leaking),
  "temperature.ambient": () => room.airC,
  "humidity.ambient": () => room.humidityPercent,
});

const airLs = 2500;
const coolerFans = [1, 2, 3, 4, 5, 6, 7, 8];
const waterLs = 1.1;
/** kJ/(kg·K), and a litre of water is a kilogram. */
const waterHeat = 4.19;
const waterInC = 10;

/** A filter that is half used, Pa at full fan, and a row whose aisles are a little apart. */
const filterPa = 60;
const aislePa = 3;
/** Hours that a cooler of some years has run: its fans, its pump, and the filter since its last change. */
const fanS = 21_000 * 3600;
const pumpS = 18_000 * 3600;
const filterS = 1500 * 3600;
const filterWeeks = 26;

/** What a cooler's service counters, its contacts and its group show. */
const upkeepGauges = (cooler: Cooler): Gauges => ({
  "aisle.pressure_difference": () => (cooler.running ? aislePa : 0),
  "filter.pressure_difference": () => (cooler.fanPercent / 100) * filterPa,
  "input.contact": () => place("input.contact", "open"),
  "relay.contact": () => place("relay.contact", cooler.failed ? "closed" : "open"),
  "power.source.feed": () => place("power.source.feed", "a"),
  "valve.level": () => Math.min(100, (100 * cooler.outputKw) / cooler.capacityKw),
  "filter.runtime": () => filterS,
  "pump.runtime": () => pumpS,
  "filter.service.count": () => filterWeeks,
  "temperature.setpoint": () => setPointC,
  "group.cooling": () => cooler.outputKw,
  "group.maximum.cooling": () => cooler.capacityKw,
  "group.maximum.temperature": () => cooler.inletC,
  "group.minimum.temperature": () => cooler.inletC,
  "group.air.status": () => place("group.air.status", cooler.running ? "normal" : "warning"),
  ...Object.fromEntries(coolerFans.map((fan) => [`fan[${fan}].runtime`, () => fanS])),
});

/** A cooler of this kind has no state for its own failure: it says that it idles. */
export const coolerGauges = (cooler: Cooler): Gauges => ({
  "cooling.mode": () => place("cooling.mode", cooler.running ? "on" : cooler.failed ? "idle" : "standby"),
  "cooling.output": () => cooler.outputKw,
  "cooling.demand": () => cooler.demandKw,
  "cooling.alarms": () => alarmed(cooler.failed),
  airflow: () => (cooler.fanPercent / 100) * airLs,
  "temperature.inlet": () => cooler.inletC,
  "temperature.supply": () => cooler.supplyC,
  "temperature.return": () => cooler.returnC,
  "fan.speed": () => cooler.fanPercent,
  "water.flow": () => (cooler.running ? waterLs : 0),
  "water.temperature.in": () => waterInC,
  "water.temperature.out": () => waterInC + (cooler.running ? cooler.outputKw / waterLs / waterHeat : 0),
  ...upkeepGauges(cooler),
});

/** A choked or torn pipe shows below 70 % or above 130 % of the usual airflow. */
const airflowBand: readonly [number, number] = [70, 130];

export const samplerGauges = (sampler: Sampler): Gauges => {
  const torn = () => sampler.airflowPercent < airflowBand[0] || sampler.airflowPercent > airflowBand[1];
  return {
    "smoke.level": () => sampler.level,
    "smoke.obscuration": () => sampler.seen,
    "smoke.airflow": () => sampler.airflowPercent,
    "smoke.fault": () => alarmed(torn()),
    "smoke.airflow_fault": () => alarmed(torn()),
    "smoke.isolated": () => 0,
  };
};

/** Where a service is: 0 this site, 1 the first of the others. */
export const serviceGauges = (service: MovableService): Gauges => ({ "service.site": () => service.site });
