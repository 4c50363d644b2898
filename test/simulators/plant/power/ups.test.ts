import { describe, expect, test } from "vitest";
import { dice, wander } from "../../../../simulators/plant/dice.ts";
import type { Plant } from "../../../../simulators/plant/index.ts";
import { apply, measure } from "../../../../simulators/plant/index.ts";
import { run, secondsUntil } from "../run.ts";
import { drawAbout, node, plantOf, shown, upsOf } from "../site.ts";

/** One UPS of 80 kW with its string, and one rack behind it. */
const single = (drawKw: number): Plant => {
  const plant = plantOf(
    {
      grid: { kind: "utility", ratedKw: 500 },
      ups: { kind: "ups", from: ["grid"], ratedKw: 80, battery: "bat", device: "card" },
      row: { kind: "pdu", from: ["ups"], ratedKw: 300 },
    },
    { r1: { ratedKw: 40, on: ["row"] } },
    { bat: "battery/sunspec-802-803", card: "ups/ietf-ups-mib" },
  );
  drawAbout(plant, drawKw);
  run(plant, 1);
  return plant;
};
const [online, bypass, battery, off] = [1, 2, 3, 0];
const shows = (plant: Plant, point: string) => measure(plant)("card", point);

describe("a UPS under overload", () => {
  test("goes to its bypass, and back by itself when the overload has been gone for ten seconds", () => {
    const plant = single(100);
    const bornS = secondsUntil(plant, () => shows(plant, "ups.mode") === bypass, 60);
    expect(bornS).toBeGreaterThan(28);
    expect(bornS).toBeLessThan(31);
    drawAbout(plant, 60);
    const backS = secondsUntil(plant, () => shows(plant, "ups.mode") === online, 60);
    expect(backS).toBeGreaterThanOrEqual(9.9);
    expect(backS).toBeLessThan(13);
    expect(plant.racks[0]!.drops).toBe(0);
  });

  test("stops where its bypass is out of tolerance, and stays so until it is reset", () => {
    const plant = single(100);
    apply(plant, { voltage: 87 });
    const stopS = secondsUntil(plant, () => shows(plant, "ups.mode") === off, 60);
    expect(stopS).toBeLessThan(31);
    expect(plant.racks[0]!.live).toBe(false);
    apply(plant, { voltage: 100 });
    run(plant, 60);
    expect(shows(plant, "ups.mode")).toBe(off);
    apply(plant, { ups: "ups", off: true });
    run(plant, 1);
    drawAbout(plant, 60);
    apply(plant, { ups: "ups", off: false });
    run(plant, 20);
    expect(shows(plant, "ups.mode")).toBe(online);
  });

  test("loses its output on the string, where there is no bypass to go to", () => {
    const plant = single(100);
    apply(plant, { utility: "fail" });
    const stopS = secondsUntil(plant, () => shows(plant, "ups.mode") === off, 60);
    expect(stopS).toBeGreaterThan(25);
    expect(stopS).toBeLessThan(31);
  });

  test("burns its bypass through as well, at 150 % after a minute more", () => {
    const plant = single(119);
    secondsUntil(plant, () => shows(plant, "ups.mode") === bypass, 60);
    const burntS = secondsUntil(plant, () => shows(plant, "ups.mode") === off, 200);
    expect(burntS).toBeGreaterThan(58);
    expect(burntS).toBeLessThan(62);
  });
});

