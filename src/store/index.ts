/**
 * Where readings and events go to be kept: the embedded history, and a copy to each database that
 * the site names. Nothing here makes anybody wait: alarms and actions never depend on a database.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { PointId, Reading } from "../core/reading.ts";
import type { Duration } from "../core/time.ts";
import type { Copy } from "./copy.ts";
import { openCopy } from "./copy.ts";
import type { Send } from "./deliver.ts";
import type { HistorianHealth } from "./historian.ts";
import { openHistorian } from "./historian.ts";
import type { Influx1Target } from "./influx1.ts";
import { influx1 } from "./influx1.ts";
import type { Influx2Target } from "./influx2.ts";
import { influx2 } from "./influx2.ts";
import type { PointMeta, StoreEvent } from "./line.ts";
import { eventLine } from "./line.ts";
import { lineEncoder } from "./line-encoder.ts";
import type { Lines } from "./lines.ts";
import type { Sample } from "./samples.ts";
import { bucketMsOf, samplesOf } from "./samples.ts";
import type { SpoolHealth } from "./spool.ts";
import { spoolDefaults } from "./spool.ts";
import type { StoredEvent } from "./tables.ts";

export type { Journal, JournalHealth, JournalLimits, JournalRecord, Recovery } from "./journal.ts";
export { journalLimits, openJournal, readJournal } from "./journal.ts";
export type { Past } from "./past.ts";
export { slicesOf } from "./past.ts";
export { openPastHistory } from "./past-historian.ts";
export { openPastInflux1 } from "./past-influx1.ts";
export { openPastInflux2 } from "./past-influx2.ts";
export type { Influx1Target, Influx2Target, PointMeta, Sample, StoredEvent, StoreEvent };

/** What a site file says about keeping, its secrets fetched. */
export interface StoreConfig {
  readonly retention: Duration;
  readonly spoolMb: number;
  readonly spoolAge: Duration;
  readonly influx1?: Influx1Target | undefined;
  readonly influx2?: Influx2Target | undefined;
}

/** What the store must know of the site. */
export interface StoreSite {
  readonly id: string;
  readonly meta: (point: PointId) => PointMeta;
  /** How long a point may be silent before its line breaks. */
  readonly maxAge: (point: PointId) => Duration;
  /** Plant time, ms; by default the machine's clock. */
  readonly now?: () => number;
}

/** A point's history between two instants (ms), in at most `count` samples beside its gaps. */
export interface HistoryQuery {
  readonly point: string;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** How the history and each copy are doing. */
export interface StoreHealth {
  readonly historian: HistorianHealth;
  readonly copies: Readonly<Record<string, { readonly readings: SpoolHealth; readonly events: SpoolHealth }>>;
  /** On disk and not delivered yet, of all copies. */
  readonly spoolBytes: number;
  /** How long the oldest of it has waited. ms */
  readonly spoolLagMs: number;
  /** Lines and rows given up since the start. */
  readonly lost: number;
}

export interface Store {
  record(readings: readonly Reading[]): void;
  event(event: StoreEvent): void;
  /** Rejects where the history cannot be read. */
  history(query: HistoryQuery): Promise<readonly Sample[]>;
  /** The newest events between two instants, newest first. Rejects where the history cannot be read. */
  events(from: number, to: number, most: number): Promise<readonly StoredEvent[]>;
  health(): StoreHealth;
  /** Writes what is pending to disk; does not wait for any database. */
  close(): Promise<void>;
}

/** What the embedded history may take of the disk, whatever its age. */
const historyBytesMax = 64 * 1024 ** 3;

/** Opens everything that keeps, under one folder. Throws where the folder cannot be written. */
export function openStore(config: StoreConfig, dir: string, site: StoreSite): Store {
  mkdirSync(dir, { recursive: true });
  const now = site.now ?? spoolDefaults.now;
  const options = { retentionMs: config.retention, bytesMax: historyBytesMax, now };
  const historian = openHistorian(join(dir, "history.duckdb"), options);
  const copies = openCopies(config, join(dir, "spool"), { id: site.id, now });
  const encode = lineEncoder(site.id, site.meta);
  const keep = (lines: Lines): void => copies.forEach((copy) => copy.readings(lines));
  return {
    record(readings) {
      historian.record(readings);
      if (copies.size > 0) encode(readings, keep);
    },
    event(event) {
      historian.event(event);
      if (copies.size > 0) copies.forEach((copy) => copy.event(eventLine(site.id, event)));
    },
    async history({ point, from, to, count }) {
      const span = { point: point as PointId, from, to, bucketMs: bucketMsOf(from, to, count) };
      return samplesOf(await historian.history(span), span, site.maxAge(span.point));
    },
    events: (from, to, most) => historian.events(from, to, most),
    health: () => healthOf(historian.health(), copies),
    async close() {
      await Promise.all([historian.close(), ...[...copies.values()].map((copy) => copy.close())]);
    },
  };
}

function openCopies(config: StoreConfig, dir: string, site: { id: string; now: () => number }): Map<string, Copy> {
  const targets: [string, Send][] = [];
  if (config.influx1) targets.push(["influx1", influx1(config.influx1)]);
  if (config.influx2) targets.push(["influx2", influx2(config.influx2)]);
  const bytesMax = Math.floor((config.spoolMb * 1024 * 1024) / Math.max(1, targets.length));
  const options = { ...spoolDefaults, site: site.id, now: site.now, bytesMax, ageMaxMs: config.spoolAge };
  return new Map(targets.map(([name, send]) => [name, openCopy(join(dir, name), send, options)]));
}

function healthOf(historian: HistorianHealth, copies: ReadonlyMap<string, Copy>): StoreHealth {
  const named = Object.fromEntries([...copies].map(([name, copy]) => [name, copy.health()]));
  const spools = Object.values(named).flatMap(({ readings, events }) => [readings, events]);
  return {
    historian,
    copies: named,
    spoolBytes: spools.reduce((sum, s) => sum + s.bytes, 0),
    spoolLagMs: Math.max(0, ...spools.map((s) => s.lagMs)),
    lost: spools.reduce((sum, s) => sum + s.lost, historian.lost),
  };
}
