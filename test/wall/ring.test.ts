import { describe, expect, test } from "vitest";
import { Ring, resample, sampleMs, samples, slopePerMinute } from "../../src/wall/ring.ts";

describe("the memory of a curve", () => {
  test("holds a quarter of an hour and no more, oldest first", () => {
    const ring = new Ring();
    for (let i = 0; i < samples + 10; i += 1) ring.push(i);
    const values = ring.values();
    expect([values.length, values[0], values.at(-1)]).toEqual([samples, 10, samples + 9]);
    expect(samples * sampleMs).toBe(15 * 60_000);
  });

  test("keeps a gap as a gap", () => {
    const ring = new Ring();
    for (const value of [1, null, 3]) ring.push(value);
    expect(Array.from(ring.values().slice(-3))).toEqual([1, Number.NaN, 3]);
  });

  test("takes what was before it without overwriting what it has seen", () => {
    const ring = new Ring();
    ring.push(7);
    ring.prefill(new Float64Array(samples).fill(5));
    expect([ring.values()[0], ring.values().at(-1)]).toEqual([5, 7]);
  });

  test("knows which way a value goes, per minute, and says nothing from too little", () => {
    const rising = Float64Array.from({ length: samples }, (_, i) => 20 + i / 12);
    expect(slopePerMinute(rising)).toBeCloseTo(1);
    expect(slopePerMinute(new Float64Array(samples).fill(Number.NaN))).toBeNull();
    expect(slopePerMinute(Float64Array.of(1, 2, 3))).toBeNull();
    expect(slopePerMinute(new Float64Array(samples).fill(4))).toBe(0);
  });

  test("fills from history: the last word holds for a minute, then it is a gap", () => {
    const now = 10_000_000;
    const values = resample(
      [
        [now - 200_000, 3],
        [now - 100_000, null],
        [now - 10_000, 9],
      ],
      now,
    );
    const at = (ago: number): number => values[samples - 1 - ago / sampleMs]!;
    expect([at(0), at(10_000), at(15_000), at(200_000), at(145_000), at(135_000)]).toEqual([
      9,
      9,
      Number.NaN,
      3,
      3,
      Number.NaN,
    ]);
  });
});
