/** The service's own health in Prometheus' format, in a registry of its own. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { priorities } from "../core/alarm/definition.ts";
import type { ScanOutput } from "../core/plant.ts";
import { countsOf } from "./alarms.ts";
import type { Stream } from "./stream.ts";
import { healthOf } from "./view.ts";

/** Bounds of the scan's duration, s: its period is 0.1 s, so what matters lies below. */
const scanBuckets = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** What one scan cost. */
export interface ScanCost {
  readonly scanMs?: number;
  /** It took longer than its period. */
  readonly overran?: boolean;
}

export interface Prometheus {
  readonly registry: Registry;
  /** Takes note of a scan. */
  observe(output: ScanOutput, cost: ScanCost): void;
}

/** Gauges are read off when they are asked for; only scans are counted as they come. */
export function prometheus(stream: Stream, spoolBytes: () => number): Prometheus {
  const registry = new Registry();
  const registers = [registry];
  const scans = new Histogram({
    name: "haechi_scan_duration_seconds",
    help: "How long a scan took.",
    buckets: scanBuckets,
    registers,
  });
  const overruns = new Counter({
    name: "haechi_scan_overruns_total",
    help: "Scans longer than their period.",
    registers,
  });
  const actions = new Counter({ name: "haechi_actions_total", help: "Commands handed to the gate.", registers });
  pointGauge(stream, registry);
  alarmGauge(stream, registry);
  gauge(registry, "haechi_stream_clients", "Displays that listen.", () => stream.clients.count);
  gauge(registry, "haechi_spool_bytes", "Readings on disk that the historian has not taken yet.", spoolBytes);
  return {
    registry,
    observe(output, { scanMs, overran }) {
      if (scanMs !== undefined) scans.observe(scanMs / 1000);
      if (overran) overruns.inc();
      if (output.commands.length > 0) actions.inc(output.commands.length);
    },
  };
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

function pointGauge(stream: Stream, registry: Registry): void {
  new Gauge({
    name: "haechi_points",
    help: "Points by the quality of their newest reading.",
    labelNames: ["quality"],
    registers: [registry],
    collect() {
      if (!stream.plant) return;
      for (const [quality, n] of Object.entries(healthOf(stream.plant).points)) this.set({ quality }, n);
    },
  });
}

function alarmGauge(stream: Stream, registry: Registry): void {
  new Gauge({
    name: "haechi_alarms_active",
    help: "Active alarms that nothing withholds, by priority.",
    labelNames: ["priority"],
    registers: [registry],
    collect() {
      if (!stream.plant) return;
      const { active } = countsOf(stream.plant, 0);
      for (const priority of priorities) this.set({ priority }, active[priority]);
    },
  });
}
