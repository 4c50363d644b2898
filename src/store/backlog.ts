/**
 * The files of a spool: segments of packed batches, written at one end, read at the other, and a
 * cursor that says how far they have been delivered. Only what is known to be on disk is read.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Batch, Gap, Packed } from "./batch.ts";
import { batchHead, mergeGaps, unpackBatch } from "./batch.ts";
import { bytesOf, decodeFrames, frameOf } from "./frame.ts";
import type { Segment } from "./segment.ts";
import { cutTornEnd, listSegments, segmentAfter, syncFolder } from "./segment.ts";

/** How far a spool has been delivered: everything before this place. */
interface Cursor {
  readonly number: number;
  readonly offset: number;
}

/** A batch as it is written: packed, and as it was, so that it need not be unpacked where it can be sent at once. */
export interface BatchRecord {
  readonly packed: Packed;
  readonly batch: Batch;
}

/** A record that is read next: packed where it comes from the disk. */
interface Ahead {
  readonly held: Buffer | Batch;
  readonly until: Cursor;
}

/** Batches kept unpacked for a database that keeps up; for one that does not they are read from the disk when it is there. */
const heldMax = 4;
/** The cursor is written down no more often than this, and at the end: after a kill the lines of so long are sent twice. ms */
const cursorMs = 1000;

/** A batch, and what to acknowledge once it has been delivered. */
export interface Waiting {
  readonly batch: Batch;
  readonly until: Cursor;
}

export class Backlog {
  readonly #dir: string;
  readonly #segmentBytes: number;
  #segments: Segment[];
  #file: FileHandle | null = null;
  #cursor: Cursor;
  /** Records read ahead from one segment, or those that were written last. */
  #ahead: Ahead[] = [];
  #readTo: Cursor;
  /** The cursor as the disk has it, and since when. */
  #kept: Cursor;
  #keptMs = Number.NEGATIVE_INFINITY;
  #damaged = 0;
  #freshDamage = 0;

