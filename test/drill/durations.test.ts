import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seconds } from "../../src/core/time.ts";
import type { Drilled } from "../../src/drill/durations.ts";
import { addDrills, measuredOf, nearestRank, readDrills, withMeasured } from "../../src/drill/durations.ts";
import { folderWith } from "../cli/folder.ts";
import { move, step } from "../core/fixture.ts";

const steps = ["db", "app"].map((id) => step(id, { within: seconds(90), usual: seconds(30) }));
const moving = move({ kind: "failover", steps });

const drilled = (took: number, over: Partial<Drilled> = {}): Drilled => ({
  site: "hq",
  response: "move",
  step: "db",
  seconds: took,
  at: 1,
  by: "lead",
  isConfirmed: true,
  ...over,
});

const measured = (...drills: readonly Drilled[]) => measuredOf("hq", [moving], drills).get("move/db");

describe("what drills say of a step", () => {
  test("of five and more is their 95th percentile, whatever the file says", () => {
    const found = measured(...[10, 12, 11, 13, 48].map((took) => drilled(took)));
    expect(found).toEqual({ drills: 5, failed: 0, p95: 48_000, isFew: false, said: 30_000 });
    expect(measured(...[1, 2, 3, 4, 5].map((took) => drilled(took)))?.p95).toBe(5000);
  });

  test("of fewer is the longest of them and of what the file says", () => {
    expect(measured(drilled(10), drilled(12))).toMatchObject({ p95: 30_000, isFew: true });
    expect(measured(drilled(10), drilled(40))).toMatchObject({ p95: 40_000, isFew: true });
  });

  test("counts what was not confirmed, and takes no time from it; without one that was there is nothing", () => {
    expect(measured(drilled(10), drilled(90, { isConfirmed: false }))).toMatchObject({
      drills: 1,
      failed: 1,
      p95: 30_000,
    });
    expect(measured(drilled(90, { isConfirmed: false }))).toBeUndefined();
  });

  test("is of that step of that plan of that site", () => {
    const others = [drilled(80, { site: "b" }), drilled(80, { response: "b" }), drilled(80, { step: "app" })];
    expect(measured(...others)).toBeUndefined();
  });

  test("takes the place of what the file says, of that step alone", () => {
    const all = measuredOf("hq", [moving], [drilled(48)]);
    const [response] = withMeasured([moving], all);
    const { action } = response!;
    expect(action.kind === "failover" && action.steps.map(({ usual }) => usual)).toEqual([48_000, 30_000]);
  });
});

test("the 95th percentile of a hundred is the 95th, of twenty the nineteenth, of fewer the longest", () => {
  const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => n - i);
  expect([100, 20, 19, 1].map((n) => nearestRank(upTo(n), 0.95))).toEqual([95, 19, 19, 1]);
});

describe("a file of drills", () => {
  test("gives back what was added to it, and holds nothing before", () => {
    const file = join(folderWith({}), "drills.ndjson");
    expect(readDrills(file)).toEqual({ drills: [], bad: [] });
    addDrills(file, [drilled(1)]);
    addDrills(file, [drilled(2), drilled(3, { isConfirmed: false })]);
    expect(readDrills(file).drills).toEqual([drilled(1), drilled(2), drilled(3, { isConfirmed: false })]);
  });

  test("names every line that is none", () => {
    const file = join(folderWith({}), "drills.ndjson");
    writeFileSync(file, `${JSON.stringify(drilled(1))}\n{}\nx\n`);
    expect(readDrills(file).bad.map(({ line }) => line)).toEqual([2, 3]);
  });
});