describe("a UPS's ways around its inverter", () => {
  test("an inverter that fails leaves its load on the bypass, and in the dark without one", () => {
    const plant = single(40);
    apply(plant, { ups: "ups", inverter: "fail" });
    run(plant, 2);
    expect([shows(plant, "ups.mode"), shows(plant, "inverter.state")]).toEqual([bypass, 3]);
    expect(plant.racks[0]).toMatchObject({ live: true, drops: 0 });
    apply(plant, { utility: "fail" });
    run(plant, 2);
    expect([shows(plant, "ups.mode"), plant.racks[0]!.live]).toEqual([off, false]);
  });

  test("a rectifier that fails leaves it to its string, and then to its bypass", () => {
    const plant = single(76);
    apply(plant, { ups: "ups", rectifier: "fail" });
    run(plant, 2);
    expect(shows(plant, "ups.mode")).toBe(battery);
    const emptyS = secondsUntil(plant, () => shows(plant, "ups.mode") !== battery, 3600);
    expect(emptyS).toBeLessThan(600);
    expect(shows(plant, "ups.mode")).toBe(bypass);
    expect(plant.racks[0]).toMatchObject({ live: true, drops: 0 });
  });

  test("in maintenance the load hangs on the mains, whatever the UPS does", () => {
    const plant = single(40);
    apply(plant, { ups: "ups", bypass: "maintenance" });
    apply(plant, { ups: "ups", off: true });
    run(plant, 2);
    expect(plant.racks[0]).toMatchObject({ live: true, drops: 0 });
    const coolingKw = plant.coolers.reduce((sum, { drawnKw }) => sum + drawnKw, 0);
    expect(node(plant, "grid").kw).toBeCloseTo(plant.racks[0]!.kw + 3 + coolingKw, 6);
    apply(plant, { utility: "sag" });
    run(plant, 3);
    expect(plant.racks[0]!.drops).toBe(1);
  });

  test("in eco mode it loses 1 % and not 5 %, and no server notices that the mains are gone", () => {
    const plant = single(76);
    const usual = 100 - shows(plant, "ups.efficiency")!;
    apply(plant, { ups: "ups", eco: true });
    run(plant, 5);
    expect(usual).toBeCloseTo(4.86, 1);
    expect(100 - shows(plant, "ups.efficiency")!).toBeCloseTo(0.99, 1);
    apply(plant, { utility: "fail" });
    run(plant, 5);
    expect(shows(plant, "ups.mode")).toBe(battery);
    expect(plant.racks[0]!.drops).toBe(0);
  });
});

test("shows of its bypass what stands at the bypass's own supply", () => {
  const supplies = { one: { kind: "utility", ratedKw: 200 }, two: { kind: "utility", ratedKw: 200 } } as const;
  const ups = { kind: "ups", from: ["one", "two"], ratedKw: 80, device: "ups" } as const;
  const plant = plantOf({ ...supplies, ups }, {}, { ups: "ups/apc-powernet" });
  apply(plant, { voltage: 95, line: "two" });
  run(plant, 2);
  const look = shown(plant, "ups");
  expect(look("bypass.voltage")! / look("input.voltage")!).toBeLessThan(0.97);
});

test("a string is charged with no more than a tenth of the UPS's rating", () => {
  const plant = single(40);
  apply(plant, { utility: "fail" });
  run(plant, 200);
  apply(plant, { utility: "restore" });
  run(plant, 30);
  expect(-upsOf(plant, "ups").batteryKw).toBeGreaterThan(4);
  expect(-upsOf(plant, "ups").batteryKw).toBeLessThanOrEqual(8 + 1e-9);
  expect(node(plant, "grid").kw).toBeCloseTo(upsOf(plant, "ups").inputKw + 3, 6);
});

test("lead-acid strings are charged with a quarter of that while a generator pays for it", () => {
  const plant = plantOf(
    {
      grid: { kind: "utility", ratedKw: 500 },
      set: { kind: "generator", ratedKw: 500 },
      ats: { kind: "ats", from: ["grid", "set"], ratedKw: 500 },
      ups: { kind: "ups", from: ["ats"], ratedKw: 80, battery: "bat", device: "card" },
    },
    { r1: { ratedKw: 40, on: ["ups"] } },
    { bat: "battery/ietf-battery-mib", card: "ups/ietf-ups-mib" },
  );
  drawAbout(plant, 40);
  apply(plant, { ups: "ups", rectifier: "fail" });
  run(plant, 120);
  apply(plant, { utility: "fail" });
  apply(plant, { ups: "ups", rectifier: "repair" });
  const chargedKw = (): number => -upsOf(plant, "ups").batteryKw;
  secondsUntil(plant, () => upsOf(plant, "ups").sees.onGenerator && chargedKw() > 0.5, 120);
  run(plant, 5);
  expect(chargedKw()).toBeCloseTo(2, 1);
  apply(plant, { utility: "restore" });
  secondsUntil(plant, () => !upsOf(plant, "ups").sees.onGenerator && upsOf(plant, "ups").mode === "online", 120);
  run(plant, 20);
  expect(chargedKw()).toBeCloseTo(8, 1);
});

test("what wanders keeps within push / recall of nothing", () => {
  const chance = dice(1);
  let value = 0;
  for (let i = 0; i < 100_000; i++) {
    value = wander(value, chance, 0.2, 0.02);
    expect(Math.abs(value)).toBeLessThanOrEqual(10);
  }
});
