import { describe, expect, test } from "vitest";
import { mutantsOf, unjustified } from "./survivors.ts";

const source = "const a = 1;\nif (a > 0 &&\n  a < 5) say();\n";
const mutant = (status: string, start: [number, number], end: [number, number], replacement = "true") => ({
  id: "1",
  mutatorName: "ConditionalExpression",
  replacement,
  status,
  location: { start: { line: start[0], column: start[1] }, end: { line: end[0], column: end[1] } },
});
const report = (...mutants: readonly unknown[]) => ({ files: { "src/core/a.ts": { source, mutants } } });

describe("the mutants of a report", () => {
  test("are told with what they change, over lines as well, and whether they were found", () => {
    const mutants = mutantsOf(
      "src/core/a.ts",
      report(mutant("Killed", [2, 5], [2, 10]), mutant("Timeout", [2, 5], [3, 8]), mutant("Survived", [3, 3], [3, 8])),
    );
    expect(mutants.map(({ from, isFound }) => [from, isFound])).toEqual([
      ["a > 0", true],
      ["a > 0 && a < 5", true],
      ["a < 5", false],
    ]);
  });

  test("are found by nobody where no test comes by, and are none where they do not load", () => {
    const mutants = mutantsOf(
      "src/core/a.ts",
      report(mutant("NoCoverage", [2, 5], [2, 10]), mutant("RuntimeError", [2, 5], [2, 10])),
    );
    expect(mutants.map(({ isFound }) => isFound)).toEqual([false]);
  });

  test("may live where the list says why, and only those that it speaks of", () => {
    const [first, second] = mutantsOf(
      "src/core/a.ts",
      report(mutant("Survived", [2, 5], [2, 10]), mutant("Survived", [3, 3], [3, 8], "false")),
    );
    const list = [{ file: "src/core/a.ts", from: "^a > 0$", why: "it is never 0 where this is asked" }];
    expect(unjustified([first!, second!], list)).toEqual([second]);
    expect(unjustified([second!], [{ ...list[0]!, from: "<", kind: ["EqualityOperator"] }])).toEqual([second]);
    expect(unjustified([second!], [{ ...list[0]!, from: "<", to: "^false$" }])).toEqual([]);
  });
});
