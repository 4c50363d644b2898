/**
 * Windows of time whose journal segments stay when the ring rolls on: what happened around an alarm
 * is looked at days later. The windows are kept in `pins.json` beside the segments.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Instant } from "../core/time.ts";
import type { Segment } from "./segment.ts";

/** A stretch of time, both ends included. */
export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

/** The windows of a journal's folder. A file that cannot be read counts as none, and says so in `trouble`. */
export function readPins(dir: string): { windows: Window[]; trouble: string | null } {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(dir, "pins.json"), "utf8"));
    return { windows: Array.isArray(parsed) ? parsed.filter(isWindow) : [], trouble: null };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { windows: [], trouble: null };
    return { windows: [], trouble: `pins.json: ${(error as Error).message}` };
  }
}

/** Writes the windows so that a crash leaves either the old ones or the new ones. */
export function writePins(dir: string, windows: readonly Window[]): void {
  const path = join(dir, "pins.json");
  writeFileSync(`${path}.new`, JSON.stringify(windows));
  renameSync(`${path}.new`, path);
}

/** The windows with one more: those that touch become one, and beyond `most` the oldest give way. */
export function withWindow(windows: readonly Window[], added: Window, most: number): Window[] {
  const apart = windows.filter((w) => w.to < added.from || w.from > added.to);
  const touching = windows.filter((w) => !apart.includes(w));
  const from = Math.min(added.from, ...touching.map((w) => w.from)) as Instant;
  const to = Math.max(added.to, ...touching.map((w) => w.to)) as Instant;
  return [...apart, { from, to }].sort((a, b) => a.from - b.from).slice(-most);
}

/**
 * The numbers of the segments that the windows hold, at most `most`, the newest. A segment is held
 * together with those before it back to its checkpoint, without which it cannot be replayed.
 */
export function pinnedSegments(segments: readonly Segment[], windows: readonly Window[], most: number): Set<number> {
  const held = new Set<number>();
  segments.forEach((segment, i) => {
    const until = segments[i + 1]?.at ?? Number.POSITIVE_INFINITY;
    if (!windows.some((w) => w.from <= until && w.to >= segment.at)) return;
    for (let k = i; k >= 0; k--) {
      held.add(segments[k]!.number);
      if (segments[k]!.start === "c") break;
    }
  });
  return new Set([...held].sort((a, b) => a - b).slice(-most));
}

function isWindow(value: unknown): value is Window {
  const { from, to } = (value ?? {}) as Partial<Window>;
  return typeof from === "number" && typeof to === "number";
}
