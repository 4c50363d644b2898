import { describe, expect, test } from "vitest";
import { apply } from "../../../../simulators/plant/index.ts";
import { plantWith, run, secondsUntil } from "../run.ts";
import { node, plantOf, shown } from "../site.ts";

const twoLines = {
  one: { kind: "utility", ratedKw: 500 },
  two: { kind: "utility", ratedKw: 500 },
} as const;
const bothUps = {
  ...twoLines,
  "ups-a": { kind: "ups", from: ["one"], ratedKw: 80, battery: "bat-a" },
  "ups-b": { kind: "ups", from: ["two"], ratedKw: 80, battery: "bat-b" },
} as const;
const batteries = { "bat-a": "battery/sunspec-802-803", "bat-b": "battery/sunspec-802-803" };

describe("a static switch behind two UPS", () => {
  const static_ = () =>
    plantOf(
      { ...bothUps, sts: { kind: "ats", from: ["ups-a", "ups-b"], ratedKw: 60, device: "sts" } },
      { r1: { ratedKw: 5, on: ["sts"] } },
      { ...batteries, sts: "transfer-switch/liebert-sts" },
    );

  test("goes over within 4 ms, which no power supply notices", () => {
    const plant = static_();
    expect(plant.transfers[0]!.gapMs).toBe(4);
    apply(plant, { ups: "ups-a", off: true });
    run(plant, 2);
    expect(shown(plant, "sts")("output.feed")).toBe(2);
    expect(shown(plant, "sts")("source[1].status")).toBe(4);
    expect(plant.racks[0]).toMatchObject({ live: true, drops: 0 });
    expect(plant.racks[0]!.kw).toBeGreaterThan(3);
    expect(node(plant, "ups-b").kw).toBeCloseTo(plant.racks[0]!.kw, 9);
  });

  test("goes back when the preferred supply has been good for ten seconds", () => {
    const plant = static_();
    apply(plant, { ups: "ups-a", off: true });
    run(plant, 5);
    apply(plant, { ups: "ups-a", off: false });
    const backS = secondsUntil(plant, () => plant.transfers[0]!.position === 0, 60);
    expect(backS).toBeGreaterThan(9.5);
    expect(backS).toBeLessThan(20);
    expect(plant.racks[0]!.drops).toBe(0);
    expect(shown(plant, "sts")("transfer.count")).toBe(2);
  });

  test("that is stuck leaves its load in the dark", () => {
    const plant = static_();
    apply(plant, { transfer: "sts", stuck: true });
    apply(plant, { ups: "ups-a", off: true });
    run(plant, 2);
    expect(plant.racks[0]).toMatchObject({ live: false, drops: 1 });
  });
});

test.each(["sts", "ats"] as const)("of a switch between two lines, %s says in the site file what it is", (kind) => {
  const plant = plantOf(
    { ...twoLines, change: { kind, from: ["one", "two"], ratedKw: 100 } },
    { r1: { ratedKw: 5, on: ["change"] } },
  );
  expect(plant.transfers.map(({ id, gapMs }) => [id, gapMs])).toEqual([["change", kind === "sts" ? 4 : 300]]);
  apply(plant, { utility: "fail", line: "one" });
  run(plant, 5);
  expect(node(plant, "two").kw).toBeGreaterThan(3);
  expect(plant.racks[0]!.drops).toBe(kind === "sts" ? 0 : 1);
});

describe("a mechanical switch", () => {
  test("drops every server without a UPS, though it is open for a second only", () => {
    const plant = plantOf(
      { ...twoLines, ats: { kind: "ats", from: ["one", "two"], ratedKw: 100 } },
      { r1: { ratedKw: 5, on: ["ats"] } },
    );
    apply(plant, { utility: "fail", line: "one" });
    const backS = secondsUntil(plant, () => plant.racks[0]!.drops === 1 && plant.racks[0]!.live, 10);
    expect(backS).toBeGreaterThanOrEqual(0.9);
    expect(backS).toBeLessThanOrEqual(1.2);
    run(plant, 5);
    expect(node(plant, "two").kw).toBeGreaterThan(3);
    expect(node(plant, "one").kw).toBe(0);
  });

  test("that does not move leaves the site to its strings (Delta, 2016: one switch, a site)", () => {
    const { plant, shows } = plantWith({ transfer: "ats", stuck: true }, { utility: "fail" });
    run(plant, 60);
    expect(shows("io-switch", "ats.on_generator")).toBe(0);
    expect(shows("ups-a", "ups.mode")).toBe(3);
    expect(shows("gen-1", "generator.power")).toBe(0);
  });
});

test("a rack's own switch of relays goes over within what power supplies bridge (12 to 20 ms)", () => {
  const plant = plantOf(
    { ...bothUps, ats: { kind: "ats", from: ["ups-a", "ups-b"], ratedKw: 7, device: "ats" } },
    { r1: { ratedKw: 5, on: ["ats"] } },
    { ...batteries, ats: "transfer-switch/apc-ats" },
  );
  expect(plant.transfers[0]!.gapMs).toBe(12);
  apply(plant, { ups: "ups-a", off: true });
  run(plant, 1);
  expect(plant.racks[0]!.drops).toBe(0);
});
