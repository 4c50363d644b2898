/**
 * What is in a room's air, by mass balance: V·dc/dt = source - q·c, with q of the ventilation (3 air changes an hour while it
 * runs), of leakage (0.3) and of an open door, and an exchange between rooms under one plenum, V1·dc1/dt = q·(c2 - c1).
 * Smoke is counted in %/m of obscuration; vapour and hydrogen in % of the volume. Explosive is the mixture by Le Chatelier:
 * hydrogen from 4 %, and the rest of what a nickel-manganese-cobalt cell vents (CO 26, CO2 28, hydrocarbons 13 parts to 33
 * of hydrogen) from 11.5 %, which makes 7.1 % of the whole vent gas. Flames burn what they are given; where an agent
 * has put them out it stays in the room, and an open door lets in what it needs (McMicken, 2019-04-19).
 */
import type { Emission } from "../battery/fire.ts";
import type { Room } from "./room.ts";

/** Air changes each second of ventilation that runs, and of leakage. */
const ventilation = 1 / 1333;
const leakage = 1 / 12_000;
/** Through an open door, and between two rooms under one plenum, m³/s. */
const doorM3s = 0.3;
const plenumM3s = 0.025;
/** What a burning module smokes, and each litre of vapour, %/m in a cubic metre each second. */
const moduleSmoke = 7.5;
/** Burning modules below which nothing burns any more: 2 kW of 20. */
const smouldering = 0.1;
const vapourSmoke = 0.16;
const densest = 60;
const hydrogenLfl = 4;
const vapourLfl = 11.5;

/** Air that a room exchanges with the house and the outside, m³/s. */
export const freshM3s = (room: Room): number =>
  room.volumeM3 * (leakage + (room.ventilated ? ventilation : 0)) + (room.doorOpen ? doorM3s : 0);

/** How near the air is to burning, % of the lower explosive limit. */
export const lelPercent = (room: Room): number =>
  100 * (room.hydrogenPercent / hydrogenLfl + room.vapourPercent / vapourLfl);

/** A second of what a bank gives off. */
export function emit(room: Room, { heatKw, smokingModules, vapourLs, gasLs, hydrogenLs, flames }: Emission): void {
  room.heatKw += heatKw;
  // A bank that is only warm, or has burnt and cools, is no fire.
  if (flames || smokingModules > smouldering) room.fireKw += heatKw;
  room.flames ||= flames;
  const ventSmoke = vapourLs * vapourSmoke;
  room.smoke += (smokingModules * moduleSmoke + ventSmoke) / room.volumeM3;
  room.vapourPercent += (vapourLs + Math.max(0, gasLs - hydrogenLs)) / 10 / room.volumeM3;
  room.hydrogenPercent += hydrogenLs / 10 / room.volumeM3;
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
