/**
 * What fire, water and hands do to a room and what stands in it: a gas mixture above its lower limit that meets a flame or an
 * opened door explodes; water from a hose or a sprinkler trips live equipment within a minute, and 30 mm on the floor do so too;
 * a room may be cut off by itself; the crew restarts what the house cannot restart from afar.
 */

import type { Plant } from "../plant.ts";
import { disturbPower } from "../power/power.ts";
import type { ChilledWater, Chiller } from "./chilled-water.ts";
import { startChiller } from "./chilled-water.ts";
import { resetCooler } from "./cooling.ts";
import type { Errand } from "./people.ts";
import { hoseLs, runBrigade, runCrew } from "./people.ts";
import type { Room } from "./room.ts";
import { lelPercent } from "./smoke.ts";
import { isSafeToEnter } from "./suppression.ts";

/** Water until something is tripped, l: a minute of one sprinkler. 30 mm over a floor under a ceiling of 3 m, l for each m³. */
const drenchedL = 144;
const floodedLM3 = 10;
/** A sprinkler of 12 m² at 12.2 l a minute for each of them (NFPA 855), l/s. */
const sprinklerLs = 2.4;

/** A second of harm, and of those who work against it. */
export function runHarm(plant: Plant): void {
  const act = runBrigade(plant.people);
  if (act === "cut") obey(plant);
  plant.rooms.forEach((room, at) => {
    const hosed = act === "water" && at === plant.people.brigade.room && (room.fireKw > 0 || room.flameS > 0);
    room.waterLs = (hosed ? hoseLs : 0) + (room.spots.sprinkling ? sprinklerLs : 0);
    if (room.floorL > drenchedL && (room.waterLs > 0 || room.floorL > room.volumeM3 * floodedLM3))
      darken(plant, at, true);
    if (!room.exploded && isIgnited(room)) explode(plant, room, at);
  });
  runCrew(
    plant.people,
    (errand) => isBarred(plant, errand),
    (errand) => finish(plant, errand),
  );
}

const isIgnited = (room: Room): boolean => lelPercent(room) >= 100 && (room.flameS > 0 || room.doorOpen);

function explode(plant: Plant, room: Room, at: number): void {
  room.exploded = true;
  room.doorOpen = true;
  room.vapourPercent = room.hydrogenPercent = 0;
  room.smoke += 20;
  darken(plant, at, true);
  for (const battery of plant.batteries) {
    if (battery.room === at) for (const string of battery.strings) string.connected = false;
  }
}

/**
 * Everything in a room that draws or gives alternating current goes dark, or may be used again. Water that stands for hours
 * asks for the same second after second: the power chain is stirred only by what changes.
 */
function darken(plant: Plant, room: number, dark: boolean): void {
  const { racks, ups } = plant;
  const changes =
    racks.some((rack) => rack.room === room && rack.dark !== dark) ||
    ups.some((one) => one.room === room && one.dark !== dark);
  if (!changes) return;
  disturbPower(plant);
  for (const rack of racks) if (rack.room === room) rack.dark = dark;
  for (const one of ups) if (one.room === room) one.dark = dark;
}

function obey(plant: Plant): void {
  const { brigade } = plant.people;
  if (brigade.scope === "room") cutRoom(plant, brigade.room, true);
  else {
    disturbPower(plant);
    plant.people.cut = brigade.scope;
  }
  // A hose needs the whole site dead where the room cannot be cut by itself.
  if (brigade.scope === "mains") brigade.obeyedS = null;
}

/** Cuts one room off by itself, or lifts that: what was drenched stays dark. */
export function cutRoom(plant: Plant, room: number, on: boolean): void {
  const { cutRooms } = plant.people;
  const at = cutRooms.indexOf(room);
  if (on && at < 0) cutRooms.push(room);
  if (!on && at >= 0) cutRooms.splice(at, 1);
  if (on) darken(plant, room, true);
  else restore(plant, room);
}

function restore(plant: Plant, room: number): void {
  const { rooms } = plant;
  if (rooms[room]?.exploded === true || (rooms[room]?.floorL ?? 0) > drenchedL) return;
  darken(plant, room, false);
}

function isBarred(plant: Plant, { at }: Errand): boolean {
  const device = plant.layout.devices.find(({ id }) => id === at);
  const room = plant.rooms.find(({ id }) => id === device?.space);
  return room !== undefined && !isSafeToEnter(room);
}

function finish(plant: Plant, { kind, at }: Errand): void {
  const [loop, chiller] = chillerAt(plant, at);
  const cooler = plant.coolers.find(({ id }) => id === at);
  if (kind === "reset-cooler" && cooler) resetCooler(cooler);
  if (!loop) return;
  if (kind === "restart-chiller" && chiller) startChiller(loop, chiller);
  if (kind === "open-valve") loop.valveOrdered = 1;
  if (kind === "vent-loop") loop.airShare = 0;
  if (kind === "unlock-group") loop.hung = false;
}

/** A chiller by its device's name, and the loop that it cools. */
export function chillerAt({ loops }: Plant, id: string): readonly [ChilledWater | undefined, Chiller | undefined] {
  for (const loop of loops) {
    const chiller = loop.chillers.find((one) => one.id === id);
    if (chiller) return [loop, chiller];
  }
  return [undefined, undefined];
}
