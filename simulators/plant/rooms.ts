/** A second of the rooms: heat, cooling, failing cells, smoke and its detectors, services, and all that is left to chance. */
import type { Battery } from "./battery.ts";
import { isBatteryGood, mindBattery } from "./battery.ts";
import { runCooler } from "./cooling.ts";
import { wander } from "./dice.ts";
import { driftRack } from "./load.ts";
import type { Plant } from "./plant.ts";
import { cellsOf, fireKw, isBankLost, isFlaming, isVenting, modulesBurning, runFault } from "./runaway.ts";
import { runService } from "./services.ts";
import { runSuppression, sample, shareSmoke, smoulder } from "./smoke.ts";
import type { Room } from "./thermal.ts";
import { shareHeat, warm } from "./thermal.ts";
import type { Ups } from "./ups.ts";
import { upsLossKw } from "./ups.ts";
import { driftUtility } from "./utility.ts";

export function runRooms(plant: Plant): void {
  for (const utility of plant.utilities) driftUtility(utility, plant.chance);
  for (const rack of plant.racks) driftRack(rack, plant.rooms[rack.room]?.airC ?? 0, plant.chance);
  for (const battery of plant.batteries) runBank(plant, battery);
  plant.rooms.forEach((room, at) => runRoom(plant, room, at));
  exchange(plant.rooms);
  for (const sampler of plant.samplers) runSampler(plant, sampler);
  for (const ups of plant.ups) ups.intakeC = intakeOf(plant, ups);
  for (const service of plant.services) {
    runService(
      service,
      service.racks.some((at) => plant.racks[at]?.live === true),
    );
  }
}

function runBank(plant: Plant, battery: Battery): void {
  const roomC = plant.rooms[battery.room]?.airC ?? 0;
  const { fault } = battery;
  if (fault) {
    const string = battery.strings[fault.string]!;
    const ups = plant.ups.find((one) => plant.batteries[one.battery] === battery);
    runFault(fault, string.temperatureC, string.connected && ups?.mode === "online" && isBatteryGood(battery));
    if (isBankLost(fault)) for (const one of battery.strings) one.connected = false;
  }
  battery.rippleA = wander(battery.rippleA, plant.chance, 0.2, 0.3);
  mindBattery(battery, roomC, (at) => cellsOf(battery, at));
}

function runRoom(plant: Plant, room: Room, at: number): void {
  let heatKw = 0;
  for (const rack of plant.racks) if (rack.room === at) heatKw += rack.kw;
  for (const ups of plant.ups) if (ups.room === at) heatKw += upsLossKw(ups);
  let cooledKw = 0;
  for (const cooler of plant.coolers) {
    if (cooler.room !== at) continue;
    runCooler(cooler, heatKw, room.airC);
    cooledKw += cooler.outputKw;
  }
  const sources = { modules: 0, venting: false, flames: false };
  for (const { fault, room: where } of plant.batteries) {
    if (!fault || where !== at) continue;
    heatKw += fireKw(fault);
    sources.modules += modulesBurning(fault);
    sources.venting ||= isVenting(fault);
    sources.flames ||= isFlaming(fault);
  }
  warm(room, heatKw - cooledKw);
  smoulder(room, sources);
  const usual = room.usualHumidityPercent;
  room.humidityPercent = usual + wander(room.humidityPercent - usual, plant.chance, 0.1);
}

function exchange(rooms: readonly Room[]): void {
  for (let i = 0; i < rooms.length; i++) {
    for (let j = i + 1; j < rooms.length; j++) {
      const [one, other] = [rooms[i]!, rooms[j]!];
      if (one.plenum === null || one.plenum !== other.plenum) continue;
      shareHeat(one, other);
      shareSmoke(one, other);
    }
  }
}

function runSampler(plant: Plant, sampler: Plant["samplers"][number]): void {
  const room = plant.rooms[sampler.room];
  if (!room) return;
  sample(sampler, room);
  const usual = sampler.usualAirflowPercent;
  sampler.airflowPercent = usual + wander(sampler.airflowPercent - usual, plant.chance, 0.2);
  if (room.kind === "battery-room") runSuppression(room, sampler.level);
}

/** The air that a UPS breathes: its room's, and some of what comes through the wall and the ceiling. */
function intakeOf(plant: Plant, ups: Ups): number {
  const own = plant.rooms[ups.room]?.airC ?? 22;
  const beyond = plant.rooms[ups.hotRoom]?.airC ?? own;
  return own + ups.exposure * Math.max(0, beyond - own);
}
