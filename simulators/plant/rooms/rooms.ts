/**
 * A second of the rooms, in the order in which one thing makes another: the day, the racks, the banks, their heat and what
 * they give off, coolers and chilled water, air, what goes over between rooms, detectors, releasing panels, services, people.
 */
import type { Battery } from "../battery/battery.ts";
import { mindBattery } from "../battery/mind-battery.ts";
import { wander } from "../dice.ts";
import type { Plant } from "../plant.ts";
import type { Rack } from "../power/load.ts";
import { driftRack } from "../power/load.ts";
import { isBusLive } from "../power/power.ts";
import type { Ups } from "../power/ups.ts";
import { upsLossKw } from "../power/ups.ts";
import { driftUtility } from "../power/utility.ts";
import { runChilledWater } from "./chilled-water.ts";
import type { CoolerSurroundings } from "./cooling.ts";
import { runCooler } from "./cooling.ts";
import { look, sample } from "./detectors.ts";
import { runHarm } from "./harm.ts";
import type { Room } from "./room.ts";
import { houseC } from "./room.ts";
import { runService } from "./services.ts";
import { dilute, emit, shareAir } from "./smoke.ts";
import { isInert, runSuppression } from "./suppression.ts";
import { shareHeat, warm } from "./thermal.ts";
import { daily, runWeather } from "./weather.ts";

/** A second of everything but the power chain. */
export function runRooms(plant: Plant): void {
  runWeather(plant.weather);
  for (const utility of plant.utilities) driftUtility(utility, plant.chance);
  const swing = daily(plant.weather.timeS);
  for (const rack of plant.racks) driftRack(rack, plant.rooms[rack.room]?.airC ?? 0, plant.chance, swing);
  for (const room of plant.rooms) beginSecond(plant, room);
  for (const battery of plant.batteries) runBank(plant, battery);
  for (const room of plant.rooms) room.flameS = room.flames ? room.flameS + 1 : 0;
  heat(plant);
  cool(plant);
  for (const room of plant.rooms) runRoom(plant, room);
  for (const [one, other] of plant.neighbours) {
    shareHeat(plant.rooms[one]!, plant.rooms[other]!);
    shareAir(plant.rooms[one]!, plant.rooms[other]!);
  }
  for (const sampler of plant.samplers) runSampler(plant, sampler);
  for (const room of plant.rooms) mindRoom(room);
  for (const ups of plant.ups) ups.intakeC = intakeOf(plant, ups);
  runHarm(plant);
  runServices(plant);
}

function beginSecond(plant: Plant, room: Room): void {
  room.heatKw = room.cooledKw = room.rackKwK = room.coolerKwK = room.fireKw = room.spots.level = 0;
  room.flames = false;
  // House ventilation is on the mains and the generator.
  room.ventilated = !room.suppression.fireSignal && isBusLive(plant);
  if (!room.outdoor) dilute(room);
}

function runBank(plant: Plant, battery: Battery): void {
  const room = plant.rooms[battery.room];
  battery.rippleA = wander(battery.rippleA, plant.chance, 0.2, 0.3);
  const wet = (room?.waterLs ?? 0) > 0;
  mindBattery(battery, { roomC: room?.airC ?? houseC, smothered: room !== undefined && isInert(room), wet });
  if (room) emit(room, battery.emission);
}

/** Server fans are chosen for a rise of so many kelvin, and never stop altogether. */
const serverRiseK = 12;
const idleFan = 0.2;

function heat(plant: Plant): void {
  for (const rack of plant.racks) {
    const room = plant.rooms[rack.room];
    if (!room) continue;
    room.heatKw += rack.kw;
    if (rack.live) room.rackKwK += Math.max(rack.kw, idleFan * rack.ratedKw) / serverRiseK;
  }
  for (const ups of plant.ups) {
    const room = plant.rooms[ups.room];
    if (room) room.heatKw += upsLossKw(ups);
  }
}

function cool({ coolers, loops, rooms, weather: { outdoorC } }: Plant): void {
  const dry: CoolerSurroundings = { coolers, loop: undefined, outdoorC };
  const wet = loops.map((loop): CoolerSurroundings => ({ coolers, loop, outdoorC }));
  for (const cooler of coolers) {
    const room = rooms[cooler.room];
    if (room) runCooler(cooler, room, wet[cooler.loop] ?? dry);
  }
  loops.forEach((loop, at) => runChilledWater(loop, at, coolers, outdoorC));
}

/** Water that drips and that runs off, l/s; what a wet floor gives to the air, g/kg. */
const dripLs = 0.02;
const drainLs = 0.05;
const wetGkg = 3;
const wetL = 50;

function runRoom(plant: Plant, room: Room): void {
  warm(room, plant.weather.outdoorC);
  const waterLs = room.waterLs + (room.leaking ? dripLs : 0);
  room.floorL = Math.max(0, room.floorL + waterLs - (waterLs > 0 ? 0 : drainLs));
  const usual = room.usualMoistureGkg + wetGkg * Math.min(1, room.floorL / wetL);
  room.moistureGkg = usual + wander(room.moistureGkg - usual, plant.chance, 0.015);
}

function runSampler(plant: Plant, sampler: Plant["samplers"][number]): void {
  const room = plant.rooms[sampler.room];
  if (!room) return;
  sample(sampler, room);
  const usual = sampler.usualAirflowPercent;
  sampler.airflowPercent = usual + wander(sampler.airflowPercent - usual, plant.chance, 0.2);
  room.spots.level = Math.max(room.spots.level, sampler.level);
}

function mindRoom(room: Room): void {
  if (room.outdoor) return;
  look(room);
  if (room.kind === "battery-room") runSuppression(room);
}

/** The air that a UPS breathes: its room's, and some of what comes through the wall and the ceiling. */
function intakeOf(plant: Plant, ups: Ups): number {
  const own = plant.rooms[ups.room]?.airC ?? houseC;
  const beyond = plant.rooms[ups.hotRoom]?.airC ?? own;
  return own + ups.exposure * Math.max(0, beyond - own);
}

function runServices({ services, racks, estate }: Plant): void {
  estate.siteLive = false;
  for (const rack of racks) estate.siteLive ||= isServing(rack);
  for (const service of services) {
    let live = false;
    for (const at of service.racks) live ||= isServing(racks[at]);
    runService(service, live, estate);
  }
}

/** What heat has stopped serves nobody, though it has power. */
const isServing = (rack: Rack | undefined): boolean => rack?.live === true && !rack.tooHot;
