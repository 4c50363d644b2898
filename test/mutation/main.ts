/**
 * `npm run mutate`: changes the core in thousands of small ways and asks whether a test notices. A file at a time, so
 * that a run which is broken off goes on where it was (`-- --resume`), and one file can be tried alone
 * (`-- src/core/vote.ts`), or lines of one (`-- src/core/vote.ts:7,20-24`). A change that nobody notices and that
 * survivors.yaml does not justify ends it with 1.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Asked } from "./asked.ts";
import { askedOf, patternsOf } from "./asked.ts";
import type { Mutant } from "./survivors.ts";
import { mutantsOf, readSurvivors, unjustified } from "./survivors.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const results = join(root, "node_modules/.cache/mutation");

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name}`)
    .sort();
}

const exists = (file: string): boolean => existsSync(join(root, file));

/** Lines have a result of their own, beside that of the whole file. */
const resultOf = ({ file, lines }: Asked): string =>
  join(results, `${[file.replaceAll("/", "+"), ...lines].join("+")}.json`);

/** Whether what is asked has a result that is younger than it and than the tests that are asked of it. */
function isCurrent(asked: Asked): boolean {
  const result = resultOf(asked);
  if (!existsSync(result)) return false;
  const since = statSync(result).mtimeMs;
  const { file } = asked;
  return [file, ...testsOf(file)].every((one) => statSync(join(root, one)).mtimeMs < since);
}

/** Fewer than the machine has cores, where somebody else works on it. */
const workers = Number(process.env["HAECHI_WORKERS"] ?? availableParallelism());

/** What Stryker is told. It rewrites no tsconfig: it would want a compiler with an API for that. */
const configFor = (asked: Asked): object => ({
  testRunner: "bundle",
  plugins: [fileURLToPath(new URL("runner.js", import.meta.url))],
  // The sandbox needs what tests read, and nothing that was built.
  ignorePatterns: ["dist", "docs", "bench", "dashboards"],
  mutate: patternsOf(asked),
  coverageAnalysis: "all",
  concurrency: workers,
  tsconfigFile: "none",
  tempDirName: ".stryker",
  reporters: ["json"],
  jsonReporter: { fileName: resultOf(asked) },
  allowConsoleColors: false,
  logLevel: "warn",
  // What has no end is noticed by how often it goes round; this is for the rest, on a machine that is busy.
  timeoutMS: 60_000,
});

/** Those of law 1 look for texts of the source, which is another one here; the others live days with a plant. */
const unasked = ["law-1", "detect/normal-life", "detect/quiet-days", "detect/battery-alarms"];

/** What holds for every kind of detector, and the form of each in a site file. */
const forDetectors = ["test/core/detect/index.test.ts", "test/core/detect/forms.test.ts"];

/** A file of `respond/`, and the tests of that folder that stand with it. */
const inRespond = (name: string, ...by: readonly string[]): readonly [string, readonly string[]] => [
  `respond/${name}`,
  by.map((part) => `respond/${part}`),
];

/** What brings parts together is asked by the tests of those parts as well, and a part without a test by that of its whole. */
const parts: Readonly<Record<string, readonly string[]>> = Object.fromEntries([
  ...["scan", "plant", "checkpoint"].map((name) => [
    name,
    ["alarm/settle", "alarm/first-out", "alarm/flood", "topology/cause", "respond/respond"],
  ]),
  ["detect/kind", []],
  ["alarm/settle", ["alarm/ask"]],
  ["alarm/lifecycle", ["alarm/settle", "alarm/ask"]],
  ["topology/fallout", ["topology/blast", "topology/cut"]],
  ...["movers", "places", "power", "targets"].map((name) => [`topology/audit-${name}`, ["topology/audit"]]),
  inRespond(
    "respond",
    "people",
    "evacuate",
    "drill",
    "undo",
    "release",
    "witness",
    "failover",
    "race",
    "shedding",
    "scope",
    "reclose",
    "practice",
  ),
  ...["turn", "campaign"].map((name) =>
    inRespond(name, "respond", "people", "undo", "release", "race", "failover", "witness"),
  ),
  inRespond("shedding", "respond", "release"),
  inRespond("release", "shedding"),
  inRespond("failover", "race", "scope", "evacuate", "people"),
  inRespond("undo", "people", "drill"),
  inRespond("drill", "people", "evacuate", "practice"),
  inRespond("practice", "drill", "people"),
  inRespond("reclose", "release", "undo", "people"),
  inRespond("steps", "failover", "race"),
  inRespond("path", "race"),
  inRespond("race", "evacuate"),
  inRespond("prospect", "shed", "planner"),
  inRespond("shed", "prospect", "shedding", "shed-length", "planner"),
  ...["ways", "rooms", "draws", "scene"].map((name) => inRespond(name, "prospect", "shed")),
  ...["draft", "bound", "greed", "search"].map((name) => inRespond(name, "planner")),
]);

