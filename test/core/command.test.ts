import { expect, test } from "vitest";
import { passes } from "../../src/core/command.ts";

test.each([
  ["=", 0, 0, true],
  ["=", 0, 0.001, false],
  ["<", 0.05, 0.05, false],
  ["<", 0.05, 0.049, true],
  [">", 10, 10, false],
  [">", 10, 11, true],
] as const)("a test for %s %d of %d passes: %s", (is, value, read, passed) => {
  expect(passes({ is, value }, read)).toBe(passed);
});

test("no test passes on what is no number", () => {
  for (const is of ["=", "<", ">"] as const) expect(passes({ is, value: 0 }, Number.NaN)).toBe(false);
});
