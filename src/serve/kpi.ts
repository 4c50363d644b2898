/** How the alarm system serves its people, for those who ask and for Prometheus. */
import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import { Gauge } from "prom-client";
import { priorities } from "../core/alarm/definition.ts";
import type { KpiFigures } from "../core/alarm/kpi.ts";
import { standingOf } from "../core/alarm/standing.ts";
import { targetsOf } from "../core/alarm/targets.ts";
import type { Instant } from "../core/time.ts";
import type { Kpis } from "./api.ts";
import { Refusal } from "./problem.ts";
import type { Stream } from "./stream.ts";

/** What was counted until an instant; null where nobody counts. */
export type KpiReader = (now: Instant) => KpiFigures | null;

/** The figures, how the alarms stand, and what is asked of both. Null before the first scan. */
function kpisOf({ plant }: Stream, read: KpiReader): Kpis | null {
  const figures = plant && read(plant.now);
  if (!figures) return null;
  const standing = standingOf(plant);
  return { ...figures, standing, targets: targetsOf(figures, standing) };
}

/** {@link kpisOf}, worked out once a scan however often it is asked for. */
export function kpisOnce(stream: Stream, read: KpiReader): () => Kpis | null {
  let [at, kept]: [Instant | null, Kpis | null] = [null, null];
  return () => {
    const now = stream.plant?.now ?? null;
    if (now !== at) [at, kept] = [now, kpisOf(stream, read)];
    return kept;
  };
}

/** `/api/v1/kpi`. */
export function kpiRoute(app: FastifyInstance, read: () => Kpis | null): void {
  app.get("/api/v1/kpi", async (_, reply) => {
    const kpis = read();
    if (!kpis) throw new Refusal(503, "there has been no scan yet");
    return reply.header("cache-control", "no-store").send(kpis);
  });
}

const plain: readonly (readonly [name: string, help: string, of: (kpis: Kpis) => number])[] = [
  ["haechi_alarms_10min", "Alarms put before people in the last 10 min.", (k) => k.per10min.now],
  ["haechi_alarms_10min_peak", "The most alarms put before people in any 10 min.", (k) => k.per10min.peak],
  ["haechi_alarms_10min_mean", "Alarms put before people in 10 min, on average.", (k) => k.per10min.mean],
  ["haechi_alarm_flood", "1 while more alarms come than anybody can answer.", (k) => (k.flood.isOn ? 1 : 0)],
  ["haechi_alarm_flood_seconds", "Time in alarm floods.", (k) => k.flood.ms / 1000],
  ["haechi_alarms_chattering", "Alarms that have chattered.", (k) => k.chattering.length],
  ["haechi_alarms_fleeting", "Alarms that were gone before anybody could answer.", (k) => k.fleeting.length],
  ["haechi_alarms_stale", "Alarms that have stood for more than a day.", (k) => k.standing.stale.length],
  ["haechi_alarms_shelved", "Alarms that people have silenced for a time.", (k) => k.standing.shelved],
  ["haechi_alarms_suppressed", "Alarms folded under their causes.", (k) => k.standing.suppressed],
  ["haechi_alarms_out_of_service", "Alarms that are out of service.", (k) => k.standing.outOfService],
  ["haechi_alarms_answered", "Alarms that were acknowledged.", (k) => k.answered.count],
  [
    "haechi_alarms_answered_in_time",
    "Alarms that were acknowledged in their priority's time.",
    (k) => k.answered.inTime,
  ],
];

/** The figures as gauges, read off when they are asked for. */
export function kpiGauges(registry: Registry, read: () => Kpis | null): void {
  for (const [name, help, of] of plain)
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const kpis = read();
        if (kpis) this.set(of(kpis));
      },
    });
  new Gauge({
    name: "haechi_alarms_annunciated",
    help: "Alarms put before people since counting began, by priority.",
    labelNames: ["priority"],
    registers: [registry],
    collect() {
      const kpis = read();
      if (kpis) for (const priority of priorities) this.set({ priority }, kpis.byPriority[priority].count);
    },
  });
}
