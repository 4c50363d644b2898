/**
 * A standby set. Called, it cranks and is up to voltage after about 8 s, so that with the transfer switch's own time
 * the site is carried within the 10 s of NFPA 110 type 10. One that refuses cranks three times for 10 s with 10 s of
 * rest and then gives up; its starter battery holds the two rounds of three cranks of 15 s that NFPA 110 asks for. A
 * second set on a bus that is live is synchronised in 1.5 s. A block of load dips the speed by 20 % of its share of the
 * rating and is made good within 5 s: ISO 8528-5's class G2 allows 10 % and 5 s for half a load. Below 88 % of its
 * speed for a second it stalls; overload is borne for an hour at 110 % (ISO 8528-1) and for less beyond. Fuel, l/h for
 * each rated kW, is 0.030 + 0.213·x + 0.0285·x² at a load of x, within 6 % of the published tables of 250 to 2,000 kW.
 */
import { strained } from "./overload.ts";
export interface Generator {
  readonly id: string;
  /** Its place in the grid, and that of the bus that it shares with others (-1 for none). */
  readonly node: number;
  readonly bus: number;
  /** The transfer switches that call it, by their places; one that none can call runs when there is no utility. */
  readonly calledBy: readonly number[];
  state: "stopped" | "starting" | "running" | "cooling" | "fault";
  /** Why it stands still. */
  cause: "none" | "start" | "fuel" | "overload" | "speed" | "heat" | "trip";
  /** Seconds in this state. */
  forS: number;
  /** Set by an event: it will crank, and not fire; it has lost its coolant. */
  refuses: boolean;
  coolantLost: boolean;
  /** From the call to full voltage, s. */
  readonly startS: number;
  readonly ratedKw: number;
  readonly tankL: number;
  /** Its own breaker; closed once it has voltage, and in step with the others. */
  closed: boolean;
  syncS: number;
  voltage: number;
  frequencyHz: number;
  speedRpm: number;
  /** The share of its speed that the last blocks of load have cost. */
  dip: number;
  slowS: number;
  kw: number;
  /** What it carried a step before. */
  lastKw: number;
  /** The share of its overload tolerance that is used up. */
  strain: number;
  fuelL: number;
  coolantC: number;
  /** What its starter battery holds, 0 to 1. */
  starter: number;
  starts: number;
  runS: number;
  energyKwh: number;
}

/** Litres a rated kW: some seven hours at full load. */
const tankLPerKw = 2;
const crankS = 10;
const cranks = 3;
const coolDownS = 300;
const syncS = 1.5;
/** Four poles at 60 Hz. */
const ratedRpm = 1800;
const crankingRpm = 200;
const thermostat = { coldC: 40, warmC: 85, lostC: 140, lagS: 240, stopC: 105 };
/** Two rounds of three cranks of 15 s; charged again within a day. */
const starterS = 90;
const starterChargeS = 86_400;
const weakest = 0.1;
const block = { dip: 0.2, rise: 0.12, recoveryS: 2, slow: 0.12, slowS: 1 };
/**
 * Seconds that an overload is borne, by share of the rating; the first is ISO 8528-1's, the others are usual settings.
 */
const tolerance: readonly (readonly [share: number, seconds: number])[] = [
  [1, Number.POSITIVE_INFINITY],
  [1.1, 3600],
  [1.25, 60],
  [1.5, 10],
];
const beyondS = 2;

/** What a set is built from. */
export type GeneratorPlace = Pick<Generator, "id" | "node" | "bus" | "calledBy" | "startS" | "ratedKw">;

export const makeGenerator = (place: GeneratorPlace): Generator => ({
  ...place,
  state: "stopped",
  cause: "none",
  forS: 0,
  refuses: false,
  coolantLost: false,
  tankL: place.ratedKw * tankLPerKw,
  closed: false,
  syncS: 0,
  voltage: 0,
  frequencyHz: 0,
  speedRpm: 0,
  dip: 0,
  slowS: 0,
  kw: 0,
  lastKw: 0,
  strain: 0,
  fuelL: place.ratedKw * tankLPerKw * 0.92,
  coolantC: thermostat.coldC,
  starter: 1,
  starts: 0,
  runS: 0,
  energyKwh: 0,
});

export const fuelPercent = (generator: Generator): number => (generator.fuelL / generator.tankL) * 100;

/** Litres an hour at a load in kW. */
export function fuelLh(ratedKw: number, kw: number): number {
  const share = kw / ratedKw;
  return ratedKw * (0.03 + 0.213 * share + 0.0285 * share * share);
}

/** Whether it turns at its speed and has voltage. */
export const isGeneratorGood = ({ state }: Generator): boolean => state === "running" || state === "cooling";

/** Whether nothing about it is about to change. */
export const isGeneratorSteady = (generator: Generator): boolean =>
  generator.state === "stopped" ||
  generator.state === "fault" ||
  (generator.state === "running" &&
    generator.closed &&
    generator.kw <= generator.ratedKw &&
    Math.abs(generator.dip) < 1e-4);

