import type { Duration } from "../time.ts";
import type { Detector } from "./detector.ts";

/**
 * Abnormal while the value climbs (or falls) faster than a slope. The slope is that of the
 * least-squares line through the window, so that one noisy sample moves it little. After a silence
 * that left too few samples for a line it keeps its last word until there are enough again.
 */
export interface RateSpec {
  readonly side: "rising" | "falling";
  /** In the point's unit per minute; more than 0. */
  readonly perMinute: number;
  readonly window: Duration;
}

export interface RateMemory {
  /** [instant, value], oldest first. */
  samples: [number, number][];
  beyond: boolean;
}

/** Fewer samples than this make no line. */
const samplesMin = 3;
/** The window is spread over at most this many, so that a fast point keeps a long memory. */
const samplesMax = 60;
/** The line must span this part of the window before it is believed. */
const spanMin = 0.5;

export function rate(spec: RateSpec, memory: RateMemory = { samples: [], beyond: false }): Detector<RateMemory> {
  return {
    memory,
    judge(reading) {
      if (reading.quality === "bad") return "unknown";
      remember(memory.samples, reading.at, reading.value, spec.window);
      const slope = slopePerMinute(memory.samples, spec.window);
      if (slope !== null) memory.beyond = (spec.side === "rising" ? slope : -slope) > spec.perMinute;
      return memory.beyond ? "abnormal" : "normal";
    },
  };
}

function remember(samples: [number, number][], at: number, value: number, window: Duration): void {
  const last = samples.at(-1);
  if (last && at - last[0] < window / samplesMax) return;
  samples.push([at, value]);
  while (samples[0] && at - samples[0][0] > window) samples.shift();
}

function slopePerMinute(samples: readonly [number, number][], window: Duration): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || samples.length < samplesMin || last[0] - first[0] < window * spanMin) return null;
  const meanT = mean(samples, (s) => s[0] - first[0]);
  const meanV = mean(samples, (s) => s[1]);
  const spread = mean(samples, (s) => (s[0] - first[0] - meanT) * (s[0] - first[0] - meanT));
  return (mean(samples, (s) => (s[0] - first[0] - meanT) * (s[1] - meanV)) / spread) * 60_000;
}

const mean = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0) / items.length;
