import { describe, expect, test } from "vitest";
import { apply } from "../../../../simulators/plant/index.ts";
import { plantOf, run, secondsUntil, siteWith } from "../run.ts";

const chillers = ["chiller-1: chiller/rittal-pcoweb in switch-room", "chiller-2: chiller/rittal-pcoweb in switch-room"];
const site = (...ids: readonly string[]) => {
  const made = plantOf(siteWith(chillers.filter((line) => ids.includes(line.split(":")[0]!))));
  run(made.plant, 3600);
  return made;
};

describe("a site with chillers", () => {
  test("hangs its coolers on their water, and sends no more heat to it than it brings away", () => {
    const { plant, shows } = site("chiller-1", "chiller-2");
    const heat = plant.coolers.reduce((sum, { outputKw }) => sum + outputKw, 0);
    expect(shows("chiller-1", "cooling.output")! / heat).toBeCloseTo(1, 1);
    expect(shows("chiller-2", "cooling.mode")).toBe(0);
    expect(shows("chiller-1", "coolant.temperature.supply")).toBeCloseTo(10, 0);
    expect(shows("crac-1", "water.temperature.in")).toBe(shows("chiller-1", "coolant.temperature.supply"));
    expect(shows("crac-1", "temperature.inlet")).toBeCloseTo(22, 0);
    expect(plant.coolers.reduce((sum, { kw }) => sum + kw, 0)).toBeGreaterThan(plant.loops[0]!.kw);
  });

  test("keeps in its water what coolers bring and chillers do not take, to a thousandth in a day", () => {
    const { plant } = site("chiller-1", "chiller-2");
    const loop = plant.loops[0]!;
    // The tank holds 50 kJ/K and the pipes 21 kJ/K on either side, for each kW.
    const stored = () => loop.ratedKw * ((50 + 21) * loop.supplyC + 21 * loop.returnC);
    const before = stored();
    let [brought, taken] = [0, 0];
    for (let second = 0; second < 86_400; second++) {
      if (second === 40_000) apply(plant, { chiller: "chiller-1", does: "fail" });
      if (second === 60_000) apply(plant, { utility: "sag" });
      run(plant, 1);
      for (const cooler of plant.coolers) brought += cooler.outputKw;
      for (const chiller of loop.chillers) taken += chiller.outputKw;
    }
    expect(brought).toBeGreaterThan(3e6);
    expect(Math.abs(brought - taken - (stored() - before)) / brought).toBeLessThan(0.001);
  });

  // 4 to 8 minutes are measured from the return of power to cold water.
  test("rides a sag on its tank: five and a half minutes without a chiller, and no hall that is too warm", () => {
    const { plant, shows } = site("chiller-1");
    apply(plant, { utility: "sag" });
    run(plant, 1);
    expect(shows("chiller-1", "device.alarm")).toBe(2);
    let hottest = 0;
    const startS = secondsUntil(
      plant,
      () => {
        hottest = Math.max(hottest, shows("crac-1", "temperature.inlet")!);
        return shows("chiller-1", "cooling.mode") === 3;
      },
      900,
    );
    expect(startS / 60).toBeGreaterThan(4);
    expect(startS / 60).toBeLessThan(8);
    expect(hottest).toBeLessThan(32);
    expect(shows("chiller-1", "coolant.temperature.supply")).toBeLessThan(16);
  });

  // Azure Australia East, 2023-08-30: chillers that stayed tripped, pumps, and water that grew too warm to start them.
  test("whose chillers need a hand stays without until somebody has been there", () => {
    const { plant, shows } = site("chiller-1", "chiller-2");
    for (const chiller of ["chiller-1", "chiller-2"]) apply(plant, { chiller, manual: true });
    apply(plant, { chiller: "chiller-2", does: "fail" });
    apply(plant, { utility: "sag" });
    run(plant, 1200);
    expect(shows("chiller-1", "cooling.mode")).toBe(0);
    apply(plant, { send: "restart-chiller", to: "chiller-1" });
    const backS = secondsUntil(plant, () => shows("chiller-1", "cooling.mode") === 3, 3600);
    expect(backS / 60).toBeGreaterThan(10);
    expect(backS / 60).toBeLessThan(17);
  });

  test("cannot start a chiller against water that has become too hot", () => {
    const { plant, shows } = site("chiller-1");
    apply(plant, { chiller: "chiller-1", manual: true });
    apply(plant, { chiller: "chiller-1", does: "trip" });
    run(plant, 2 * 3600);
    expect(shows("chiller-1", "coolant.temperature.return")).toBeGreaterThan(28);
    apply(plant, { send: "restart-chiller", to: "chiller-1" });
    run(plant, 3600);
    expect(shows("chiller-1", "cooling.mode")).toBe(0);
  });

  test("starts its standby chiller when the first has failed", () => {
    const { plant, shows } = site("chiller-1", "chiller-2");
    apply(plant, { chiller: "chiller-1", does: "fail" });
    run(plant, 3600);
    expect(shows("chiller-2", "cooling.mode")).toBe(3);
    expect(shows("crac-1", "temperature.inlet")).toBeCloseTo(22, 0);
  });

  // Alibaba Hong Kong, 2022-12-18: air in the loop and a locked group controller, 6 h 24 min to the first chiller.
  test("whose group controller hangs starts nothing, and its heartbeat stands", () => {
    const { plant, shows } = site("chiller-1", "chiller-2");
    apply(plant, { chilledWater: { hung: true } });
    apply(plant, { chiller: "chiller-1", does: "trip" });
    const beat = plant.loops[0]!.heartbeat;
    run(plant, 3600);
    expect(plant.loops[0]!.heartbeat).toBe(beat);
    expect([shows("chiller-1", "cooling.mode"), shows("chiller-2", "cooling.mode")]).toEqual([0, 0]);
  });

  test("with air in its pipes loses pressure and flow, until it is vented", () => {
    const { plant, shows } = site("chiller-1");
    const before = shows("chiller-1", "coolant.pressure.supply")!;
    apply(plant, { chilledWater: { air: 0.9 } });
    run(plant, 1800);
    expect(shows("chiller-1", "coolant.pressure.supply")).toBeLessThan(before * 0.6);
    expect(shows("chiller-1", "coolant.fault")).toBe(1);
    expect(shows("crac-1", "temperature.inlet")).toBeGreaterThan(27);
    apply(plant, { send: "vent-loop", to: "chiller-1" });
    run(plant, 3600);
    expect(shows("crac-1", "temperature.inlet")).toBeLessThan(24);
  });

  // Equinix Singapore, 2023-10-14: valves of the buffer tank were closed by a wrong signal.
  test("whose valves are shut in error has cold water, running chillers and hot halls", () => {
    const { plant, shows } = site("chiller-1");
    apply(plant, { chilledWater: { valve: 0 } });
    run(plant, 900);
    expect(shows("crac-1", "water.flow")).toBe(0);
    expect(shows("chiller-1", "coolant.temperature.supply")).toBeLessThan(11);
    expect(shows("chiller-1", "device.alarm")).toBe(0);
    expect(shows("crac-1", "temperature.inlet")).toBeGreaterThan(30);
  });

  // Azure UK South, 2020-09-14: several pumps stop.
  test("runs on one pump of two, and not on none", () => {
    const { plant, shows } = site("chiller-1");
    apply(plant, { chilledWater: { pumps: 1 } });
    run(plant, 1800);
    expect(shows("crac-1", "temperature.inlet")).toBeCloseTo(22, 0);
    expect(shows("chiller-1", "pump.fault")).toBe(1);
    apply(plant, { chilledWater: { pumps: 0 } });
    run(plant, 900);
    expect(shows("crac-1", "temperature.inlet")).toBeGreaterThan(30);
  });
});
