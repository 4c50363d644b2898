import { describe, expect, test } from "vitest";
import { AssertionError } from "../../src/core/assert.ts";
import type { Plant } from "../../src/core/plant.ts";
import type { Snapshot } from "../../src/serve/api.ts";
import { causesOf } from "../../src/serve/causes.ts";
import { deltaOf } from "../../src/serve/delta.ts";
import { view } from "../../src/serve/view.ts";
import { again, begin, burning, calmPlant, cycle, info, upsOnBattery, withoutA } from "./plants.ts";

const seen = (plant: Plant): Snapshot => view(plant, info, { build: "1", hasHistory: false });

function read(plant: Plant, from: number, until: number, values: Readonly<Record<string, number>>): Plant {
  for (let s = from; s <= until; s += 1) cycle(plant, begin + 1000 * s, again(values));
  return plant;
}

const fail = (error: Error): never => {
  throw error;
};

const outage = {
  "io-switch/ats.on_utility": 0,
  "meter-main/power.active": 0,
  "ups-a/ups.mode": 3,
  "ups-b/ups.mode": 3,
};

describe("what is lost", () => {
  test("stands in the view with its numbers, once it has been told", () => {
    expect(seen(read(calmPlant(), 1, 1, withoutA)).causes).toEqual([]);
    const snapshot = seen(read(calmPlant(), 1, 4, withoutA));
    expect(snapshot.causes).toEqual([
      {
        node: "ups-a",
        since: begin + 1000,
        dead: ["ups-a", "row-a1", "row-a2"],
        onBattery: [],
        runtimeS: null,
        racks: { count: 14, feeds: ["A"], dark: 0, unknown: 0, on: ["B"], fillPct: 64, marginKw: expect.closeTo(20.7) },
        alarms: [],
        text: "lost: feed A of 14 racks, on feed B at 64 %, margin 21 kW; row-a1 and row-a2 with it",
      },
    ]);
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });

  test("lists every alarm that follows under it, and leaves each as it stands", () => {
    const snapshot = seen(read(calmPlant(), 1, 4, outage));
    expect(snapshot.causes).toMatchObject([{ node: "utility", alarms: [upsOnBattery] }]);
    expect(snapshot.alarms.find(({ id }) => id === upsOnBattery)).toMatchObject({
      under: "utility",
      acknowledged: false,
      status: "unacknowledged",
    });
    expect(snapshot.counts.unacknowledged).toBe(1);
  });

  test("is left out where a claim about it does not hold, and any other error goes on", () => {
    const plant = read(calmPlant(), 1, 4, outage);
    const { site } = plant;
    const failing = (error: Error): Plant => {
      const loads = { flatMap: () => fail(error) } as unknown as Plant["site"]["power"]["loads"];
      return { ...plant, site: { ...site, power: { ...site.power, loads } } };
    };
    expect(causesOf(plant)).toHaveLength(1);
    expect(causesOf(failing(new AssertionError("a claim")))).toEqual([]);
    expect(() => causesOf(failing(new TypeError("not a claim")))).toThrow("not a claim");
  });

  test("leaves the view when it ends, and is sent only when it changes", () => {
    const plant = read(calmPlant(), 1, 4, outage);
    const before = seen(plant);
    const after = seen(read(plant, 5, 6, outage));
    expect(deltaOf(before, after)).not.toHaveProperty("causes");
    expect(deltaOf(before, seen(read(plant, 7, 8, {})))).toMatchObject({ causes: [] });
  });
});

describe("in a flood", () => {
  test("alarms of causes come first, then what came first in its group, then the rest by priority", () => {
    const plant = read(calmPlant(), 1, 4, { ...outage, "crac-1/temperature.inlet": 31 });
    read(plant, 5, 8, { ...burning, ...outage });
    const calmOrder = seen(plant).alarms;
    expect(calmOrder[0]?.priority).toBe("critical");
    plant.flood.since = plant.now;
    plant.flood.slots = [{ from: plant.now, count: 12 }];
    const { alarms, flood } = seen(plant);
    expect(flood).toEqual({ since: plant.now, count: 12 });
    expect(alarms.map(({ id }) => id).toSorted()).toEqual(calmOrder.map(({ id }) => id).toSorted());
    const ranks = alarms.map(({ firstOut }) => (firstOut ? 0 : 1));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });

  test("every group says what came first, with its time", () => {
    const plant = read(calmPlant(), 1, 1, { "io-battery/offgas.state": 1 });
    read(plant, 2, 3, burning);
    expect(seen(plant).firstOuts).toContainEqual({ group: "battery-room", alarm: "battery-off-gas", at: begin + 1000 });
  });
});
