import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Scenario } from "../../simulators/scenario.ts";
import { loadScenario } from "../../simulators/scenario.ts";
import { assert } from "../../src/core/assert.ts";
import type { RehearsalOptions, Rehearsed } from "../../src/simulation/rehearsal.ts";
import { rehearse } from "../../src/simulation/rehearsal.ts";
import type { Site } from "../../src/site/index.ts";

/** Where the scenarios lie that come with the product. */
export const scenariosDir = fileURLToPath(new URL("../../simulators/scenarios", import.meta.url));

/** The folders there, whatever is in them: one without a scenario in it is a fault, too. */
export const scenarioFolders: readonly string[] = readdirSync(scenariosDir, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

/** A scenario and the site that it befalls, ready to be rehearsed. */
export interface Cast {
  readonly scenario: Scenario;
  readonly site: Site;
  readonly siteText: string;
}

/** Everything that a scenario's rehearsal takes. */
export function cast(name: string): Cast {
  const loaded = loadScenario(join(scenariosDir, name));
  assert("scenario" in loaded, `the scenario ${name} has no mistakes`);
  return castOf(loaded.scenario);
}

/** The same for a scenario that a test has made up. */
export const castOf = (scenario: Scenario): Cast => ({ scenario, site: scenario.site, siteText: scenario.siteText });

/** Plays a scenario in virtual time. */
export const play = (
  { site, scenario, siteText }: Cast,
  options: Omit<RehearsalOptions, "siteText"> = {},
): Promise<Rehearsed> => rehearse(site, scenario, { siteText, ...options });
