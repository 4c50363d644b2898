/**
 * Detectors of a room. An aspirating one draws its air through 15 s of pipe (longer where the pipe is choked) into a chamber
 * with a lag of 5 s, and raises alert, action, fire 1 and fire 2 at 0.08, 0.14, 0.20 and 2.0 %/m after 10 s each, the
 * factory values of a LaserPLUS; an airflow below 70 % or above 130 % is its fault. Spot detectors hang under the ceiling,
 * which a fire of Q kW warms by 5.38·(Q/r)^2/3 / H with a jet of 0.195·Q^1/3·H^1/2 / r^5/6 m/s (Alpert 1972): smoke at 8 %/m
 * after 20 s, heat at 57 °C or at 8.3 K a minute (UL 521), a sprinkler's link at 68 °C by dT/dt = √u/RTI·(T_gas - T).
 * Off-gas sensors see half a part in a million of vapour above what their reference has grown used to, in a few seconds.
 */
import type { Room } from "./room.ts";
import { lelPercent } from "./smoke.ts";

/** An aspirating detector. */
export interface Sampler {
  readonly id: string;
  readonly room: number;
  /** Air on its way, %/m each second: a ring, and where the newest went in. */
  readonly pipe: number[];
  pipeAt: number;
  /** What it sees, %/m. */
  seen: number;
  /** 0 normal, 1 alert, 2 action, 3 fire 1, 4 fire 2. */
  level: number;
  /** Seconds for which another level has been due. */
  dueS: number;
  airflowPercent: number;
  /** What the airflow wanders about, %. */
  usualAirflowPercent: number;
  /** Taken out of service: it goes on measuring and raises nothing. */
  isolated: boolean;
  /** Its chamber has reached the end of its life: it says so, and sees a third of what there is. */
  worn: boolean;
}

const smokeLevels: readonly number[] = [0.08, 0.14, 0.2, 2.0];
/** Clean air is not quite clear, %/m. */
const background = 0.01;
const levelDelayS = 10;
const transportS = 15;
const longestS = 60;
const chamberS = 5;
/** Below this share of its airflow nothing reaches the chamber, %. */
const chokedPercent = 20;
const wornShare = 1 / 3;
const airflowBand: readonly [number, number] = [70, 130];

export const makeSampler = (id: string, room: number): Sampler => ({
  id,
  room,
  pipe: Array.from({ length: longestS }, () => background),
  pipeAt: 0,
  seen: background,
  level: 0,
  dueS: 0,
  airflowPercent: 100,
  usualAirflowPercent: 100,
  isolated: false,
  worn: false,
});

export const isAirflowBad = ({ airflowPercent }: Sampler): boolean =>
  airflowPercent < airflowBand[0] || airflowPercent > airflowBand[1];

/** A second of an aspirating detector. */
export function sample(sampler: Sampler, room: Room): void {
  sampler.pipeAt = (sampler.pipeAt + 1) % longestS;
  sampler.pipe[sampler.pipeAt] = background + room.smoke;
  if (sampler.airflowPercent >= chokedPercent) {
    const delay = Math.min(longestS - 1, Math.round((transportS * 100) / sampler.airflowPercent));
    const arriving = sampler.pipe[(sampler.pipeAt + longestS - delay) % longestS]!;
    sampler.seen += (arriving * (sampler.worn ? wornShare : 1) - sampler.seen) / chamberS;
  }
  const due = sampler.isolated ? 0 : levelOf(sampler.seen);
  sampler.dueS = due === sampler.level ? 0 : sampler.dueS + 1;
  if (sampler.dueS < levelDelayS) return;
  sampler.level = due;
  sampler.dueS = 0;
}

function levelOf(seen: number): number {
  let level = 0;
  for (const limit of smokeLevels) if (seen >= limit) level += 1;
  return level;
}

/** A flame detector's own delay, s. */
export const flameDelayS = 1;
const spotSmoke = 8;
const spotS = 20;
const elementS = 30;
const beforeS = 60;
const fixedC = 57;
const riseKMin = 8.3;
const linkOpensC = 68;
/** Response-time index of an ordinary link, √(m·s). */
export const linkRti = 100;
const stillAirMs = 0.1;
const offGasPpm = 0.5;
const offGasS = 3;
const referenceS = 600;
const gasS = 15;
const gasSteps: readonly [number, number] = [10, 25];
/** Height of a ceiling, and the way from a fire's axis to the nearest detector, m. */
const ceilingM = 3;
const asideM = 2;

/** How much warmer than its room the ceiling is above a fire, K. */
export const jetK = (kw: number): number => (5.38 * Math.cbrt((kw * kw) / (asideM * asideM))) / ceilingM;

/** r^5/6, and H^1/2, of the jet's speed. */
const slowing = Math.exp((5 / 6) * Math.log(asideM));
const rising = Math.sqrt(ceilingM);

/** The speed of the air under a ceiling above a fire, m/s. */
export const jetMs = (kw: number): number => Math.max(stillAirMs, (0.195 * Math.cbrt(kw) * rising) / slowing);

/** The next second of a link in gas of a temperature and a speed, °C. */
export const linkAfter = (linkC: number, gasC: number, ms: number, rti: number): number =>
  linkC + (Math.sqrt(ms) / rti) * (gasC - linkC);

/** A second of a room's spot detectors. */
export function look(room: Room): void {
  const { spots } = room;
  const ceilingC = room.hotC + (room.fireKw > 0 ? jetK(room.fireKw) : 0);
  spots.smokeSeen += (room.smoke - spots.smokeSeen) / spotS;
  spots.smoke = spots.smokeSeen >= (spots.smoke ? spotSmoke / 2 : spotSmoke);
  spots.elementC += (ceilingC - spots.elementC) / elementS;
  spots.beforeC += (spots.elementC - spots.beforeC) / beforeS;
  // A ramp of r K/s stands 60·r K above its own average of a minute: its rise in K a minute.
  spots.heat = spots.elementC >= fixedC || spots.elementC - spots.beforeC >= riseKMin;
  spots.linkC = linkAfter(spots.linkC, ceilingC, room.fireKw > 0 ? jetMs(room.fireKw) : stillAirMs, linkRti);
  if (room.hotKjK > 0 && spots.linkC >= linkOpensC) spots.sprinkling = true;
  spots.vapourPpm += (room.vapourPercent * 10_000 - spots.vapourPpm) / offGasS;
  spots.referencePpm += (spots.vapourPpm - spots.referencePpm) / referenceS;
  spots.offGas = spots.vapourPpm - spots.referencePpm >= (spots.offGas ? offGasPpm / 2 : offGasPpm);
  spots.gasPercent += (lelPercent(room) - spots.gasPercent) / gasS;
  spots.gasStep = spots.gasPercent >= gasSteps[1] ? 2 : spots.gasPercent >= gasSteps[0] ? 1 : 0;
}
