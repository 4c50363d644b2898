import { readFileSync } from "node:fs";
import { join } from "node:path";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { formatProblem } from "../../src/profiles/index.ts";
import { loadRules, type RuleFile } from "../../src/rules/load.ts";
import { type PlayedTest, playTest } from "../../src/rules/play.ts";
import { folderWith } from "../cli/folder.ts";

/** A file of tests beside a copy of the demo's site file, with these files beside it. */
export function ruleFile(text: string, more: Readonly<Record<string, string>> = {}): string {
  const folder = folderWith({ "demo.yaml": readFileSync(demoSiteFile(), "utf8"), "rules.yaml": text, ...more });
  return join(folder, "rules.yaml");
}

/** A file of tests that has no mistakes. */
export function loaded(file: string): RuleFile {
  const rules = loadRules(file);
  if ("problems" in rules) throw new Error(rules.problems.map(formatProblem).join("\n"));
  return rules;
}

/** Every test of a file, played. */
export const played = (text: string, more: Readonly<Record<string, string>> = {}): readonly PlayedTest[] =>
  loaded(ruleFile(text, more)).tests.map(playTest);

/** What is wrong with a file, without the folder that it stands in. */
export function wrongIn(text: string, more: Readonly<Record<string, string>> = {}): readonly string[] {
  const file = ruleFile(text, more);
  const rules = loadRules(file);
  const folder = file.slice(0, -"rules.yaml".length);
  return "problems" in rules ? rules.problems.map((one) => formatProblem(one).replaceAll(folder, "")) : [];
}
