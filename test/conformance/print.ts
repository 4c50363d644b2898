/** What a run has found, for people: a table of recordings, one of classes, and all that is not right with its reason. */
import { printTable } from "../../src/cli/table.ts";
import type { Finding, Verdict } from "./judge.ts";
import type { Outcome } from "./run.ts";

const heads = ["right", "wrong", "uncertain", "missing", "disputed", "expected"];

/** The figures that a run is held to. */
export interface Figures {
  readonly right_percent: number;
  readonly wrong_but_good: number;
  readonly uncertain: number;
  readonly disputed: number;
  readonly recordings: number;
  readonly expected: number;
}

/** Counts of all outcomes; what is disputed is expected by nobody. */
export function figuresOf(outcomes: readonly Outcome[]): Figures {
  const verdicts = outcomes.flatMap((outcome) => outcome.verdicts);
  const count = (finding: Finding): number => verdicts.filter((verdict) => verdict.finding === finding).length;
  const expected = verdicts.length - count("disputed");
  return {
    right_percent: expected === 0 ? 0 : Math.floor((count("right") / expected) * 10_000) / 100,
    wrong_but_good: count("wrong"),
    uncertain: count("uncertain"),
    disputed: count("disputed"),
    recordings: outcomes.length,
    expected,
  };
}

/** Prints it all but the last line. */
export function printOutcomes(outcomes: readonly Outcome[]): void {
  const all = outcomes.flatMap(({ verdicts }) => verdicts);
  const rows = outcomes.map(({ name, profile, verdicts }) => [name, ...cells(verdicts), profile ?? "-"]);
  printTable(["recording", ...heads, "profile"], [...rows, ["in all", ...cells(all), ""]]);
  console.log();
  const classes = [...new Set(all.map(({ expected }) => expected.class))].sort();
  printTable(
    ["class", ...heads],
    classes.map((name) => [name, ...cells(all.filter(({ expected }) => expected.class === name))]),
  );
  console.log();
  for (const { name, verdicts } of outcomes) printRest(name, verdicts);
}

function cells(verdicts: readonly Verdict[]): readonly string[] {
  const count = (finding: Finding): number => verdicts.filter((verdict) => verdict.finding === finding).length;
  const counts = [count("right"), count("wrong"), count("uncertain"), count("missing"), count("disputed")];
  return [...counts, verdicts.length].map(String);
}

/** A device that was not recognised is one line and not as many as it has objects. */
function printRest(name: string, verdicts: readonly Verdict[]): void {
  const rest = verdicts.filter(({ finding }) => finding !== "right");
  const [first] = rest;
  if (!first) return;
  if (rest.length === verdicts.length && rest.every(({ reason }) => reason === first.reason)) {
    console.log(`${name}  all ${rest.length} ${first.finding}: ${first.reason}`);
    return;
  }
  for (const { expected, finding, reason } of rest)
    console.log(`${name}  ${expected.oid}  ${expected.class}  ${finding}: ${reason}  [${expected.label ?? ""}]`);
}
