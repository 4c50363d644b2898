import { describe, expect, test } from "vitest";
import { imageAt } from "../../src/core/image.ts";
import type { PointId, Reading } from "../../src/core/reading.ts";
import { instant, ms } from "../../src/core/time.ts";
import { good, point, t0 } from "./fixture.ts";

const rules = new Map([[point("x"), { maxAge: ms(1000) }]]);
const imageOf = (after: number, ...readings: readonly Reading[]) =>
  imageAt(new Map<PointId, Reading>(readings.map((r) => [r.point, r])), rules, instant(t0 + after));

describe("the image", () => {
  test("of a point that has never spoken is a bad reading that waits for its first", () => {
    const image = imageOf(5);
    expect(image.readingOf(point("x"))).toEqual({ point: "x", at: t0 + 5, quality: "bad", reason: "waitingForFirst" });
    expect(image.valueOf(point("x"))).toBeNull();
  });

  test("of a point that is none of the site's has no value, whatever was read", () => {
    expect(imageOf(0, good("y", 1)).valueOf(point("y"))).toBeNull();
  });

  test("has a value up to the end of its age and none after it", () => {
    expect(imageOf(1000, good("x", 7)).valueOf(point("x"))).toBe(7);
    expect(imageOf(1001, good("x", 7)).valueOf(point("x"))).toBeNull();
    expect(imageOf(1001, good("x", 7)).readingOf(point("x"))).toMatchObject({ quality: "bad", reason: "stale" });
  });
});
