/**
 * A copy of everything to one database, through two spools: events have their own, so that no
 * amount of readings can crowd out an alarm, and a database that comes back hears of alarms first.
 */
import { join } from "node:path";
import type { Send } from "./deliver.ts";
import { gapLine } from "./line.ts";
import { type Lines, linesOf } from "./lines.ts";
import type { SpoolHealth, SpoolOptions } from "./spool.ts";
import { openSpool } from "./spool.ts";

/** Room that is kept for events, beside that for readings. */
const eventBytesMax = 64 * 1024 * 1024;

/** Readings are gathered for as long as the fastest usual poll takes: a kill costs one of it, and the disk is synced once a second. */
const readingsGroupMs = 1000;

/** How much waits on disk for a database, and how long. */
export interface CopyOptions extends Omit<SpoolOptions, "gapLine"> {
  readonly site: string;
}

/** One database's copy. Neither method waits for anything. */
export interface Copy {
  readings(lines: Lines): void;
  event(line: string): void;
  health(): { readonly readings: SpoolHealth; readonly events: SpoolHealth };
  close(): Promise<void>;
}

/** Opens the spools under a folder and begins to deliver. */
export function openCopy(dir: string, send: Send, options: CopyOptions): Copy {
  const withGap = { ...options, gapLine: gapLine.bind(null, options.site) };
  const groupMs = Math.max(options.groupMs, readingsGroupMs);
  const readings = openSpool(join(dir, "readings"), { ...withGap, groupMs });
  const events = openSpool(join(dir, "events"), { ...withGap, bytesMax: Math.min(eventBytesMax, options.bytesMax) });
  const stop = new AbortController();
  const drains = [events, readings].map((spool) => spool.drain(send, stop.signal));
  return {
    readings: (lines) => void readings.put(lines).catch(isCounted),
    event: (line) => void events.put(linesOf([line])).catch(isCounted),
    health: () => ({ readings: readings.health(), events: events.health() }),
    async close() {
      stop.abort();
      await Promise.all(drains);
      await Promise.all([readings.close(), events.close()]);
    },
  };
}

/** What the disk refused stands in the spool's health. */
const isCounted = (): void => undefined;