function turn(generator: Generator, state: Generator["state"], cause: Generator["cause"] = "none"): void {
  generator.state = state;
  generator.cause = cause;
  generator.forS = 0;
  if (state === "starting") generator.starts += 1;
  if (!isGeneratorGood(generator)) generator.closed = false;
}

/** The set stops at once and stays so until it is repaired. */
export const trip = (generator: Generator): void => turn(generator, "fault", "trip");

/** Ready to be called again. */
export function repair(generator: Generator): void {
  generator.refuses = false;
  generator.coolantLost = false;
  generator.starter = 1;
  generator.strain = 0;
  if (generator.state === "fault") turn(generator, "stopped");
}

/**
 * A step of the set. `called` is the transfer switches' start signal; `charged` says that its starter battery's charger
 * has power.
 */
export function runGenerator(
  generator: Generator,
  { called, charged }: { readonly called: boolean; readonly charged: boolean },
  dtS: number,
): void {
  generator.forS += dtS;
  next(generator, called);
  crank(generator, charged, dtS);
  warm(generator, dtS);
  const good = isGeneratorGood(generator);
  if (good) carry(generator, dtS);
  else generator.dip = generator.slowS = generator.lastKw = generator.kw = 0;
  const turning = isGeneratorGood(generator);
  const share = generator.kw / generator.ratedKw;
  generator.voltage = turning ? 220 * (1 - generator.dip / 2) - 2 * share : 0;
  generator.frequencyHz = turning ? 60 * (1 - generator.dip) - 0.3 * share : 0;
  generator.speedRpm = turning
    ? ratedRpm * (generator.frequencyHz / 60)
    : isCranking(generator)
      ? crankingRpm * generator.starter
      : 0;
}

/** A running set under its load. */
function carry(generator: Generator, dtS: number): void {
  const { ratedKw, kw } = generator;
  const step = (kw - generator.lastKw) / ratedKw;
  generator.lastKw = kw;
  generator.dip = generator.dip * Math.exp(-dtS / block.recoveryS) + step * (step > 0 ? block.dip : block.rise);
  generator.slowS = generator.dip > block.slow ? generator.slowS + dtS : 0;
  generator.runS += dtS;
  generator.energyKwh += (kw * dtS) / 3600;
  generator.fuelL = Math.max(0, generator.fuelL - (fuelLh(ratedKw, kw) * dtS) / 3600);
  const borneS = tolerance.find(([share]) => kw <= share * ratedKw)?.[1] ?? beyondS;
  generator.strain = strained(generator.strain, borneS, dtS);
  if (generator.slowS >= block.slowS - 1e-9) turn(generator, "fault", "speed");
  else if (generator.strain >= 1) turn(generator, "fault", "overload");
  else if (generator.fuelL <= 0) turn(generator, "fault", "fuel");
  else if (generator.coolantC >= thermostat.stopC) turn(generator, "fault", "heat");
}

const isCranking = ({ state, forS }: Generator): boolean => state === "starting" && forS % (2 * crankS) < crankS;

function crank(generator: Generator, charged: boolean, dtS: number): void {
  if (isCranking(generator)) generator.starter = Math.max(0, generator.starter - dtS / starterS);
  else if (charged) generator.starter = Math.min(1, generator.starter + dtS / starterChargeS);
}

function warm(generator: Generator, dtS: number): void {
  const { coldC, warmC, lostC, lagS } = thermostat;
  const towards = !isGeneratorGood(generator) ? coldC : generator.coolantLost ? lostC : warmC;
  generator.coolantC += (towards - generator.coolantC) * (1 - Math.exp(-dtS / lagS));
}

/** In step with what else is on its bus, its breaker closes: at once on a dead one. */
export function synchronise(generator: Generator, busLive: boolean, dtS: number): void {
  if (!isGeneratorGood(generator) || generator.closed) {
    generator.syncS = 0;
    return;
  }
  generator.syncS += dtS;
  generator.closed = !busLive || generator.syncS >= syncS;
}

function next(generator: Generator, called: boolean): void {
  const dry = generator.fuelL <= 0;
  const flat = generator.starter < weakest;
  switch (generator.state) {
    case "stopped":
      if (called) turn(generator, "starting");
      return;
    case "starting":
      if (!called) turn(generator, "stopped");
      else if (!generator.refuses && !dry && !flat && generator.forS >= generator.startS) turn(generator, "running");
      else if (generator.forS >= cranks * 2 * crankS) turn(generator, "fault", "start");
      return;
    case "running":
      if (!called) turn(generator, "cooling");
      return;
    case "cooling":
      if (called) turn(generator, "running");
      else if (generator.forS >= coolDownS) turn(generator, "stopped");
      return;
    case "fault":
  }
}
