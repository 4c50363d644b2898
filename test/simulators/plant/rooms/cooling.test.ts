import { describe, expect, test } from "vitest";
import { apply } from "../../../../simulators/plant/index.ts";
import { plantOf, plantWith, run, secondsUntil, siteWith } from "../run.ts";

describe("a cooler with a compressor of its own", () => {
  // Two to three minutes are measured from the return of power to cold air.
  test("takes 150 s to start after a sag, and a minute more to full output", () => {
    const { plant, shows } = plantWith({ utility: "sag" });
    run(plant, 1);
    expect(shows("crac-1", "cooling.mode")).toBe(1);
    const startS = secondsUntil(plant, () => shows("crac-1", "cooling.mode") === 3, 600);
    expect(startS).toBeGreaterThan(120);
    expect(startS).toBeLessThan(180);
    expect(secondsUntil(plant, () => plant.coolers[0]!.ramp === 1, 300)).toBeLessThan(70);
  });

  test("holds its hall within half a degree once it has settled", () => {
    const { plant, shows } = plantWith();
    run(plant, 1800);
    for (let i = 0; i < 60; i++) {
      run(plant, 10);
      expect(Math.abs(shows("crac-1", "temperature.inlet")! - 22)).toBeLessThan(0.5);
    }
  });

  // London, 2022-07-19: about 40 °C outside, and redundant units failed together.
  test("bears 35 °C outside, and in 40 °C trips again and again until a hand resets it", () => {
    const mild = plantWith({ weather: { meanC: 35, swingC: 0 } });
    run(mild.plant, 3600);
    expect(mild.shows("crac-1", "temperature.inlet")).toBeLessThan(24);
    const { plant, shows } = plantWith({ weather: { meanC: 42, swingC: 0 } });
    run(plant, 7200);
    expect(plant.coolers.map(({ stopped }) => stopped)).toEqual(["pressure", "pressure"]);
    expect(shows("crac-1", "cooling.alarms")).toBe(1);
    expect(shows("crac-1", "cooling.mode")).toBe(2);
    apply(plant, { weather: { meanC: 20, swingC: 0 } });
    run(plant, 1800);
    expect(shows("crac-1", "cooling.output")).toBe(0);
    apply(plant, { send: "reset-cooler", to: "crac-1" });
    run(plant, 1800);
    expect(shows("crac-1", "cooling.output")).toBeGreaterThan(10);
    expect(shows("crac-2", "cooling.output")).toBe(0);
  });

  test("moves its heat with more electricity when it is hot outside", () => {
    const kwAt = (meanC: number): number => {
      const { plant } = plantWith({ weather: { meanC, swingC: 0 } });
      run(plant, 1200);
      return plant.coolers[0]!.kw / plant.coolers[0]!.outputKw;
    };
    expect(kwAt(35) / kwAt(15)).toBeGreaterThan(1.2);
  });
});

describe("a control that fails", () => {
  test("by a sensor that shows too little lets the hall warm up, while the unit shows all well", () => {
    const { plant, shows } = plantWith({ cooler: "crac-1", shows: 18 });
    run(plant, 1800);
    expect(shows("crac-1", "temperature.inlet")).toBe(18);
    expect(shows("crac-1", "cooling.mode")).toBe(3);
    expect(shows("asd-hall-1", "temperature.ambient")).toBeGreaterThan(33);
    apply(plant, { cooler: "crac-1", shows: "truth" });
    run(plant, 3600);
    expect(shows("asd-hall-1", "temperature.ambient")).toBeLessThan(24);
  });

  test("by a set-point that is lost does the same, and says which set-point it has", () => {
    const { plant, shows } = plantWith({ cooler: "crac-1", setPoint: 35 });
    run(plant, 3600);
    expect(shows("crac-1", "temperature.setpoint")).toBe(35);
    expect(shows("crac-1", "temperature.inlet")).toBeGreaterThan(33);
  });

  test("takes with it whoever follows it", () => {
    const { plant, shows } = plantWith({ cooler: "crac-2", follows: "crac-1" }, { cooler: "crac-1", shows: 15 });
    run(plant, 3600);
    expect(shows("asd-hall-2", "temperature.ambient")).toBeGreaterThan(30);
    apply(plant, { cooler: "crac-2", follows: "itself" });
    run(plant, 3600);
    expect(shows("asd-hall-2", "temperature.ambient")).toBeLessThan(24);
  });

  test("shuts a unit off on water, and lets it start again when the floor is dry", () => {
    const { plant, shows } = plantWith({ cooler: "crac-1", stopsOnWater: true }, { leak: "hall-1", on: true });
    run(plant, 60);
    expect(shows("crac-1", "cooling.output")).toBe(0);
    expect(shows("crac-1", "leak.state")).toBe(1);
    apply(plant, { leak: "hall-1", on: false });
    run(plant, 600);
    expect(shows("crac-1", "cooling.output")).toBeGreaterThan(10);
  });
});

describe("several coolers", () => {
  const text = siteWith(["crac-1b: cooling/apc-inrow in hall-1", "crac-1c: cooling/apc-inrow in hall-1"]);

  test("share the hall, and bear the loss of one", () => {
    const { plant, shows } = plantOf(text);
    run(plant, 600);
    const outputs = ["crac-1", "crac-1b", "crac-1c"].map((id) => shows(id, "cooling.output")!);
    expect(Math.max(...outputs) / Math.min(...outputs)).toBeLessThan(1.05);
    apply(plant, { cooling: "crac-1b", fail: true });
    run(plant, 1800);
    expect(shows("crac-1", "temperature.inlet")).toBeLessThan(23);
  });

  test("that nobody has named keep a hall cool all the same", () => {
    const bare = siteWith([], (site) => site.replace(/^ {2}crac-[12]: .*\n/gm, ""));
    const { plant } = plantOf(bare);
    run(plant, 7200);
    expect(plant.coolers).toHaveLength(4);
    expect(plant.rooms.every(({ kind, airC }) => kind !== "hall" || airC < 24)).toBe(true);
  });
});
