/**
 * What a scan costs, and what it costs for: a site of 100,000 points and one of 1,000, built here,
 * given the same changes. What did not change should cost nothing.
 */
import type { PointRule } from "../src/core/image.ts";
import type { Plant, ScanOutput, SiteModel } from "../src/core/plant.ts";
import { start } from "../src/core/plant.ts";
import type { PointId, Reading } from "../src/core/reading.ts";
import { scan } from "../src/core/scan.ts";
import type { Instant } from "../src/core/time.ts";
import { after, hours, minutes, type ms, seconds } from "../src/core/time.ts";
import { openLoop } from "../src/loop.ts";
import { epoch, hotAlarm, inlets, limit, period } from "./core/bed.ts";
import { judgedFigures } from "./core/judged.ts";
import { median, timed } from "./median.ts";

const large = 100_000;
const small = 1_000;
/** One point in twenty is judged: 5,000 alarms. */
const pointsPerAlarm = 20;
/** What one scan brings: a hundredth of the large site, all of the small one. */
const changes = 1_000;
const rounds = 15;
const scansPerRound = 20;
const quietScansPerRound = 50_000;
const settling = 300;

/** A plant with everything read once and its own clock. */
interface Bed {
  readonly plant: Plant;
  readonly points: readonly PointId[];
  /** What making the plant took. */
  readonly startMs: number;
  at: Instant;
}

/** Times are medians of interleaved rounds; `_ratio` compares the large site with the small one, in the same run. */
export async function figures(): Promise<Record<string, number>> {
  // Nothing grows old in these two while they are measured: only what changes is left.
  const [still, stillSmall] = [bedOf(large, hours(24)), bedOf(small, hours(24))];
  // Polled every ten seconds and stale after three misses, as the normal scan class is.
  const polled = bedOf(large, seconds(30));
  // Past the first instant at which points may have grown old: from there on each does at its own time.
  for (let turn = 0; turn < settling; turn += 1) step(polled, nextOf(polled, turn));
  const quiet: number[] = [];
  const same: number[] = [];
  const few: number[] = [];
  const fewSmall: number[] = [];
  const turning: number[] = [];
  const lookups: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    quiet.push(quietUs(still));
    same.push(roundUs(still, () => batch(still, large / 2, (i) => valueOf(0, i))));
    few.push(roundUs(still, (k) => firstOf(still, (i) => valueOf(n + k, i))));
    fewSmall.push(roundUs(stillSmall, (k) => firstOf(stillSmall, (i) => valueOf(n + k, i))));
    turning.push(roundUs(polled, (k) => nextOf(polled, n * scansPerRound + k)));
    lookups.push(lookupsUs(still) / lookupsUs(stillSmall));
  }
  return {
    points: large,
    alarms: large / pointsPerAlarm,
    start_ms: still.startMs,
    quiet_us_per_scan: median(quiet),
    quiet_ns_per_point: (median(quiet) * 1000) / large,
    unchanged_ns_per_reading: (median(same) * 1000) / changes,
    changed_1pct_us_per_scan: median(turning),
    changed_1pct_share_of_period: median(turning) / 1000 / period,
    changes_1000_us_per_scan: median(few),
    changes_1000_us_per_scan_small: median(fewSmall),
    large_to_small_ratio: median(few.map((us, i) => us / fewSmall[i]!)),
    lookup_large_to_small_ratio: median(lookups),
    flood_1000_alarms_us: median(floods()),
    ...judgedFigures(),
  };
}

function bedOf(count: number, maxAge: ReturnType<typeof ms>): Bed {
  const points = inlets(count);
  const site = siteOf(points, maxAge);
  const began = performance.now();
  const plant = start(site, epoch);
  const bed: Bed = { plant, points, startMs: performance.now() - began, at: epoch };
  for (let from = 0; from < count; from += changes) step(bed, batch(bed, from, valueOf.bind(null, 0)));
  return bed;
}

function siteOf(points: readonly PointId[], maxAge: ReturnType<typeof ms>): SiteModel {
  const rule: PointRule = { maxAge, unit: "Cel" };
  const judged = points.filter((_, i) => i % pointsPerAlarm === 0);
  return {
    id: "bench",
    points: new Map(points.map((point) => [point, rule])),
    alarms: judged.map((point) => hotAlarm(point, minutes(1))),
    responses: [],
    power: { nodes: new Map(), loads: [] },
  };
}

/** Below the limit, and another one in every round. */
const valueOf = (n: number, i: number): number => 20 + ((n * 7 + i) % 100) / 10;

/** A thousand readings from a place in the list on. */
function batch({ points, at }: Bed, from: number, value: (i: number) => number): readonly Reading[] {
  const now = after(at, period);
  return Array.from({ length: changes }, (_, k) => {
    const point = points[(from + k) % points.length]!;
    return { point, at: now, quality: "good", value: value(k) };
  });
}

const firstOf = (bed: Bed, value: (i: number) => number): readonly Reading[] => batch(bed, 0, value);

const nextOf = (bed: Bed, turn: number): readonly Reading[] => batch(bed, turn * changes, (i) => valueOf(turn, i));

function step(bed: Bed, readings: readonly Reading[]): ScanOutput {
  bed.at = after(bed.at, period);
  return scan(bed.plant, { at: bed.at, readings, requests: [], outcomes: [], leads: true });
}

/** Microseconds a scan; making the readings is not counted. */
function roundUs(bed: Bed, readings: (k: number) => readonly Reading[]): number {
  const each: number[] = [];
  for (let k = 0; k < scansPerRound; k += 1) {
    const these = readings(k);
    each.push(timed(() => void step(bed, these)) * 1000);
  }
  return median(each);
}

/** Finding the same thousand points in the site's own table and nothing else: what the machine's memory makes of its size. */
function lookupsUs({ plant, points }: Bed): number {
  const these = points.slice(0, changes);
  const each = Array.from({ length: scansPerRound }, () => {
    let found = 0;
    const tookMs = timed(() => {
      for (const point of these) if (plant.newest.get(point)?.quality === "good") found += 1;
    });
    return found === changes ? tookMs * 1000 : Number.NaN;
  });
  return median(each);
}

/** A cycle of the loop in which nothing has arrived and nothing is due: microseconds. */
function quietUs(bed: Bed): number {
  const loop = openLoop(bed.plant, {
    journal: () => undefined,
    durable: () => Promise.resolve(),
    command: () => undefined,
    scanned: () => undefined,
  });
  const tookMs = timed(() => {
    for (let k = 0; k < quietScansPerRound; k += 1) loop.cycle(bed.at);
  });
  return (tookMs * 1000) / quietScansPerRound;
}

/** A thousand alarms raised in one scan of the large site, and told: microseconds. */
function floods(): readonly number[] {
  const bed = bedOf(large, hours(24));
  const judged = bed.points.filter((_, i) => i % pointsPerAlarm === 0);
  return Array.from({ length: judged.length / changes }, (_, n) => {
    const now = after(bed.at, period);
    const these = judged.slice(n * changes, (n + 1) * changes);
    const readings = these.map((point): Reading => ({ point, at: now, quality: "good", value: limit + 5 }));
    return timed(() => void step(bed, readings)) * 1000;
  });
}
