import { describe, expect, test } from "vitest";
import { apply } from "../../../../simulators/plant/index.ts";
import { fuelLh } from "../../../../simulators/plant/power/generator.ts";
import { plantWith, run, secondsUntil } from "../run.ts";
import { drawAbout, node, plantOf } from "../site.ts";

/** Litres an hour at a quarter, a half, three quarters and the whole of the rating, from a published table. */
const published = [
  [250, 21.6, 36.0, 51.5, 68.1],
  [500, 41.6, 70.0, 99.9, 135.1],
  [1000, 81.8, 137.8, 197.2, 269.1],
  [2000, 162.0, 273.3, 391.7, 537.1],
] as const;

test.each(published)("a set of %s kW burns what the tables say, within 6 %%", (ratedKw, ...litres) => {
  litres.forEach((expected, i) => {
    expect(Math.abs(fuelLh(ratedKw, (ratedKw * (i + 1)) / 4) / expected - 1)).toBeLessThan(0.06);
  });
});

const sets = {
  grid: { kind: "utility", ratedKw: 2000 },
  g1: { kind: "generator", ratedKw: 200 },
  g2: { kind: "generator", ratedKw: 200 },
  g3: { kind: "generator", ratedKw: 200 },
  bus: { kind: "pdu", from: ["g1", "g2", "g3"], ratedKw: 600 },
  ats: { kind: "ats", from: ["grid", "bus"], ratedKw: 1000 },
} as const;
const racks = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`r${i}`, { ratedKw: 10, on: ["ats"] }]));

describe("three sets on one bus", () => {
  test("are all called, come in one after the other, and share alike", () => {
    const plant = plantOf(sets, racks);
    drawAbout(plant, 10);
    apply(plant, { utility: "fail" });
    run(plant, 30);
    const total = node(plant, "ats").kw;
    expect(total).toBeGreaterThan(300);
    for (const generator of plant.generators) expect(generator.kw).toBeCloseTo(total / 3, 6);
  });

  test("carry the site when one of them trips, and not when two do", () => {
    const plant = plantOf(sets, racks);
    drawAbout(plant, 10);
    apply(plant, { utility: "fail" });
    run(plant, 60);
    apply(plant, { generator: "trip", set: "g2" });
    run(plant, 60);
    expect(plant.racks.every(({ live }) => live)).toBe(true);
    expect(node(plant, "g1").kw).toBeCloseTo(node(plant, "ats").kw / 2, 6);
    apply(plant, { generator: "trip", set: "g3" });
    const stallS = secondsUntil(plant, () => plant.generators[0]!.state === "fault", 60);
    expect(stallS).toBeLessThan(60);
    expect(["overload", "speed"]).toContain(plant.generators[0]!.cause);
  });
});

describe("a block of load", () => {
  const lone = { g: { kind: "generator", ratedKw: 200 }, main: { kind: "pdu", from: ["g"], ratedKw: 400 } } as const;
  const dipAfter = (percent: number): { lowestHz: number; recoveredS: number; state: string } => {
    const plant = plantOf(lone, { big: { ratedKw: 400, on: ["main"] } });
    Object.assign(plant.racks[0]!, { meanKw: 0, wanderKw: 0 });
    apply(plant, { generator: "repair" });
    run(plant, 60);
    const [set] = plant.generators;
    Object.assign(plant.racks[0]!, { meanKw: percent * 2, wanderKw: 0 });
    let [lowestHz, recoveredS] = [60, 0];
    for (let i = 1; i <= 100; i++) {
      apply(plant, { load: "big", kw: percent * 2 });
      secondsUntil(plant, () => true, 0.1);
      lowestHz = Math.min(lowestHz, set!.frequencyHz);
      if (Math.abs(set!.frequencyHz / 60 - 1) > 0.0175) recoveredS = i / 10;
    }
    return { lowestHz, recoveredS, state: set!.state };
  };

  test("of half the rating dips the speed by no more than the 10 % and for no more than the 5 s of ISO 8528-5 class G2", () => {
    const { lowestHz, recoveredS, state } = dipAfter(50);
    expect(state).toBe("running");
    expect(lowestHz).toBeGreaterThan(54 - 0.3);
    expect(lowestHz).toBeLessThan(57);
    expect(recoveredS).toBeLessThanOrEqual(5);
  });

  test("of all of it stalls the set", () => {
    expect(dipAfter(100).state).toBe("fault");
  });
});

describe("a set that is called", () => {
  test("burns its tank down, warns, and stops when it is dry", () => {
    const { plant, shows } = plantWith({ utility: "fail" });
    run(plant, 60);
    apply(plant, { fuel: "gen", litres: 5 });
    expect(shows("gen-1", "fuel.level")).toBeCloseTo(1, 6);
    expect(shows("gen-1", "generator.alarm")).toBe(1);
    const lh = fuelLh(250, shows("gen-1", "generator.power")!);
    const dryS = secondsUntil(plant, () => plant.generators[0]!.cause === "fuel", 3600);
    expect(dryS).toBeGreaterThan((3600 * 5 * 0.8) / lh);
    expect(dryS).toBeLessThan((3600 * 5 * 1.2) / lh);
    run(plant, 5);
    expect(shows("ups-a", "ups.mode")).toBe(3);
  });

  test("does not turn on a flat starter battery, and gives up after three cranks", () => {
    const { plant, shows } = plantWith({ generator: "flat-starter" }, { utility: "fail" });
    run(plant, 65);
    expect(plant.generators[0]).toMatchObject({ state: "fault", cause: "start" });
    expect(shows("gen-1", "engine.battery_voltage")).toBeLessThan(24);
    expect(shows("gen-1", "generator.alarm")).toBe(2);
  });

  test("gets hot without its coolant and stops itself at 105 °C", () => {
    const { plant, shows } = plantWith({ generator: "lose-coolant" }, { utility: "fail" });
    const stopS = secondsUntil(plant, () => plant.generators[0]!.cause === "heat", 1200);
    expect(stopS).toBeGreaterThan(60);
    expect(shows("gen-1", "engine.coolant_temperature")).toBeCloseTo(105, 0);
  });

  test("sees the UPS walk in and charge gently, and no block of load", () => {
    const { plant, shows } = plantWith({ utility: "fail" });
    secondsUntil(plant, () => shows("io-switch", "ats.on_generator") === 1, 30);
    let [last, steepestKw] = [0, 0];
    for (let i = 0; i < 200; i++) {
      secondsUntil(plant, () => true, 0.1);
      const kw = shows("gen-1", "generator.power")!;
      steepestKw = Math.max(steepestKw, kw - last);
      last = kw;
    }
    expect(last).toBeGreaterThan(50);
    expect(steepestKw).toBeLessThan(5);
  });
});
