/**
 * What judging costs, whole: image, detector, vote, lifecycle and response. 100,000 points of which
 * 10,000 are judged, each by one alarm, and all 10,000 of those change in every scan: what a plant
 * never does, and what a scan must be able to bear.
 */
import type { AlarmDefinition } from "../../src/core/alarm/definition.ts";
import type { ResponseId } from "../../src/core/command.ts";
import type { PointRule } from "../../src/core/image.ts";
import type { Plant, SiteModel, Transition } from "../../src/core/plant.ts";
import { isRaising, start } from "../../src/core/plant.ts";
import type { PointId, Reading } from "../../src/core/reading.ts";
import type { Response } from "../../src/core/respond/response.ts";
import { scan } from "../../src/core/scan.ts";
import type { Instant } from "../../src/core/time.ts";
import { after, hours, ms, seconds } from "../../src/core/time.ts";
import { median, timed } from "../median.ts";
import { epoch, hotAlarm, inlets, limit, period } from "./bed.ts";

const points = 100_000;
const alarms = 10_000;
/** The first scans compile as they go. */
const warmScans = 100;
const scans = 1000;
const quietScans = 100_000;
/** Scans of the second in which every alarm is raised. */
const floodScans = 10;
/** Every so manieth change crosses its limit, there or back: its alarm is raised, or returns. */
const crossingEvery = 1000;

interface Bed {
  readonly plant: Plant;
  readonly judged: readonly PointId[];
  at: Instant;
}

/** `judged_ns_per_change` is the median scan's time over its changes; making the readings is not counted. */
export function judgedFigures(): Record<string, number> {
  const bed = bedOf();
  const times: number[] = [];
  for (let n = 0; n < warmScans + scans; n += 1) {
    const tookMs = changeAll(bed, n);
    if (n >= warmScans) times.push(tookMs);
  }
  times.sort((a, b) => a - b);
  return {
    judged_ns_per_change: (median(times) * 1e6) / alarms,
    scan_p99_ms: times[Math.ceil(times.length * 0.99) - 1]!,
    scan_max_ms: times.at(-1)!,
    quiet_scan_ms: quietMs(bed),
    flood_10k_lost: lostInFlood(),
  };
}

function bedOf(): Bed {
  const all = inlets(points);
  const judged = all.filter((_, i) => i % (points / alarms) === 0);
  const rule: PointRule = { maxAge: hours(24), unit: "Cel" };
  // Cleared with a delay, as temperatures are, so that timers run as well.
  const definitions = judged.map((point) => hotAlarm(point, seconds(1)));
  const site: SiteModel = {
    id: "bench",
    points: new Map(all.map((point) => [point, rule])),
    alarms: definitions,
    responses: definitions.filter((_, i) => i % 1000 === 0).map(responseTo),
    power: { nodes: new Map(), loads: [] },
  };
  const bed: Bed = { plant: start(site, epoch), judged, at: epoch };
  step(
    bed,
    all.map((point) => good(point, 20, after(epoch, period))),
  );
  return bed;
}

/** Says what it would do, and does nothing. */
const responseTo = ({ id }: AlarmDefinition): Response => ({
  id: `on-${id}` as ResponseId,
  title: { en: "Move" },
  when: [id],
  ifBlind: "hold",
  mode: "observe",
  after: ms(0),
  action: { kind: "failover", steps: [] },
});

const good = (point: PointId, value: number, at: Instant): Reading => ({ point, at, quality: "good", value });

/** Every judged point has another value than in the scan before, and one in a thousand lies beyond its limit. */
function changeAll(bed: Bed, turn: number): number {
  const at = after(bed.at, period);
  const readings = bed.judged.map((point, i) =>
    good(point, (i + turn) % crossingEvery === 0 ? limit + 5 : 20 + ((turn * 7 + i) % 100) / 10, at),
  );
  return timed(() => void step(bed, readings));
}

function step(bed: Bed, readings: readonly Reading[]): readonly Transition[] {
  bed.at = after(bed.at, period);
  return scan(bed.plant, { at: bed.at, readings, requests: [], outcomes: [], leads: true }).transitions;
}

/** A scan to which nothing has come, ms. */
function quietMs(bed: Bed): number {
  // What the changes before have left on the agenda falls due first.
  bed.at = after(bed.at, seconds(10));
  step(bed, []);
  const input = { at: bed.at, readings: [], requests: [], outcomes: [], leads: true };
  const tookMs = timed(() => {
    for (let n = 0; n < quietScans; n += 1) scan(bed.plant, input);
  });
  return tookMs / quietScans;
}

/** Raises every alarm within one second: how many are not told, or told out of the order in which they came. */
function lostInFlood(): number {
  const bed = bedOf();
  const each = alarms / floodScans;
  const told: string[] = [];
  for (let n = 0; n < floodScans; n += 1) {
    const at = after(bed.at, period);
    const readings = bed.judged.slice(n * each, (n + 1) * each).map((point) => good(point, limit + 5, at));
    for (const transition of step(bed, readings)) if (isRaising(transition)) told.push(transition.alarm);
  }
  const meant = bed.judged.map((point) => `hot-${point}`);
  return meant.filter((id, i) => told[i] !== id).length;
}
