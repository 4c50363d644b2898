import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ShedAction } from "../../src/core/respond/response.ts";
import { seconds } from "../../src/core/time.ts";
import type { Load } from "../../src/core/topology/power.ts";
import type { Drilled } from "../../src/drill/durations.ts";
import { addDrills, measuredOf, nearestRank, readDrills, withMeasured } from "../../src/drill/durations.ts";
import { folderWith } from "../cli/folder.ts";
import { node, powerNode, treeOf } from "../core/feeds.ts";
import { move, nowhere, point, responseId, step } from "../core/fixture.ts";

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

const grounds = { responses: [moving], power: nowhere };
const measured = (...drills: readonly Drilled[]) => measuredOf("hq", grounds, drills).steps.get("move/db");

describe("what drills say of a step", () => {
  test("of five and more is their 95th percentile, whatever the file says", () => {
    const found = measured(...[10, 12, 11, 13, 48].map((took) => drilled(took)));
    expect(found).toEqual({ drills: 5, failed: 0, last: 1, p95: 48_000, isFew: false, said: 30_000 });
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
    const all = measuredOf("hq", grounds, [drilled(48)]);
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

describe("what drills say of a shed", () => {
  const feed = (row: string, n: number) => ({
    node: node(row),
    outlet: point(`pdu-${row}/outlet[${n}].state`),
    closed: null,
    power: null,
  });
  const rack = (n: number): Load => ({
    id: `r${n}`,
    space: "hall",
    ratedKw: 5,
    importance: "normal",
    feeds: [feed("a", n), feed("b", n)],
  });
  const nodes = ["a", "b"].map((id) => powerNode(id, "pdu", []));
  const power = treeOf(nodes, [1, 2, 3].map(rack));
  const relieve = ["a", "b"].map((id) => ({ node: node(id), toKw: 0 }));
  const action: ShedAction = { kind: "shed", relieve, within: seconds(5), settle: seconds(2) };
  const shed = move(action, { id: responseId("shed") });
  const opened = (step: string, took: number, at: number, over: Partial<Drilled> = {}): Drilled =>
    drilled(took, { response: "shed", step, at, ...over });
  const of = (drills: readonly Drilled[], tree = power) => measuredOf("hq", { responses: [shed], power: tree }, drills);

  test("is how long each outlet took, and of all of them what the slowest of a drill did", () => {
    const { steps } = of([opened("r1@a", 1, 10), opened("r2@b", 3, 10), opened("r1@a", 2, 20)]);
    expect([...steps.keys()].toSorted()).toEqual(["shed", "shed/r1@a", "shed/r2@b"]);
    expect(steps.get("shed/r1@a")).toMatchObject({ drills: 2, p95: 2000, last: 20 });
    expect(steps.get("shed")).toEqual({ drills: 2, failed: 0, last: 20, p95: 3000, isFew: true, said: null });
  });

  test("is the pace of a device that has opened several at once: of one write the part of them all", () => {
    const { writes } = of([opened("r1@a", 1, 10), opened("r2@a", 2.4, 10), opened("r3@a", 2, 10)]);
    expect([...writes]).toEqual([["pdu-a", { drills: 1, failed: 0, last: 10, p95: 800, isFew: true, said: null }]]);
  });

  test("is no pace where outlets were opened one at a time, or on different devices", () => {
    expect(of([opened("r1@a", 1, 10), opened("r1@b", 2, 10), opened("r2@a", 2, 20)]).writes.size).toBe(0);
  });

  test("is no faster than what is assumed, or said of a device, as long as there are few of them", () => {
    const fast = (times: number): readonly Drilled[] =>
      Array.from({ length: times }, (_, at) => [opened("r1@a", 0.2, at), opened("r2@a", 0.4, at)]).flat();
    const said = { ...power, writeTimes: new Map([["pdu-a", seconds(0.9)]]) };
    expect(of(fast(4)).writes.get("pdu-a")).toMatchObject({ p95: 500, isFew: true, said: null });
    expect(of(fast(4), said).writes.get("pdu-a")).toMatchObject({ p95: 900, said: 900 });
    expect(of(fast(5), said).writes.get("pdu-a")).toMatchObject({ p95: 200, isFew: false, said: 900 });
  });

  test("takes no time from a drill of which an outlet was not confirmed, and counts it", () => {
    const failed = [opened("r1@a", 1, 10), opened("r2@a", 5, 10, { isConfirmed: false })];
    expect(of(failed).writes.size).toBe(0);
    expect(of(failed).steps.has("shed")).toBe(false);
    const both = of([...failed, opened("r1@a", 1, 20), opened("r2@a", 2, 20)]);
    expect(both.writes.get("pdu-a")).toMatchObject({ drills: 1, failed: 1, p95: 1000 });
    expect(both.steps.get("shed")).toMatchObject({ drills: 1, failed: 1, p95: 2000 });
  });

  test("is nothing of outlets that the shed no longer has", () => {
    expect(of([opened("r9@a", 1, 10), opened("r8@a", 1, 10)])).toEqual({ steps: new Map(), writes: new Map() });
  });

  test("takes the place of what the file says of that shed", () => {
    const [measuredShed] = withMeasured([shed], of([opened("r1@a", 3, 1)]));
    expect(measuredShed!.action).toEqual({ ...action, usual: 3000 });
  });
});
