import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Otherwise, Scenario } from "../../simulators/scenario.ts";
import { loadScenario } from "../../simulators/scenario.ts";
import { closest, formatProblem, hintAt } from "../profiles/index.ts";
import { exit, Refusal } from "./exit.ts";

/** The folder of the scenarios that come with the product, beside the sources; compiled code lies deeper. */
const scenarioFolder = (): string => {
  const places = ["../../simulators/scenarios", "../../../simulators/scenarios"];
  const folders = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return folders.find((folder) => existsSync(join(folder, "calm"))) ?? folders[0]!;
};

/** The names of the scenarios that come with the product. */
export const scenarioNames = (): readonly string[] =>
  readdirSync(scenarioFolder(), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

/** Where a scenario's file is, by its own path, its folder or its name; refuses with the names there are. */
export function scenarioFile(name: string): string {
  const given = resolve(name);
  if (/\.ya?ml$/.test(name) && existsSync(given) && statSync(given).isFile()) return given;
  for (const folder of [given, join(scenarioFolder(), basename(name))]) {
    const file = join(folder, "scenario.yaml");
    if (existsSync(file)) return file;
  }
  const names = scenarioNames();
  const hint = hintAt(closest(name, names));
  throw new Refusal(`there is no scenario "${name}"${hint}; there are: ${names.join(", ")}`, exit.usage);
}

/** A scenario by its name, folder or file; refuses with what is wrong with it, or with the names there are. */
export function openScenario(name: string, otherwise: Otherwise = {}): Scenario {
  const loaded = loadScenario(scenarioFile(name), otherwise);
  if ("scenario" in loaded) return loaded.scenario;
  throw new Refusal(loaded.problems.map(formatProblem).join("\n"), exit.config);
}
