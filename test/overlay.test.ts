import { describe, expect, test } from "vitest";
import type { PointId, Reading } from "../src/core/reading.ts";
import { instant } from "../src/core/time.ts";
import { openOverlay } from "../src/overlay.ts";

const points = ["io/flame", "io/leak", "ups/mode"] as PointId[];
const at = instant(1000);
const good = (point: string, value: number, when = at): Reading => ({
  point: point as PointId,
  at: when,
  quality: "good",
  value,
});
const values = (readings: readonly Reading[]): readonly (readonly [string, number | string])[] =>
  readings.map((r) => [r.point, r.quality === "bad" ? r.reason : r.value]);

describe("what is laid over the readings of a live site", () => {
  test("is nothing before anything is injected: they are the site's own, untouched", () => {
    const live = [good("io/flame", 0), good("ups/mode", 3)];
    expect(openOverlay(points).lay(live, at)).toEqual(live);
  });

  test("is one point's value, whether the point speaks or not, until the truth is back", () => {
    const overlay = openOverlay(points);
    overlay.apply({ reading: "io/flame", shows: 1 });
    expect(values(overlay.lay([good("io/flame", 0), good("io/leak", 0)], at))).toEqual([
      ["io/flame", 1],
      ["io/leak", 0],
      ["io/flame", 1],
    ]);
    expect(values(overlay.lay([], at))).toEqual([["io/flame", 1]]);
    overlay.apply({ reading: "io/flame", shows: null });
    expect(values(overlay.lay([], at))).toEqual([["io/flame", "sensorFailure"]]);
    overlay.apply({ reading: "io/flame", shows: "truth" });
    expect(values(overlay.lay([good("io/flame", 0)], at))).toEqual([["io/flame", 0]]);
  });

  test("is a device that does not answer: every point of it is bad, and none has a value", () => {
    const overlay = openOverlay(points);
    overlay.apply({ sensor: "io", silent: true });
    expect(values(overlay.lay([good("io/flame", 0), good("ups/mode", 3)], at))).toEqual([
      ["ups/mode", 3],
      ["io/flame", "noCommunication"],
      ["io/leak", "noCommunication"],
    ]);
    overlay.apply({ sensor: "io", silent: false });
    expect(values(overlay.lay([good("io/flame", 0)], at))).toEqual([["io/flame", 0]]);
  });

  test("is a device that goes on saying what it said, at the time of each new reading", () => {
    const overlay = openOverlay(points);
    overlay.lay([good("ups/mode", 3)], at);
    overlay.apply({ freeze: "ups", on: true });
    expect(overlay.lay([good("ups/mode", 4, instant(2000))], at)).toEqual([good("ups/mode", 3, instant(2000))]);
    overlay.apply({ freeze: "ups", on: false });
    expect(values(overlay.lay([good("ups/mode", 4)], at))).toEqual([["ups/mode", 4]]);
  });
});
