/** Some minutes of the demo site, as the product's own store would write them to InfluxDB. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import type { Scenario } from "../../simulators/scenario.ts";
import { parseScenario } from "../../simulators/scenario.ts";
import { assert } from "../../src/core/assert.ts";
import type { PointId } from "../../src/core/reading.ts";
import { self } from "../../src/self/alarms.ts";
import { selfWatch } from "../../src/self/points.ts";
import { rehearse } from "../../src/simulation/rehearsal.ts";
import type { PointMeta, StoreEvent } from "../../src/store/line.ts";
import { eventLine } from "../../src/store/line.ts";
import { lineEncoder } from "../../src/store/line-encoder.ts";
import { textsOf } from "../../src/store/lines.ts";
import { demoSite } from "../simulators/demo-site.ts";

/** The device that falls silent in the scenario, and for how long; ms from its start. */
export const silence = { device: "meter-main", from: 150_000, to: 210_000 } as const;

/** Where it would lie: a scenario finds its site file from there. */
const scenarioFile = join(dirname(demoSiteFile()), "../scenarios/for-the-dashboard/scenario.yaml");

const scenarioText = `
scenario: for-the-dashboard
about: A utility failure, an off-gassing battery, a meter that falls silent for a minute, a probe that cannot be believed.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: 5min
seed: 7
timeline:
  - { at: 10s, does: a module of string A vents, event: { battery: bat-a, archetype: vent } }
  - { at: 20s, does: the utility fails, event: { utility: fail } }
  - { at: 60s, does: a probe shows nonsense, event: { reading: crac-2/temperature.supply, shows: 150 } }
  - { at: ${silence.from}ms, does: the meter falls silent, event: { sensor: ${silence.device}, silent: true } }
  - { at: ${silence.to}ms, does: the meter answers, event: { sensor: ${silence.device}, silent: false } }
promises: []
`;

export interface Played {
  readonly site: string;
  /** ms */
  readonly starts: number;
  readonly ends: number;
  /** Line protocol. */
  readonly lines: readonly string[];
}

/** Plays it. The readings are of the plant, the events of the core and the gate, the service's own points of this process. */
export async function played(): Promise<Played> {
  const site = demoSite();
  const parsed = parseScenario(scenarioFile, scenarioText);
  assert("scenario" in parsed, `the scenario holds: ${JSON.stringify(parsed)}`);
  const scenario: Scenario = parsed.scenario;
  const own = (point: PointId): PointMeta => ({
    quantity: point.slice(self.length + 1),
    device: self,
    class: "service",
    space: null,
  });
  const encode = lineEncoder(site.id, (point) => site.pointInfo.get(point) ?? own(point));
  const watch = selfWatch(null);
  const lines: string[] = [];
  const event = (happened: StoreEvent): void => void lines.push(eventLine(site.id, happened));
  const points = new Map<string, PointId>();
  await rehearse(site, scenario, {
    siteText: readFileSync(demoSiteFile(), "utf8"),
    onScan(input, output) {
      if (output === null) return;
      const readings = [...input.readings, ...watch.read(input.at, sizes)];
      encode(readings, (some) => lines.push(...textsOf(some)));
      for (const outcome of input.outcomes) {
        event({ kind: "outcome", outcome, point: points.get(outcome.command)! });
      }
      for (const transition of output.transitions) event({ kind: "transition", transition });
      for (const notice of output.notices) event({ kind: "notice", notice });
      for (const command of output.commands) {
        points.set(command.id, command.point);
        event({ kind: "command", command });
      }
    },
  });
  watch.stop();
  return { site: site.id, starts: scenario.starts, ends: scenario.ends, lines };
}

/** What this process cannot know of itself. */
const sizes = {
  "scan.time": 1,
  "scan.overruns": 0,
  "journal.size": 2,
  "journal.lag": 500,
  "chain.p50": 3,
  "chain.p99": 12,
  "chain.silence": 0.5,
  "cause.faults": 0,
  "spool.size": 0,
  "spool.lag": 0,
  "queue.readings": 0,
  "queue.requests": 0,
  "queue.gate": 0,
  "queue.notify": 0,
  "queue.store": 0,
};
