import { describe, expect, test } from "vitest";
import type { PointId } from "../../src/core/reading.ts";
import { instant, seconds } from "../../src/core/time.ts";
import { parseTrace } from "../../src/rules/trace.ts";

const starts = instant(1_000_000);
const points = new Map([
  ["a/t" as PointId, { maxAge: seconds(4) }],
  ["a/s" as PointId, { maxAge: seconds(4), states: ["off", "on"] }],
]);
const parse = (...lines: readonly string[]) =>
  parseTrace(["time,point,value,quality", ...lines].join("\n"), { starts, points });

describe("a trace", () => {
  test("has a reading a line, at times from the start, with states by their names", () => {
    expect(parse("0s,a/t,21.5,good", "1.5s,a/s,on", "2s,a/t,,bad", "", "3s,a/t,22,uncertain")).toEqual({
      readings: [
        { point: "a/t", at: starts, quality: "good", value: 21.5 },
        { point: "a/s", at: starts + 1500, quality: "good", value: 1 },
        { point: "a/t", at: starts + 2000, quality: "bad", reason: "noCommunication" },
        { point: "a/t", at: starts + 3000, quality: "uncertain", value: 22, reason: "notAccurate" },
      ],
    });
  });

  test("has instants of which the first is the start", () => {
    const trace = parse("2026-03-02T09:00:00+09:00,a/t,1,good", "2026-03-02T00:00:05Z,a/t,2,good");
    expect("readings" in trace && trace.readings.map(({ at }) => at - starts)).toEqual([0, 5000]);
  });

  test.each([
    [["1s,a/u,1,good"], 2, 'the site has no point "a/u"'],
    [["1s,a/t,on,good"], 2, '"on" is no value of a/t'],
    [["soon,a/t,1,good"], 2, '"soon" is neither'],
    [["2s,a/t,1,good", "1s,a/t,1,good"], 3, "comes before the line above it"],
    [["1s,a/t,1,fine"], 2, '"fine" is no quality'],
  ])("with %j is wrong in line %i", (lines, line, wrong) => {
    expect(parse(...lines)).toEqual({ line, wrong: expect.stringContaining(wrong) });
  });

  test("without its head is wrong in the first line", () => {
    expect(parseTrace("1s,a/t,1,good", { starts, points })).toMatchObject({ line: 1 });
  });
});
