import { readFileSync } from "node:fs";
import { join } from "node:path";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { folderWith } from "./folder.ts";

/** A scenario of the test's own, in a folder laid out like the product's. The site is the demo's, changed as told. */
export function scenarioFolder(text: string, change: (site: string) => string = (site) => site): string {
  const site = change(readFileSync(demoSiteFile(), "utf8"));
  const folder = folderWith({ "sites/demo.yaml": site, "scenarios/own/scenario.yaml": text });
  return join(folder, "scenarios", "own");
}

/** A utility that fails after two seconds, and what is promised of it. */
export const soonDark = (...promises: readonly string[]): string => `
scenario: own
about: The utility fails at once.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: 1min
seed: 1
timeline:
  - { at: 2s, does: the utility fails, event: { utility: fail } }
promises: ${JSON.stringify(promises)}
`;
