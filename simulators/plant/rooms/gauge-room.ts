/** What a room's contacts and its detectors show, and services. */

import type { Gauges } from "../gauge-table.ts";
import { alarmed, alias, place } from "../gauge-table.ts";
import { flameDelayS, isAirflowBad, type Sampler } from "./detectors.ts";
import { dewPointC, humidityPercent } from "./moisture.ts";
import type { Room } from "./room.ts";
import type { MovableService } from "./services.ts";

/** Water on the floor that a rope sees, l. */
const wetL = 1;
/** How far along its rope a panel finds the wet place, m, and the current that it measures, uA. */
const wetM = 12;
const ropeUa = { dry: 4, wet: 120 };
const isWet = (room: Room): boolean => room.leaking || room.floorL >= wetL;

/** Contacts, gas, air and water of a room, by whatever device hangs in it. */
export const roomGauges = (room: Room): Gauges => ({
  "offgas.state": () => alarmed(room.spots.offGas),
  "offgas.concentration": () => room.spots.vapourPpm,
  "hydrogen.concentration": () => room.hydrogenPercent,
  "exhaust.flowing": () => place("exhaust.flowing", room.ventilated ? "yes" : "no"),
  "flame.state": () => alarmed(room.flameS >= flameDelayS),
  "suppression.released": () => alarmed(room.suppression.released),
  "leak.state": () => alarmed(isWet(room)),
  ...alias(() => room.airC, "temperature.ambient", "temperature.ambient[n]", "detector.temperature"),
  ...alias(() => humidityPercent(room.airC, room.moistureGkg), "humidity.ambient", "humidity.ambient[n]"),
  "dewpoint.ambient[n]": () => dewPointC(room.moistureGkg),
  "rack[n].front.temperature": () => room.airC,
  "rack[n].rear.temperature": () => room.hotC,
  "door[n].contact": () => place("door[n].contact", room.doorOpen ? "open" : "closed"),
  ...spotGauges(room),
});

function spotGauges({ spots }: Room): Gauges {
  const gas = () => alarmed(spots.gasStep === 2);
  return {
    ...alias(() => alarmed(spots.smoke), "smoke.detected", "smoke[n].alarm", "fire.air[n].alarm"),
    ...alias(() => alarmed(spots.heat), "heat[n].alarm", "fire.temperature[n].alarm"),
    ...alias(() => alarmed(spots.smoke || spots.heat), "fire.alarm", "rack[n].fire.alarm"),
    "heat[n].temperature": () => spots.elementC,
    ...alias(gas, "gas.alarm", "gas[n].alarm"),
    "gas.status": () => place("gas.status", ["normal", "warning", "alarm"][spots.gasStep]!),
    "gas[n].level": () => Math.min(100, spots.gasPercent),
    "sensor[n].concentration": () => spots.vapourPpm,
    "detector.fault.alarm": () => 0,
  };
}

/** A leak panel and its rope. */
export const leakGauges = (room: Room): Gauges => ({
  "leak[n].status": () => place("leak[n].status", isWet(room) ? "alarm" : "normal"),
  "leak.cable[n].status": () => place("leak.cable[n].status", "normal"),
  ...alias(() => 0, "leak.fault", "leak.contamination"),
  "leak.distance": () => (isWet(room) ? wetM : 0),
  "leak.current": () => (isWet(room) ? ropeUa.wet : ropeUa.dry),
});

/** A fire panel's loop: detectors of odd addresses see smoke, the others heat, all in the panel's room. */
export function panelGauges(room: Room, fitted: number): Gauges {
  const gauges: Gauges = {
    "detector[n].fault.alarm": () => 0,
    "detector[n].enabled": () => 1,
    "module[n].alarm": () => alarmed(room.suppression.released),
    "module[n].fault.alarm": () => 0,
    "module[n].enabled": () => 1,
    "detector[n].alarm": () => alarmed(room.spots.smoke),
    "detector[n].threshold.alarm": () => alarmed(room.spots.level >= 2),
  };
  for (let at = 2; at <= fitted; at += 2) gauges[`detector[${at}].alarm`] = () => alarmed(room.spots.heat);
  return gauges;
}

/** An aspirating detector. One at the end of its life says so, and so does one whose airflow is out of its band. */
export const samplerGauges = (sampler: Sampler): Gauges => ({
  "smoke.level": () => sampler.level,
  "smoke.obscuration": () => sampler.seen,
  "smoke.airflow": () => sampler.airflowPercent,
  "smoke.fault": () => alarmed(isAirflowBad(sampler) || sampler.worn),
  "smoke.airflow_fault": () => alarmed(isAirflowBad(sampler)),
  "smoke.isolated": () => alarmed(sampler.isolated),
});

/** Where a service is (0 this site, 1 the first of the others), how many of its clients it still has, and its replicas' lag. */
export const serviceGauges = (service: MovableService): Gauges => ({
  "service.site": () => service.site,
  "service.percent": () => service.connections * 100,
  "service.age": () => service.lagS,
});
