/**
 * The historian's database, DuckDB in one file: `points(id, name)`, `readings(point, at, value,
 * quality)` and `events(at, kind, id, body)`, instants in ms, quality 0 good, 1 uncertain, 2 bad.
 * Rows are laid into a table in memory, which is quick, and moved into the file by a statement that
 * runs on another thread, sorted by point: a question about one point then reads little of the file.
 */

import { rename, rm } from "node:fs/promises";
import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { BIGINT, DOUBLE, DuckDBDataChunk, DuckDBInstance, INTEGER, UTINYINT } from "@duckdb/node-api";
import type { PointId, Reading } from "../core/reading.ts";
import type { StoreEvent } from "./line.ts";
import { qualityCode } from "./line.ts";

/** One bucket of a point's history. Without a value in it, min, max and last are null. */
export interface Bucket {
  /** Where it begins. ms since the Unix epoch */
  readonly at: number;
  readonly min: { readonly at: number; readonly value: number } | null;
  readonly max: { readonly at: number; readonly value: number } | null;
  readonly last: number | null;
  readonly count: number;
  /** Of its readings the best: "bad" only where there was no value at all. */
  readonly quality: "good" | "uncertain" | "bad";
}

/** An event as it was stored. `body` is the event as JSON. */
export interface StoredEvent {
  readonly at: number;
  readonly kind: StoreEvent["kind"];
  readonly id: string;
  readonly body: string;
}

/** One point and a span of time, `from` included, in equal buckets. */
export interface Span {
  readonly point: PointId;
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
}

/** The history must leave the service its memory and its cores. */
const settings = { threads: "1", memory_limit: "256MB" };
/** What a chunk of the database holds. */
const chunkRows = 2048;
/** Chunks laid in before others on this thread have their turn: some milliseconds. */
const chunksAtOnce = 4;
const columns = [INTEGER, BIGINT, DOUBLE, UTINYINT];

const schema = `
  CREATE TABLE IF NOT EXISTS points (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL);
  CREATE TABLE IF NOT EXISTS readings (point INTEGER NOT NULL, "at" BIGINT NOT NULL, value DOUBLE, quality UTINYINT NOT NULL);
  CREATE TABLE IF NOT EXISTS events ("at" BIGINT NOT NULL, kind VARCHAR NOT NULL, id VARCHAR NOT NULL, body VARCHAR NOT NULL);
  ATTACH IF NOT EXISTS ':memory:' AS fresh;
  CREATE TABLE IF NOT EXISTS fresh.main.points (id INTEGER, name VARCHAR);
  CREATE TABLE IF NOT EXISTS fresh.main.readings (point INTEGER, "at" BIGINT, value DOUBLE, quality UTINYINT);
`;

const history = `
  SELECT ("at" - $from) // $width AS bucket, min(value) AS low, arg_min("at", value) AS low_at,
    max(value) AS high, arg_max("at", value) AS high_at, arg_max(value, "at") AS last, count(*) AS readings,
    min(quality) AS best
  FROM readings WHERE point = $point AND "at" >= $from AND "at" < $to GROUP BY bucket ORDER BY bucket`;

const size = `
  SELECT sum(used_blocks * block_size)::BIGINT FROM pragma_database_size() WHERE database_name = current_database()`;

const qualities = ["good", "uncertain", "bad"] as const;

/** The open database. Its methods reject with the database's own words. */
export class Tables {
  readonly #instance: DuckDBInstance;
  readonly #writer: DuckDBConnection;
  readonly #reader: DuckDBConnection;
  readonly #ids = new Map<string, number>();

  private constructor(instance: DuckDBInstance, writer: DuckDBConnection, reader: DuckDBConnection) {
    this.#instance = instance;
    this.#writer = writer;
    this.#reader = reader;
  }

  /** Opens or makes the database of a file. */
  static async open(path: string): Promise<Tables> {
    const instance = await DuckDBInstance.create(path, settings);
    const writer = await instance.connect();
    const tables = new Tables(instance, writer, await instance.connect());
    await writer.run(schema);
    await tables.#learnIds();
    return tables;
  }

  /** Stores readings and events, all of them or none. After a failure the database must be closed and opened again. */
  async write(readings: readonly Reading[], events: readonly StoreEvent[]): Promise<void> {
    await this.#writer.run("TRUNCATE fresh.main.readings");
    await this.#layIn(readings);
    await this.#writer.run("BEGIN");
    await this.#writer.run('INSERT INTO readings SELECT * FROM fresh.main.readings ORDER BY point, "at"');
    for (const event of events) await this.#writeEvent(event);
    await this.#writer.run("COMMIT");
  }

