/**
 * How fast a whole site runs in virtual time: plant physics, decoding, scan and gate together, as
 * `haechi scenario run` plays it.
 */
import { openScenario } from "../src/cli/scenario-files.ts";
import { rehearse } from "../src/simulation/rehearsal.ts";
import { median } from "./median.ts";
import { devicesFigures } from "./simulate/devices.ts";
import { swarmFigures } from "./simulate/swarms.ts";

/** The first runs compile as they go; the median of five leaves them out. */
const runs = 5;

interface Run {
  readonly seconds: number;
  /** Plant time, s. */
  readonly lasted: number;
  readonly scans: number;
  readonly readings: number;
  readonly broken: number;
}

/** Medians over the runs of each scenario; `_x` is plant time over wall time. */
export async function figures(): Promise<Record<string, number>> {
  const calm: Run[] = [];
  const pangyo: Run[] = [];
  for (let n = 0; n < runs; n += 1) {
    calm.push(await play("calm"));
    pangyo.push(await play("pangyo-2022"));
  }
  return {
    demo_speed_x: median(calm.map(({ lasted, seconds }) => lasted / seconds)),
    calm_seconds: median(calm.map(({ seconds }) => seconds)),
    calm_us_per_scan: median(calm.map(({ seconds, scans }) => (seconds * 1e6) / scans)),
    calm_readings_per_s: median(calm.map(({ readings, seconds }) => readings / seconds)),
    pangyo_seconds: median(pangyo.map(({ seconds }) => seconds)),
    pangyo_speed_x: median(pangyo.map(({ lasted, seconds }) => lasted / seconds)),
    promises_broken: [...calm, ...pangyo].reduce((sum, { broken }) => sum + broken, 0),
    ...(await devicesFigures()),
    ...(await swarmFigures()),
  };
}

async function play(name: string): Promise<Run> {
  const scenario = openScenario(name);
  const { site, siteText } = scenario;
  let [scans, readings] = [0, 0];
  const began = performance.now();
  const { broken } = await rehearse(site, scenario, {
    siteText,
    onScan: (input, output) => {
      if (output === null) return;
      scans += 1;
      readings += input.readings.length;
    },
  });
  const seconds = (performance.now() - began) / 1000;
  return { seconds, lasted: (scenario.ends - scenario.starts) / 1000, scans, readings, broken: broken.length };
}
