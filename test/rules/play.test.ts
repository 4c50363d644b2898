import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { coverageOf } from "../../src/rules/coverage.ts";
import { playTest } from "../../src/rules/play.ts";
import { loaded, played } from "./rules.ts";

const hot = (expectations: string): string =>
  [
    "site: demo.yaml",
    "tests:",
    "  - name: hot",
    "    lasts: 1min",
    "    inputs: { crac-1/temperature.inlet: 28x10 31* }",
    expectations,
  ].join("\n");

describe("a test of rules", () => {
  test("that holds has nothing to tell", () => {
    const [hall] = played(hot("    expect: [alarm hall-1-hot.H raised between +20s and +20s]"));
    expect(hall?.failures).toEqual([]);
    expect([...hall!.raised]).toContain("hall-1-hot.H");
  });

  test("that does not hold is told at its line, with what happened instead, when, and by which reading", () => {
    const [hall] = played(
      hot("    expect:\n      - alarm hall-1-hot.H raised by +15s\n      - no alarm hall-1-hot.HH"),
    );
    expect(hall?.failures).toEqual([
      {
        place: expect.stringMatching(/rules\.yaml:7:9$/),
        text: "alarm hall-1-hot.H raised by +15s",
        why: "it was raised 5 s too late",
        instead: ["+20s hall-1-hot.H normal → unacknowledged (crac-1/temperature.inlet = 31 Cel)"],
      },
    ]);
  });

  test("of an alarm that did nothing is told how its points stand", () => {
    const [hall] = played(hot("    expect: [alarm hall-1-hot.HH raised by +30s, alarm hall-smoke raised by +30s]"));
    expect(hall?.failures.map(({ instead }) => instead)).toEqual([
      ["hall-1-hot.HH did not move; at the end: crac-1/temperature.inlet = 31: normal"],
      [expect.stringContaining("+")],
    ]);
  });

  test("may say all that happens to the alarms that its points are judged for, and is told both ways", () => {
    const rest = [
      "    transitions:",
      "      - +20s hall-1-hot.H normal → unacknowledged",
      "      - +30s hall-1-hot.HH normal -> unacknowledged",
    ].join("\n");
    const [hall] = played(hot(rest));
    const [failure] = hall!.failures;
    expect(failure?.instead).toContain("expected, and did not happen: +30s hall-1-hot.HH normal → unacknowledged");
    expect(failure?.instead).toContainEqual(
      expect.stringMatching(/^happened, and was not expected: .* hall-1-heating/),
    );
    expect(failure?.instead.join("\n")).not.toContain("ups-a");
  });

  test("plays a trace as it plays what is written, and asks as people would", () => {
    const trace = [
      "time,point,value,quality",
      ...Array.from(
        { length: 40 },
        (_, i) => `2026-03-02T09:00:${String(i).padStart(2, "0")}Z,crac-1/temperature.inlet,31,good`,
      ),
    ].join("\n");
    const [hall] = played(
      [
        "site: demo.yaml",
        "tests:",
        "  - name: traced",
        "    trace: hall.csv",
        "    timeline: [{ at: 20s, asks: { shelve: hall-1-hot.H, for: 10s, by: a, why: b } }]",
        "    expect:",
        "      - alarm hall-1-hot.H raised between +10s and +10s",
        "      - alarm hall-1-hot.H is shelved at +25s",
        "      - alarm hall-1-hot.H is unacknowledged at +31s",
      ].join("\n"),
      { "hall.csv": trace },
    );
    expect(hall?.failures).toEqual([]);
  });

  test("of a profile tests what it brings with it, on one device", () => {
    const [held] = played(
      [
        "profile: battery/sunspec-802-803",
        "fitted: { n: 2 }",
        "tests:",
        "  - name: a hot module",
        "    lasts: 10s",
        "    inputs: { device/module.temperature.max: 30x2 60* }",
        "    expect: [alarm device.module_hot raised between +5s and +5s]",
      ].join("\n"),
    );
    expect(held?.failures).toEqual([]);
  });
});

describe("the demo site's rules", () => {
  const file = loaded(new URL("../../simulators/sites/demo.rules.yaml", import.meta.url).pathname);

  const outcomes: ReturnType<typeof playTest>[] = [];

  test.each(file.tests.map((one) => [one.name, one] as const))("%s", (_, one) => {
    const outcome = playTest(one);
    outcomes.push(outcome);
    expect(outcome.failures).toEqual([]);
  });

  test("are all shown to work", () => {
    expect(outcomes).toHaveLength(file.tests.length);
    const [coverage] = coverageOf([{ file, played: outcomes }]);
    expect(coverage).toMatchObject({ untested: [] });
    expect(coverage?.alarms).toBeGreaterThan(20);
  });

  test("lose one to the list of the untested when its test is left out", () => {
    expect(outcomes).toHaveLength(file.tests.length);
    const leftOut = file.tests.findIndex(({ name }) => name.startsWith("a fire in either hall"));
    const played = outcomes.toSpliced(leftOut, 1);
    expect(coverageOf([{ file, played }])[0]?.untested).toEqual(["hall-smoke"]);
  });
});

test("the document's own example holds", () => {
  const text = readFileSync(new URL("../../docs/rules.md", import.meta.url), "utf8");
  const [, example = ""] = /```yaml\n(site: demo[\s\S]+?)```/.exec(text) ?? [];
  const tests = played(example);
  expect(tests).toHaveLength(2);
  expect(tests.flatMap(({ failures }) => failures)).toEqual([]);
});
