import { describe, expect, test } from "vitest";
import { gaugesOf } from "../../../simulators/plant/gauge.ts";
import { apply, measure } from "../../../simulators/plant/index.ts";
import { loadLibrary } from "../../../src/profiles/index.ts";
import { plantWith, run } from "./run.ts";
import type { WrittenNode } from "./site.ts";
import { plantOf, shown } from "./site.ts";

/**
 * Classes whose devices speak for a node of the power tree, the node's kind, and the share of their points that the
 * plant must know.
 */
const classes: readonly (readonly [name: string, kind: WrittenNode["kind"], share: number])[] = [
  ["ups", "ups", 0.75],
  ["pdu", "pdu", 0.6],
  ["transfer-switch", "ats", 0.55],
  ["generator", "generator", 0.75],
  ["meter", "pdu", 0.85],
  ["breaker", "pdu", 1],
];
const library = loadLibrary();
const bare = (name: string): string => name.replace(/\[[^\]]*\]/, "[n]");

describe("of the points that the library's profiles name, the plant knows", () => {
  test.each(classes)("those of a %s", (name, kind, share) => {
    let [asked, known] = [0, 0];
    for (const [path, profile] of library.profiles) {
      if (!path.startsWith(`${name}/`)) continue;
      const node = { kind, from: ["ups-a", "ups-b"], ratedKw: 44, device: "device" };
      const plant = plantOf(
        {
          grid: { kind: "utility", ratedKw: 500 },
          "ups-a": { kind: "ups", from: ["grid"], ratedKw: 80, battery: "bat" },
          "ups-b": { kind: "ups", from: ["grid"], ratedKw: 80 },
          it: kind === "ups" ? { ...node, from: ["grid"], battery: "bat" } : node,
        },
        { r1: { ratedKw: 5, on: ["it"] } },
        { bat: "battery/sunspec-802-803", device: path },
      );
      const gauges = gaugesOf(plant).get("device")!;
      const names = new Set(Object.keys(gauges).map(bare));
      for (const point of Object.keys(profile.points)) {
        asked += 1;
        if (names.has(bare(point))) known += 1;
      }
      for (const gauge of Object.values(gauges)) expect(Number.isNaN(gauge())).toBe(false);
    }
    expect(known / asked).toBeGreaterThanOrEqual(share);
  });
});

describe("a board's instruments", () => {
  const plant = plantOf(
    {
      grid: { kind: "utility", ratedKw: 500 },
      row: { kind: "pdu", from: ["grid"], ratedKw: 44, device: "breaker" },
      rack: { kind: "pdu", from: ["row"], ratedKw: 11, device: "pdu" },
    },
    { r1: { ratedKw: 5, on: ["rack"] } },
    { breaker: "breaker/schneider-masterpact-mtz", pdu: "pdu/raritan-px2" },
  );

  test("agree with each other: three phases make the whole, volts by amperes the power", () => {
    run(plant, 10);
    const point = shown(plant, "pdu");
    const kw = point("power.active")!;
    expect(kw).toBeGreaterThan(3);
    expect(point("inlet[1].power")).toBe(kw);
    expect(
      ["phase[1].power", "phase[2].power", "phase[3].power"].reduce((sum, name) => sum + point(name)!, 0),
    ).toBeCloseTo(kw, 9);
    expect((3 * point("phase[1].voltage")! * point("phase[1].current")! * point("power.factor")!) / 1000).toBeCloseTo(
      kw,
      9,
    );
    expect(point("voltage.line[1]")! / point("voltage[1]")!).toBeCloseTo(Math.sqrt(3), 9);
    expect(point("load.state")).toBe(1);
  });

  test("show a breaker that has tripped, and that it is dead behind it", () => {
    const point = shown(plant, "breaker");
    expect([point("breaker.state"), point("breaker.trip")]).toEqual([1, 0]);
    apply(plant, { breaker: "row", does: "trip" });
    run(plant, 2);
    expect([point("breaker.state"), point("breaker.trip"), point("voltage[1]")]).toEqual([0, 1, 0]);
    expect(shown(plant, "pdu")("inlet[1].voltage")).toBe(0);
    apply(plant, { breaker: "row", does: "reset" });
    run(plant, 2);
    expect([point("breaker.state"), point("breaker.trip")]).toEqual([1, 0]);
  });
});

test("a UPS's card says where its input comes from, how often it was lost, and how the rest of it stands", () => {
  const { plant } = plantWith({ utility: "fail" });
  const ups = (name: string) => measure(plant)("ups-a", name);
  run(plant, 3);
  expect([ups("input.feed"), ups("ups.on_battery"), ups("input.outages"), ups("battery.charging")]).toEqual([
    0, 1, 1, 4,
  ]);
  run(plant, 30);
  expect([ups("input.feed"), ups("ups.on_battery"), ups("ups.transfer.count")]).toEqual([4, 0, 2]);
  apply(plant, { utility: "restore" });
  run(plant, 60);
  expect(ups("input.feed")).toBe(3);
  apply(plant, { ups: "ups-a", bypass: "maintenance" });
  run(plant, 2);
  expect([ups("ups.on_bypass"), ups("maintenance.bypass.status"), ups("output.feed")]).toEqual([1, 2, 5]);
});
