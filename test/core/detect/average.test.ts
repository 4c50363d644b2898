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

test("a median is the middle of what is known, or between the two middle ones", () => {
  expect([[5, 1, 3], [4, null, 1, 3, 2], [7], [null], []].map((values) => medianOf(values))).toEqual([
    3,
    2.5,
    7,
    null,
    null,
  ]);
});
