import { describe, expect, test } from "vitest";
import type { PointId } from "../../src/core/reading.ts";
import { bucketMsOf, samplesOf } from "../../src/store/samples.ts";
import type { Bucket } from "../../src/store/tables.ts";

const bucket = (at: number, min: [number, number] | null, max: [number, number] | null): Bucket => ({
  at,
  min: min && { at: min[0], value: min[1] },
  max: max && { at: max[0], value: max[1] },
  last: max?.[1] ?? null,
  count: 2,
  quality: min ? "good" : "bad",
});
const span = { point: "d/p" as PointId, from: 0, to: 1000, bucketMs: 10 };

describe("a history as a line", () => {
  test("shows the peak and the trough of each bucket, in the order in which they were", () => {
    const buckets = [bucket(0, [1, 5], [3, 9]), bucket(10, [18, 2], [12, 7]), bucket(20, [21, 4], [21, 4])];
    expect(samplesOf(buckets, span, 60)).toEqual([
      [1, 5],
      [3, 9],
      [12, 7],
      [18, 2],
      [21, 4],
    ]);
  });

  test("breaks where the point had no value, and where it was silent for too long", () => {
    const buckets = [
      bucket(0, [1, 1], [1, 1]),
      bucket(10, null, null),
      bucket(20, [22, 2], [22, 2]),
      bucket(200, [201, 3], [201, 3]),
    ];
    expect(samplesOf(buckets, span, 60)).toEqual([
      [1, 1],
      [10, null],
      [22, 2],
      [30, null],
      [201, 3],
    ]);
  });

  test("has no break where a point only speaks seldom", () => {
    expect(samplesOf([bucket(0, [1, 1], [1, 1]), bucket(60, [61, 2], [61, 2])], span, 60)).toEqual([
      [1, 1],
      [61, 2],
    ]);
  });

  test.each([
    [0, 1000, 100, 20],
    [0, 1000, 1, 1000],
    [0, 10, 4000, 1],
    [5, 5, 10, 1],
  ])("from %i to %i in %i samples takes buckets of %i ms", (from, to, count, ms) =>
    expect(bucketMsOf(from, to, count)).toBe(ms),
  );
});
