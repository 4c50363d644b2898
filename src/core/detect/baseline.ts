/**
 * Abnormal when a point leaves its own normal: a float current that has been 0.2 A for months and is
 * 0.5 A, a pump that draws more than it did. No limit for that stands in a data sheet.
 *
 * Normal is a middle and a spread. Both begin as median and median deviation of a warm-up, which half
 * of it being wrong does not move, and go on as exponentially weighted means over `over`. Nothing is
 * learned from what is halfway to abnormal or in doubt, and what lies far out on the side that nobody
 * asks about is taken in as far as three spreads. Abnormal is beyond `deviations` spreads and beyond
 * `atLeast`, the smallest difference that means anything: a point may hardly move at all.
 *
 * Until it is warm the verdict is unknown. The point speaks, but what is normal for it is not known,
 * and to call it normal would clear an alarm for want of knowledge.
 *
 * Traps. A fault that comes slower than `over` is learned: have a limit beside it. A lasting change of
 * the plant stays abnormal: its settings written anew begin anew. A daily rhythm is spread, not fault.
 */
import { z } from "zod";
import type { Reading } from "../reading.ts";
import { hours } from "../time.ts";
import { medianOf } from "./average.ts";
import type { Detector, Weighed } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";
import { stretchSchema } from "./kind.ts";

/** Beyond a quarter of a year nobody remembers what was normal. */
const overMax = hours(24 * 90);
const warmUpMax = hours(24 * 7);

const settings = z.strictObject({
  side: z.enum(["above", "below", "either"]).default("either"),
  /** In spreads of the point's normal: standard deviations, where its noise is Gaussian. */
  deviations: z.number().positive(),
  /** In the point's unit. */
  atLeast: z.number().positive(),
  deadband: z.number().min(0).default(0),
  /** The time in which an old normal is forgotten to a third. */
  over: stretchSchema(overMax),
  warmUp: stretchSchema(warmUpMax),
});

type BaselineSpec = z.output<typeof settings>;

interface BaselineMemory {
  /** [instant, value] of the warm-up; empty once it is over. */
  warming: [number, number][];
  normal: { middle: number; spread: number } | null;
  learnedAt: number;
  /** How far the point lies from the middle; null where that is not known. */
  apart: number | null;
  beyond: boolean;
}

/** The warm-up is looked at in so many places, and is not over with fewer than the second. */
const warmingMax = 64;
const warmingMin = 16;
/** The standard deviation over the median absolute deviation, and over the mean one, of Gaussian noise. */
const overMedianDeviation = 1.4826;
const overMeanDeviation = 1.2533;
/** What lies further out is taken in as if it lay here, in spreads (Huber). Of Gaussian noise that is 3 in 1000. */
const takenInMax = 3;
/** A reading stands for at most this part of `over`: the one after a silence does not speak for the silence. */
const gapMax = 1 / 50;

export const baseline: DetectorKind<BaselineSpec, BaselineMemory> = {
  settings,
  own: "number",
  window: ({ warmUp }) => ({ path: ["warmUp"], lasts: warmUp, readings: warmingMin }),
  wrong({ over, warmUp, atLeast, deadband }) {
    if (warmUp > over)
      return { path: ["warmUp"], message: "must not be longer than over, or it forgets what it learns" };
    if (deadband >= atLeast) return { path: ["deadband"], message: `must be less than atLeast (${atLeast})` };
    return null;
  },
  make: judged,
};

const nothingSeen = (): BaselineMemory => ({ warming: [], normal: null, learnedAt: 0, apart: null, beyond: false });

function judged(spec: BaselineSpec, memory: BaselineMemory = nothingSeen()): Detector<BaselineMemory> {
  return {
    memory,
    judge(reading, _now, stands) {
      memory.apart = null;
      if (reading.quality === "bad") return "unknown";
      if (!memory.normal && !isWarm(spec, memory, reading)) return "unknown";
      const { value, quality } = reading;
      memory.apart = value - memory.normal!.middle;
      const held = memory.beyond && stands ? spec.deadband : 0;
      memory.beyond = excessOf(spec, memory.apart) > limitOf(spec, memory) - held;
      if (quality === "good" && !memory.beyond) learn(spec, memory, reading.at);
      return memory.beyond ? "abnormal" : "normal";
    },
    account: () => accountOf(spec, memory),
  };
}

/** Takes a reading into the warm-up; whether it is over with it, and there is a normal. */
function isWarm({ warmUp }: BaselineSpec, memory: BaselineMemory, { quality, value, at }: Valued): boolean {
  if (quality !== "good") return false;
  const { warming } = memory;
  const last = warming.at(-1);
  if (last && at - last[0] < warmUp / warmingMax) return false;
  warming.push([at, value]);
  if (at - warming[0]![0] < warmUp || warming.length < warmingMin) return false;
  const middle = medianOf(warming.map((one) => one[1]))!;
  const spread = overMedianDeviation * medianOf(warming.map((one) => Math.abs(one[1] - middle)))!;
  Object.assign(memory, { warming: [], normal: { middle, spread }, learnedAt: at });
  return true;
}

type Valued = Exclude<Reading, { quality: "bad" }>;

function learn(spec: BaselineSpec, memory: BaselineMemory, at: number): void {
  const { normal, apart } = memory;
  if (!normal || apart === null) return;
  const weight = 1 - Math.exp(-Math.min((at - memory.learnedAt) / spec.over, gapMax));
  // The middle of a point that has stood quite still must be able to move all the same.
  const reach = takenInMax * Math.max(normal.spread, spec.atLeast / spec.deviations);
  if (excessOf(spec, apart) > Math.max(reach, limitOf(spec, memory) / 2)) return;
  const taken = Math.max(-reach, Math.min(reach, apart));
  normal.middle += weight * taken;
  normal.spread += weight * (overMeanDeviation * Math.abs(taken) - normal.spread);
  memory.learnedAt = at;
}

const limitOf = ({ deviations, atLeast }: BaselineSpec, { normal }: BaselineMemory): number =>
  Math.max(atLeast, deviations * (normal?.spread ?? 0));

const excessOf = ({ side }: BaselineSpec, apart: number): number =>
  side === "above" ? apart : side === "below" ? -apart : Math.abs(apart);

function accountOf(spec: BaselineSpec, memory: BaselineMemory): readonly Weighed[] {
  const limit = memory.normal ? { limit: (spec.side === "below" ? -1 : 1) * limitOf(spec, memory) } : {};
  return [
    { name: "its normal", value: memory.normal?.middle ?? null },
    { name: "apart from it", value: memory.apart, ...limit },
  ];
}
