import { readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import type { Scenario } from "../../simulators/scenario.ts";
import { loadScenario } from "../../simulators/scenario.ts";
import type { Clock } from "../../src/clock.ts";
import { realClock } from "../../src/clock.ts";
import { assert } from "../../src/core/assert.ts";
import { fetchKeys } from "../../src/secrets.ts";
import type { Simulation } from "../../src/simulation/scenario-on-wire.ts";
import { openSimulation } from "../../src/simulation/scenario-on-wire.ts";
import type { Site } from "../../src/site/index.ts";
import { loadSiteFile } from "../../src/sitefile.ts";
import { folderWith } from "../cli/folder.ts";
import { token } from "../cli/operator.ts";
import { demoKeys } from "../simulators/demo-site.ts";

/** Secrets of the sites that tests make, as an environment. */
export const keysOfTests = { ...demoKeys, HAECHI_TEST_TOKEN: token };

/** A simulated site on the wire, in the test's own process. */
export interface Hosted {
  readonly scenario: Scenario;
  readonly simulation: Simulation;
  readonly clock: Clock;
  readonly speed: number;
  /** When plant time was wall time, ms. */
  readonly since: number;
  /** The site as it stands on the wire: the addresses are those of the simulation. */
  readonly site: Site;
  /** For the state of services and for whatever else a test puts down. */
  readonly folder: string;
}

/** Puts the site of a scenario's folder on the wire. Nothing befalls it before {@link Simulation.play}. */
export async function host(scenarioFolder: string, speed = 1): Promise<Hosted> {
  const loaded = loadScenario(scenarioFolder);
  assert("scenario" in loaded, "the test's scenario has no mistakes");
  const { scenario } = loaded;
  const keys = fetchKeys(siteOf(scenario.siteFile), keysOfTests);
  assert("addresses" in keys, "the tests have every key");
  const folder = folderWith();
  const since = Date.now();
  const clock = realClock(speed, since);
  const siteText = readFileSync(scenario.siteFile, "utf8");
  const simulated = siteOf(scenario.siteFile);
  const simulation = await openSimulation({ site: simulated, siteText, keys, clock, scenario, folder });
  onTestFinished(() => simulation.stop());
  return { scenario, simulation, clock, speed, since, site: siteOf(simulation.siteFile), folder };
}

export function siteOf(file: string): Site {
  const loaded = loadSiteFile(file);
  assert("site" in loaded, `${file} has no mistakes`);
  return loaded.site;
}
