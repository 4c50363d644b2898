import { existsSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { Problem } from "../profiles/index.ts";
import { formatProblem } from "../profiles/index.ts";
import type { Coverage } from "../rules/coverage.ts";
import { coverageOf } from "../rules/coverage.ts";
import type { RuleFile } from "../rules/load.ts";
import { loadRules } from "../rules/load.ts";
import type { PlayedTest } from "../rules/play.ts";
import { playTest } from "../rules/play.ts";
import { exit, Refusal } from "./exit.ts";
import { countOf } from "./open.ts";
import type { Case } from "./report/junit.ts";
import { junitOf } from "./report/junit.ts";

export interface TestRulesWords {
  readonly json?: boolean;
  readonly junit?: string;
  readonly coverage?: boolean;
}

interface PlayedFile {
  readonly file: RuleFile;
  readonly played: readonly PlayedTest[];
  readonly tookS: number;
}

/** `haechi test-rules FILE…`: gives a site's alarms what its points might say, and holds what comes of it to what was expected. */
export function testRules(files: readonly string[], words: TestRulesWords): number {
  const runs = opened(files).map(playFile);
  const coverage = words.coverage ? coverageOf(runs) : [];
  if (words.junit !== undefined) writeFileSync(words.junit, junitOf("haechi rules", runs.map(suiteOf)));
  if (words.json) console.log(JSON.stringify(inJson(runs, coverage), null, 2));
  else {
    for (const run of runs) sayRun(run);
    for (const one of coverage) sayCoverage(one);
    console.log(lastWord(runs));
  }
  const isKept = runs.every(({ played }) => played.every(({ failures }) => failures.length === 0));
  return isKept && coverage.every(({ untested }) => untested.length === 0) ? exit.done : exit.failed;
}

/** Every file, or everything that is wrong with any of them. */
function opened(files: readonly string[]): readonly RuleFile[] {
  const problems: Problem[] = [];
  const good = files.flatMap((file) => {
    if (!existsSync(file)) throw new Refusal(`${file}: there is no such file`, exit.config);
    const loaded = loadRules(file);
    if (!("problems" in loaded)) return [loaded];
    problems.push(...loaded.problems);
    return [];
  });
  if (problems.length === 0) return good;
  throw new Refusal([...problems.map(formatProblem), countOf(problems)].join("\n"), exit.config);
}

function playFile(file: RuleFile): PlayedFile {
  const began = performance.now();
  const played = file.tests.map(playTest);
  return { file, played, tookS: (performance.now() - began) / 1000 };
}

function sayRun({ file, played }: PlayedFile): void {
  console.log(file.file);
  for (const { test, failures } of played) {
    console.log(`  ${failures.length === 0 ? "ok    " : "FAILED"}  ${test.name}`);
    for (const { place, text, why, instead } of failures) {
      console.log(`    ${place}: ${text}: ${why}`);
      for (const line of instead) console.log(`      ${line}`);
    }
  }
}

function sayCoverage({ of, alarms, untested }: Coverage): void {
  const name = of.startsWith("/") ? relative(process.cwd(), of) : of;
  console.log(`${name}: ${alarms - untested.length} of ${alarms} alarms are raised in a test that names them`);
  for (const id of untested) console.log(`  no test: ${id}`);
}

function lastWord(runs: readonly PlayedFile[]): string {
  const tests = runs.flatMap(({ played }) => played);
  const failed = tests.filter(({ failures }) => failures.length > 0).length;
  return `${tests.length - failed} passed, ${failed} failed`;
}

const suiteOf = ({ file, played, tookS }: PlayedFile) => ({ name: file.file, cases: played.map(caseOf), tookS });

const caseOf = ({ test, failures }: PlayedTest): Case => ({
  text: test.name,
  broken:
    failures.length === 0
      ? null
      : failures
          .map(({ place, text, why, instead }) => [`${place}: ${text}: ${why}`, ...instead].join("\n"))
          .join("\n"),
});

const inJson = (runs: readonly PlayedFile[], coverage: readonly Coverage[]): object => ({
  files: runs.map(({ file, played }) => ({
    file: file.file,
    tests: played.map(({ test, failures, transitions }) => ({ name: test.name, failures, transitions })),
  })),
  coverage,
});
