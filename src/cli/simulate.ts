import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isRecorded } from "../../simulators/recording/index.ts";
import type { Scenario } from "../../simulators/scenario.ts";
import { loadScenario } from "../../simulators/scenario.ts";
import { closest, formatProblem } from "../profiles/index.ts";
import type { Rehearsed } from "../rehearsal.ts";
import { rehearse } from "../rehearsal.ts";
import type { Site } from "../site/index.ts";
import { lineWriter } from "../transcript.ts";
import { exit, Refusal } from "./exit.ts";
import { openSiteFile } from "./open.ts";
import { playRecorded } from "./recorded.ts";

export interface SimulateWords {
  readonly json?: boolean;
  readonly out?: string;
}

/** `haechi simulate SCENARIO`: plays a scenario in virtual time, prints the transcript and keeps the scenario to its promises. */
export async function simulate(name: string, words: SimulateWords): Promise<number> {
  if (isRecorded(resolve(name))) return playRecorded(resolve(name), words);
  const scenario = openScenario(name);
  const site = openSiteFile(scenario.siteFile);
  const began = performance.now();
  const isWatched = process.stderr.isTTY && !words.json;
  const rehearsed = await rehearse(site, scenario, {
    siteText: readFileSync(scenario.siteFile, "utf8"),
    onProgress: (part) => isWatched && process.stderr.write(`\r${Math.round(part * 100)} %`),
  });
  if (isWatched) process.stderr.write("\r      \r");
  const tookS = (performance.now() - began) / 1000;
  if (words.out !== undefined) writeFileSync(words.out, transcriptOf(site, scenario, rehearsed));
  if (words.json) console.log(JSON.stringify(inJson(scenario, rehearsed, tookS), null, 2));
  else {
    process.stdout.write(transcriptOf(site, scenario, rehearsed));
    const pace = (scenario.ends - scenario.starts) / 1000 / tookS;
    console.error(`${tookS.toFixed(1)} s, ${Math.round(pace)} times real time`);
  }
  return rehearsed.broken.length === 0 ? exit.done : exit.failed;
}

/** A run as its scenario's folder keeps it: what it is about, what happened, and which promises were kept. */
export function transcriptOf(site: Site, scenario: Scenario, { told, broken }: Rehearsed): string {
  const line = lineWriter(site.timezone);
  const why = new Map(broken.map((b) => [b.text, b.why]));
  const promises = scenario.promises.map(({ text }) => {
    const failure = why.get(text);
    return failure === undefined ? `kept      ${text}` : `BROKEN    ${text}: ${failure}`;
  });
  return [`${scenario.name}: ${scenario.about}`, "", ...told.map(line), "", ...promises, ""].join("\n");
}

const inJson = (scenario: Scenario, { record, broken }: Rehearsed, tookS: number): object => ({
  scenario: scenario.name,
  tookSeconds: tookS,
  transitions: record.transitions,
  commands: record.commands,
  notices: record.notices,
  promises: scenario.promises.map(({ text }) => ({ text, broken: broken.find((b) => b.text === text)?.why ?? null })),
});

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

/** A scenario by its name or its folder; refuses with what is wrong with it, or with the names there are. */
export function openScenario(name: string): Scenario {
  const given = resolve(name);
  const folder = existsSync(join(given, "scenario.yaml")) ? given : join(scenarioFolder(), basename(name));
  if (!existsSync(join(folder, "scenario.yaml"))) {
    const names = scenarioNames();
    const near = closest(name, names);
    const hint = near === undefined ? "" : ` (did you mean "${near}"?)`;
    throw new Refusal(`there is no scenario "${name}"${hint}; there are: ${names.join(", ")}`, exit.usage);
  }
  const loaded = loadScenario(folder);
  if ("scenario" in loaded) return loaded.scenario;
  throw new Refusal(loaded.problems.map(formatProblem).join("\n"), exit.config);
}
