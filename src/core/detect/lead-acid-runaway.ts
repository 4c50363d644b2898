/**
 * A lead-acid string that heats itself: at one and the same voltage it takes two or three times the float current that it
 * used to, and its jars grow warmer than their room by 10 to 15 K. Either alone is nothing: a hot room doubles the current
 * for each 10 K, a charge after a discharge is a large current that falls, and jars stay warm for hours after one. So the
 * current is reduced to 25 Cel, its usual value is learned over weeks where the voltage keeps still, and after any change
 * of voltage it is held against the lowest that it has come down to since. Onset takes hours to days, so averages of an
 * hour are quick enough, and they see milliamperes in a converter's ripple.
 */
import { z } from "zod";
import type { PointId, Reading } from "../reading.ts";
import { valueOf } from "../reading.ts";
import { hours, minutes } from "../time.ts";
import type { Verdict } from "../vote.ts";
import { medianOf, towards } from "./average.ts";
import type { Detector } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";
import { pointSchema } from "./kind.ts";

const settings = z.strictObject({
  /** The string's warmest jar, or its mean; and the air of its room. */
  jar: pointSchema,
  ambient: pointSchema,
  voltage: pointSchema,
  /** Times the usual float current. */
  times: z.number().min(1.5).max(10).default(2.5),
  /** K over the air. */
  warmerBy: z.number().positive().default(10),
});

type LeadAcidSpec = z.output<typeof settings>;

interface LeadAcidMemory {
  jar: number | null;
  ambient: number | null;
  volts: number | null;
  /** The last readings of each: of three the middle one counts, so that one wrong reading says nothing. */
  recent: Readonly<Record<"jar" | "ambient" | "volts" | "ampere", number[]>>;
  /** Whether the current can be read. */
  isKnown: boolean;
  /** The voltage's slow average, and since when the voltage keeps to it. */
  usualV: number | null;
  voltAt: number;
  steadySince: number | null;
  /** The current's average while it does, A, with its sign; null before the first. */
  ampere: number | null;
  ampereAt: number;
  /** What it floats usually, A at 25 Cel, and for how long that has been learned. */
  usualA: number | null;
  learned: number;
  /** After a change of voltage: the lowest that it has come down to, A at 25 Cel. */
  isRecovering: boolean;
  lowestA: number | null;
  many: boolean;
  hot: boolean;
}

export const leadAcidRunaway: DetectorKind<LeadAcidSpec, LeadAcidMemory> = {
  settings,
  own: "number",
  inputs: ({ jar, ambient, voltage }) => [
    { path: ["jar"], point: jar, is: "number" },
    { path: ["ambient"], point: ambient, is: "number" },
    { path: ["voltage"], point: voltage, is: "number" },
  ],
  make: watched,
};

const smoothing = hours(1);
/** An average of less is still the converter's ripple. */
const settling = minutes(30);
/** After a longer silence an average is one of nothing. */
const silence = hours(1);
/** The voltage keeps still within this part of itself: no charger's ripple is more, and a load or a boost charge is. */
const stillShare = 0.01;
/** What it used to float is learned upwards within a month, so that no fault of days is taken for usual, and downwards soon. */
const learningUp = hours(30 * 24);
const learningDown = hours(6);
/** A day's worth of it is believed. */
const learningMin = hours(24);
/** A current is back to usual, and is learned from, below this many times of that. */
const near = 1.5;
/** Below this instruments show anything, A. */
const floorA = 0.01;
const warmC = 25;
/** Float current doubles for each so many kelvin. */
const doublingK = 10;
/** A verdict is taken back below this part of its limit, and so many kelvin under the other. */
const backShare = 0.8;
const backK = 2;

const nothingSeen = (): LeadAcidMemory => ({
  jar: null,
  ambient: null,
  volts: null,
  recent: { jar: [], ambient: [], volts: [], ampere: [] },
  isKnown: false,
  usualV: null,
  voltAt: 0,
  steadySince: null,
  ampere: null,
  ampereAt: 0,
  usualA: null,
  learned: 0,
  isRecovering: true,
  lowestA: null,
  many: false,
  hot: false,
});

function watched(spec: LeadAcidSpec, memory: LeadAcidMemory = nothingSeen()): Detector<LeadAcidMemory> {
  const places = new Map<PointId, "jar" | "ambient" | "voltage">([
    [spec.voltage, "voltage"],
    [spec.jar, "jar"],
    [spec.ambient, "ambient"],
  ]);
  return {
    memory,
    judge(reading) {
      take(spec, memory, reading, places.get(reading.point));
      return verdictOf(memory);
    },
    account: () => [
      { name: "float current", value: memory.ampere, unit: "A" },
      { name: "usually", value: memory.usualA, unit: "A at 25 Cel" },
      { name: "jar over the air", value: overAir(memory), limit: spec.warmerBy, unit: "K" },
    ],
  };
}