/**
 * A file is asked by its own test and by those that stand with it: thousands of mutants ask each of them, and a test from
 * elsewhere that would have noticed one is no test of this file. What has no test of its own is asked by its whole folder.
 */
function testsOf(file: string): readonly string[] {
  const [, folder = "", name = ""] = /^src\/core\/((?:[a-z-]+\/)?)([a-z-]+)\.ts$/.exec(file) ?? [];
  const own = `test/core/${folder}${name}.test.ts`;
  const generic = folder === "detect/" ? forDetectors : ["test/core/scan.test.ts"];
  const more = parts[`${folder}${name}`]?.map((part) => `test/core/${part}.test.ts`);
  if (more || exists(own)) return [...new Set([...[own].filter(exists), ...generic, ...(more ?? [])])];
  const all = readdirSync(join(root, "test/core", folder))
    .filter((test) => test.endsWith(".test.ts") && !unasked.includes(`${folder}${test.slice(0, -".test.ts".length)}`))
    .map((test) => `test/core/${folder}${test}`);
  return [...new Set([...all, ...generic])];
}

/** Mutates one file, or lines of it. Throws where that cannot be done, as when a test fails of itself. */
function mutate(asked: Asked): void {
  const { file } = asked;
  mkdirSync(results, { recursive: true });
  const config = join(results, "config.json");
  writeFileSync(config, JSON.stringify(configFor(asked)));
  const stryker = join(root, "node_modules/@stryker-mutator/core/bin/stryker.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [stryker, "run", config], {
    cwd: root,
    encoding: "utf8",
    env: { HAECHI_RUNS: "40", ...process.env, HAECHI_MUTATION_TESTS: testsOf(file).join(",") },
  });
  if (status !== 0) throw new Error(`${file} could not be mutated\n${stdout}${stderr}`);
}

const share = (part: number, whole: number): number => (whole === 0 ? 100 : Math.round((part / whole) * 10_000) / 100);

function summary(mutants: readonly Mutant[]): { readonly all: number; readonly found: number; readonly score: number } {
  const found = mutants.filter(({ isFound }) => isFound).length;
  return { all: mutants.length, found, score: share(found, mutants.length) };
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { resume: { type: "boolean" } } });
const wanted = positionals.length > 0 ? positionals : filesOf("src/core");
const all: Mutant[] = [];
for (const argument of wanted) {
  const asked = askedOf(argument);
  if (!(values.resume && isCurrent(asked))) mutate(asked);
  const mutants = mutantsOf(asked.file, JSON.parse(readFileSync(resultOf(asked), "utf8")));
  all.push(...mutants);
  const { all: count, found, score } = summary(mutants);
  console.log(
    `${score.toFixed(1).padStart(6)} %  ${String(found).padStart(5)} of ${String(count).padEnd(5)} ${argument}`,
  );
}
const survivors = all.filter(({ isFound }) => !isFound);
const loose = unjustified(survivors, readSurvivors(join(root, "test/mutation/survivors.yaml")));
for (const { file, line, column, kind, from, to } of loose)
  console.log(`${file}:${line}:${column} ${kind} survives: ${from} → ${to}`);
const figures = {
  core_mutation_score_percent: summary(all).score,
  mutants: all.length,
  survivors: survivors.length,
  survivors_unjustified: loose.length,
};
console.log(JSON.stringify({ area: "mutate", figures }));
process.exitCode = loose.length > 0 ? 1 : 0;
