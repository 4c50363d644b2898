import type { Detector } from "./detector.ts";

/** Abnormal beyond a limit and, once its alarm stands, until the value has come back past it by the deadband. HH, H, L and LL are four of these. */
export interface LimitSpec {
  readonly side: "above" | "below";
  /** In the point's unit. */
  readonly limit: number;
  /** In the point's unit; 0 or more. */
  readonly deadband: number;
}

export interface LimitMemory {
  beyond: boolean;
}

export function limit(spec: LimitSpec, memory: LimitMemory = { beyond: false }): Detector<LimitMemory> {
  return {
    memory,
    judge(reading, _now, stands) {
      if (reading.quality === "bad") return "unknown";
      const excess = spec.side === "above" ? reading.value - spec.limit : spec.limit - reading.value;
      memory.beyond = memory.beyond && stands ? excess > -spec.deadband : excess > 0;
      return memory.beyond ? "abnormal" : "normal";
    },
  };
}
