/**
 * How long it is until a limit is reached if all goes on as it does: a line through a window, drawn
 * on. A hall that heats by a degree a minute is four minutes from its limit long before it is hot.
 *
 * The slope has an interval (Student's t, by the residuals of the line). Abnormal when the steep end
 * of it reaches the limit within the time that is asked for, and the flat end climbs at all: a slope
 * that cannot be told from 0 says nothing of when, whatever its steep end says. A limit that has
 * been passed needs no forecast. After a silence that left too few samples the last word is kept.
 *
 * Traps. A line knows nothing of curves: a battery's voltage that falls off its plateau is seen late,
 * a room that settles is foretold too early; take a window that is short beside the curve. Errors of
 * neighbouring samples that are alike make the interval too narrow. A display that goes in whole
 * degrees makes one step look like a climb: say its `resolution`. Give the alarm an off-delay.
 */
import { z } from "zod";
import { hours } from "../time.ts";
import type { Detector, Weighed } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";
import { stretchSchema } from "./kind.ts";
import type { Line, Samples } from "./line.ts";
import { lineThrough, remember } from "./line.ts";

/** Of the standard normal distribution: so many deviations to each side hold this part, %. */
const deviationsOf = { 80: 1.2816, 90: 1.6449, 95: 1.96, 99: 2.5758 } as const;
/** For fewer, the series by which Student's t is worked out is more than a tenth off. */
const samplesMin = 6;
/** It stays abnormal until so many times the time is left: a slope that is measured anew moves to and fro. */
const holding = 1.5;
/** The steepest line through a single step of height 1 in a window of length 1: a step in its middle. */
const stepSlope = 1.5;

const settings = z.strictObject({
  /** In the point's unit; one of the two. */
  above: z.number().optional(),
  below: z.number().optional(),
  within: stretchSchema(hours(24)),
  window: stretchSchema(hours(24)),
  /** Of the slope's interval, %. */
  confidence: z.literal([80, 90, 95, 99]).default(95),
  /** The smallest step in which the point moves, in its unit. */
  resolution: z.number().min(0).default(0),
});

type ForecastSpec = z.output<typeof settings>;

interface ForecastMemory {
  samples: Samples;
  beyond: boolean;
}

/** Milliseconds to the limit, by the steep end of the slope's interval, its middle and its flat end. */
interface TimeLeft {
  readonly soonest: number;
  readonly likely: number;
  readonly latest: number;
}

export const forecast: DetectorKind<ForecastSpec, ForecastMemory> = {
  settings,
  own: "number",
  window: ({ window }) => ({ path: ["window"], lasts: window, readings: samplesMin }),
  wrong: ({ above, below }) =>
    (above === undefined) === (below === undefined)
      ? { path: [], message: "needs above or below, one of the two: the limit to which the time is told" }
      : null,
  make: foretold,
};

function foretold(
  spec: ForecastSpec,
  memory: ForecastMemory = { samples: [], beyond: false },
): Detector<ForecastMemory> {
  return {
    memory,
    judge(reading) {
      if (reading.quality === "bad") return "unknown";
      remember(memory.samples, reading.at, reading.value, spec.window);
      const left = timeLeft(spec, memory.samples);
      const within = spec.within * (memory.beyond ? holding : 1);
      if (left !== "unknown") memory.beyond = left !== "open" && left.soonest <= within;
      return memory.beyond ? "abnormal" : "normal";
    },
    account: () => accountOf(spec, timeLeft(spec, memory.samples)),
  };
}

/** "open": the limit is not coming nearer, as far as anybody can tell. "unknown": there is no line yet. */
function timeLeft(spec: ForecastSpec, samples: Samples): TimeLeft | "open" | "unknown" {
  const line = lineThrough(samples, spec.window);
  if (!line || line.samples < samplesMin) return "unknown";
  const sign = spec.above === undefined ? -1 : 1;
  const room = sign * ((spec.above ?? spec.below ?? Number.NaN) - line.level);
  if (room < 0) return { soonest: 0, likely: 0, latest: 0 };
  const slope = sign * line.slope;
  const wide = studentOf(deviationsOf[spec.confidence], line.samples - 2) * line.standardError;
  const flat = slope - wide - stepOf(spec, line);
  return flat > 0 ? { soonest: room / (slope + wide), likely: room / slope, latest: room / flat } : "open";
}

/** The slope that a single step of the display would make. */
const stepOf = ({ resolution }: ForecastSpec, { span }: Line): number => (stepSlope * resolution) / span;

/** Student's t for a deviation of the normal distribution, by the first terms of its series in 1 / freedom. */
function studentOf(normal: number, freedom: number): number {
  const cube = normal * normal * normal;
  const first = (cube + normal) / (4 * freedom);
  const second = (5 * cube * normal * normal + 16 * cube + 3 * normal) / (96 * freedom * freedom);
  return normal + first + second;
}

function accountOf({ within }: ForecastSpec, left: TimeLeft | "open" | "unknown"): readonly Weighed[] {
  const seconds = (of: keyof TimeLeft): number | null => (typeof left === "string" ? null : left[of] / 1000);
  return [
    { name: "time to the limit", value: seconds("likely"), unit: "s" },
    { name: "at the soonest", value: seconds("soonest"), limit: within / 1000, unit: "s" },
    { name: "at the latest", value: seconds("latest"), unit: "s" },
  ];
}
