/**
 * The embedded history. What is recorded is queued and stored in the background; a database that is
 * slow, locked, full or broken costs history, counted, and never anybody's time. It is opened again
 * by itself; a file that is no database is put aside and a new one begun.
 */
import type { Reading } from "../core/reading.ts";
import type { StoreEvent } from "./line.ts";
import type { Bucket, Span, StoredEvent } from "./tables.ts";
import { putAside, Tables } from "./tables.ts";

/** How long and how much is kept. */
export interface HistorianOptions {
  readonly retentionMs: number;
  /** Above this size the oldest part of what is kept is forgotten before its time. */
  readonly bytesMax: number;
  readonly now: () => number;
  /** Between two attempts at a database that failed; 5 s where it is not given. */
  readonly reopenMs?: number;
}

/** How the historian is doing. Counts are since it was opened. */
export interface HistorianHealth {
  readonly bytes: number;
  readonly queued: number;
  readonly stored: number;
  /** Readings and events given up because the queue was full. */
  readonly lost: number;
  readonly trouble: string | null;
}

/** Readings that may wait: half a minute of the largest site. */
const queueMax = 500_000;
const eventQueueMax = 10_000;
/** How long readings are collected, and how many are stored at a time: few enough for even memory. */
const flushMs = 1000;
const flushRows = 50_000;
/** Often enough for history to go on soon, seldom enough not to fill a log. */
const usualReopenMs = 5000;
/** How often the old is forgotten. ms */
const forgetMs = 3600_000;
/** What is forgotten before its time when the file is too large: this part of the time it spans. */
const forgetPart = 0.1;
/** Questions that may wait for their turn, and how long one may take. */
const questionsMax = 32;
const questionMs = 10_000;

const isBroken = /not a valid DuckDB|corrupt|checksum|replaying WAL|deserializ/i;

/** Opens the history in a file, in the background. */
export const openHistorian = (path: string, options: HistorianOptions): Historian => new Historian(path, options);

export class Historian {
  readonly #path: string;
  readonly #options: HistorianOptions;
  #tables: Tables | null = null;
  #readings: Reading[] = [];
  #events: StoreEvent[] = [];
  #flushing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #closed = false;
  #notBefore = 0;
  #forgetAt = 0;
  #asking: Promise<unknown> = Promise.resolve();
  /** The question that is being answered: the database is not closed under it. */
  #answering: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> = Promise.resolve();
  #questions = 0;
  #bytes = 0;
  #stored = 0;
  #lost = 0;
  #trouble: string | null = null;

  constructor(path: string, options: HistorianOptions) {
    this.#path = path;
    this.#options = options;
    void this.#flushNow();
  }

  /** Queues readings. When the queue is full the oldest give way. */
  record(readings: readonly Reading[]): void {
    for (const reading of readings) this.#readings.push(reading);
    const over = this.#readings.length - queueMax;
    if (over > 0) this.#lost += this.#readings.splice(0, over).length;
    this.#schedule();
  }

  /** Queues an event. When the queue is full the oldest give way. */
  event(event: StoreEvent): void {
    this.#events.push(event);
    if (this.#events.length > eventQueueMax) this.#lost += this.#events.splice(0, eventQueueMax / 10).length;
    this.#schedule();
  }

  /** What is known of a point in a span, what was recorded a moment ago included. Rejects where the database does not answer. */
  history(span: Span): Promise<readonly Bucket[]> {
    return this.#ask((tables) => tables.history(span));
  }

  /** The newest events of a span, newest first. Rejects where the database does not answer. */
  events(from: number, to: number, most: number): Promise<readonly StoredEvent[]> {
    return this.#ask((tables) => tables.events(from, to, most));
  }

  health(): HistorianHealth {
    return {
      bytes: this.#bytes,
      queued: this.#readings.length + this.#events.length,
      stored: this.#stored,
      lost: this.#lost,
      trouble: this.#trouble,
    };
  }

  /** Stores what is queued, if the database takes it now, and lets the file go. */
  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#notBefore = 0;
    await this.#flushNow();
    this.#closed = true;
    await this.#asking;
    await this.#closing;
    this.#tables?.close();
    this.#tables = null;
  }

