import type { PointId, Reading } from "../core/reading.ts";
import { instant } from "../core/time.ts";
import { qualityCode } from "./line.ts";

/**
 * A reading as a history holds it. Histories keep no reasons: a bad one is taken as a poll without an answer, so that what
 * was read before it holds until it is too old; one that was in doubt as not accurate.
 */
export function pastReading(point: PointId, at: number, value: number | null, quality: number): Reading {
  if (value === null || !Number.isFinite(value) || quality === qualityCode.bad)
    return { point, at: instant(at), quality: "bad", reason: "noCommunication" };
  if (quality === qualityCode.uncertain)
    return { point, at: instant(at), quality: "uncertain", value, reason: "notAccurate" };
  return { point, at: instant(at), quality: "good", value };
}
