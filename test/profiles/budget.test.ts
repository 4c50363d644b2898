import { describe, expect, it } from "vitest";
import { ms } from "../../src/core/time.ts";
import { busShares, type DeviceModel, overload, type PointModel } from "../../src/profiles/index.ts";
import { linkRules, modbusPoint } from "./fixtures.ts";

const point = (addr: number, scan: PointModel["scan"], period: number): PointModel =>
  modbusPoint({ addr }, { name: `p${addr}`, scan, period: ms(period) });

const model = (points: readonly PointModel[], link = {}): DeviceModel => ({
  profile: "test/device",
  class: "battery",
  protocol: "modbus",
  link: { ...linkRules, turnaround: ms(20), gap: ms(5), ...link },
  points,
  commands: [],
});

/** Addresses so far apart that each is a request of its own. */
const apart = (count: number, scan: PointModel["scan"], period: number): PointModel[] =>
  Array.from({ length: count }, (_, i) => point(i * 100, scan, period));

describe("what a bus can carry", () => {
  it("is a turnaround and a gap for every request of every poll", () => {
    const models = [model([...apart(4, "safety", 1000), ...apart(2, "slow", 60_000)]), model(apart(1, "safety", 1000))];
    expect(busShares({ models, baud: null })).toEqual([
      { scan: "safety", periodMs: 1000, needsMs: 125 },
      { scan: "slow", periodMs: 60_000, needsMs: 50 },
    ]);
  });

  it("is the characters of frame and silence as well on a serial line", () => {
    const [share] = busShares({ models: [model([point(0, "safety", 1000)])], baud: 9600 });
    // 8 + 5 + 2 bytes and 7 characters of silence, at 11 bits each.
    expect(share?.needsMs).toBeCloseTo(25 + (22 * 11 * 1000) / 9600, 6);
  });

  it("is exceeded by the class that does not fit beside the more urgent ones", () => {
    expect(overload({ models: [model(apart(40, "safety", 1000))], baud: null })).toBeNull();
    expect(overload({ models: [model(apart(41, "safety", 1000))], baud: null })).toEqual({
      scan: "safety",
      periodMs: 1000,
      needsMs: 1025,
    });
    const both = [model([...apart(20, "safety", 1000), ...apart(50, "fast", 2000)])];
    expect(overload({ models: both, baud: null })).toMatchObject({ scan: "fast" });
  });

  it("is not reckoned by blocks that are read at once", () => {
    const together = Array.from({ length: 10 }, (_, i) => point(i, "safety", 1000));
    expect(busShares({ models: [model(together)], baud: null })).toEqual([
      { scan: "safety", periodMs: 1000, needsMs: 25 },
    ]);
  });
});
