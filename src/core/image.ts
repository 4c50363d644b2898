/**
 * The process image: the newest reading of every point, aged. It is what all judgement in a scan
 * sees. A point that has never spoken, or not for longer than it may stay silent, is bad.
 */
import type { PointId, Reading } from "./reading.ts";
import { fresh, valueOf } from "./reading.ts";
import type { Duration, Instant } from "./time.ts";

/** What the core must know of a point. */
export interface PointRule {
  /** A reading older than this is no longer a reading of anything. */
  readonly maxAge: Duration;
  /** To say a value in words: its states, or its unit. */
  readonly states?: readonly string[] | null;
  readonly unit?: string | null;
}

/** A value of a point in words: its state, or five digits with the unit. */
export function valueInWords(value: number, { states, unit }: Pick<PointRule, "states" | "unit"> = {}): string {
  return states?.[value] ?? `${Number(value.toPrecision(5))}${unit ? ` ${unit}` : ""}`;
}

/** The image as a response sees it. */
export interface Image {
  readonly now: Instant;
  /** The newest reading, bad where it has aged or never was. */
  readingOf(point: PointId): Reading;
  /** The point's value, or null where it has no usable one. */
  valueOf(point: PointId): number | null;
}

export function imageAt(
  newest: Pick<ReadonlyMap<PointId, Reading>, "get">,
  rules: ReadonlyMap<PointId, PointRule>,
  now: Instant,
): Image {
  const readingOf = (point: PointId): Reading => {
    const reading = newest.get(point);
    const rule = rules.get(point);
    if (!reading || !rule) return { point, at: now, quality: "bad", reason: "waitingForFirst" };
    return fresh(reading, now, rule.maxAge);
  };
  return { now, readingOf, valueOf: (point) => valueOf(readingOf(point)) };
}
