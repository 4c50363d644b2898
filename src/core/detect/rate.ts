import type { Duration } from "../time.ts";
import type { Detector } from "./detector.ts";
import type { Samples } from "./line.ts";
import { lineThrough, remember } from "./line.ts";

/**
 * Abnormal while the value climbs (or falls) faster than a slope, that of the line through the
 * window. After a silence that left too few samples for a line it keeps its last word until there
 * are enough again. Where the value is to be is `forecast`'s to say; how far it has gone, `change`'s.
 */
export interface RateSpec {
  readonly side: "rising" | "falling";
  /** In the point's unit per minute; more than 0. */
  readonly perMinute: number;
  readonly window: Duration;
}

export interface RateMemory {
  samples: Samples;
  beyond: boolean;
}

const minuteMs = 60_000;

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

function slopePerMinute(samples: Samples, window: Duration): number | null {
  const line = lineThrough(samples, window);
  return line && line.slope * minuteMs;
}
