import { describe, expect, test } from "vitest";
import { daily } from "../../../../simulators/plant/rooms/weather.ts";
import { plantWith, run } from "../run.ts";

describe("a day", () => {
  test("is warmest at three in the afternoon, coolest at three in the night, and even at nine", () => {
    expect([3, 9, 15, 21].map((hour) => daily(hour * 3600) + 0)).toEqual([-1, 0, 1, 0]);
  });

  test("begins at nine and warms the air outside until the afternoon", () => {
    const { plant, shows } = plantWith({ weather: { meanC: 30, swingC: 10 } });
    run(plant, 60);
    expect(shows("crac-1", "temperature.outdoor")).toBeCloseTo(30, 0);
    run(plant, 6 * 3600);
    expect(shows("crac-1", "temperature.outdoor")).toBeCloseTo(40, 0);
  });

  test("has racks work harder in the afternoon than in the night, by an eighth or so", () => {
    const kwAt = (hour: number): number => {
      const { plant, shows } = plantWith({ clock: hour });
      let sum = 0;
      for (let i = 0; i < 60; i++) {
        run(plant, 10);
        sum += shows("ups-a", "output.power")! / 60;
      }
      return sum;
    };
    const ratio = kwAt(15) / kwAt(3);
    expect(ratio).toBeGreaterThan(1.08);
    expect(ratio).toBeLessThan(1.25);
  });
});
