/**
 * What a journal says of its alarm system: what people were given, as it was recorded, and how the alarms stood at the end.
 * Where the journal has a gap nobody counts: that time is no quiet one.
 */
import type { Kpi, KpiFigures } from "../core/alarm/kpi.ts";
import { beginKpi, kpiOver } from "../core/alarm/kpi.ts";
import type { Standing } from "../core/alarm/standing.ts";
import { standingOf } from "../core/alarm/standing.ts";
import type { Target } from "../core/alarm/targets.ts";
import { targetsOf } from "../core/alarm/targets.ts";
import type { Plant, ScanInput, SiteModel, Transition } from "../core/plant.ts";
import { scan } from "../core/scan.ts";
import type { RecordedScan, RecordedState, replay } from "./record.ts";
import { reviveState } from "./record.ts";
import type { Stretch } from "./recorded.ts";

type Recorded = Parameters<typeof replay>[0] extends Iterable<infer R> ? R : never;

/** The figures of a stretch of a site's life. */
export interface AlarmReport {
  readonly site: SiteModel;
  readonly timezone: string;
  readonly figures: KpiFigures;
  readonly standing: Standing;
  readonly targets: readonly Target[];
  /** Times in which nobody watched, or which the journal no longer holds. */
  readonly gaps: { readonly count: number; readonly ms: number };
}

/** What is being counted. */
interface Count {
  readonly stretch: Stretch;
  plant: Plant | null;
  timezone: string;
  kpi: Kpi | null;
  hasScans: boolean;
  /** The scan whose transitions stand in the record after it, and what the core of now makes of it. */
  last: { readonly input: ScanInput; readonly again: readonly Transition[] } | null;
  gaps: number;
  gapMs: number;
}

/** Counts over the records of a journal. Null where no scan of it lies in the stretch. */
export function alarmReportOf(records: Iterable<Recorded>, stretch: Stretch): AlarmReport | null {
  const count: Count = {
    stretch,
    plant: null,
    timezone: "UTC",
    kpi: null,
    hasScans: false,
    last: null,
    gaps: 0,
    gapMs: 0,
  };
  for (const record of records) {
    if (record.kind === "checkpoint") takeState(count, record.state as RecordedState);
    else if (!takeScan(count, record.input as RecordedScan)) break;
  }
  settle(count, null);
  const { plant, kpi, timezone } = count;
  if (!plant || !kpi || !count.hasScans) return null;
  const [figures, standing] = [kpi.read(plant.now), standingOf(plant)];
  const gaps = { count: count.gaps, ms: count.gapMs };
  return { site: plant.site, timezone, figures, standing, targets: targetsOf(figures, standing), gaps };
}

function takeState(count: Count, state: RecordedState): void {
  const { last, kpi, plant, stretch } = count;
  const { now } = state.plant;
  const follows = last !== null && last.input.at === now;
  settle(count, follows ? (state.before?.transitions ?? []) : null);
  if (kpi && plant && now > plant.now) {
    kpi.skip(plant.now, now);
    count.gaps += 1;
    count.gapMs += now - plant.now;
  }
  if (kpi === null && stretch.from === null) count.kpi = kpiOver(beginKpi(now));
  count.timezone = state.timezone;
  count.plant = reviveState(state);
}

/** False once the stretch is over. */
function takeScan(count: Count, { scanned, before }: RecordedScan): boolean {
  settle(count, before?.transitions ?? []);
  const { plant, stretch } = count;
  if (plant === null) return true;
  if (stretch.to !== null && scanned.at > stretch.to) return false;
  if (count.kpi === null && scanned.at >= (stretch.from ?? scanned.at)) count.kpi = kpiOver(beginKpi(scanned.at));
  count.hasScans = count.kpi !== null;
  count.last = { input: scanned, again: scan(plant, scanned).transitions };
  return true;
}

/** What was recorded of a scan counts; where nothing was, what the core of now makes of it. */
function settle(count: Count, recorded: readonly Transition[] | null): void {
  const { last, kpi } = count;
  count.last = null;
  if (last && kpi && last.input.at >= kpi.memory.since) kpi.take(recorded ?? last.again);
}
