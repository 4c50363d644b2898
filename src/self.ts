/** The service's own health as points, in history and on the display like any other: a watcher must be watched. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { PointRule } from "./core/image.ts";
import type { SiteModel } from "./core/plant.ts";
import { quantities } from "./core/quantity.ts";
import type { PointId, Reading } from "./core/reading.ts";
import { pointId } from "./core/reading.ts";
import type { Instant } from "./core/time.ts";
import { seconds } from "./core/time.ts";

/** The device that the service is to itself. */
export const self = "haechi";

const names = ["scan.time", "scan.overruns", "loop.lag", "journal.size", "spool.size", "memory.resident"] as const;
export type SelfPoint = (typeof names)[number];
/** What is known of notifications, where a site listens for them. */
const trapNames = ["traps.received", "traps.dropped", "traps.refused", "traps.unknown"] as const;

/** Told once a second; three misses are silence. */
const maxAge = seconds(4);

/** The site with the service's own points added. */
export function withSelf(site: SiteModel, hearsTraps: boolean): SiteModel {
  const points = new Map<PointId, PointRule>(site.points);
  for (const name of [...names, ...(hearsTraps ? trapNames : [])])
    points.set(pointId(self, name), { maxAge, unit: quantities[name]?.unit ?? null });
  return { ...site, points };
}

/** Measures this process once a call; sizes it cannot know are handed in. */
export function selfWatch(): {
  read(at: Instant, known: Omit<Record<SelfPoint, number>, "loop.lag" | "memory.resident">): readonly Reading[];
  stop(): void;
} {
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  return {
    read(at, known) {
      const values: Record<SelfPoint, number> = {
        ...known,
        "loop.lag": Number.isFinite(lag.max) ? lag.max / 1e6 : 0,
        "memory.resident": process.memoryUsage.rss() / 1e6,
      };
      lag.reset();
      return names.map((name) => ({ point: pointId(self, name), at, quality: "good", value: values[name] }));
    },
    stop: () => lag.disable(),
  };
}
