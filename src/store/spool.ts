/**
 * A durable queue in front of a database: lines are on disk before they count as taken, and leave
 * the disk when the database has them. It may be killed at any byte; at worst lines are sent twice,
 * which a database that overwrites the same series and instant does not notice. When it is full or
 * they are too old the oldest lines go, and a note of how many goes to the database in their place.
 */

import { Backlog, type BatchRecord } from "./backlog.ts";
import type { Gap } from "./batch.ts";
import { mergeGaps, packBatch, plainBatch } from "./batch.ts";
import type { Patience, Send, Watcher } from "./deliver.ts";
import { deliver, pause } from "./deliver.ts";
import { bytesOf } from "./frame.ts";
import { Gathering, recordMost } from "./gathering.ts";
import { type Lines, linesOf, within } from "./lines.ts";
import { Quarantine } from "./quarantine.ts";

/** What a spool needs to know. */
export interface SpoolOptions {
  readonly bytesMax: number;
  readonly ageMaxMs: number;
  /** How long lines are collected before they are written and synced together. */
  readonly groupMs: number;
  /** The line that says a gap to the database. */
  readonly gapLine: (gap: Gap) => string;
  readonly patience: Patience;
  readonly now: () => number;
}

/** How a spool is doing. Counts are since it was opened. */
export interface SpoolHealth {
  /** On disk and not delivered. */
  readonly bytes: number;
  /** How long the oldest of it has waited. */
  readonly lagMs: number;
  readonly delivered: number;
  /** Lines given up for want of room or for their age, and lines the disk would not take. */
  readonly lost: number;
  readonly damaged: number;
  readonly quarantined: number;
  /** Why nothing is delivered just now; null when all is well. */
  readonly waiting: string | null;
  readonly trouble: string | null;
}

/** Usual options: so much is what a kill may cost that nobody was told was safe. */
export const spoolDefaults = {
  groupMs: 200,
  patience: { firstMs: 500, longestMs: 30_000 },
  now: Date.now,
} as const;

/** Lines that wait in memory for a slow disk. */
const pendingBytesMax = 32 * 1024 * 1024;
/** A full disk is cleared of a little more than is needed now: of blocks begun and of the note of the gap. */
const reclaimFactor = 2;
const blockBytes = 4096;
/** A segment is dropped whole, so a small spool has small ones. */
const segmentBytesMax = 8 * 1024 * 1024;
const segmentsMin = 8;

/** The first gathering has room for so much; each later one for as much as the one before came to. */
const firstBytes = 16 * 1024;

/** Opens the spool of a folder. Throws where the folder cannot be written. */
export const openSpool = (dir: string, options: SpoolOptions): Spool => new Spool(dir, options);

export class Spool {
  readonly #options: SpoolOptions;
  readonly #backlog: Backlog;
  readonly #quarantine: Quarantine;
  #gathering: Gathering | null = null;
  /** Records that wait to be written. */
  #pending: Gathering[] = [];
  #pendingBytes = 0;
  #usualBytes = firstBytes;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #gap: Gap | null = null;
  /** Something was written since the drain last looked. */
  #fresh = false;
  #wake: () => void = () => undefined;
  #delivered = 0;
  #lost = 0;
  #waiting: string | null = null;
  #trouble: string | null = null;

  constructor(dir: string, options: SpoolOptions) {
    this.#options = options;
    const segmentBytes = Math.min(segmentBytesMax, Math.floor(options.bytesMax / segmentsMin));
    this.#backlog = new Backlog(dir, segmentBytes);
    this.#quarantine = new Quarantine(dir);
  }

