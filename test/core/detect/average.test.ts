import { describe, expect, test } from "vitest";
import { medianOf, towards } from "../../../src/core/detect/average.ts";
import { seconds } from "../../../src/core/time.ts";

describe("an average that forgets", () => {
  test("has gone two thirds of the way after its time constant, in one step or in many", () => {
    expect(towards(0, 1, 10_000, seconds(10))).toBeCloseTo(1 - Math.exp(-1), 12);
    let average = 0;
    for (let i = 0; i < 100; i++) average = towards(average, 1, 100, seconds(10));
    expect(average).toBeCloseTo(1 - Math.exp(-1), 12);
  });

  test("stays where no time has passed", () => {
    expect(towards(3, 8, 0, seconds(10))).toBe(3);
  });
});

test.each([
  { values: [5, 1, 3], median: 3 },
  { values: [9, 1, 5, 7, 8], median: 7 },
  { values: [4, null, 1, 3, 2], median: 2.5 },
  { values: [null, 4, 2], median: 3 },
  { values: [4, null, 2], median: 3 },
  { values: [4, 2, null], median: 3 },
  { values: [7], median: 7 },
  { values: [null], median: null },
  { values: [], median: null },
])(
  "a median is the middle of what is known, or between the two middle ones: $median of $values",
  ({ values, median }) => {
    expect(medianOf(values)).toBe(median);
  },
);
