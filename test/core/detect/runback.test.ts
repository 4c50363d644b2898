import { describe, expect, test } from "vitest";
import { measure } from "../../../simulators/plant/index.ts";
import { makeDetector } from "../../../src/core/detect/index.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { ms } from "../../../src/core/time.ts";
import { bad, good, judge, point } from "../fixture.ts";
import { siteText, watched } from "./watched.ts";

/** Minutes of a plant take a second, and more on a busy machine. */
const longMs = 60_000;

const [idle, runs] = [0, 1];
const pumps = ["p1/pump.state", "p2/pump.state", "p3/pump.state"];
const watchedPumps = (after: { below: number } | { rises: true } = { below: 180 }) => {
  const detector = makeDetector({
    kind: "runback",
    after,
    machines: pumps.map((name) => ({ point: point(name), at: ["on"] })),
    within: ms(60_000),
    toldWithin: ms(90_000),
  });
  const says = (reading: Reading) => judge(detector, reading);
  const all = (states: readonly number[], at: number) =>
    states.map((state, i) => says(good(pumps[i]!, state, at))).at(-1);
  return { says, all, missed: () => detector.account?.().map(({ name }) => name) };
};
const mains = (volts: number, at: number) => good("m/voltage[1]", volts, at);

/** Two of three pumps run; then the mains sag for a moment, and all stand. */
const sagged = () => {
  const pumping = watchedPumps();
  pumping.says(mains(230, 0));
  pumping.all([runs, runs, idle], 0);
  pumping.says(mains(120, 1000));
  pumping.all([idle, idle, idle], 1500);
  pumping.says(mains(230, 2000));
  return pumping;
};

