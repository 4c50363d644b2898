import { describe, expect, it } from "vitest";
import { median } from "../../bench/median.ts";

describe("the median", () => {
  it("is the middle one, whatever the order and however far off the others are", () =>
    expect(median([1000, 2, 3])).toBe(3));

  it("is half-way between the two middle ones of an even number", () => expect(median([4, 1, 2, 1000])).toBe(3));
});
