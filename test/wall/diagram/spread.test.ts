import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spread } from "../../../src/wall/diagram/spread.ts";

describe("boxes in a column", () => {
  test("stand where they wish while nothing is in the way", () => {
    expect(
      spread(
        [
          { center: 2, height: 2 },
          { center: 8, height: 2 },
        ],
        10,
        0.5,
      ),
    ).toEqual([1, 7]);
  });

  test("push each other apart, and stay within the column", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 25, noNaN: true }), { minLength: 1, maxLength: 8 }), (centers) => {
        const wishes = centers.sort((a, b) => a - b).map((center) => ({ center, height: 2 }));
        const tops = spread(wishes, 20, 0.4);
        tops.forEach((top, i) => {
          expect(top).toBeGreaterThanOrEqual(0);
          expect(top + 2).toBeLessThanOrEqual(20.001);
          if (i > 0) expect(top - tops[i - 1]!).toBeGreaterThanOrEqual(2.399);
        });
      }),
      { seed: 3 },
    );
  });
});
