/**
 * Numbered files in a folder, written one after the other and dropped whole. The name says all that
 * must be known without opening one: its number, when its first record was written, and whether it
 * begins with a checkpoint: `000000000042-1791244800000-c.seg`.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { decodeFrames } from "./frame.ts";

/** One file of a journal or spool. */
export interface Segment {
  readonly number: number;
  /** When its first record was written. ms since the Unix epoch */
  readonly at: number;
  /** c: it begins with a checkpoint; s: it does not. */
  readonly start: "c" | "s";
  readonly path: string;
  bytes: number;
}

const pattern = /^(\d{12})-(\d{1,16})-([cs])\.seg$/;

/** The segments of a folder, oldest first. Makes the folder where there is none; files with other names are left alone. */
export function listSegments(dir: string): Segment[] {
  mkdirSync(dir, { recursive: true });
  const found = readdirSync(dir).flatMap((name): Segment[] => {
    const [, number, at, start] = pattern.exec(name) ?? [];
    if (number === undefined || at === undefined) return [];
    const path = join(dir, name);
    return [
      { number: Number(number), at: Number(at), start: start === "c" ? "c" : "s", path, bytes: statSync(path).size },
    ];
  });
  return found.sort((a, b) => a.number - b.number);
}

/** The segment that comes after number `last`; no file is made yet. */
export function segmentAfter(dir: string, last: number, first: Pick<Segment, "at" | "start">): Segment {
  const number = last + 1;
  const at = Math.max(0, Math.floor(first.at));
  const name = `${String(number).padStart(12, "0")}-${at}-${first.start}.seg`;
  return { number, at, start: first.start, path: join(dir, name), bytes: 0 };
}

/** Cuts off what a killed process left half written at the end of a segment. Returns how many bytes that was. */
export function cutTornEnd(segment: Segment | undefined): number {
  if (!segment) return 0;
  const { end } = decodeFrames(readFileSync(segment.path));
  const torn = segment.bytes - end;
  if (torn > 0) truncateSync(segment.path, end);
  segment.bytes = end;
  return torn;
}

/** Makes the names in a folder durable: a new file's bytes are of no use without its name. */
export function syncFolder(dir: string): void {
  const fd = openSync(dir, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