  #schedule(): void {
    if (this.#timer || this.#closed) return;
    const wait = this.#readings.length >= flushRows ? 0 : flushMs;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        void this.#flushNow();
      },
      Math.max(wait, this.#notBefore - performance.now()),
    );
  }

  /** Resolves when all that was queued before the call has been tried. */
  #flushNow(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#flush());
    return this.#flushing;
  }

  /** Never rejects. */
  async #flush(): Promise<void> {
    if (this.#closed || performance.now() < this.#notBefore) return;
    try {
      this.#tables ??= await this.#open();
      while (this.#readings.length + this.#events.length > 0) await this.#store(this.#tables);
      await this.#forget(this.#tables);
      this.#bytes = await this.#tables.bytes();
      this.#trouble = null;
    } catch (error) {
      this.#fail(error as Error);
    }
    if (this.#readings.length + this.#events.length > 0) this.#schedule();
  }

  async #open(): Promise<Tables> {
    await this.#closing;
    try {
      return await Tables.open(this.#path);
    } catch (error) {
      if (!isBroken.test((error as Error).message)) throw error;
      await putAside(this.#path);
      return Tables.open(this.#path);
    }
  }

  async #store(tables: Tables): Promise<void> {
    const readings = this.#readings.splice(0, flushRows);
    const events = this.#events.splice(0);
    try {
      await tables.write(readings, events);
      this.#stored += readings.length + events.length;
    } catch (error) {
      this.#readings = [...readings, ...this.#readings];
      this.#events = [...events, ...this.#events];
      throw error;
    }
  }

  async #forget(tables: Tables): Promise<void> {
    if (performance.now() < this.#forgetAt) return;
    const { retentionMs, bytesMax, now } = this.#options;
    const at = now();
    await tables.forget(at - retentionMs);
    await this.#fit(tables, bytesMax);
    this.#forgetAt = performance.now() + forgetMs;
  }

  async #fit(tables: Tables, bytesMax: number): Promise<void> {
    for (let part = forgetPart; part < 1 && (await tables.bytes()) > bytesMax; part += forgetPart) {
      const span = await tables.span();
      if (span) await tables.forget(span.oldest + (span.newest - span.oldest) * forgetPart);
    }
  }

  /** After an error DuckDB may refuse everything until it is opened anew. */
  #fail(error: Error): void {
    this.#trouble = error.message;
    this.#notBefore = performance.now() + (this.#options.reopenMs ?? usualReopenMs);
    const failed = this.#tables;
    this.#tables = null;
    if (failed) this.#closing = this.#answering.then(() => failed.close()).catch(this.#noteTrouble);
  }

  readonly #noteTrouble = (error: Error): void => {
    this.#trouble = error.message;
  };

  /** One question at a time: each holds one of the few threads that files are written on as well. */
  #ask<Answer>(question: (tables: Tables) => Promise<Answer>): Promise<Answer> {
    if (this.#questions >= questionsMax) return Promise.reject(new Error("too many questions are waiting"));
    this.#questions++;
    const answer = this.#asking.then(() => this.#answer(question));
    this.#asking = answer.then(noAnswer, noAnswer);
    return answer.finally(() => {
      this.#questions--;
    });
  }

  async #answer<Answer>(question: (tables: Tables) => Promise<Answer>): Promise<Answer> {
    await this.#flushNow();
    const tables = this.#tables;
    if (!tables) throw new Error(this.#trouble ?? "the historian is closed");
    const timer = setTimeout(() => tables.interrupt(), questionMs);
    try {
      const answer = question(tables);
      this.#answering = answer.then(noAnswer, noAnswer);
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }
}

const noAnswer = (): void => undefined;
