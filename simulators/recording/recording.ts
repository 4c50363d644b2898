/**
 * What was read of a real site, as a file that can be kept with a scenario: gzip of lines of JSON. The first says what is
 * recorded: `{"recording":1,"site":…,"timezone":…,"starts":ms,"ends":ms,"points":[names]}`. Every other is a scan, `t` ms
 * after the start: `r` the readings as `[place in points, value, age ms, reason]` (a value of null is a bad reading; a
 * reason beside a value makes it uncertain; what is 0 or absent at the end is left out), `q` the requests of people, `o` the outcomes
 * of commands, `follows` true where this node may not act, `out` what the scan put out (null: nobody wrote it down), and
 * `state` the memory that the core went on from, where a run begins. Only instants inside `q`, `o`, `out` and `state` are absolute.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import type { Checkpoint } from "../../src/core/checkpoint.ts";
import type { ScanInput, ScanOutput } from "../../src/core/plant.ts";
import type { PointId, Reading } from "../../src/core/reading.ts";
import type { Instant } from "../../src/core/time.ts";
import { hours, instant } from "../../src/core/time.ts";

/** One recorded scan. `state` is what it was scanned upon, where that does not follow from the scan before. */
export interface RecordedLine {
  readonly input: ScanInput;
  readonly output: ScanOutput | null;
  readonly state: Checkpoint | null;
}

/** A recorded stretch of a site's life. */
export interface Recording {
  readonly site: string;
  readonly timezone: string;
  readonly starts: Instant;
  readonly ends: Instant;
  readonly lines: readonly RecordedLine[];
}

/** A recorded scenario's promises name times of the day, and there is one of each in a day. */
export const recordingMost = hours(24);

/** A file that is no recording, or a damaged one. */
export class RecordingFault extends Error {
  override name = "RecordingFault";
}

const headSchema = z.object({
  recording: z.literal(1),
  site: z.string(),
  timezone: z.string(),
  starts: z.number(),
  ends: z.number(),
  points: z.array(z.string()),
});

type Written = readonly [point: number, value: number | null, ageMs?: number, reason?: string];

interface Line {
  readonly t: number;
  readonly r?: readonly Written[];
  readonly q?: ScanInput["requests"];
  readonly o?: ScanInput["outcomes"];
  readonly follows?: true;
  readonly out?: ScanOutput | null;
  readonly state?: Checkpoint;
}

const nothing: ScanOutput = { transitions: [], commands: [], notices: [] };
const isNothing = (out: ScanOutput): boolean => out.transitions.length + out.commands.length + out.notices.length === 0;

/** Writes a recording to a file. */
export const writeRecording = (file: string, recording: Recording): void =>
  writeFileSync(file, gzipSync(printRecording(recording)));

function printRecording({ site, timezone, starts, ends, lines }: Recording): string {
  const places = new Map<PointId, number>();
  const written = lines.map((line) => JSON.stringify(lineOf(line, starts, places)));
  const head = { recording: 1, site, timezone, starts, ends, points: [...places.keys()] };
  return `${[JSON.stringify(head), ...written].join("\n")}\n`;
}

function lineOf({ input, output, state }: RecordedLine, starts: Instant, places: Map<PointId, number>): Line {
  const { at, readings, requests, outcomes, leads } = input;
  return {
    t: at - starts,
    ...(readings.length > 0 && { r: readings.map((reading) => writtenOf(reading, at, places)) }),
    ...(requests.length > 0 && { q: requests }),
    ...(outcomes.length > 0 && { o: outcomes }),
    ...(!leads && { follows: true }),
    ...((output === null || !isNothing(output)) && { out: output }),
    ...(state && { state }),
  };
}

function writtenOf(reading: Reading, at: Instant, places: Map<PointId, number>): Written {
  const place = places.get(reading.point) ?? places.size;
  places.set(reading.point, place);
  const age = at - reading.at;
  if (reading.quality === "bad") return [place, null, age, reading.reason];
  if (reading.quality === "uncertain") return [place, reading.value, age, reading.reason];
  return age === 0 ? [place, reading.value] : [place, reading.value, age];
}

/** Reads a file; throws {@link RecordingFault}, with the line, where it is no recording. */
export function readRecording(file: string): Recording {
  const [first = "", ...rest] = unpacked(file).trimEnd().split("\n");
  const head = headSchema.safeParse(parsed(file, first, 1));
  if (!head.success) throw new RecordingFault(`${file}:1: this is no recording that can be read here`);
  const { points, site, timezone, ...window } = head.data;
  const starts = instant(window.starts);
  let last = 0;
  const lines = rest.map((text, i): RecordedLine => {
    const fault = (why: string): RecordingFault => new RecordingFault(`${file}:${i + 2}: ${why}`);
    const line = parsed(file, text, i + 2) as Line;
    if (typeof line?.t !== "number" || line.t < last) throw fault("a scan's time is missing, or before the last one's");
    last = line.t;
    if (i === 0 && !line.state) throw fault("the first scan lacks the state that it begins with");
    if (line.r?.some(([place]) => points[place] === undefined))
      throw fault("a reading is of no point of the first line");
    return scanOf(line, starts, points as PointId[]);
  });
  return { site, timezone, starts, ends: instant(window.ends), lines };
}

function unpacked(file: string): string {
  try {
    return gunzipSync(readFileSync(file)).toString("utf8");
  } catch (error) {
    throw new RecordingFault(`${file}: it cannot be unpacked: ${(error as Error).message}`);
  }
}

function parsed(file: string, text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RecordingFault(`${file}:${line}: this line is no JSON`);
  }
}

function scanOf(line: Line, starts: Instant, points: readonly PointId[]): RecordedLine {
  const at = instant(starts + line.t);
  const readings = (line.r ?? []).map((written) => readingOf(written, at, points));
  const input = { at, readings, requests: line.q ?? [], outcomes: line.o ?? [], leads: line.follows !== true };
  return { input, output: line.out === undefined ? nothing : line.out, state: line.state ?? null };
}

function readingOf([place, value, age = 0, reason]: Written, at: Instant, points: readonly PointId[]): Reading {
  const read = { point: points[place]!, at: instant(at - age) };
  if (value === null) return { ...read, quality: "bad", reason } as Reading;
  return (
    reason === undefined ? { ...read, quality: "good", value } : { ...read, quality: "uncertain", value, reason }
  ) as Reading;
}
