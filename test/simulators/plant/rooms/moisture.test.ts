import { describe, expect, test } from "vitest";
import { dewPointC, humidityPercent, moistureAt } from "../../../../simulators/plant/rooms/moisture.ts";
import { plantWith, run } from "../run.ts";

describe("moist air", () => {
  // Psychrometric tables at sea level: 14.7 g/kg at 20 °C and 27.2 g/kg at 30 °C when saturated, 1 % either way.
  test.each([
    [20, 14.7],
    [30, 27.2],
  ])("at %d °C holds %d g/kg at the most", (airC, gkg) => {
    expect(moistureAt(airC, 100) / gkg).toBeCloseTo(1, 2);
  });

  // ASHRAE's tables: 24 °C and 50 % have a dew point of 12.9 °C, a tenth of a degree either way.
  test("of 24 °C and 50 % has its dew point at 12.9 °C", () => {
    expect(Math.abs(dewPointC(moistureAt(24, 50)) - 12.9)).toBeLessThan(0.1);
  });

  test("gives back the humidity that it was made with", () => {
    for (const percent of [10, 45, 90]) expect(humidityPercent(22, moistureAt(22, percent))).toBeCloseTo(percent, 9);
  });

  test("grows dry as a hall without cooling warms up, with its dew point where it was", () => {
    const { plant, shows } = plantWith({ cooling: "crac-1", fail: true });
    const before = shows("asd-hall-1", "humidity.ambient")!;
    const dewBefore = shows("asd-hall-1", "dewpoint.ambient[1]")!;
    run(plant, 600);
    expect(shows("asd-hall-1", "humidity.ambient")).toBeLessThan(before - 15);
    expect(Math.abs(shows("asd-hall-1", "dewpoint.ambient[1]")! - dewBefore)).toBeLessThan(1.5);
  });

  test("grows damp over a wet floor before anything else is seen, as at Strasbourg in 2021", () => {
    const { plant, shows } = plantWith({ leak: "ups-room", on: true });
    const before = shows("asd-ups", "humidity.ambient")!;
    run(plant, 3600);
    expect(shows("asd-ups", "humidity.ambient")).toBeGreaterThan(before + 10);
  });
});
