/** What a history does not hold of the points that rules are judged by: it is told, and nothing is put in its place. */
import { pointsOf } from "../core/alarm/definition.ts";
import type { SiteModel } from "../core/plant.ts";
import type { PointId, Reading } from "../core/reading.ts";
import type { Duration, Instant } from "../core/time.ts";

/** A point that was silent for longer than its readings may be old. */
export interface Hole {
  readonly point: PointId;
  /** How often, and the longest of these silences. */
  readonly count: number;
  readonly longestMs: number;
}

export interface Holes {
  take(readings: readonly Reading[]): void;
  /** Points of which nothing was read at all, and those with gaps, the longest first. */
  end(at: Instant): { readonly unknown: readonly PointId[]; readonly gaps: readonly Hole[] };
}

interface Seen {
  at: number | null;
  count: number;
  longestMs: number;
  readonly maxAge: Duration;
}

/** Watches the points by which these sites' alarms are judged, and those that bear witness for their responses. */
export function openHoles(models: readonly SiteModel[], from: Instant): Holes {
  const seen = new Map<PointId, Seen>();
  for (const { alarms, responses, points } of models)
    for (const point of [
      ...alarms.flatMap(({ channels }) => channels.flatMap(pointsOf)),
      ...responses.flatMap(({ witness = [] }) => witness.map((test) => test.point)),
    ])
      seen.set(point, { at: null, count: 0, longestMs: 0, maxAge: points.get(point)!.maxAge });
  const note = (one: Seen, since: number, until: number): void => {
    if (until - since <= one.maxAge) return;
    one.count += 1;
    one.longestMs = Math.max(one.longestMs, until - since);
  };
  return {
    take(readings) {
      for (const { point, at, quality } of readings) {
        const one = quality === "bad" ? undefined : seen.get(point);
        if (!one) continue;
        note(one, one.at ?? from, at);
        one.at = at;
      }
    },
    end(at) {
      for (const one of seen.values()) if (one.at !== null) note(one, one.at, at);
      const all = [...seen];
      return {
        unknown: all.flatMap(([point, one]) => (one.at === null ? [point] : [])),
        gaps: all
          .flatMap(([point, { count, longestMs }]) => (count > 0 ? [{ point, count, longestMs }] : []))
          .toSorted((a, b) => b.longestMs - a.longestMs),
      };
    },
  };
}
