/**
 * What is in a room's air, by mass balance: V·dc/dt = source - q·c, with q of the ventilation (3 air changes an hour while it
 * runs), of leakage (0.3) and of an open door, and an exchange between rooms under one plenum, V1·dc1/dt = q·(c2 - c1).
 * Smoke is counted in %/m of obscuration; vapour and hydrogen in % of the volume. Explosive is the mixture by Le Chatelier:
 * hydrogen from 4 %, and the rest of what a nickel-manganese-cobalt cell vents (CO 26, CO2 28, hydrocarbons 13 parts to 33
 * of hydrogen) from 11.5 %, which makes 7.1 % of the whole vent gas. Flames burn what they are given; where an agent
 * has put them out it stays in the room, and an open door lets in what it needs (McMicken, 2019-04-19).
 */
import type { Room } from "./room.ts";

/** Air changes each second of ventilation that runs, and of leakage. */
const ventilation = 1 / 1333;
const leakage = 1 / 12_000;
/** Through an open door, and between two rooms under one plenum, m³/s. */
const doorM3s = 0.3;
const plenumM3s = 0.025;
/** What a burning module and a venting cell smoke, %/m in a cubic metre each second. */
const moduleSmoke = 7.5;
const ventSmoke = 0.0045;
/** A cell of 60 A·h vents ten litres in the minutes before its runaway; a module of eight gives a cubic metre in half an hour. */
const ventM3s = 2.8e-5;
const moduleM3s = 5.5e-4;
const hydrogenPart = 0.33;
/** Of what a flame is given, so much escapes it. */
const unburnt = 0.02;
const densest = 60;
const hydrogenLfl = 4;
const vapourLfl = 11.5;

/** Air that a room exchanges with the house and the outside, m³/s. */
export const freshM3s = (room: Room): number =>
  room.volumeM3 * (leakage + (room.ventilated ? ventilation : 0)) + (room.doorOpen ? doorM3s : 0);

/** How near the air is to burning, % of the lower explosive limit. */
export const lelPercent = (room: Room): number =>
  100 * (room.hydrogenPercent / hydrogenLfl + room.vapourPercent / vapourLfl);

/** What a bank gives off: modules in flames or glowing, and whether a cell vents. */
export interface Emission {
  readonly modules: number;
  readonly venting: boolean;
  readonly flaming: boolean;
}

/** A second of what burns and vents in a room. */
export function emit(room: Room, { modules, venting, flaming }: Emission): void {
  room.smoke += (modules * moduleSmoke + (venting ? ventSmoke : 0)) / room.volumeM3;
  const gasM3s = (modules > 0 ? modules * moduleM3s : venting ? ventM3s : 0) * (flaming ? unburnt : 1);
  room.vapourPercent += (100 * gasM3s * (1 - hydrogenPart)) / room.volumeM3;
  room.hydrogenPercent += (100 * gasM3s * hydrogenPart) / room.volumeM3;
}

/** A second of a room's air: what events add, and what fresh air takes away. */
export function dilute(room: Room): void {
  const stays = 1 - freshM3s(room) / room.volumeM3;
  room.smoke = Math.min(densest, room.smoke * stays + room.smokeRate / 60);
  room.vapourPercent = room.vapourPercent * stays + (100 * room.vapourM3s) / room.volumeM3;
  room.hydrogenPercent = room.hydrogenPercent * stays + (100 * room.hydrogenM3s) / room.volumeM3;
}

/** Smoke and gas that go over between rooms that share a plenum, in one second. */
export function shareAir(one: Room, other: Room): void {
  const smoke = plenumM3s * (one.smoke - other.smoke);
  const vapour = plenumM3s * (one.vapourPercent - other.vapourPercent);
  const hydrogen = plenumM3s * (one.hydrogenPercent - other.hydrogenPercent);
  one.smoke -= smoke / one.volumeM3;
  other.smoke += smoke / other.volumeM3;
  one.vapourPercent -= vapour / one.volumeM3;
  other.vapourPercent += vapour / other.volumeM3;
  one.hydrogenPercent -= hydrogen / one.volumeM3;
  other.hydrogenPercent += hydrogen / other.volumeM3;
}

/** Hydrogen of lead-acid cells that gas with `gasA`, m³/h: 0.42 l for each ampere-hour and cell (IEEE 1635). */
export const hydrogenM3h = (gasA: number, cells: number): number => 0.42e-3 * gasA * cells;
