/** The least-squares line through what a point said within a window: one noisy sample moves it little. */
import type { Duration } from "../time.ts";

/** [instant, value], oldest first. */
export type Samples = [number, number][];

export interface Line {
  /** In the point's unit per millisecond. */
  readonly slope: number;
  /** Of the slope, alike. It takes the samples' errors for independent of each other. */
  readonly standardError: number;
  /** The line at the newest sample. */
  readonly level: number;
  readonly samples: number;
  /** From the oldest sample to the newest. */
  readonly span: Duration;
}

/** Fewer samples than this make no line. */
const samplesMin = 3;
/** The window is spread over at most this many, so that a fast point keeps a long memory. */
const samplesMax = 60;
/** The line must span this part of the window before it is believed. */
const spanMin = 0.5;

/** Takes a sample in and forgets what is older than the window. */
export function remember(samples: Samples, at: number, value: number, window: Duration): void {
  const last = samples.at(-1);
  if (last && at - last[0] < window / samplesMax) return;
  samples.push([at, value]);
  while (samples[0] && at - samples[0][0] > window) samples.shift();
}

/** The line through the samples; null while they are too few or span too little of the window. */
export function lineThrough(samples: Readonly<Samples>, window: Duration): Line | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || samples.length < samplesMin || last[0] - first[0] < window * spanMin) return null;
  const span = (last[0] - first[0]) as Duration;
  // Counted from the first sample, so that a value that does not move makes a slope of exactly 0.
  const points = samples.map(([at, value]) => [at - first[0], value - first[1]] as const);
  const meanT = mean(points, ([t]) => t);
  const meanV = mean(points, ([, v]) => v);
  const spread = mean(points, ([t]) => (t - meanT) * (t - meanT));
  const slope = mean(points, ([t, v]) => (t - meanT) * (v - meanV)) / spread;
  const left = mean(points, ([t, v]) => squared(v - meanV - slope * (t - meanT)));
  const standardError = Math.sqrt(left / spread / (samples.length - 2));
  return { slope, standardError, level: first[1] + meanV + slope * (span - meanT), samples: samples.length, span };
}

const squared = (x: number): number => x * x;

const mean = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0) / items.length;
