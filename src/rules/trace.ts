/** Recorded readings as a table of text: `time,point,value,quality`, a reading a line, the head first. */
import { parseDuration } from "../core/duration.ts";
import type { PointRule } from "../core/image.ts";
import type { PointId, Reading } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { after, instant } from "../core/time.ts";
import { numberOf, readingsMost } from "./notation.ts";

/** What is wrong with a trace, and in which of its lines, counted from 1. */
export interface TraceFault {
  readonly line: number;
  readonly wrong: string;
}

export interface Trace {
  readonly readings: readonly Reading[];
}

const head = "time,point,value,quality";

/**
 * The readings of a trace in the order of time. Times are durations from the test's start ("12.5s") or instants (ISO 8601),
 * of which the first is the start. A state may be written by its name; quality is good, uncertain or bad, and good where it is left out.
 */
export function parseTrace(
  text: string,
  { starts, points }: { readonly starts: Instant; readonly points: ReadonlyMap<PointId, PointRule> },
): Trace | TraceFault {
  const lines = text.split(/\r?\n/);
  if (lines[0]?.replaceAll(" ", "") !== head) return { line: 1, wrong: `must begin with ${head}` };
  if (lines.length > readingsMost) return { line: readingsMost, wrong: `has more than ${readingsMost} lines` };
  const readings: Reading[] = [];
  let first: number | null = null;
  const timeOf = (word: string): Instant | null => {
    const wait = parseDuration(word);
    if (wait !== null) return after(starts, wait);
    const at = /^\d{4}-\d\d-\d\dT/.test(word) ? Date.parse(word) : Number.NaN;
    if (Number.isNaN(at)) return null;
    first ??= at;
    return instant(starts + at - first);
  };
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line.trim() === "") continue;
    const read = readingOf(line, points, timeOf);
    if ("wrong" in read) return { line: i + 1, wrong: read.wrong };
    const before = readings.at(-1);
    if (before && read.at < before.at) return { line: i + 1, wrong: "comes before the line above it" };
    if (read.at < starts) return { line: i + 1, wrong: "comes before the start" };
    readings.push(read);
  }
  return { readings };
}

function readingOf(
  line: string,
  points: ReadonlyMap<PointId, PointRule>,
  timeOf: (word: string) => Instant | null,
): Reading | { readonly wrong: string } {
  const [time = "", name = "", written = "", quality = "good"] = line.split(",").map((word) => word.trim());
  const at = timeOf(time);
  if (at === null) return { wrong: `"${time}" is neither 12.5s nor 2026-03-02T09:00:00+09:00` };
  const point = name as PointId;
  const rule = points.get(point);
  if (!rule) return { wrong: `the site has no point "${name}"` };
  if (quality === "bad") return { point, at, quality, reason: "noCommunication" };
  const value = numberOf(written, { states: rule.states ?? null });
  if (value === null) return { wrong: `"${written}" is no value of ${name}` };
  if (quality === "good" || quality === "") return { point, at, quality: "good", value };
  if (quality === "uncertain") return { point, at, quality, value, reason: "notAccurate" };
  return { wrong: `"${quality}" is no quality: good, uncertain or bad` };
}