function take(spec: LeadAcidSpec, memory: LeadAcidMemory, reading: Reading, place: string | undefined): void {
  const value = valueOf(reading);
  if (place === "voltage") return takeVoltage(memory, value, reading.at);
  if (place === "jar" || place === "ambient") memory[place] = steadied(memory, place, value);
  else takeCurrent(spec, memory, value, reading.at);
  const over = overAir(memory);
  if (over !== null) memory.hot = over > spec.warmerBy - (memory.hot ? backK : 0);
}

/** The middle of the last three values; null where there is none now. */
function steadied({ recent }: LeadAcidMemory, of: keyof LeadAcidMemory["recent"], value: number | null): number | null {
  if (value === null) return null;
  recent[of].push(value);
  if (recent[of].length > 3) recent[of].shift();
  return medianOf(recent[of]);
}

const overAir = ({ jar, ambient }: LeadAcidMemory): number | null =>
  jar === null || ambient === null ? null : jar - ambient;

function takeVoltage(memory: LeadAcidMemory, value: number | null, at: number): void {
  const volts = steadied(memory, "volts", value);
  memory.volts = volts;
  if (volts === null) return;
  const passed = at - memory.voltAt;
  memory.voltAt = at;
  if (memory.usualV === null || passed > silence) return disturb(memory, volts, at);
  memory.usualV = towards(memory.usualV, volts, passed, smoothing);
  if (Math.abs(volts - memory.usualV) > stillShare * Math.abs(memory.usualV)) disturb(memory, memory.usualV, at);
}

/** The voltage has moved: what flows now is a charge, and says nothing until it keeps still again. */
function disturb(memory: LeadAcidMemory, usualV: number, at: number): void {
  Object.assign(memory, { usualV, steadySince: at, ampere: null, isRecovering: true, lowestA: null });
}

function takeCurrent(spec: LeadAcidSpec, memory: LeadAcidMemory, value: number | null, at: number): void {
  const ampere = steadied(memory, "ampere", value);
  memory.isKnown = ampere !== null;
  if (ampere === null || memory.volts === null || memory.steadySince === null) return;
  const passed = at - memory.ampereAt;
  memory.ampereAt = at;
  if (memory.ampere === null || passed > silence) {
    memory.steadySince = Math.max(memory.steadySince, at);
    memory.ampere = ampere;
    return;
  }
  memory.ampere = averaged(memory.ampere, ampere, passed, at - memory.steadySince);
  if (at - memory.steadySince >= settling && memory.ambient !== null) weigh(spec, memory, memory.ambient, passed);
}

/** A plain mean at first, which forgets once it is as long as its time constant. */
const averaged = (average: number, value: number, passed: number, since: number): number => {
  const forgetting = towards(0, 1, passed, smoothing);
  return average + (value - average) * Math.max(forgetting, passed / Math.max(passed, since));
};

function weigh(spec: LeadAcidSpec, memory: LeadAcidMemory, ambientC: number, passed: number): void {
  const ampere = Math.abs(memory.ampere!) / Math.exp((Math.LN2 * (ambientC - warmC)) / doublingK);
  if (memory.isRecovering) memory.lowestA = Math.min(memory.lowestA ?? ampere, ampere);
  const limit = spec.times * usualOf(memory, ampere);
  memory.many = ampere > limit * (memory.many ? backShare : 1);
  learn(memory, ampere, passed);
}

/** What the current is held against, A at 25 Cel. */
const usualOf = ({ usualA, lowestA, isRecovering }: LeadAcidMemory, ampere: number): number =>
  Math.max(floorA, usualA ?? ampere, isRecovering ? (lowestA ?? 0) : 0);

function learn(memory: LeadAcidMemory, ampere: number, passed: number): void {
  const usualA = memory.usualA ?? ampere;
  const isNear = ampere <= near * Math.max(floorA, usualA);
  if (isNear) memory.isRecovering = false;
  const constant = ampere < usualA ? learningDown : learningUp;
  memory.usualA = isNear ? towards(usualA, ampere, passed, constant) : usualA;
  if (isNear) memory.learned = Math.min(learningMin, memory.learned + passed);
}

/** Both must hold; either that does not decides alone. */
function verdictOf(memory: LeadAcidMemory): Verdict {
  const { isKnown, volts, ambient, learned, many, hot } = memory;
  const canTell = isKnown && volts !== null && ambient !== null && learned >= learningMin;
  const current: Verdict = canTell ? (many ? "abnormal" : "normal") : "unknown";
  const heat: Verdict = overAir(memory) === null ? "unknown" : hot ? "abnormal" : "normal";
  if (current === "normal" || heat === "normal") return "normal";
  return current === "abnormal" && heat === "abnormal" ? "abnormal" : "unknown";
}
