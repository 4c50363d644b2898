/** The service's own health as points, in history and on the display like any other: a watcher must be watched. */
import { statfs } from "node:fs/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { PointRule } from "../core/image.ts";
import type { SiteModel } from "../core/plant.ts";
import { quantities } from "../core/quantity.ts";
import type { PointId, Reading } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { seconds } from "../core/time.ts";
import type { Site } from "../site/index.ts";
import { self, selfAlarms } from "./alarms.ts";

const names = [
  "scan.time",
  "scan.overruns",
  "loop.lag",
  "journal.size",
  "journal.lag",
  "chain.p50",
  "chain.p99",
  "chain.silence",
  "cause.faults",
  "spool.size",
  "spool.lag",
  "queue.readings",
  "queue.requests",
  "queue.gate",
  "queue.notify",
  "queue.store",
  "memory.resident",
  "memory.used",
  "clock.drift",
  "disk.free",
] as const;
export type SelfPoint = (typeof names)[number];
/** What this module measures by itself. */
type Measured = "loop.lag" | "memory.resident" | "memory.used" | "clock.drift" | "disk.free";
/** What is known of notifications, where a site listens for them. */
const trapNames = ["traps.received", "traps.dropped", "traps.refused", "traps.unknown"] as const;

/** Told once a second; three misses are silence. */
const maxAge = seconds(4);

/** The site with the service's own points and alarms added. */
export function withSelf({ model, traps, self: rules }: Pick<Site, "model" | "traps" | "self">): SiteModel {
  const points = new Map<PointId, PointRule>(model.points);
  for (const name of [...names, ...(traps === null ? [] : trapNames)])
    points.set(pointId(self, name), { maxAge, unit: quantities[name]?.unit ?? null });
  return { ...model, points, alarms: [...model.alarms, ...selfAlarms(rules)] };
}

/** What happens to be known elsewhere; null where it is not known now, undefined where it never was. */
export type Known = Readonly<Record<Exclude<SelfPoint, Measured>, number | null | undefined>>;

/** Measures this process once a call; what it cannot know is handed in. `folder` is where the state is kept. */
export function selfWatch(folder: string | null): {
  read(at: Instant, known: Known): readonly Reading[];
  stop(): void;
} {
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  const drift = clockDrift();
  const free = freeRoom(folder);
  return {
    read(at, known) {
      const values: Readonly<Record<SelfPoint, number | null | undefined>> = {
        ...known,
        "loop.lag": Number.isFinite(lag.max) ? lag.max / 1e6 : 0,
        "memory.resident": process.memoryUsage.rss() / 1e6,
        "memory.used": memoryUsed(),
        "clock.drift": drift(),
        "disk.free": free(),
      };
      lag.reset();
      return names.flatMap((name): readonly Reading[] => {
        const value = values[name];
        return value === undefined ? [] : [readingOf(pointId(self, name), at, value)];
      });
    },
    stop: () => lag.disable(),
  };
}

function readingOf(point: PointId, at: Instant, value: number | null): Reading {
  if (value === null) return { point, at, quality: "bad", reason: "sensorFailure" };
  return { point, at, quality: "good", value };
}

/** How far the wall clock has been set since the beginning, ms. Both clocks are slowed and hurried alike; only a step shows. */
function clockDrift(): () => number {
  const began = Date.now() - performance.now();
  return () => Date.now() - performance.now() - began;
}

/** Of the heap's limit or of the container's memory, whichever is nearer, %. */
function memoryUsed(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  const most = process.constrainedMemory();
  const ofContainer = most > 0 && most < Number.MAX_SAFE_INTEGER ? process.memoryUsage.rss() / most : 0;
  return 100 * Math.max(used / limit, ofContainer);
}

/**
 * What is free on the disk of a folder, MB, as it was a call ago: asking a disk that hangs must hold up nobody. Null where
 * it cannot be asked; undefined until it has answered first.
 */
function freeRoom(folder: string | null): () => number | null | undefined {
  let known: number | null | undefined;
  let isAsking = false;
  const ask = async (path: string): Promise<void> => {
    isAsking = true;
    try {
      const { bavail, bsize } = await statfs(path);
      known = (bavail * bsize) / 1e6;
    } catch {
      known = null;
    }
    isAsking = false;
  };
  return () => {
    if (folder !== null && !isAsking) void ask(folder);
    return known;
  };
}

/** What a journal is asked for. */
export interface Synced {
  sync(): Promise<boolean>;
  health(): { readonly refused: number };
}

/** Has a journal on disk once a call, and knows how long ago all that it was given was. */
export function syncWatch(journal: Synced): { turn(): void; lagMs(): number } {
  let syncedAt = performance.now();
  let refused = journal.health().refused;
  let isSyncing = false;
  const sync = async (): Promise<void> => {
    isSyncing = true;
    const began = performance.now();
    const isDone = await journal.sync();
    const { refused: now } = journal.health();
    if (isDone && now === refused) syncedAt = began;
    refused = now;
    isSyncing = false;
  };
  return {
    turn: () => void (isSyncing ? undefined : sync()),
    lagMs: () => performance.now() - syncedAt,
  };
}
