/**
 * The journal of scan inputs: what happened can happen again. A folder of segments (segment.ts) of
 * framed JSON records (frame.ts), `{"kind":"checkpoint","at":ms,"state":…}` and
 * `{"kind":"scan","at":ms,"input":…}`. Each checkpoint begins a segment; the oldest segments are
 * dropped when the ring is full, those around an alarm (pins.ts) are kept. A process never goes on
 * writing in a file of the one before it. A disk that refuses costs records, counted, never a scan.
 */
import { closeSync, fdatasync, ftruncateSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import type { Instant } from "../core/time.ts";
import { decodeFrames, encodeFrame } from "./frame.ts";
import type { Window } from "./pins.ts";
import { pinnedSegments, readPins, withWindow, writePins } from "./pins.ts";
import type { Segment } from "./segment.ts";
import { cutTornEnd, listSegments, segmentAfter, syncFolder } from "./segment.ts";

/** One record of the journal, plain JSON. */
export type JournalRecord =
  | { readonly kind: "checkpoint"; readonly at: Instant; readonly state: unknown }
  | { readonly kind: "scan"; readonly at: Instant; readonly input: unknown };

/** How much a journal may hold. */
export interface JournalLimits {
  /** A segment of this size is full: the next record should be a checkpoint. */
  readonly segmentBytes: number;
  /** All segments that are not pinned, together. */
  readonly totalBytes: number;
  /** Segments that pins may hold beyond that. */
  readonly pinnedSegments: number;
}

/** Limits for a disk budget: rings of 32 segments, half as many again for pins. */
export const journalLimits = (megabytes: number): JournalLimits => {
  const segmentBytes = Math.floor((megabytes * 1024 * 1024) / 48);
  return { segmentBytes, totalBytes: 32 * segmentBytes, pinnedSegments: 16 };
};

/** How a journal is doing. Counts are since it was opened. */
export interface JournalHealth {
  readonly bytes: number;
  readonly segments: number;
  readonly pinned: number;
  /** Records that the disk refused. */
  readonly refused: number;
  /** Damaged stretches passed over when reading back, and bytes cut off a torn end. */
  readonly damaged: number;
  readonly tornBytes: number;
  readonly trouble: string | null;
}

/** The newest checkpoint that can be read and every input after it, in order. Without one there is nothing to go on from. */
export interface Recovery {
  readonly checkpoint: Extract<JournalRecord, { kind: "checkpoint" }> | null;
  readonly inputs: Iterable<unknown>;
}

const dataSync = promisify(fdatasync);
/** A segment grows to at most this many times its size when nobody makes a checkpoint. */
const overdue = 2;

/** Opens the journal of a folder, and cuts a torn end off its last segment. */
export const openJournal = (dir: string, limits: JournalLimits): Journal => new Journal(dir, limits);

export class Journal {
  readonly #dir: string;
  readonly #limits: JournalLimits;
  readonly #found: readonly Segment[];
  #segments: Segment[];
  #windows: Window[];
  #pinned: Set<number>;
  #fd: number | null = null;
  /** Files that are full and not yet known to be on disk. */
  #retired: number[] = [];
  #folderChanged = false;
  #syncing: Promise<boolean> | null = null;
  #queued: Promise<boolean> | null = null;
  #refused = 0;
  #damaged = 0;
  readonly #tornBytes: number;
  #trouble: string | null;

  constructor(dir: string, limits: JournalLimits) {
    this.#dir = dir;
    this.#limits = limits;
    this.#segments = listSegments(dir);
    this.#tornBytes = cutTornEnd(this.#segments.at(-1));
    this.#found = [...this.#segments];
    const { windows, trouble } = readPins(dir);
    this.#windows = windows;
    this.#trouble = trouble;
    this.#pinned = pinnedSegments(this.#segments, windows, limits.pinnedSegments);
  }

  /** Whether the segment is full, so that a checkpoint is due: the ring is made of what lies between two. */
  get full(): boolean {
    return this.#fd !== null && this.#current.bytes >= this.#limits.segmentBytes;
  }

  /** Writes one record with one write(2); it is on disk after the next {@link sync}. Never throws for the disk's sake. */
  append(record: JournalRecord): void {
    const frame = encodeFrame(JSON.stringify(record));
    try {
      this.#put(record, frame);
    } catch (error) {
      this.#giveRoom(error as NodeJS.ErrnoException);
      this.#putOrRefuse(record, frame);
    }
  }

  /** Begins a new segment with the state that the inputs after it are to be replayed upon. */
  checkpoint(at: Instant, state: unknown): void {
    this.append({ kind: "checkpoint", at, state });
  }

  /** Resolves when all that was appended is on disk: true, or false where the disk refused. Calls share one fdatasync. */
  sync(): Promise<boolean> {
    if (!this.#syncing) return this.#beginSync();
    this.#queued ??= this.#syncing.then(() => {
      this.#queued = null;
      return this.#beginSync();
    });
    return this.#queued;
  }

  /** What was in the folder when it was opened. */
  recover(): Recovery {
    for (let i = this.#found.length - 1; i >= 0; i--) {
      const segment = this.#found[i]!;
      const [first] = segment.start === "c" ? this.#recordsOf(segment, true) : [];
      if (first?.kind !== "checkpoint") continue;
      const chain = this.#found.slice(i).filter((s, k) => s.number === segment.number + k);
      return { checkpoint: first, inputs: this.#inputsOf(chain) };
    }
    return { checkpoint: null, inputs: [] };
  }

  /** Keeps what happened between two instants, also what is yet to be written. Beyond the limit the oldest give way. */
  pin(from: Instant, to: Instant): void {
    if (this.#windows.some((w) => w.from <= from && w.to >= to)) return;
    this.#windows = withWindow(this.#windows, { from, to }, this.#limits.pinnedSegments);
    this.#pinned = pinnedSegments(this.#segments, this.#windows, this.#limits.pinnedSegments);
    try {
      writePins(this.#dir, this.#windows);
    } catch (error) {
      this.#trouble = `pins.json: ${(error as Error).message}`;
    }
  }

  health(): JournalHealth {
    return {
      bytes: this.#segments.reduce((sum, s) => sum + s.bytes, 0),
      segments: this.#segments.length,
      pinned: this.#pinned.size,
      refused: this.#refused,
      damaged: this.#damaged,
      tornBytes: this.#tornBytes,
      trouble: this.#trouble,
    };
  }

  /** Syncs what is written and lets the files go. */
  async close(): Promise<void> {
    this.#retire();
    await this.sync();
  }

  get #current(): Segment {
    return this.#segments.at(-1)!;
  }

  get #isOverdue(): boolean {
    return this.#current.bytes >= overdue * this.#limits.segmentBytes;
  }

  #put({ kind, at }: JournalRecord, frame: Buffer): void {
    const start = kind === "checkpoint" ? "c" : "s";
    if (this.#fd === null || start === "c" || this.#isOverdue) this.#roll(at, start);
    this.#write(frame);
  }

  #putOrRefuse(record: JournalRecord, frame: Buffer): void {
    try {
      this.#put(record, frame);
    } catch (error) {
      this.#refused++;
      this.#leave(error as Error);
    }
  }

  /** A full disk gets room from the oldest segment that is not needed to go on from the newest checkpoint. */
  #giveRoom(error: NodeJS.ErrnoException): void {
    this.#leave(error);
    if (error.code !== "ENOSPC" && error.code !== "EDQUOT") return;
    const needed = this.#segments.findLastIndex((s) => s.start === "c");
    const oldest = this.#segments.slice(0, Math.max(0, needed)).find((s) => !this.#pinned.has(s.number));
    if (oldest) this.#drop(oldest);
  }

  /** Leaves the file that would not take a record, and takes it away where it holds none. */
  #leave(error: Error): void {
    this.#trouble = error.message;
    const left = this.#fd === null ? undefined : this.#segments.at(-1);
    this.#retire();
    if (left?.bytes === 0) this.#drop(left);
  }

  #drop(segment: Segment): void {
    rmSync(segment.path, { force: true });
    this.#segments = this.#segments.filter((s) => s !== segment);
  }

  #write(frame: Buffer): void {
    const start = this.#current.bytes;
    let written = 0;
    try {
      while (written < frame.length) written += writeSync(this.#fd!, frame, written);
    } catch (error) {
      // Half a record at the end would hide what is written after it less well than no record.
      if (written > 0) ftruncateSync(this.#fd!, start);
      throw error;
    }
    this.#current.bytes += frame.length;
  }

  #roll(at: Instant, start: Segment["start"]): void {
    this.#retire();
    const segment = segmentAfter(this.#dir, this.#segments.at(-1)?.number ?? 0, { at, start });
    this.#fd = openSync(segment.path, "ax");
    this.#folderChanged = true;
    this.#segments.push(segment);
    this.#pinned = pinnedSegments(this.#segments, this.#windows, this.#limits.pinnedSegments);
    this.#dropOldest();
  }

  #retire(): void {
    if (this.#fd === null) return;
    this.#retired.push(this.#fd);
    this.#fd = null;
    void this.sync();
  }

  #dropOldest(): void {
    const free = this.#segments.slice(0, -1).filter((s) => !this.#pinned.has(s.number));
    let bytes = free.reduce((sum, s) => sum + s.bytes, 0);
    for (const segment of free) {
      if (bytes <= this.#limits.totalBytes - this.#limits.segmentBytes) return;
      this.#drop(segment);
      bytes -= segment.bytes;
    }
  }

  #beginSync(): Promise<boolean> {
    this.#syncing = this.#syncFiles().finally(() => {
      this.#syncing = null;
    });
    return this.#syncing;
  }

  async #syncFiles(): Promise<boolean> {
    const retired = this.#retired.splice(0);
    const current = this.#fd;
    try {
      for (const fd of retired) await dataSync(fd);
      if (current !== null) await dataSync(current);
      if (this.#folderChanged) syncFolder(this.#dir);
      this.#folderChanged = false;
      return true;
    } catch (error) {
      // After a failed sync nobody knows what of the file is on disk: it is left as it is, and a new one begun.
      this.#trouble = (error as Error).message;
      if (current !== null && current === this.#fd) {
        this.#fd = null;
        retired.push(current);
      }
      return false;
    } finally {
      for (const fd of retired) closeSync(fd);
    }
  }

  *#inputsOf(chain: readonly Segment[]): Generator<unknown> {
    for (const segment of chain) {
      for (const record of this.#recordsOf(segment)) if (record.kind === "scan") yield record.input;
    }
  }

  #recordsOf(segment: Segment, firstOnly = false): readonly JournalRecord[] {
    const { frames, damaged } = decodeFrames(readFileSync(segment.path));
    if (!firstOnly) this.#damaged += damaged;
    return (firstOnly ? frames.slice(0, 1) : frames).map(({ payload }) => parseRecord(payload));
  }
}

/** The records of one segment, or of all segments of a folder, in order. Damage is passed over. */
export function* readJournal(path: string): Generator<JournalRecord> {
  const paths = statSync(path).isDirectory() ? listSegments(path).map((s) => s.path) : [path];
  for (const file of paths)
    for (const { payload } of decodeFrames(readFileSync(file)).frames) yield parseRecord(payload);
}

const parseRecord = (payload: Buffer): JournalRecord => JSON.parse(payload.toString("utf8")) as JournalRecord;