  constructor(dir: string, segmentBytes: number) {
    this.#dir = dir;
    this.#segmentBytes = segmentBytes;
    this.#segments = listSegments(dir);
    cutTornEnd(this.#segments.at(-1));
    this.#cursor = readCursor(dir);
    this.#readTo = this.#cursor;
    this.#kept = this.#cursor;
    this.#dropDelivered();
  }

  /** Bytes on disk, delivered ones of the oldest segment included. */
  get bytes(): number {
    return this.#segments.reduce((sum, s) => sum + s.bytes, 0);
  }

  /** Bytes that are not delivered yet. */
  get waitingBytes(): number {
    const [oldest] = this.#segments;
    return this.bytes - (oldest?.number === this.#cursor.number ? Math.min(this.#cursor.offset, oldest.bytes) : 0);
  }

  /** When the oldest segment was begun; null where nothing waits. */
  get oldestAt(): number | null {
    return this.waitingBytes === 0 ? null : (this.#segments[0]?.at ?? null);
  }

  /** Damaged stretches met since it was opened. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Whether what is written next is handed out at once: the reader has all before it and little of it waits. */
  get isKeptUp(): boolean {
    const newest = this.#segments.at(-1);
    return (newest === undefined || this.#isReadUpTo(newest)) && this.#ahead.length < heldMax;
  }

  /** Writes packed batches and resolves when they are on disk. After a failure the next call begins a new file. */
  async write(records: readonly BatchRecord[], at: number): Promise<void> {
    const frames = records.map(({ packed }) => frameOf(packed));
    const sizes = frames.map(bytesOf);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    const current = this.#segments.at(-1);
    if (!this.#file || (current && current.bytes + bytes > this.#segmentBytes)) await this.#roll(at);
    const file = this.#file!;
    const segment = this.#segments.at(-1)!;
    try {
      await writeAll(file, frames.flat(), segment.bytes);
      await file.datasync();
      this.#hold(segment, sizes, records);
      segment.bytes += bytes;
    } catch (error) {
      await this.#abandon(segment);
      throw error;
    }
  }

  /** The next batch that has not been handed out; null when all have. */
  async next(): Promise<Waiting | null> {
    while (this.#ahead.length > 0 || (await this.#readOn())) {
      const head = this.#ahead.shift();
      const batch = head && (Buffer.isBuffer(head.held) ? this.#unpack(head.held) : head.held);
      if (head && batch) return { batch, until: head.until };
    }
    return null;
  }

  /** What was handed out and not acknowledged is handed out again. */
  rewind(): void {
    this.#ahead = [];
    this.#readTo = this.#cursor;
  }

  /** Everything up to there has been delivered: what is wholly so is deleted. */
  acknowledge(until: Cursor): void {
    const isBehind = until.number < this.#cursor.number;
    if (isBehind || (until.number === this.#cursor.number && until.offset < this.#cursor.offset)) return;
    this.#cursor = until;
    this.#dropDelivered();
    if (performance.now() - this.#keptMs >= cursorMs) this.keepCursor();
  }

  /** Writes down how far everything has been delivered. Throws where the disk does not take it. */
  keepCursor(): void {
    if (this.#kept === this.#cursor) return;
    writeCursor(this.#dir, this.#cursor);
    this.#kept = this.#cursor;
    this.#keptMs = performance.now();
  }

  /** The oldest segments that must go so that the rest fits and none was begun before `notBefore`. The newest never goes. */
  surplus(bytesMax: number, notBefore: number): readonly Segment[] {
    let bytes = this.bytes;
    const going: Segment[] = [];
    for (const [i, segment] of this.#segments.slice(0, -1).entries()) {
      const until = this.#segments[i + 1]!.at;
      if (bytes <= bytesMax && until >= notBefore) break;
      going.push(segment);
      bytes -= segment.bytes;
    }
    return going;
  }

  /** What would go with a segment: the lines in it that are not delivered, and the note of that and of every gap noted in it. */
  async lossOf(segment: Segment): Promise<{ readonly lines: number; readonly note: Gap }> {
    const from = segment.number === this.#cursor.number ? this.#cursor.offset : 0;
    const { frames, damaged } = decodeFrames((await readFile(segment.path)).subarray(from));
    let lines = 0;
    let note: Gap = { kind: "gap", at: segment.at, lines: 0, damaged };
    for (const { payload } of frames) {
      const head = batchHead(payload);
      if (head.kind === "lines") lines += head.lines;
      const gap = head.kind === "gap" ? this.#unpack(payload) : { ...head, kind: "gap" as const, damaged: 0 };
      if (gap?.kind === "gap") note = mergeGaps(note, gap);
    }
    return { lines, note };
  }

  /** Deletes a segment, delivered or not. */
  drop(segment: Segment): void {
    this.#segments = this.#segments.filter((s) => s !== segment);
    this.#ahead = this.#ahead.filter(({ until }) => until.number !== segment.number);
    rmSync(segment.path, { force: true });
  }

  /** Damage met since the last call, as a gap to be noted. */
  takeDamage(at: number): Gap {
    const damaged = this.#freshDamage;
    this.#freshDamage = 0;
    return { kind: "gap", at: damaged === 0 ? 0 : at, lines: 0, damaged };
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  async #roll(at: number): Promise<void> {
    await this.close();
    // Behind the cursor as well: a number is never used twice, or a new file would be taken for a delivered one.
    const last = this.#segments.at(-1)?.number ?? this.#cursor.number;
    const segment = segmentAfter(this.#dir, last, { at, start: "s" });
    this.#file = await open(segment.path, "ax");
    this.#segments.push(segment);
    this.#dropDelivered();
    syncFolder(this.#dir);
  }

  /** After a failed write nobody knows what lies behind the last good record: that is cut off, and a new file begun. */
  async #abandon(segment: Segment): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.truncate(segment.bytes).catch(() => undefined);
    await file?.close().catch(() => undefined);
  }

  /** Hands what was just written to a reader that has read all before it. `segment.bytes` is where it begins. */
  #hold(segment: Segment, sizes: readonly number[], records: readonly BatchRecord[]): void {
    if (!this.#isReadUpTo(segment) || this.#ahead.length + records.length > heldMax) return;
    let offset = segment.bytes;
    for (const [i, { batch }] of records.entries()) {
      offset += sizes[i]!;
      this.#ahead.push({ held: batch, until: { number: segment.number, offset } });
    }
    this.#readTo = { number: segment.number, offset };
  }

  #isReadUpTo(newest: Segment): boolean {
    if (newest.number === this.#readTo.number) return newest.bytes === this.#readTo.offset;
    const before = this.#segments.at(-2);
    const isBeforeRead = !before || (before.number === this.#readTo.number && before.bytes <= this.#readTo.offset);
    return newest.bytes === 0 && isBeforeRead;
  }

  /** Reads ahead or steps to the next segment; false when everything has been read. */
  async #readOn(): Promise<boolean> {
    const segment = this.#segments.find((s) => s.number >= this.#readTo.number);
    if (!segment) return false;
    const from = segment.number === this.#readTo.number ? this.#readTo.offset : 0;
    if (from < segment.bytes) await this.#readAhead(segment, from);
    else if (segment === this.#segments.at(-1)) return false;
    else this.#readTo = { number: segment.number + 1, offset: 0 };
    return true;
  }

  async #readAhead(segment: Segment, from: number): Promise<void> {
    const file = await open(segment.path, "r");
    const bytes = Buffer.allocUnsafe(segment.bytes - from);
    try {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      this.#take(segment, from, bytes.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
    this.#readTo = { number: segment.number, offset: from + bytes.length };
  }

  #take(segment: Segment, from: number, bytes: Buffer): void {
    const { frames, damaged, end } = decodeFrames(bytes);
    this.#countDamage(damaged + (end < bytes.length ? 1 : 0));
    for (const frame of frames) {
      this.#ahead.push({ held: frame.payload, until: { number: segment.number, offset: from + frame.end } });
    }
  }

  #unpack(packed: Buffer): Batch | null {
    try {
      return unpackBatch(packed);
    } catch (error) {
      // A record that cannot be read must not hold up all that waits behind it.
      if (error instanceof Error) this.#countDamage(1);
      return null;
    }
  }

  #countDamage(stretches: number): void {
    this.#damaged += stretches;
    this.#freshDamage += stretches;
  }

  #dropDelivered(): void {
    for (const segment of this.#segments.slice(0, -1)) {
      const isPast = segment.number < this.#cursor.number;
      const isDone = segment.number === this.#cursor.number && this.#cursor.offset >= segment.bytes;
      if (isPast || isDone) this.drop(segment);
    }
  }
}

/** Writes parts one behind the other from a place in a file on. */
async function writeAll(file: FileHandle, parts: readonly Buffer[], from: number): Promise<void> {
  const bytes = bytesOf(parts);
  let done = (await file.writev([...parts], from)).bytesWritten;
  if (done === bytes) return;
  const rest = Buffer.concat(parts);
  while (done < bytes) done += (await file.write(rest, done, bytes - done, from + done)).bytesWritten;
}

/** A cursor that cannot be read is none: everything is sent again, which changes nothing where it was stored already. */
function readCursor(dir: string): Cursor {
  try {
    const { number, offset } = JSON.parse(readFileSync(join(dir, "cursor.json"), "utf8")) as Partial<Cursor>;
    if (Number.isSafeInteger(number) && Number.isSafeInteger(offset)) return { number: number!, offset: offset! };
  } catch (error) {
    const isExpected = error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT";
    if (!isExpected) throw error;
  }
  return { number: 0, offset: 0 };
}

function writeCursor(dir: string, cursor: Cursor): void {
  const path = join(dir, "cursor.json");
  writeFileSync(`${path}.new`, JSON.stringify(cursor));
  renameSync(`${path}.new`, path);
}
