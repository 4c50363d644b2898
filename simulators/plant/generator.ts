/**
 * The standby set. Called, it cranks and is up to voltage after about 8 s, so that with the transfer
 * switch's own time the site is carried within the 10 s of NFPA 110 type 10. One that refuses cranks
 * three times for 10 s with 10 s of rest and then gives up. Released, it cools down for 5 minutes.
 * Fuel: 0.27 l/kWh and 8 l/h idling out of a 500 l day tank (figures of our own, usual for 250 kW).
 */
export interface Generator {
  state: "stopped" | "starting" | "running" | "cooling" | "fault";
  /** Seconds in this state. */
  forS: number;
  /** Set by an event: it will crank, and not fire. */
  refuses: boolean;
  /** From the call to full voltage, s. */
  readonly startS: number;
  readonly ratedKw: number;
  voltage: number;
  frequencyHz: number;
  speedRpm: number;
  kw: number;
  fuelL: number;
  coolantC: number;
  runS: number;
  energyKwh: number;
}

const tankL = 500;
const crankS = 10;
const cranks = 3;
const coolDownS = 300;
/** Four poles at 60 Hz. */
const ratedRpm = 1800;
const crankingRpm = 200;
const coldC = 40;
const warmC = 85;

export const makeGenerator = (ratedKw: number, startS: number): Generator => ({
  state: "stopped",
  forS: 0,
  refuses: false,
  startS,
  ratedKw,
  voltage: 0,
  frequencyHz: 0,
  speedRpm: 0,
  kw: 0,
  fuelL: tankL * 0.92,
  coolantC: coldC,
  runS: 0,
  energyKwh: 0,
});

export const fuelPercent = (generator: Generator): number => (generator.fuelL / tankL) * 100;

/** Whether it can carry the site now. */
export const isGeneratorGood = (generator: Generator): boolean =>
  generator.state === "running" || generator.state === "cooling";

function turn(generator: Generator, state: Generator["state"]): void {
  generator.state = state;
  generator.forS = 0;
}

/** The set stops at once and stays so until it is repaired. */
export const trip = (generator: Generator): void => turn(generator, "fault");

/** Ready to be called again. */
export function repair(generator: Generator): void {
  generator.refuses = false;
  if (generator.state === "fault") turn(generator, "stopped");
}

/** A step of the set; `called` is the transfer switch's start signal. */
export function runGenerator(generator: Generator, called: boolean, dtS: number): void {
  generator.forS += dtS;
  next(generator, called);
  const good = isGeneratorGood(generator);
  generator.voltage = good ? 220 - 2 * (generator.kw / generator.ratedKw) : 0;
  generator.frequencyHz = good ? 60 - 0.3 * (generator.kw / generator.ratedKw) : 0;
  generator.speedRpm = good ? ratedRpm * (generator.frequencyHz / 60) : isCranking(generator) ? crankingRpm : 0;
  const towards = good ? warmC : coldC;
  generator.coolantC += ((towards - generator.coolantC) / 240) * dtS;
  if (!good) return;
  generator.runS += dtS;
  generator.energyKwh += (generator.kw * dtS) / 3600;
  generator.fuelL = Math.max(0, generator.fuelL - ((8 + 0.27 * generator.kw) * dtS) / 3600);
}

const isCranking = ({ state, forS }: Generator): boolean => state === "starting" && forS % (2 * crankS) < crankS;

function next(generator: Generator, called: boolean): void {
  const dry = generator.fuelL <= 0;
  switch (generator.state) {
    case "stopped":
      if (called) turn(generator, "starting");
      return;
    case "starting":
      if (!called) turn(generator, "stopped");
      else if (!generator.refuses && !dry && generator.forS >= generator.startS) turn(generator, "running");
      else if (generator.forS >= cranks * 2 * crankS) turn(generator, "fault");
      return;
    case "running":
      if (dry) turn(generator, "fault");
      else if (!called) turn(generator, "cooling");
      return;
    case "cooling":
      if (called) turn(generator, "running");
      else if (generator.forS >= coolDownS) turn(generator, "stopped");
      return;
    case "fault":
  }
}
