import { describe, expect, test } from "vitest";
import { faultBoard, faultSchema } from "../../simulators/wire/index.ts";
import type { PointId, Reading } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";
import { openOverlay } from "../../src/simulation/overlay.ts";
import { demoSite } from "../simulators/demo-site.ts";

const points = new Map((["io/flame", "io/leak", "ups/mode"] as PointId[]).map((point) => [point, {}]));
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
    expect(openOverlay({ points }).lay(live, at)).toEqual(live);
  });

  test("is one point's value, whether the point speaks or not, until the truth is back", () => {
    const overlay = openOverlay({ points });
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
    const overlay = openOverlay({ points });
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
    const overlay = openOverlay({ points });
    overlay.lay([good("ups/mode", 3)], at);
    overlay.apply({ freeze: "ups", on: true });
    expect(overlay.lay([good("ups/mode", 4, instant(2000))], at)).toEqual([good("ups/mode", 3, instant(2000))]);
    overlay.apply({ freeze: "ups", on: false });
    expect(values(overlay.lay([good("ups/mode", 4)], at))).toEqual([["ups/mode", 4]]);
  });

  test("is a fault as far as readings can show it: lost, standing still, leaping, off, and over in its time", () => {
    let now = 0;
    const io = demoSite().devices.find(({ id }) => id === "io-switch")!.model;
    const board = faultBoard([{ id: "ups", model: io, link: "one" }], { seed: 1, now: () => now });
    const known = new Map([
      ["ups/power" as PointId, {}],
      ["ups/mode" as PointId, { states: ["off", "on"] }],
    ]);
    const faultsOf = (device: string) => (device === "ups" ? board.of(device) : null);
    const overlay = openOverlay({ points: known, faultsOf });
    const live = (power: number): readonly (readonly [string, number | string])[] => {
      board.move();
      return values(overlay.lay([good("ups/power", power), good("ups/mode", 1), good("else/x", 9)], instant(now)));
    };
    const begin = (said: object): void => expect(board.begin(faultSchema.parse(said))).toBeNull();
    begin({ fault: "wrong-scale", by: 10, on: "ups", for: "1s" });
    expect(live(4)).toEqual([
      ["ups/power", 40],
      ["ups/mode", 1],
      ["else/x", 9],
    ]);
    now = 1000;
    expect(live(4)).toEqual([
      ["ups/power", 4],
      ["ups/mode", 1],
      ["else/x", 9],
    ]);
    begin({ fault: "frozen", on: "ups", for: "1s" });
    expect(live(5)).toEqual([
      ["ups/power", 4],
      ["ups/mode", 1],
      ["else/x", 9],
    ]);
    now = 2000;
    expect(live(6)).toEqual([
      ["ups/power", 6],
      ["ups/mode", 1],
      ["else/x", 9],
    ]);
    begin({ fault: "half-frame", link: "ups", for: "1s" });
    expect(live(6)).toEqual([
      ["else/x", 9],
      ["ups/power", "noCommunication"],
      ["ups/mode", "noCommunication"],
    ]);
    now = 3000;
    begin({ fault: "drop", on: "ups", share: 0.5 });
    const lost = Array.from({ length: 200 }, () => live(6).length === 3 && live(6)[0]![1] === 9).filter(Boolean);
    expect(lost.length).toBeGreaterThan(20);
    expect(lost.length).toBeLessThan(180);
  });
});
