import { expect, onTestFinished, test } from "vitest";
import { beginKpi, kpiOver } from "../../src/core/alarm/kpi.ts";
import type { Kpis } from "../../src/serve/api.ts";
import { serveDemo, servedPlant } from "./bed.ts";
import { again, begin, burning, calmPlant, cycle } from "./plants.ts";

test("what is counted of the alarms can be asked for, and is what Prometheus is told", async () => {
  const kpi = kpiOver(beginKpi(begin));
  const served = await serveDemo({ kpi: (now) => kpi.read(now) });
  onTestFinished(() => served.close());
  expect((await fetch(`${served.url}/api/v1/kpi`)).status).toBe(503);
  const plant = calmPlant();
  const output = cycle(plant, begin + 500, again(burning));
  kpi.take(output.transitions);
  served.publish(plant, output);
  const kpis = (await (await fetch(`${served.url}/api/v1/kpi`)).json()) as Kpis;
  const raised = output.transitions.filter(({ to }) => to === "unacknowledged").length;
  expect(raised).toBeGreaterThan(0);
  expect(kpis).toMatchObject({ annunciated: raised, per10min: { now: raised }, standing: { active: raised } });
  expect(kpis.targets.map(({ name }) => name)).toContain("time in flood");
  const metrics = await (await fetch(`${served.url}/metrics`)).text();
  expect(metrics).toContain(`haechi_alarms_10min ${raised}\n`);
  expect(metrics).toMatch(/haechi_alarms_annunciated\{priority="critical"\} \d+\n/);
});

test("a service that counts nothing says so", async () => {
  const served = await servedPlant(calmPlant());
  onTestFinished(() => served.close());
  expect((await fetch(`${served.url}/api/v1/kpi`)).status).toBe(503);
});
