import type { Detector } from "./detector.ts";

/** Abnormal while a state point is in one of these states (places in its quantity's list). */
export interface StateSpec {
  readonly among: readonly number[];
}

export function state(spec: StateSpec): Detector<null> {
  return {
    memory: null,
    judge(reading) {
      if (reading.quality === "bad") return "unknown";
      return spec.among.includes(reading.value) ? "abnormal" : "normal";
    },
  };
}
