import { describe, expect, test } from "vitest";
import { borneS, isOver, toleranceSchema } from "../../../src/core/detect/tolerance.ts";

const classes = {
  continuous: 105,
  upTo: [
    { load: 110, for: "10min" },
    { load: 130, for: "1min" },
    { load: 150, for: "3s" },
  ],
};
const points = {
  through: [
    { load: 125, for: "10min" },
    { load: 150, for: "1min" },
  ],
};
const read = (written: object) => toleranceSchema.parse(written);
const wrong = (written: object) => toleranceSchema.safeParse(written).error?.issues.map(({ message }) => message);

describe("a tolerance of overload", () => {
  test("by classes gives a load the time of the next greater one, and none beyond the last", () => {
    const tolerance = read(classes);
    expect([100, 105, 105.1, 110, 110.1, 130, 150, 150.1].map((load) => borneS(tolerance, load, false))).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      600,
      600,
      60,
      60,
      3,
      0,
    ]);
  });

  test("by points draws the logarithm of the time straight between them, and holds the first from the rating on", () => {
    const tolerance = read(points);
    expect([100.1, 125].map((load) => borneS(tolerance, load, false))).toEqual([600, 600]);
    expect(borneS(tolerance, 150, false)).toBeCloseTo(60, 6);
    expect(borneS(tolerance, 137.5, false)).toBeCloseTo(Math.sqrt(600 * 60), 6);
    expect(borneS(tolerance, 151, false)).toBe(0);
  });

  test("leaves a share of every time in hot air, where the maker says so", () => {
    const tolerance = read({ ...classes, hot: { above: 35, share: 0.5 } });
    expect(borneS(tolerance, 120, true)).toBe(30);
    expect(borneS(tolerance, 120, false)).toBe(60);
    expect(borneS(read(classes), 120, true)).toBe(60);
  });

  test("bears the rating for ever where nothing else is said", () => {
    expect([isOver(read(points), 100), isOver(read(points), 100.1), isOver(read(classes), 105)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  test.each([
    ["no curve", {}, "needs upTo or through, one of them"],
    ["two curves", { ...classes, ...points }, "needs upTo or through, one of them"],
    ["loads out of order", { upTo: [120, 110].map((load) => ({ load, for: "2s" })) }, "loads come in ascending order"],
    [
      "more borne for longer",
      {
        upTo: [
          { load: 110, for: "1s" },
          { load: 120, for: "2s" },
        ],
      },
      "more load is never borne for longer",
    ],
    [
      "a curve below what is borne for ever",
      { ...classes, continuous: 115 },
      "what is borne for ever is less than what is borne for a time",
    ],
    [
      "one load twice",
      {
        upTo: [
          { load: 110, for: "2s" },
          { load: 110, for: "1s" },
        ],
      },
      "loads come in ascending order",
    ],
    ["a load that is borne for no time", { upTo: [{ load: 110, for: "0s" }] }, "more load is never borne for longer"],
    [
      "a curve that begins at what is borne for ever",
      { through: [{ load: 100, for: "1s" }] },
      "what is borne for ever is less than what is borne for a time",
    ],
  ])("is refused with %s", (_, written, message) => {
    expect(wrong(written)).toEqual([message]);
  });

  test("may bear two loads for the same time", () => {
    const level = [110, 120].map((load) => ({ load, for: "2s" }));
    expect(wrong({ upTo: level })).toBeUndefined();
  });
});
