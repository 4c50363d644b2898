import { describe, expect, test } from "vitest";
import { axisOf } from "../../../src/cli/report/axis.ts";

const minute = 60_000;
const axis = (busy: readonly number[], to: number) =>
  axisOf({ from: 0, to, busy, left: 100, right: 900, timezone: "UTC" });

describe("the axis of a report", () => {
  test("runs evenly where something happens all along", () => {
    const { x, folds } = axis([10 * minute, 20 * minute], 30 * minute);
    expect(folds).toEqual([]);
    expect([0, 15 * minute, 30 * minute].map(x)).toEqual([100, 500, 900]);
  });

  test("folds hours in which nothing happens, and keeps the order of all instants", () => {
    const busy = [60 * minute, 62 * minute, 65 * minute];
    const { x, folds } = axis(busy, 540 * minute);
    expect(folds).toHaveLength(2);
    const places = Array.from({ length: 541 }, (_, n) => x(n * minute));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect([places[0], places.at(-1)]).toEqual([100, 900]);
    expect(x(65 * minute) - x(60 * minute)).toBeGreaterThan(100);
  });

  test("has ticks that do not run into each other, at round times of the site", () => {
    for (const to of [20_000, 30 * minute, 540 * minute]) {
      const { ticks } = axis([], to);
      expect(ticks.length).toBeGreaterThan(1);
      expect(Math.min(...ticks.slice(1).map((tick, i) => tick.x - ticks[i]!.x))).toBeGreaterThan(40);
    }
    expect(axis([], 30 * minute).ticks[0]?.text).toBe("00:00");
  });
});