  /** The buckets of a span that hold any reading, in order. A point that was never stored has none. */
  async history({ point, from, to, bucketMs }: Span): Promise<Bucket[]> {
    const id = this.#ids.get(point);
    if (id === undefined) return [];
    const values = { point: id, from: BigInt(from), to: BigInt(to), width: BigInt(bucketMs) };
    const rows = (await this.#reader.runAndReadAll(history, values)).getRowObjects();
    return rows.map((row) => bucketOf(row, from, bucketMs));
  }

  /** The newest events of a span, newest first. */
  async events(from: number, to: number, most: number): Promise<StoredEvent[]> {
    const sql =
      'SELECT "at", kind, id, body FROM events WHERE "at" >= $1 AND "at" < $2 ORDER BY "at" DESC, rowid DESC LIMIT $3';
    const rows = (await this.#reader.runAndReadAll(sql, [BigInt(from), BigInt(to), most])).getRowObjects();
    return rows.map((row) => ({
      at: Number(row["at"]),
      kind: row["kind"] as StoreEvent["kind"],
      id: String(row["id"]),
      body: String(row["body"]),
    }));
  }

  /** Forgets what is older than `before`, and gives its room back to what comes. */
  async forget(before: number): Promise<void> {
    await this.#writer.run('DELETE FROM readings WHERE "at" < $1', [BigInt(Math.floor(before))]);
    await this.#writer.run('DELETE FROM events WHERE "at" < $1', [BigInt(Math.floor(before))]);
    await this.#writer.run("CHECKPOINT");
  }

  /** The instants of the oldest and the newest reading; null where there is none. ms */
  async span(): Promise<{ oldest: number; newest: number } | null> {
    const [row] = (await this.#writer.runAndReadAll('SELECT min("at"), max("at") FROM readings')).getRows();
    return row?.[0] == null ? null : { oldest: Number(row[0]), newest: Number(row[1]) };
  }

  /** What is in use of the file. The file itself never shrinks: room that was given back is used again. */
  async bytes(): Promise<number> {
    const [row] = (await this.#writer.runAndReadAll(size)).getRows();
    return Number(row?.[0] ?? 0);
  }

  /** Breaks off the question that is being answered. */
  interrupt(): void {
    this.#reader.interrupt();
  }

  close(): void {
    this.#reader.closeSync();
    this.#writer.closeSync();
    this.#instance.closeSync();
  }

  async #learnIds(): Promise<void> {
    const rows = (await this.#writer.runAndReadAll("SELECT name, id FROM points")).getRows();
    for (const [name, id] of rows) this.#ids.set(String(name), Number(id));
  }

  async #layIn(readings: readonly Reading[]): Promise<void> {
    await this.#name(readings);
    const appender = await this.#writer.createAppender("readings", "main", "fresh");
    for (let i = 0, chunks = 1; i < readings.length; i += chunkRows, chunks++) {
      appender.appendDataChunk(this.#chunkOf(readings.slice(i, i + chunkRows)));
      if (chunks % chunksAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    appender.closeSync();
  }

  /** Gives numbers to points that have none. They are on disk before any reading under them. */
  async #name(readings: readonly Reading[]): Promise<void> {
    const known = this.#ids.size;
    for (const { point } of readings) if (!this.#ids.has(point)) this.#ids.set(point, this.#ids.size + 1);
    if (this.#ids.size === known) return;
    const appender = await this.#writer.createAppender("points", "main", "fresh");
    for (const [name, id] of [...this.#ids].slice(known)) {
      appender.appendInteger(id);
      appender.appendVarchar(name);
      appender.endRow();
    }
    appender.closeSync();
    await this.#writer.run("INSERT INTO points SELECT * FROM fresh.main.points; TRUNCATE fresh.main.points");
  }

  #chunkOf(readings: readonly Reading[]): DuckDBDataChunk {
    const chunk = DuckDBDataChunk.create(columns, readings.length);
    const points: number[] = [];
    const ats: bigint[] = [];
    const values: (number | null)[] = [];
    const codes: number[] = [];
    for (const reading of readings) {
      points.push(this.#ids.get(reading.point)!);
      ats.push(BigInt(Math.round(reading.at)));
      const value = reading.quality !== "bad" && Number.isFinite(reading.value) ? reading.value : null;
      values.push(value);
      codes.push(value === null ? qualityCode.bad : qualityCode[reading.quality]);
    }
    chunk.setColumns([points, ats, values, codes]);
    return chunk;
  }

  async #writeEvent(event: StoreEvent): Promise<void> {
    const { at, id, body } = rowOf(event);
    await this.#writer.run("INSERT INTO events VALUES ($1, $2, $3, $4)", [
      BigInt(at),
      event.kind,
      id,
      JSON.stringify(body),
    ]);
  }
}

/** Puts a file that is no database aside, one of them, so that a new one can be begun. */
export async function putAside(path: string): Promise<void> {
  for (const end of ["", ".wal"]) {
    await rm(`${path}.broken${end}`, { force: true });
    await rename(`${path}${end}`, `${path}.broken${end}`).catch(ignoreMissing);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

function rowOf(event: StoreEvent): { at: number; id: string; body: unknown } {
  switch (event.kind) {
    case "transition":
      return { at: event.transition.at, id: event.transition.alarm, body: event.transition };
    case "command":
      return { at: event.command.issued, id: event.command.id, body: event.command };
    case "outcome":
      return { at: event.outcome.at, id: event.outcome.command, body: { ...event.outcome, point: event.point } };
    case "notice":
      return { at: event.notice.at, id: event.notice.id, body: event.notice };
  }
}

function bucketOf(row: Record<string, DuckDBValue>, from: number, bucketMs: number): Bucket {
  const extreme = (value: DuckDBValue | undefined, at: DuckDBValue | undefined): Bucket["min"] =>
    typeof value === "number" ? { value, at: Number(at) } : null;
  return {
    at: from + Number(row["bucket"]) * bucketMs,
    min: extreme(row["low"], row["low_at"]),
    max: extreme(row["high"], row["high_at"]),
    last: typeof row["last"] === "number" ? row["last"] : null,
    count: Number(row["readings"]),
    quality: qualities[Number(row["best"])] ?? "bad",
  };
}
