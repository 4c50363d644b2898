import { describe, expect, test } from "vitest";
import { rootVh, viewingOf } from "../../src/wall/legibility.ts";

/** What a capital of this font size subtends at the viewer, minutes of arc. Capitals of the slightest usual font: 0.716. */
function arcMinutes(vh: number, distanceM: number, inches: number): number {
  const screenMm = (inches * 25.4 * 9) / Math.hypot(16, 9);
  return (Math.atan(((vh / 100) * screenMm * 0.716) / (distanceM * 1000)) * 180 * 60) / Math.PI;
}

describe("legibility", () => {
  test.each([
    [4, 65],
    [5, 55],
    [3, 43],
    [8, 86],
  ])("text is 16 minutes of arc at %i m from %i inches", (distanceM, inches) => {
    expect(arcMinutes(rootVh({ distanceM, inches }), distanceM, inches)).toBeGreaterThanOrEqual(15.99);
  });

  test("a near viewer gets more than the least, a far one as much as a screen can hold", () => {
    expect(rootVh({ distanceM: 1, inches: 86 })).toBe(2);
    expect(rootVh({ distanceM: 30, inches: 43 })).toBe(6);
  });

  test.each([
    ["", { distanceM: 4, inches: 65 }],
    ["distance=5&inches=55", { distanceM: 5, inches: 55 }],
    ["distance=0&inches=nine", { distanceM: 4, inches: 65 }],
    ["distance=-3&inches=1e9", { distanceM: 4, inches: 65 }],
  ])("%j is %j", (query, viewing) => {
    expect(viewingOf(new URLSearchParams(query))).toEqual(viewing);
  });
});
