import { describe, expect, test } from "vitest";
import type { PointId } from "../../src/core/reading.ts";
import { instant, seconds } from "../../src/core/time.ts";
import { readingsIn } from "../../src/rules/notation.ts";

const starts = instant(1_000_000);

const read = (line: string, states: readonly string[] | null = null, lasts: number | null = null) =>
  readingsIn(line, {
    point: "a/x" as PointId,
    states,
    starts,
    every: seconds(2),
    ends: lasts === null ? null : instant(starts + lasts),
  });

/** "+2 21" of every reading: seconds from the start, and the value or why there is none. */
const told = (line: string, states: readonly string[] | null = null, lasts: number | null = null) => {
  const readings = read(line, states, lasts);
  if ("wrong" in readings) throw new Error(readings.wrong);
  return readings.map((r) => `+${(r.at - starts) / 1000} ${r.quality === "bad" ? r.reason : r.value}`);
};

describe("a line of values", () => {
  test("has one after the other, each so much later than the one before", () => {
    expect(told("20 21x2 -1.5")).toEqual(["+0 20", "+2 21", "+4 21", "+6 -1.5"]);
  });

  test("has silence, readings without a value, and values in doubt", () => {
    expect(told("20 _ bad bad(stale) ~21")).toEqual(["+0 20", "+4 noCommunication", "+6 stale", "+8 21"]);
    expect(read("~21")).toEqual([{ point: "a/x", at: starts, quality: "uncertain", value: 21, reason: "notAccurate" }]);
  });

  test("climbs from one end to the other, both included", () => {
    expect(told("20..23 over 6s 25")).toEqual(["+0 20", "+2 21", "+4 22", "+6 23", "+8 25"]);
  });

  test("has states by their names, also such as end in x and a number", () => {
    expect(told("off onx2", ["off", "on"])).toEqual(["+0 0", "+2 1", "+4 1"]);
    expect(told("onx2", ["off", "onx2"])).toEqual(["+0 1"]);
  });

  test("goes on to the end, where it is known when that is", () => {
    expect(told("1 2*", null, 7000)).toEqual(["+0 1", "+2 2", "+4 2", "+6 2"]);
    expect(read("2*")).toEqual({ wrong: "2* goes on to the end: say how long the test lasts" });
  });

  test.each([
    ["21,5", "is nothing that a/x says: a number"],
    ["bad(tired)", "is nothing that a/x says"],
    ["20..x over 5s", "is no ramp"],
    ["1x2000000", "more than 1000000 readings"],
  ])("“%s” is told to be wrong", (line, wrong) => {
    expect(read(line)).toEqual({ wrong: expect.stringContaining(wrong) });
  });

  test("of a state has no numbers and no ramps", () => {
    expect(read("1", ["off", "on"])).toEqual({ wrong: expect.stringContaining("off, on, bad") });
    expect(read("0..1 over 4s", ["off", "on"])).toEqual({ wrong: "a/x is a state, and has no ramp" });
  });
});