describe("machines after a sag", () => {
  test("are missed when their time is up, those that ran before and no others, each by its name", () => {
    const { says, all, missed } = sagged();
    expect(all([idle, idle, idle], 60_999)).toBe("normal");
    expect(all([idle, idle, idle], 61_000)).toBe("abnormal");
    expect(missed()).toEqual(["p1/pump.state has not run for", "p2/pump.state has not run for"]);
    expect(says(good(pumps[0]!, runs, 70_000))).toBe("abnormal");
    expect(says(good(pumps[1]!, runs, 80_000))).toBe("normal");
    expect(missed()).toEqual([]);
  });

  test("are not missed when they run again in time, nor when they stop later", () => {
    const { all } = sagged();
    all([runs, runs, idle], 30_000);
    expect(all([runs, runs, idle], 61_000)).toBe("normal");
    expect(all([idle, idle, idle], 70_000)).toBe("normal");
  });

  test("are missed though they ran for a moment, if they stand when their time is up", () => {
    const { all } = sagged();
    all([runs, runs, idle], 10_000);
    all([runs, idle, idle], 20_000);
    expect(all([runs, idle, idle], 61_000)).toBe("abnormal");
  });

  test("have their time from the end of a longer disturbance", () => {
    const { says, all } = sagged();
    for (let at = 3000; at <= 120_000; at += 1000) says(mains(0, at));
    says(mains(230, 121_000));
    expect(all([idle, idle, idle], 179_000)).toBe("normal");
    expect(all([idle, idle, idle], 180_000)).toBe("abnormal");
  });

  test("are not looked at where nothing was wrong with the mains", () => {
    const { says, all } = watchedPumps();
    all([runs, runs, runs], 0);
    for (const at of [1000, 2000]) says(mains(230, at));
    expect(all([idle, idle, idle], 200_000)).toBe("normal");
  });

  test("are not missed where they ran only while the mains were away", () => {
    const { says, all } = sagged();
    says(mains(120, 3000));
    all([runs, runs, runs], 3500);
    says(mains(120, 4000));
    all([runs, runs, idle], 4500);
    says(mains(230, 5000));
    expect(all([runs, runs, idle], 65_000)).toBe("normal");
  });

  test("that are missed already stay so over another sag", () => {
    expect(sagged().says(mains(120, 60_999))).toBe("normal");
    expect(sagged().says(mains(120, 61_000))).toBe("abnormal");
    const { says, all } = sagged();
    expect(all([runs, idle, idle], 61_000)).toBe("abnormal");
    expect(says(mains(120, 62_000))).toBe("abnormal");
    expect(all([runs, idle, idle], 63_000)).toBe("abnormal");
  });

  test("are told of with the time for which they have not run, and are not while they do", () => {
    const detector = makeDetector({
      kind: "runback",
      after: { below: 180 },
      machines: pumps.map((name) => ({ point: point(name), at: ["on"] })),
      within: ms(60_000),
      toldWithin: ms(90_000),
    });
    expect(detector.account!()).toEqual([]);
    for (const name of pumps) judge(detector, good(name, runs, 0));
    judge(detector, mains(230, 500));
    judge(detector, mains(120, 1000));
    judge(detector, mains(230, 2000));
    expect(detector.account!()).toEqual([]);
    judge(detector, good(pumps[0]!, idle, 31_000));
    expect(detector.account!()).toEqual([{ name: `${pumps[0]} has not run for`, value: 30, limit: 60, unit: "s" }]);
    judge(detector, good(pumps[1]!, idle, 71_000));
    expect(detector.account!().map(({ value }) => value)).toEqual([70, 70]);
  });

  test("are missed where they ran just so long before the sag was told of, and not where that is longer ago", () => {
    for (const [toldAt, verdict] of [
      [90_000, "abnormal"],
      [90_001, "normal"],
    ] as const) {
      const { says, all } = watchedPumps();
      says(mains(230, 0));
      all([runs, runs, runs], 0);
      all([idle, idle, idle], 1);
      says(mains(120, toldAt));
      says(mains(230, toldAt + 1));
      expect(all([idle, idle, idle], toldAt + 60_000)).toBe(verdict);
    }
  });

  test("are not looked at when a counter begins, goes down or is silent", () => {
    const { says, all } = watchedPumps({ rises: true });
    const count = (value: number, at: number) => says(good("ups/input.outages", value, at));
    all([runs, runs, runs], 0);
    count(4, 1000);
    count(3, 2000);
    expect(says(bad("ups/input.outages", "stale", 3000))).toBe("unknown");
    count(3, 4000);
    expect(all([idle, idle, idle], 200_000)).toBe("normal");
  });

  test("are looked at where a counter has gone up while nobody heard it", () => {
    const { says, all } = watchedPumps({ rises: true });
    says(good("ups/input.outages", 4, 0));
    all([runs, runs, runs], 0);
    says(bad("ups/input.outages", "stale", 1000));
    says(good("ups/input.outages", 5, 2000));
    expect(all([idle, idle, idle], 62_000)).toBe("abnormal");
  });

  test("cannot be told by silence, of theirs or of what tells of the sag", () => {
    const { says, all } = sagged();
    says(good(pumps[1]!, runs, 61_000));
    expect(says(bad(pumps[0]!, "stale", 62_000))).toBe("unknown");
    expect(all([runs, runs, idle], 63_000)).toBe("normal");
    expect(says(bad("m/voltage[1]", "stale", 64_000))).toBe("unknown");
  });

  test("are looked at when a counter of outages has gone up, which tells of it later than they do", () => {
    const { says, all } = watchedPumps({ rises: true });
    const count = (value: number, at: number) => says(good("ups/input.outages", value, at));
    count(4, 0);
    all([runs, runs, idle], 9000);
    all([idle, runs, idle], 11_000);
    count(4, 30_000);
    expect(all([idle, runs, idle], 95_000)).toBe("normal");
    all([runs, runs, idle], 100_000);
    all([idle, runs, idle], 101_000);
    count(5, 150_000);
    expect(all([idle, runs, idle], 209_999)).toBe("normal");
    expect(all([idle, runs, idle], 210_000)).toBe("abnormal");
  });
});

describe("the demo's coolers after a sag of the utility", () => {
  const judged = (within: string) => ({
    point: "ups-a/ups.mode",
    runback: {
      after: { at: ["battery"] },
      machines: ["crac-1", "crac-2"].map((id) => ({ point: `${id}/cooling.mode`, at: ["on"] })),
      within,
    },
  });

  test(
    "are missed after a minute, by their names, until their compressors have waited their time",
    () => {
      const site = watched(siteText({ back: judged("60s") }), ["ups-a", "crac-1", "crac-2"]);
      site.run(30);
      const sagS = site.now();
      site.happen({ utility: "sag" });
      site.run(30);
      site.happen({ cooling: "crac-2", fail: true });
      site.run(90);
      expect(site.raised("back")[0]! - sagS).toBeGreaterThan(60);
      expect(site.raised("back")[0]! - sagS).toBeLessThan(70);
      site.run(60);
      expect(measure(site.plant)("crac-1", "cooling.mode")).toBe(3);
      expect(site.weighed("back").map(({ name }) => name)).toEqual(["crac-2/cooling.mode has not run for"]);
    },
    longMs,
  );

  test(
    "are not missed where they have three minutes",
    () => {
      const site = watched(siteText({ back: judged("3min") }), ["ups-a", "crac-1", "crac-2"]);
      site.run(30);
      site.happen({ utility: "sag" });
      site.run(300);
      expect(site.raised("back")).toEqual([]);
    },
    longMs,
  );
});
