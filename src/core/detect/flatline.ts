import type { Duration } from "../time.ts";
import type { Detector } from "./detector.ts";

/**
 * Abnormal when a live value has not moved by more than the band for the whole window: a frozen
 * sensor looks healthy. The window begins anew after a silence, in which nobody saw it stand still.
 */
export interface FlatlineSpec {
  readonly window: Duration;
  /** In the point's unit; movement within it is none. */
  readonly band: number;
}

export interface FlatlineMemory {
  anchor: number | null;
  since: number;
}

export function flatline(
  spec: FlatlineSpec,
  memory: FlatlineMemory = { anchor: null, since: 0 },
): Detector<FlatlineMemory> {
  return {
    memory,
    judge(reading) {
      if (reading.quality === "bad") {
        memory.anchor = null;
        return "unknown";
      }
      if (memory.anchor === null || Math.abs(reading.value - memory.anchor) > spec.band) {
        memory.anchor = reading.value;
        memory.since = reading.at;
      }
      return reading.at - memory.since >= spec.window ? "abnormal" : "normal";
    },
  };
}
