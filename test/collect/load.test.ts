import { describe, expect, test } from "vitest";
import { Load, Shedding, watchLoad } from "../../src/collect/load.ts";
import { ms } from "../../src/core/time.ts";
import type { Group } from "../../src/profiles/group.ts";
import type { ScanClass } from "../../src/profiles/model.ts";

const group = (scan: ScanClass): Group => ({ scan, period: ms(1000), points: [] });

const looked = (load: Load, ...shares: readonly number[]): number => {
  for (const share of shares) load.look(share);
  return load.stage;
};

describe("the load of a process", () => {
  test("is high when it has had no rest for three looks, and higher when that has not helped", () => {
    const load = new Load();
    expect(looked(load, 1, 1)).toBe(0);
    expect(looked(load, 1)).toBe(1);
    expect(looked(load, 1, 0.98)).toBe(1);
    expect(looked(load, 1)).toBe(2);
    expect(looked(load, 1, 1, 1)).toBe(2);
  });

  test("is not high for one stop, however long, nor for a process that is only busy", () => {
    expect(looked(new Load(), 0.2, 1, 0.3, 1, 1, 0.9, 1, 1, 0.5)).toBe(0);
    expect(looked(new Load(), ...Array<number>(50).fill(0.95))).toBe(0);
  });

  test("falls step by step where there is room again, and stays where there is just enough", () => {
    const load = new Load();
    looked(load, 1, 1, 1, 1, 1, 1);
    expect(looked(load, 0.9, 0.9, 0.9, 0.9)).toBe(2);
    expect(looked(load, 0.8, 0.8, 0.8)).toBe(1);
    expect(looked(load, 0.8, 0.8, 0.95, 0.8, 0.8)).toBe(1);
    expect(looked(load, 0.8)).toBe(0);
    expect(looked(load, 0, 0, 0, 0, 0, 0)).toBe(0);
  });

  test("is watched until the stop, with nothing left behind", () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const stop = new AbortController();
    expect(watchLoad(stop.signal).stage).toBe(0);
    expect(timers()).toBe(before + 1);
    stop.abort();
    expect(timers()).toBe(before);
    expect(watchLoad(stop.signal).stage).toBe(0);
    expect(timers()).toBe(before);
  });
});

describe("turns that are left out", () => {
  /** Which of nine turns are taken at a stage; the first always is. */
  const taken = (scan: ScanClass, stage: number, leads = false): string => {
    const load = new Load();
    const shedding = new Shedding(load);
    const one = group(scan);
    for (let looks = 0; looks < stage * 3; looks += 1) load.look(1);
    return Array.from({ length: 9 }, () => (shedding.leavesOut(one, leads) ? "." : "x")).join("");
  };

  test.each([
    ["safety", 2, "xxxxxxxxx"],
    ["fast", 1, "xxxxxxxxx"],
    ["fast", 2, "x.x.x.x.x"],
    ["normal", 1, "x.x.x.x.x"],
    ["normal", 2, "x...x...x"],
    ["slow", 0, "xxxxxxxxx"],
    ["slow", 1, "x.x.x.x.x"],
    ["slow", 2, "x...x...x"],
  ] as const)("of the %s class at stage %d: %s", (scan, stage, turns) => expect(taken(scan, stage)).toBe(turns));

  test("are every other one at most of the group that tells of its device's link", () =>
    expect(taken("slow", 2, true)).toBe("x.x.x.x.x"));
});
