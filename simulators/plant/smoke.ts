/**
 * Smoke: dS/dt = sources - S/tau, in %/m of obscuration, with an exchange of 1 % a minute of the difference between
 * rooms under one plenum. An aspirating detector sees it through its pipes 15 s late and raises alert, action,
 * fire 1 and fire 2 at 0.08, 0.14, 0.20 and 2.0 %/m after 10 s each, the factory values of a LaserPLUS. A
 * releasing panel counts 30 s from flame and fire 1 together and lets its gas go; lithium burns on.
 */
import type { Room } from "./thermal.ts";

/** An aspirating detector. */
export interface Sampler {
  readonly id: string;
  readonly room: number;
  /** What it sees, %/m. */
  seen: number;
  /** 0 normal, 1 alert, 2 action, 3 fire 1, 4 fire 2. */
  level: number;
  /** Seconds for which another level has been due. */
  dueS: number;
  airflowPercent: number;
  /** What the airflow wanders about, %. */
  usualAirflowPercent: number;
}

const smokeLevels: readonly number[] = [0.08, 0.14, 0.2, 2.0];
/** Clean air is not quite clear, %/m. */
const background = 0.01;
const levelDelayS = 10;
const pipeS = 15;
const clearingS = 1200;
const exchangePerS = 0.01 / 60;
/** What one burning module, and one venting cell, give: %/m a second in the room. */
const moduleSmoke = 0.05;
const ventSmoke = 0.00003;
/** An off-gas detector's own delay. */
export const gasDelayS = 5;
export const flameDelayS = 1;
const releaseCountS = 30;
const densest = 60;

export const makeSampler = (id: string, room: number): Sampler => ({
  id,
  room,
  seen: background,
  level: 0,
  dueS: 0,
  airflowPercent: 100,
  usualAirflowPercent: 100,
});

/** What smokes in a room: burning modules, a venting cell, and whether there are flames to be seen. */
export interface Sources {
  readonly modules: number;
  readonly venting: boolean;
  readonly flames: boolean;
}

/** A second of smoke in a room: what burns and vents in it, and what an event adds. */
export function smoulder(room: Room, { modules, venting, flames }: Sources): void {
  const source = modules * moduleSmoke + (venting ? ventSmoke : 0) + room.smokeRate / 60;
  room.smoke = Math.min(densest, room.smoke + source - room.smoke / clearingS);
  room.gasS = venting ? room.gasS + 1 : 0;
  room.flameS = flames ? room.flameS + 1 : 0;
}

/** Smoke that goes over between rooms that share a plenum, in one second. */
export function shareSmoke(one: Room, other: Room): void {
  const over = exchangePerS * (one.smoke - other.smoke);
  one.smoke -= over;
  other.smoke += over;
}

/** A second of a detector. */
export function sample(sampler: Sampler, room: Room): void {
  sampler.seen += (background + room.smoke - sampler.seen) / pipeS;
  const due = smokeLevels.filter((limit) => sampler.seen >= limit).length;
  sampler.dueS = due === sampler.level ? 0 : sampler.dueS + 1;
  if (sampler.dueS < levelDelayS) return;
  sampler.level = due;
  sampler.dueS = 0;
}

/** A second of the releasing panel of a battery room: two kinds of detector must agree. */
export function runSuppression(room: Room, level: number): void {
  const { suppression } = room;
  const counting = suppression.countS > 0 || (room.flameS >= flameDelayS && level >= 3);
  if (!counting || suppression.released) return;
  suppression.countS += 1;
  if (suppression.countS >= releaseCountS) suppression.released = true;
}
