import { describe, expect, test } from "vitest";
import { apply } from "../../../simulators/plant/index.ts";
import { plantWith, run, secondsUntil } from "./run.ts";

describe("a hall without cooling", () => {
  test("climbs by 1 to 2 °C a minute at about 30 kW", () => {
    const { plant, shows } = plantWith({ cooling: "crac-1", fail: true });
    expect(shows("pdu-a1", "power.active")! + shows("pdu-b1", "power.active")!).toBeCloseTo(30, -1);
    run(plant, 60);
    const start = shows("crac-1", "temperature.inlet") ?? 0;
    run(plant, 300);
    const slope = ((shows("crac-1", "temperature.inlet") ?? 0) - start) / 5;
    expect(slope).toBeGreaterThan(1);
    expect(slope).toBeLessThan(2);
  });

  test("climbs fastest at first", () => {
    const { plant, shows } = plantWith({ cooling: "crac-1", fail: true });
    const inlet = () => shows("crac-1", "temperature.inlet") ?? 0;
    const climbIn = (forS: number): number => {
      const before = inlet();
      run(plant, forS);
      return inlet() - before;
    };
    expect(climbIn(60)).toBeGreaterThan(climbIn(60));
  });

  test("leaves the other hall cool, and its servers save themselves at 45 °C", () => {
    const { plant, shows } = plantWith({ cooling: "crac-1", fail: true });
    const stopS = secondsUntil(plant, () => plant.racks.some(({ tooHot }) => tooHot), 3600);
    expect(stopS).toBeGreaterThan(10 * 60);
    expect(shows("crac-1", "temperature.inlet")).toBeCloseTo(45, 0);
    expect(shows("crac-2", "temperature.inlet")).toBeLessThan(24);
    run(plant, 600);
    expect(shows("crac-1", "temperature.inlet")).toBeLessThan(46);
  });

  test("is cool again after its cooler has been mended", () => {
    const { plant, shows } = plantWith({ cooling: "crac-1", fail: true });
    run(plant, 300);
    expect(shows("crac-1", "cooling.output")).toBe(0);
    apply(plant, { cooling: "crac-1", fail: false });
    run(plant, 30);
    expect(shows("crac-1", "cooling.mode")).toBe(1);
    run(plant, 1800);
    expect(shows("crac-1", "cooling.mode")).toBe(3);
    expect(shows("crac-1", "temperature.inlet")).toBeLessThan(24);
  });
});

describe("smoke", () => {
  test("raises the levels in their order, and clears when its source has ended", () => {
    const { plant, shows } = plantWith({ smoke: { room: "hall-2", rate: 0.1 } });
    const levels: (number | null)[] = [];
    for (let i = 0; i < 900; i++) {
      run(plant, 1);
      const level = shows("asd-hall-2", "smoke.level");
      if (levels.at(-1) !== level) levels.push(level);
    }
    expect(levels).toEqual([0, 1, 2, 3]);
    expect(shows("asd-hall-1", "smoke.level")).toBe(0);
    apply(plant, { smoke: { room: "hall-2", rate: 0 } });
    run(plant, 2 * 3600);
    expect(shows("asd-hall-2", "smoke.level")).toBe(0);
  });

  test("goes through a shared ceiling into the next room, later", () => {
    const { plant, shows } = plantWith({ smoke: { room: "battery-room", rate: 3 } });
    const hereS = secondsUntil(plant, () => shows("asd-battery", "smoke.level") === 3, 600);
    const nextS = secondsUntil(plant, () => (shows("asd-ups", "smoke.level") ?? 0) >= 2, 1800);
    expect(hereS).toBeLessThan(120);
    expect(nextS).toBeGreaterThan(60);
    expect(nextS).toBeLessThan(1200);
    expect(shows("asd-hall-1", "smoke.level")).toBe(0);
  });

  test("alone does not release the gas: two kinds of detector must agree", () => {
    const { plant, shows } = plantWith({ smoke: { room: "battery-room", rate: 10 } });
    run(plant, 300);
    expect(shows("asd-battery", "smoke.level")).toBe(4);
    expect(shows("io-battery", "suppression.released")).toBe(0);
  });
});
