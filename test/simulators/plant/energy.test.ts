import { describe, expect, test } from "vitest";
import type { Plant } from "../../../simulators/plant/index.ts";
import { advance, apply, demoPlant } from "../../../simulators/plant/index.ts";
import { seconds } from "../../../src/core/time.ts";

/** All energy counters of a plant, kWh. */
const countersOf = (plant: Plant) => {
  const sum = <T>(list: readonly T[], of: (one: T) => number): number =>
    list.reduce((total, one) => total + of(one), 0);
  return {
    utilities: sum(plant.utilities, ({ energyKwh }) => energyKwh),
    generators: sum(plant.generators, ({ node }) => plant.grid.energyKwh[node]!),
    racks: sum(plant.racks, ({ feeds }) => sum(feeds, ({ energyKwh }) => energyKwh)),
    house: plant.grid.mechanicalKwh,
    losses: sum(plant.ups, ({ lossKwh }) => lossKwh),
    fromStrings: sum(plant.batteries, ({ energyOutKwh }) => energyOutKwh),
    toStrings: sum(plant.batteries, ({ energyInKwh }) => energyInKwh),
  };
};

/** A day of the demo site, by the minute at which things befall it. */
const day: readonly (readonly [minute: number, ...events: Parameters<typeof apply>[1][]])[] = [
  [60, { utility: "fail" }],
  [75, { utility: "restore" }],
  [180, { utility: "sag" }],
  [240, { generator: "refuse-start" }, { utility: "fail" }],
  [244, { utility: "restore" }, { generator: "repair" }],
  [300, { ups: "ups-a", bypass: "static" }],
  [330, { ups: "ups-a", bypass: "none" }, { ups: "ups-b", eco: true }],
  [420, { utility: "fail" }],
  [480, { generator: "trip" }],
  [482, { generator: "repair" }],
  [500, { utility: "restore" }],
  [600, { breaker: "row-a1", does: "short" }],
  [620, { breaker: "row-a1", does: "mend" }, { breaker: "row-a1", does: "reset" }],
  [700, { ups: "ups-b", inverter: "fail" }],
  [720, { ups: "ups-b", inverter: "repair" }],
  [800, { generator: "refuse-start" }, { utility: "fail" }],
  [900, { utility: "restore" }, { generator: "repair" }],
];

describe("over a day with five failures of the utility, a flat string and a short circuit", () => {
  test("what the sources and the strings gave is what racks, house, losses and chargers took, to 0.1 %", () => {
    const plant = demoPlant(11);
    const before = countersOf(plant);
    const events = new Map(day.map(([minute, ...happenings]) => [minute, happenings]));
    let emptied = false;
    for (let minute = 0; minute < 24 * 60; minute++) {
      for (const event of events.get(minute) ?? []) apply(plant, event);
      for (let i = 0; i < 60; i++) advance(plant, seconds(1));
      emptied ||= plant.ups.every(({ mode }) => mode === "off");
    }
    const after = countersOf(plant);
    const spent = (key: keyof typeof after): number => after[key] - before[key];
    const given = spent("utilities") + spent("generators") + spent("fromStrings");
    const taken = spent("racks") + spent("house") + spent("losses") + spent("toStrings");
    expect(emptied).toBe(true);
    for (const key of Object.keys(after) as (keyof typeof after)[]) expect(spent(key)).toBeGreaterThan(0.5);
    expect(given).toBeGreaterThan(1000);
    expect(Math.abs(taken / given - 1)).toBeLessThan(0.001);
    // Every rack is back: nothing was lost in the books by being lost in the plant.
    expect(plant.racks.every(({ live }) => live)).toBe(true);
  }, 120_000);
});
