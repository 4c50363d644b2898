import { describe, expect, test } from "vitest";
import { makeDetector } from "../../../src/core/detect/index.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { ms } from "../../../src/core/time.ts";
import { bad, good, judge, point } from "../fixture.ts";
import { siteText, watched } from "./watched.ts";

/** Minutes of a plant take a second, and more on a busy machine. */
const longMs = 60_000;

const [no, yes] = [0, 1];
const [fine, shutdown] = [0, 2];
const [utility, generator, alarm] = ["io/ats.on_utility", "io/ats.on_generator", "gen/generator.alarm"];

const started = (within = 10_000) => {
  const detector = makeDetector({
    kind: "generatorStart",
    lost: { at: ["no"] },
    carries: { point: point(generator), at: ["yes"] },
    failed: [{ point: point(alarm), at: ["shutdown", "trip"] }],
    within: ms(within),
  });
  for (const reading of [good(utility, yes), good(generator, no), good(alarm, fine)]) judge(detector, reading);
  return { says: (reading: Reading) => judge(detector, reading), account: () => detector.account?.() };
};

describe("a generator that must carry the site", () => {
  test("is late when nothing carries ten seconds after the utility was lost", () => {
    const { says, account } = started();
    expect(says(good(utility, no, 1000))).toBe("normal");
    expect(says(good(generator, no, 11_000))).toBe("normal");
    expect(says(good(generator, no, 11_001))).toBe("abnormal");
    expect(account()).toEqual([{ name: "without a supply", value: 10.001, limit: 10, unit: "s" }]);
    expect(says(good(generator, yes, 14_000))).toBe("normal");
    expect(account()).toMatchObject([{ value: 0 }]);
  });

  test("is told of at once when the set says that it has failed", () => {
    const { says } = started();
    says(good(utility, no, 1000));
    expect(says(good(alarm, shutdown, 3000))).toBe("abnormal");
    const carrying = started();
    carrying.says(good(utility, no, 1000));
    carrying.says(good(generator, yes, 9000));
    expect(carrying.says(good(alarm, shutdown, 60_000))).toBe("abnormal");
  });

  test("is nothing while the utility is there, whatever the set does", () => {
    const { says } = started();
    expect(says(good(alarm, shutdown, 1000))).toBe("normal");
    expect(says(good(generator, no, 100_000))).toBe("normal");
    expect(says(good(utility, yes, 200_000))).toBe("normal");
  });

  test("has its time again when it lets go, so that the way back to the utility is no failure", () => {
    const { says } = started();
    says(good(utility, no, 1000));
    says(good(generator, yes, 9000));
    expect(says(good(generator, no, 600_000))).toBe("normal");
    expect(says(good(utility, yes, 601_000))).toBe("normal");
    const lost = started();
    lost.says(good(utility, no, 1000));
    lost.says(good(generator, yes, 9000));
    lost.says(good(generator, no, 600_000));
    expect(lost.says(good(generator, no, 610_001))).toBe("abnormal");
  });

  test("has its time anew with every loss, and none of it before the loss is seen", () => {
    const { says } = started();
    says(good(utility, no, 1000));
    says(good(utility, yes, 5000));
    says(good(utility, no, 12_000));
    expect(says(good(generator, no, 22_000))).toBe("normal");
    expect(says(good(generator, no, 22_001))).toBe("abnormal");
    const silent = started();
    silent.says(bad(utility, "stale", 1000));
    silent.says(good(utility, no, 8000));
    expect(silent.says(good(generator, no, 12_000))).toBe("normal");
  });

  test("cannot be told by silence: neither that it is late nor that it carries", () => {
    const { says } = started();
    says(good(utility, no, 1000));
    expect(says(bad(generator, "stale", 20_000))).toBe("unknown");
    expect(says(bad(utility, "stale", 21_000))).toBe("unknown");
    expect(says(good(utility, no, 22_000))).toBe("unknown");
    expect(says(good(generator, no, 23_000))).toBe("abnormal");
  });
});

describe("a generator of which not all is known", () => {
  const unseen = () =>
    makeDetector({
      kind: "generatorStart",
      lost: { at: ["no"] },
      carries: { point: point(generator), at: ["yes"] },
      failed: [
        { point: point(alarm), at: ["shutdown", "trip"] },
        { point: point("gen/breaker.state"), at: ["open"] },
      ],
      within: ms(10_000),
    });

  test("is not known to carry well before every sign of a failure has been read", () => {
    const detector = unseen();
    judge(detector, good(utility, no, 0));
    expect(judge(detector, good(generator, yes, 1000))).toBe("unknown");
    expect(judge(detector, good(alarm, fine, 2000))).toBe("unknown");
    expect(judge(detector, good("gen/breaker.state", 1, 3000))).toBe("normal");
    expect(judge(detector, bad(alarm, "stale", 4000))).toBe("unknown");
  });

  test("is not known to be in time before every sign of a failure has been read, and late all the same", () => {
    const detector = unseen();
    judge(detector, good(utility, no, 0));
    expect(judge(detector, good(generator, no, 1000))).toBe("unknown");
    expect(judge(detector, good(generator, no, 10_001))).toBe("abnormal");
  });

  test("has its time from the moment that nothing is known to carry, also where that is by silence", () => {
    const { says, account } = started();
    expect(account()).toMatchObject([{ value: null }]);
    says(good(utility, no, 1000));
    says(bad(utility, "stale", 2000));
    expect(account()).toMatchObject([{ value: null }]);
    expect(says(good(utility, no, 8000))).toBe("normal");
    expect(account()).toMatchObject([{ value: 7 }]);
    expect(says(good(generator, no, 11_001))).toBe("abnormal");
  });
});

describe("the demo's generator", () => {
  const judged = {
    point: "io-switch/ats.on_utility",
    generatorStart: {
      lost: { at: ["no"] },
      carries: { point: "io-switch/ats.on_generator", at: ["yes"] },
      failed: [{ point: "gen-1/generator.alarm", at: ["shutdown", "trip"] }],
      within: "10s",
    },
  };
  const devices = ["io-switch", "gen-1"];

  test(
    "that starts raises nothing, from the loss to the way back, and in a sag",
    () => {
      const site = watched(siteText({ late: judged }), devices);
      site.run(10);
      site.happen({ utility: "sag" });
      site.run(60);
      site.happen({ utility: "fail" });
      site.run(300);
      site.happen({ utility: "restore" });
      site.run(300);
      expect(site.raised("late")).toEqual([]);
    },
    longMs,
  );

  test(
    "that refuses to start is told of eleven seconds after the transfer switch has left the utility",
    () => {
      const site = watched(siteText({ late: judged }), devices);
      site.run(10);
      site.happen({ generator: "refuse-start" });
      const lostS = site.now();
      site.happen({ utility: "fail" });
      site.run(120);
      expect(site.raised("late")).toHaveLength(1);
      expect(site.raised("late")[0]! - lostS).toBeGreaterThan(10);
      // 0.7 s of the switch, two polls of a second, and the time itself.
      expect(site.raised("late")[0]! - lostS).toBeLessThanOrEqual(12.8);
    },
    longMs,
  );

  test(
    "that trips under load is told of with its own next word",
    () => {
      const site = watched(siteText({ late: judged }), devices);
      site.run(10);
      site.happen({ utility: "fail" });
      site.run(60);
      const tripS = site.now();
      site.happen({ generator: "trip" });
      site.run(10);
      expect(site.raised("late")[0]! - tripS).toBeLessThanOrEqual(1.2);
    },
    longMs,
  );
});
