import { describe, expect, test } from "vitest";
import { advance, apply, demoPlant, measure } from "../../../simulators/plant/index.ts";
import { hours, ms, seconds } from "../../../src/core/time.ts";
import { plantWith, run } from "./run.ts";

const eventfulHour = (seed: number, stepMs: number): string => {
  const plant = demoPlant(seed);
  apply(plant, { battery: "bat-b", archetype: "vent" });
  apply(plant, { utility: "fail" });
  for (let at = 0; at < hours(1); at += stepMs) advance(plant, ms(stepMs));
  return JSON.stringify(plant);
};

describe("the plant's time", () => {
  test("the same seed gives the same plant to the byte after an eventful hour", () => {
    expect(eventfulHour(3, 1000)).toBe(eventfulHour(3, 1000));
  });

  test("another seed gives another plant", () => {
    expect(eventfulHour(3, 1000)).not.toBe(eventfulHour(4, 1000));
  });

  test("how time is dealt out changes nothing", () => {
    expect(eventfulHour(5, 1000)).toBe(eventfulHour(5, 100));
    const [one, other] = [demoPlant(1), demoPlant(1)];
    for (let i = 0; i < 1000; i++) advance(one, ms(37));
    advance(other, ms(37_000));
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  test("time that goes back, or is none, is a bug of the caller", () => {
    const plant = demoPlant(1);
    expect(() => advance(plant, ms(-1))).toThrow("time goes forward");
    expect(() => advance(plant, ms(Number.NaN))).toThrow("time goes forward");
  });

  test("a copy of a plant lives on by itself", () => {
    const plant = demoPlant(1);
    const copy = structuredClone(plant);
    apply(copy, { utility: "fail" });
    advance(plant, seconds(2));
    advance(copy, seconds(2));
    expect(measure(plant)("io-switch", "ats.on_utility")).toBe(1);
    expect(measure(copy)("io-switch", "ats.on_utility")).toBe(0);
  });
});

describe("an ordinary day", () => {
  test("powers and temperatures stay where they are for eight hours", () => {
    const { plant, shows } = plantWith();
    for (let hour = 0; hour < 8; hour++) {
      run(plant, 3600);
      expect(shows("crac-1", "temperature.inlet")).toBeGreaterThan(20);
      expect(shows("crac-1", "temperature.inlet")).toBeLessThan(24);
      expect(shows("ups-a", "output.power")).toBeGreaterThan(20);
      expect(shows("ups-a", "output.power")).toBeLessThan(35);
      expect(shows("bat-a", "battery.charge")).toBeGreaterThan(99.9);
      expect(shows("bat-a", "module.temperature.max")).toBeLessThan(30);
      expect(shows("asd-battery", "smoke.level")).toBe(0);
    }
  });

  test("noisy points never stand quite still", () => {
    const { plant, shows } = plantWith();
    for (const [device, point] of [
      ["meter-main", "power.active"],
      ["bat-a", "battery.current"],
      ["crac-1", "temperature.inlet"],
    ] as const) {
      const seen = new Set<number | null>();
      for (let i = 0; i < 20; i++) {
        run(plant, 1);
        seen.add(shows(device, point));
      }
      expect(seen.size).toBe(20);
    }
  });
});

describe("energy", () => {
  test("what enters the site is what racks, losses, coolers and the house take", () => {
    const { plant, shows } = plantWith();
    run(plant, 600);
    const racks = plant.racks.reduce((sum, rack) => sum + rack.kw, 0);
    const rows = ["row-a1", "row-b1", "row-a2", "row-b2"].map((id) => plant.grid.kw[plant.grid.ids.indexOf(id)]!);
    const ups = (shows("ups-a", "output.power") ?? 0) + (shows("ups-b", "output.power") ?? 0);
    expect(rows.reduce((sum, kw) => sum + kw, 0)).toBeCloseTo(racks, 6);
    expect(ups).toBeCloseTo(racks, 6);
    const losses = plant.ups.reduce((sum, one) => sum + one.inputKw - one.kw, 0);
    const coolers = plant.coolers.reduce((sum, cooler) => sum + cooler.kw, 0);
    expect(losses).toBeGreaterThan(0);
    expect(shows("meter-main", "power.active")).toBeCloseTo(racks + losses + coolers + 3, 1);
  });

  test("the main meter counts what it carries", () => {
    const { plant, shows } = plantWith();
    const before = shows("meter-main", "energy.active") ?? 0;
    let expected = 0;
    for (let i = 0; i < 3600; i++) {
      run(plant, 1);
      expected += (shows("meter-main", "power.active") ?? 0) / 3600;
    }
    expect((shows("meter-main", "energy.active") ?? 0) - before).toBeCloseTo(expected, 1);
  });

  test("a string gives back less than was put into it", () => {
    const { plant } = plantWith({ generator: "refuse-start" }, { utility: "fail" });
    run(plant, 300);
    apply(plant, { utility: "restore" });
    run(plant, 3 * 3600);
    const battery = plant.batteries[0]!;
    expect(battery.strings[0]!.soc).toBeGreaterThan(0.97);
    expect(battery.energyOutKwh).toBeGreaterThan(1);
    expect(battery.energyInKwh).toBeGreaterThan(battery.energyOutKwh * 0.5);
  });
});