  /** Takes a copy of lines and resolves when they are on disk. Rejects where the disk will not have them; they are counted as lost. */
  async put(lines: Lines): Promise<void> {
    await Promise.all(within(lines, recordMost).map((part) => this.#putPart(part)));
  }

  /** Delivers what waits, in order, and what comes, until `stop`. */
  async drain(send: Send, stop: AbortSignal): Promise<void> {
    const watcher: Watcher = {
      quarantine: (line, reason) => this.#quarantine.keep(line, reason, this.#options.now()),
      waiting: (reason) => {
        this.#waiting = reason;
      },
    };
    this.#backlog.rewind();
    while (!stop.aborted) {
      try {
        if (!(await this.#deliverNext(send, watcher, stop))) await this.#idle(stop);
      } catch (error) {
        this.#trouble = (error as Error).message;
        this.#backlog.rewind();
        await pause(this.#options.patience.firstMs, stop);
      }
    }
  }

  health(): SpoolHealth {
    const { oldestAt } = this.#backlog;
    return {
      bytes: this.#backlog.waitingBytes,
      lagMs: oldestAt === null ? 0 : Math.max(0, this.#options.now() - oldestAt),
      delivered: this.#delivered,
      lost: this.#lost,
      damaged: this.#backlog.damaged,
      quarantined: this.#quarantine.lines,
      waiting: this.#waiting,
      trouble: this.#trouble ?? this.#quarantine.lastReason,
    };
  }

  /** Writes what is pending and lets the files go. A drain must have been stopped before. */
  async close(): Promise<void> {
    await this.#flush();
    try {
      this.#backlog.keepCursor();
    } catch (error) {
      // Costs no line: what was delivered since it was kept last is delivered once more.
      this.#trouble = (error as Error).message;
    }
    await this.#backlog.close();
  }

  #putPart(lines: Lines): Promise<void> {
    const { length } = lines.bytes;
    if (this.#pendingBytes + length > pendingBytesMax) {
      this.#lose(lines.count);
      return Promise.reject(new Error("the disk is slower than what is to be spooled"));
    }
    if (this.#gathering?.fits(lines) === false) this.#seal();
    this.#gathering ??= new Gathering(this.#usualBytes);
    const gathering = this.#gathering;
    gathering.add(lines);
    this.#pendingBytes += length;
    if (gathering.isFull) this.#seal();
    else this.#timer ??= setTimeout(() => void this.#flush(), this.#options.groupMs);
    void this.#write();
    return gathering.written;
  }

  /** What has been gathered is a record. */
  #seal(): void {
    if (!this.#gathering) return;
    this.#pending.push(this.#gathering);
    this.#usualBytes = Math.max(firstBytes, this.#gathering.lines.bytes.length);
    this.#gathering = null;
  }

  #flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#seal();
    return this.#write();
  }

  #write(): Promise<void> {
    if (this.#pending.length > 0) this.#writing ??= this.#writePending();
    return this.#writing ?? Promise.resolve();
  }

  async #writePending(): Promise<void> {
    for (let record = this.#pending.shift(); record; record = this.#pending.shift()) {
      const { lines } = record;
      this.#pendingBytes -= lines.bytes.length;
      try {
        await this.#writeGroup(lines);
        record.resolve();
      } catch (error) {
        this.#trouble = (error as Error).message;
        this.#lose(lines.count);
        record.reject(error as Error);
      }
      this.#fresh = true;
      this.#wake();
    }
    this.#writing = null;
  }

  async #writeGroup(lines: Lines): Promise<void> {
    const at = this.#options.now();
    const batch = { kind: "lines", at, lines } as const;
    const packed = this.#backlog.isKeptUp ? plainBatch(batch) : await packBatch(batch);
    const bytes = bytesOf(packed);
    try {
      await this.#writeBounded({ packed, batch }, bytes);
    } catch (error) {
      // A disk that is full, or a file gone bad: give up the oldest and try once more, in a new file.
      this.#trouble = (error as Error).message;
      await this.#reclaim(reclaimFactor * (bytes + blockBytes));
      await this.#writeBounded({ packed, batch }, bytes);
    }
  }

  /** The note of a gap is on disk before what it tells of is deleted. */
  async #writeBounded(record: BatchRecord, bytes: number): Promise<void> {
    const { bytesMax, ageMaxMs } = this.#options;
    const { at } = record.batch;
    const noted = this.#takeGap(at);
    try {
      const going = this.#backlog.surplus(bytesMax - bytes, at - ageMaxMs);
      const losses = await Promise.all(going.map((segment) => this.#backlog.lossOf(segment)));
      const gap = losses.map(({ note }) => note).reduce(mergeGaps, noted);
      const note = isWorthNoting(gap) ? [{ packed: await packBatch(gap), batch: gap }] : [];
      await this.#backlog.write([...note, record], at);
      for (const { lines } of losses) this.#lost += lines;
      for (const segment of going) this.#backlog.drop(segment);
    } catch (error) {
      this.#gap = this.#gap ? mergeGaps(this.#gap, noted) : noted;
      throw error;
    }
  }

  /** What is still to be noted, damage met when reading included. */
  #takeGap(at: number): Gap {
    const gap = mergeGaps(this.#gap ?? noGap, this.#backlog.takeDamage(at));
    this.#gap = null;
    return gap;
  }

  /** Gives up the oldest segments until there should be room for so many bytes. */
  async #reclaim(bytes: number): Promise<void> {
    let freed = 0;
    for (const oldest of this.#backlog.surplus(0, 0)) {
      if (freed >= bytes) return;
      const { lines, note } = await this.#backlog.lossOf(oldest);
      this.#backlog.drop(oldest);
      freed += oldest.bytes;
      this.#lost += lines;
      this.#gap = mergeGaps(this.#gap ?? noGap, note);
    }
  }

  #lose(lines: number): void {
    this.#lost += lines;
    this.#gap = mergeGaps(this.#gap ?? noGap, { kind: "gap", at: this.#options.now(), lines, damaged: 0 });
  }

  async #deliverNext(send: Send, watcher: Watcher, stop: AbortSignal): Promise<boolean> {
    this.#fresh = false;
    const waiting = await this.#backlog.next();
    if (!waiting) return false;
    const { batch, until } = waiting;
    const lines = batch.kind === "lines" ? batch.lines : linesOf([this.#options.gapLine(batch)]);
    if (!(await deliver(lines, send, watcher, { stop, patience: this.#options.patience }))) return false;
    if (batch.kind === "lines") this.#delivered += lines.count;
    this.#backlog.acknowledge(until);
    return true;
  }

  #idle(stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.#fresh || stop.aborted) return resolve();
      this.#wake = () => {
        stop.removeEventListener("abort", this.#wake);
        resolve();
      };
      stop.addEventListener("abort", this.#wake);
    });
  }
}

const noGap: Gap = { kind: "gap", at: 0, lines: 0, damaged: 0 };
const isWorthNoting = (gap: Gap): boolean => gap.lines + gap.damaged > 0;
