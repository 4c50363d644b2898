/**
 * Heat of a room, a second at a time. A hall is cold aisles, hot aisles, racks and walls:
 *   C_h·dT_h/dt = P - K·(T_h - T_c) - h_r·(T_h - T_r)      C_r·dT_r/dt = h_r·(T_h - T_r)
 *   C_c·dT_c/dt = K·(T_h - T_c) - Q - h_w·(T_c - T_w)      C_w·dT_w/dt = h_w·(T_c - T_w) - U·(T_w - T_house)
 * K is the larger of the air moved by the racks and by the coolers (the rest goes round or past), and 8 % that goes
 * round in any open aisle. With cooling lost the climb begins at the rate of the air alone and settles to that of all
 * stores, as Khankari found (ASHRAE 2011). A room without racks has one air. Rooms under one plenum give each other heat.
 */
import type { Room } from "./room.ts";
import { houseC } from "./room.ts";

/** What goes from hot to cold aisle past the racks, of the racks' own air. */
const recirculated = 0.08;
/** Rooms under one plenum, kW/K, and a room whose door stands open, kW/K. */
const plenumKwK = 0.15;
const doorKwK = 0.3;
/** Air cannot be exchanged faster than a second's step can follow. */
const fastestShare = 0.45;

/** A second of one room. */
export function warm(room: Room, outdoorC: number): void {
  if (room.outdoor) {
    room.lostKj += room.heatKw - room.cooledKw + room.airKjK * (room.airC - outdoorC);
    room.airC = room.hotC = outdoorC;
    return;
  }
  if (room.hotKjK > 0) warmHall(room);
  else warmPlain(room);
  const toWallKw = room.wallKwK * (room.airC - room.wallC);
  const lostKw = room.lossKwK * (room.wallC - houseC);
  const blownKw = ((room.ventilated ? room.ventKwK : 0) + (room.doorOpen ? doorKwK : 0)) * (room.airC - houseC);
  room.airC -= (toWallKw + blownKw) / room.airKjK;
  room.wallC += (toWallKw - lostKw) / room.wallKjK;
  if (room.hotKjK === 0) room.hotC = room.airC;
  room.lostKj += lostKw + blownKw;
}

function warmHall(room: Room): void {
  const roundKw = Math.max(room.rackKwK, room.coolerKwK) + recirculated * room.rackKwK;
  const movedKw = Math.min(fastestShare * room.hotKjK, roundKw) * (room.hotC - room.airC);
  const toMassKw = room.massKwK * (room.hotC - room.massC);
  room.hotC += (room.heatKw - movedKw - toMassKw) / room.hotKjK;
  room.airC += (movedKw - room.cooledKw) / room.airKjK;
  room.massC += toMassKw / room.massKjK;
}

function warmPlain(room: Room): void {
  const toMassKw = room.massKwK * (room.airC - room.massC);
  room.airC += (room.heatKw - room.cooledKw - toMassKw) / room.airKjK;
  room.massC += toMassKw / room.massKjK;
}

/** Heat that goes over between rooms that share a plenum, in one second. The warm air lies under the ceiling. */
export function shareHeat(one: Room, other: Room): void {
  const kj = plenumKwK * (one.hotC - other.hotC);
  give(one, -kj);
  give(other, kj);
}

function give(room: Room, kj: number): void {
  if (room.hotKjK > 0) room.hotC += kj / room.hotKjK;
  else room.hotC = room.airC += kj / room.airKjK;
  room.gainedKj += kj;
}

/** All heat in a room's stores above 0 °C, kJ. */
export const storedKj = (room: Room): number =>
  room.airKjK * room.airC + room.hotKjK * room.hotC + room.massKjK * room.massC + room.wallKjK * room.wallC;
