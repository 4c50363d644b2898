import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { isRecorded } from "../../simulators/recording/index.ts";
import type { Otherwise } from "../../simulators/scenario.ts";
import { isRaising } from "../core/plant.ts";
import { rehearse } from "../simulation/rehearsal.ts";
import { exit, Refusal } from "./exit.ts";
import { playRecorded } from "./recorded.ts";
import { junitOf, suiteOf } from "./report/junit.ts";
import { pageOf } from "./report/page.ts";
import type { Played } from "./report/played.ts";
import { runInJson, transcriptOf, verdictsOf } from "./report/played.ts";
import { openScenario, scenarioNames } from "./scenario-files.ts";
import type { Progress } from "./scenario-progress.ts";
import { openProgress } from "./scenario-progress.ts";
import { playSeeds } from "./scenario-seeds.ts";
import type { ScenarioRunWords } from "./scenario-words.ts";
import { printTable } from "./table.ts";

/** `haechi scenario run NAME…`: plays scenarios, says what happened, and keeps them to their promises. */
export async function scenarioRun(names: readonly string[], words: ScenarioRunWords): Promise<number> {
  const recorded = names.map((name) => resolve(name)).filter(isRecorded);
  if (recorded.length > 0) return playAlone(names, recorded, words);
  const otherwise = otherwiseOf(words);
  const progress = openProgress(process.stderr, !words.json);
  if (words.seeds !== undefined) return playSeeds(expand(names), { words, otherwise, progress });
  const runs = await playAll(names, words, { otherwise, progress });
  if (words.out !== undefined) writeFileSync(words.out, runs.map((played) => transcriptOf(played)).join("\n"));
  if (words.junit !== undefined) writeFileSync(words.junit, junitOf("haechi scenarios", runs.map(suiteOf)));
  if (words.html !== undefined) writeFileSync(words.html, pageOf(runs));
  if (words.json) console.log(JSON.stringify(runs.length === 1 ? runInJson(runs[0]!) : runs.map(runInJson), null, 2));
  else sayRuns(runs);
  return runs.every(({ run }) => run.broken.length === 0) ? exit.done : exit.failed;
}

/** What was recorded plays as it was: nothing of it can be otherwise. */
function playAlone(names: readonly string[], [folder = ""]: readonly string[], words: ScenarioRunWords): number {
  const { on, set, seed, seeds, junit, html } = words;
  if (names.length > 1 || on !== "core" || [set, seed, seeds, junit, html].some((word) => word !== undefined))
    throw new Refusal(`${folder} is recorded, and is played by itself, with --json and --out alone`, exit.usage);
  return playRecorded(folder, words);
}

interface Playing {
  readonly otherwise: Otherwise;
  readonly progress: Progress;
}

const expand = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => (name === "all" ? scenarioNames() : [name]));

async function playAll(
  names: readonly string[],
  words: ScenarioRunWords,
  { otherwise, progress }: Playing,
): Promise<readonly Played[]> {
  if (words.on === "shadow") return [await playLive(names, words, { otherwise, progress })];
  if (words.inject || words.url !== undefined)
    throw new Refusal("--inject and --url belong to --on shadow", exit.usage);
  const wanted = expand(names);
  const runs: Played[] = [];
  for (const [i, name] of wanted.entries()) {
    const onProgress = (part: number): void => progress.show((i + part) / wanted.length, name);
    onProgress(0);
    runs.push(await playOne(name, { words, otherwise, onProgress }));
  }
  progress.clear();
  return runs;
}

async function playOne(
  name: string,
  {
    words,
    otherwise,
    onProgress,
  }: { readonly words: ScenarioRunWords; readonly otherwise: Otherwise; readonly onProgress: (part: number) => void },
): Promise<Played> {
  const scenario = openScenario(name, otherwise);
  const began = performance.now();
  const run =
    words.on === "wire"
      ? await (await import("./scenario-wire.ts")).playOnWire(scenario, { speed: words.speed, onProgress })
      : await rehearse(scenario.site, scenario, {
          siteText: scenario.siteText,
          isPlotted: words.html !== undefined,
          onProgress,
        });
  return { scenario, run, on: words.on, tookS: (performance.now() - began) / 1000 };
}

/** A game day: the last word is the live site's file. */
async function playLive(
  names: readonly string[],
  words: ScenarioRunWords,
  { otherwise, progress }: Playing,
): Promise<Played> {
  const [name, site, ...more] = names;
  if (name === undefined || site === undefined || more.length > 0)
    throw new Refusal(
      "say one scenario and the live site's file: scenario run NAME --on shadow SITE --inject",
      exit.usage,
    );
  if (!words.inject)
    throw new Refusal(
      "a game day injects readings into a second core beside the live service, which itself sees nothing of it: say --inject",
      exit.usage,
    );
  const began = performance.now();
  const { playBesideLive } = await import("./scenario-shadow.ts");
  const onProgress = (part: number): void => progress.show(part, `${name}, in real time`);
  const url = words.url === undefined ? {} : { url: words.url };
  const { scenario, run } = await playBesideLive(name, site, { ...url, otherwise, onProgress });
  progress.clear();
  console.error(`${run.held.length} commands were held back; none left`);
  return { scenario, run, on: "shadow", tookS: (performance.now() - began) / 1000 };
}

/** One run is told whole; of several it is said how each went, and what it broke. */
function sayRuns(runs: readonly Played[]): void {
  const [only] = runs;
  if (only && runs.length === 1) {
    process.stdout.write(transcriptOf(only));
    const pace = (only.scenario.ends - only.scenario.starts) / 1000 / only.tookS;
    console.error(`${only.tookS.toFixed(1)} s, ${Math.round(pace)} times real time`);
    return;
  }
  printTable(
    ["", "scenario", "promises kept", "alarms raised", "commands"],
    runs.map(({ scenario, run }) => [
      run.broken.length === 0 ? "kept" : "BROKEN",
      scenario.name,
      `${scenario.promises.length - run.broken.length} of ${scenario.promises.length}`,
      String(run.record.transitions.filter(isRaising).length),
      String(run.record.commands.length),
    ]),
  );
  for (const played of runs)
    for (const { text, broken } of verdictsOf(played))
      if (broken !== null) console.log(`BROKEN    ${played.scenario.name}: ${text}: ${broken}`);
}

/** What the words on the command line change of the files. */
function otherwiseOf({ set = [], seed }: ScenarioRunWords): Otherwise {
  const params = new Map(
    set.map((text): [string, string] => {
      const at = text.indexOf("=");
      if (at < 1) throw new Refusal(`--set takes name=value, and not "${text}"`, exit.usage);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
  return seed === undefined ? { params } : { params, seed };
}
