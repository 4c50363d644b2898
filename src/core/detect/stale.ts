import type { Detector } from "./detector.ts";

/**
 * Abnormal while a point has no usable reading. This is how blindness is announced as an alarm of
 * its own; it says nothing about the plant, so no response may act on it.
 */
export function stale(): Detector<null> {
  return { memory: null, judge: (reading) => (reading.quality === "bad" ? "abnormal" : "normal") };
}
