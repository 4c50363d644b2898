import { describe, expect, test } from "vitest";
import { judged, samples } from "./held.ts";

const inlet = "crac-1/temperature.inlet";
const hot = {
  samples: samples({
    [inlet]: [
      [0, 24],
      [60, 31],
      [120, null],
      [180, 25],
    ],
  }),
};

describe("a promise about a point", () => {
  test("that it stays on one side is broken by the first value that does not", () => {
    expect(judged(`point ${inlet} stays below 32`, hot)).toBeNull();
    expect(judged(`point ${inlet} stays below 31`, hot)).toBe("it was 31 60 s after the start");
    expect(judged(`point ${inlet} stays above 20`, hot)).toBeNull();
  });

  test("of a span looks at what held when the span began, too", () => {
    expect(judged(`point ${inlet} stays below 30 from 09:03:00 to 09:10:00`, hot)).toBeNull();
    expect(judged(`point ${inlet} stays below 30 from 09:01:30 to 09:10:00`, hot)).toMatch(/^it was 31/);
  });

  test("is not kept by a point that was never seen, and not broken by silence alone", () => {
    expect(judged(`point ${inlet} stays below 30`, {})).toBe("it was never seen in that time");
    const silent = { samples: samples({ [inlet]: [[0, null]] }) };
    expect(judged(`point ${inlet} stays below 30`, silent)).toBe("it was never seen in that time");
    expect(judged(`point ${inlet} stays below 32`, hot)).toBeNull();
  });

  test("that it gets there is kept where it was there already", () => {
    expect(judged(`point ${inlet} above 30 by +60s`, hot)).toBeNull();
    expect(judged(`point ${inlet} above 30 by +50s`, hot)).toBe("it went above 30 10 s too late");
    expect(judged(`point ${inlet} above 30 within 5 s of 09:01:30`, hot)).toBeNull();
    expect(judged(`point ${inlet} above 40 by +90s`, hot)).toBe("it was never above 40");
  });
});

describe("a promise about a rack", () => {
  const contact = (feed: string): string => `pdu-${feed}1/outlet[1].state`;
  const draws = (feed: string): string => `pdu-${feed}1/outlet[1].power`;
  const both = {
    [contact("a")]: [[0, 1]],
    [contact("b")]: [[0, 1]],
    [draws("a")]: [[0, 2]],
    [draws("b")]: [[0, 2]],
  } as const;
  const said = (more: Parameters<typeof samples>[0]) =>
    judged("rack r101 keeps power", { samples: samples({ ...both, ...more }) });

  test("is kept on one feed, and broken when the second is gone, too", () => {
    expect(said({})).toBeNull();
    expect(
      said({
        [contact("a")]: [
          [0, 1],
          [50, 0],
        ],
      }),
    ).toBeNull();
    expect(
      said({
        [contact("a")]: [
          [0, 1],
          [50, 0],
        ],
        [draws("b")]: [
          [0, 2],
          [70, 0],
        ],
      }),
    ).toBe("r101 was dark 70 s after the start");
    expect(
      said({
        [contact("a")]: [
          [0, 1],
          [50, 0],
          [60, 1],
        ],
        [contact("b")]: [
          [0, 1],
          [70, 0],
        ],
      }),
    ).toBeNull();
  });

  test("is broken by a supply above that carries nothing", () => {
    expect(
      said({
        "ups-a/output.power": [
          [0, 20],
          [30, 0],
        ],
        "ups-b/output.power": [
          [0, 20],
          [40, 0],
        ],
      }),
    ).toBe("r101 was dark 40 s after the start");
  });

  test("is not broken by silence, and not kept by a rack that nobody saw", () => {
    expect(
      said({
        [contact("a")]: [
          [0, 1],
          [50, null],
        ],
        [contact("b")]: [
          [0, 1],
          [50, null],
        ],
      }),
    ).toBeNull();
    expect(judged("rack r101 keeps power", {})).toBe("r101 was never seen");
    expect(judged("protected rack keeps power", { samples: samples(both) })).toMatch(/ was never seen$/);
  });
});
