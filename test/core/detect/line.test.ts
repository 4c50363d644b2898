import { describe, expect, test } from "vitest";
import type { Samples } from "../../../src/core/detect/line.ts";
import { lineThrough, remember } from "../../../src/core/detect/line.ts";
import { ms } from "../../../src/core/time.ts";

const window = ms(4000);
const through = (...values: readonly number[]) =>
  lineThrough(
    values.map((value, i): [number, number] => [5000 + i * 1000, value]),
    window,
  );

describe("the line through a window", () => {
  test("has the slope, its standard error and the level of the textbook", () => {
    // x 0 to 4, y 1 3 2 5 4: slope 0.8, residuals' sum of squares 3.6, standard error sqrt(3.6 / 3 / 10).
    const line = through(1, 3, 2, 5, 4)!;
    expect(line.slope * 1000).toBeCloseTo(0.8, 12);
    expect(line.standardError * 1000).toBeCloseTo(Math.sqrt(0.12), 12);
    expect(line.level).toBeCloseTo(4.6, 12);
    expect(line).toMatchObject({ samples: 5, span: 4000 });
  });

  test("of a value that does not move is flat to the last bit", () => {
    expect(through(0.1, 0.1, 0.1, 0.1)).toMatchObject({ slope: 0, standardError: 0, level: 0.1 });
  });

  test("is none through fewer than three samples, or through less than half of the window", () => {
    expect(through()).toBeNull();
    expect(through(1)).toBeNull();
    expect(through(1, 2)).toBeNull();
    const apart: Samples = [
      [0, 1],
      [4000, 2],
    ];
    expect(lineThrough(apart, window)).toBeNull();
    expect(through(1, 2, 3)).not.toBeNull();
    expect(
      lineThrough(
        [1, 2, 3].map((at): [number, number] => [at * 900, at]),
        window,
      ),
    ).toBeNull();
  });
});

describe("the samples of a window", () => {
  test("are those of the window alone, and no closer together than a sixtieth of it", () => {
    const samples: Samples = [];
    for (let at = 0; at <= 10_000; at += 50) remember(samples, at, at, window);
    expect(samples[0]![0]).toBeGreaterThanOrEqual(6000);
    expect(samples.at(-1)![0]).toBe(10_000);
    expect(samples.length).toBeLessThanOrEqual(61);
  });

  test.each([
    [[0, 99], [0]],
    [
      [0, 100],
      [0, 100],
    ],
    [
      [0, 6000],
      [0, 6000],
    ],
    [[0, 6001], [6001]],
  ])("at %j of six seconds are %j", (given, kept) => {
    const samples: Samples = [];
    for (const at of given) remember(samples, at, 1, ms(6000));
    expect(samples.map(([at]) => at)).toEqual(kept);
  });
});
