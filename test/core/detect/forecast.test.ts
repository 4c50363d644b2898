import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Detector } from "../../../src/core/detect/detector.ts";
import type { DetectorSpec } from "../../../src/core/detect/index.ts";
import { makeDetector } from "../../../src/core/detect/index.ts";
import { lineThrough } from "../../../src/core/detect/line.ts";
import { minutes, ms } from "../../../src/core/time.ts";
import type { Verdict } from "../../../src/core/vote.ts";
import { bad, good, judge } from "../fixture.ts";
import { driftFrom, noiseFrom } from "./noise.ts";

const minute = 60_000;
type Settings = Partial<Omit<Extract<DetectorSpec, { kind: "forecast" }>, "kind">>;
const ahead = (settings: Settings = {}): Detector =>
  makeDetector({
    kind: "forecast",
    ...(settings.below === undefined ? { above: 35 } : {}),
    within: minutes(10),
    window: minutes(2),
    confidence: 95,
    resolution: 0,
    ...settings,
  });

/** A reading every five seconds for so many minutes; the last verdict. */
function feed(detector: Detector, lasts: number, value: (minutes: number) => number): Verdict {
  let verdict: Verdict = "unknown";
  for (let at = 0; at <= lasts * minute; at += 5000) verdict = judge(detector, good("x", value(at / minute), at));
  return verdict;
}

describe("a forecast", () => {
  test("is abnormal once the limit is so near in time, and the value need not be high for it", () => {
    for (const [slope, verdict] of [
      [1, "normal"],
      [1.4, "abnormal"],
      [5, "abnormal"],
      [0, "normal"],
      [-5, "normal"],
    ] as const)
      expect(
        feed(ahead(), 2, (t) => 20 + slope * t),
        `${slope} K a minute`,
      ).toBe(verdict);
  });

  test("is told of a lower limit alike", () => {
    expect(feed(ahead({ below: 5 }), 2, (t) => 20 - 1.4 * t)).toBe("abnormal");
    expect(feed(ahead({ below: 5 }), 2, (t) => 20 + 1.4 * t)).toBe("normal");
  });

  test("says the time that is left, with its interval", () => {
    const detector = ahead();
    const noise = noiseFrom(1);
    feed(detector, 2, (t) => 20 + 2 * t + 0.1 * noise());
    const [likely, soonest, latest] = detector.account!().map(({ value }) => value!);
    // 24 of 35 Cel at 2 K a minute: five and a half minutes.
    expect(likely).toBeGreaterThan(310);
    expect(likely).toBeLessThan(350);
    expect(soonest).toBeLessThan(likely!);
    expect(latest).toBeGreaterThan(likely!);
    expect(detector.account!()[1]).toMatchObject({ name: "at the soonest", limit: 600, unit: "s" });
  });

  test("names the three times, the soonest with what it is held against, in seconds", () => {
    expect(ahead().account!()).toEqual([
      { name: "time to the limit", value: null, unit: "s" },
      { name: "at the soonest", value: null, limit: 600, unit: "s" },
      { name: "at the latest", value: null, unit: "s" },
    ]);
  });

  // Student's t of four degrees of freedom, by the series to its second term.
  test.each([
    [80, 1.5289],
    [90, 2.1146],
    [95, 2.7294],
    [99, 4.3571],
  ] as const)("of six readings is as wide as t makes it: at %i %% it is %d standard errors", (confidence, t) => {
    const window = minutes(2);
    const detector = ahead({ confidence, window, above: 100 });
    const samples = [0, 1, 2, 3, 4, 5].map((i): [number, number] => [i * 20_000, 20 + i + (i % 2) / 100]);
    for (const [at, value] of samples) judge(detector, good("x", value, at));
    const line = lineThrough(samples, window)!;
    const [, soonest, latest] = detector.account!().map(({ value }) => value! * 1000);
    const room = 100 - line.level;
    expect((room / soonest! - line.slope) / line.standardError).toBeCloseTo(t, 3);
    expect((line.slope - room / latest!) / line.standardError).toBeCloseTo(t, 3);
  });

  test("is none through five readings, however much of the window they span", () => {
    const detector = ahead();
    const rise = [0, 0.5, 1, 1.5, 2].map((at) => judge(detector, good("x", 30 + 2 * at, at * minute)));
    expect(rise).toEqual(Array(5).fill("normal"));
  });

  test("says no time where it does not climb, or nobody can tell", () => {
    const noise = noiseFrom(4);
    for (const value of [() => 30, () => 30 + noise()]) {
      const detector = ahead();
      expect(feed(detector, 2, value)).toBe("normal");
      expect(detector.account!().map((weighed) => weighed.value)).toEqual([null, null, null]);
    }
  });

  test("goes by the early end of its interval: what is less certain is heard sooner", () => {
    const heard = (size: number): number => {
      const verdicts = Array.from({ length: 20 }, (_, seed) => {
        const noise = noiseFrom(seed);
        return feed(ahead({ within: minutes(7) }), 2, (t) => 20 + 1.5 * t + size * noise());
      });
      return verdicts.filter((verdict) => verdict === "abnormal").length;
    };
    // At the end it is 12 K from the limit: eight minutes.
    expect(heard(0)).toBe(0);
    expect(heard(0.6)).toBeGreaterThan(10);
  });

  test("needs more of a slope to be sure of it where more confidence is asked for", () => {
    const sure = ([80, 99] as const).map((confidence) => {
      let times = 0;
      for (let seed = 1; seed <= 40; seed += 1) {
        const noise = noiseFrom(seed);
        if (feed(ahead({ confidence, within: minutes(60) }), 2, (t) => 33 + 0.4 * t + noise()) === "abnormal")
          times += 1;
      }
      return times;
    });
    expect(sure[0]).toBeGreaterThan(sure[1]! + 5);
  });

  test("covers the true slope as often as it says (property over seeds)", () => {
    let within = 0;
    const runs = 400;
    for (let seed = 1; seed <= runs; seed += 1) {
      const detector = ahead({ confidence: 90, above: 100 });
      const noise = noiseFrom(seed);
      feed(detector, 2, (t) => 20 + 2 * t + 0.5 * noise());
      const [, soonest, latest] = detector.account!().map(({ value }) => value!);
      // At the end it stands at 24, which the line knows only nearly: 76 K at 2 K a minute.
      if (soonest! <= 2280 && 2280 <= latest!) within += 1;
    }
    expect(within / runs).toBeGreaterThan(0.86);
    expect(within / runs).toBeLessThan(0.94);
  });

  test("is abnormal beyond the limit, where there is nothing left to foretell, and not at it", () => {
    expect(feed(ahead(), 2, () => 36)).toBe("abnormal");
    expect(feed(ahead(), 2, () => 35)).toBe("normal");
  });

  test("stays until half as much time again is left, so that a slope that moves to and fro is one alarm", () => {
    const detector = ahead({ window: minutes(1) });
    let [value, at] = [20, 0];
    // Two minutes at each slope. At the end of them 28, 5, 10.5, 19 and 11.8 minutes are left.
    const verdicts = [0.5, 2, 0.8, 0.4, 0.55].map((slope) => {
      let verdict: Verdict = "unknown";
      for (let i = 0; i < 24; i += 1) {
        at += 5000;
        value += slope / 12;
        verdict = judge(detector, good("x", value, at));
      }
      return verdict;
    });
    expect(verdicts).toEqual(["normal", "abnormal", "abnormal", "normal", "normal"]);
  });

  test("takes no single step of a coarse display for a climb", () => {
    const step = (t: number): number => (t < 1 ? 34 : 34.5);
    expect(feed(ahead(), 2, step)).toBe("abnormal");
    expect(feed(ahead({ resolution: 0.5 }), 2, step)).toBe("normal");
    expect(feed(ahead({ resolution: 0.5 }), 2, (t) => Math.floor(2 * (20 + 2 * t)) / 2)).toBe("abnormal");
  });

  test("says nothing before it has readings enough over half of the window", () => {
    const detector = ahead({ window: minutes(5) });
    const rise = [0, 0.5, 1, 1.5, 2, 2.5].map((at) => judge(detector, good("x", 20 + 4 * at, at * minute)));
    expect(rise).toEqual(["normal", "normal", "normal", "normal", "normal", "abnormal"]);
  });

  test("keeps its last word over a silence that left too few readings: silence clears nothing", () => {
    const detector = ahead();
    feed(detector, 2, (t) => 20 + 2 * t);
    expect(judge(detector, bad("x", "stale", 3 * minute))).toBe("unknown");
    expect(judge(detector, good("x", 25, 30 * minute))).toBe("abnormal");
    expect(judge(detector, good("x", 25, 30.5 * minute))).toBe("abnormal");
  });

  test("remembers a bounded number of readings, however fast the point speaks", () => {
    const detector = ahead();
    for (let at = 0; at < 10 * minute; at += 100) judge(detector, good("x", 20, at));
    expect((detector.memory as { samples: unknown[] }).samples.length).toBeLessThanOrEqual(61);
  });

  test("never speaks of a constant under its limit, nor of slow noise that stays ten of itself away (property)", () => {
    const seeds = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(seeds, fc.constantFrom(0, 0.05, 0.4), fc.constantFrom(0, 0.9, 0.99), (seed, size, recall) => {
        const detector = ahead({ within: ms(60_000) });
        const drift = driftFrom(seed, recall);
        for (let i = 0; i < 1500; i += 1)
          expect(judge(detector, good("x", 31 + size * drift(), i * 5000))).toBe("normal");
      }),
      { numRuns: 15 },
    );
  });

  test("says the same of a signal in another unit, with another zero (property)", () => {
    const seeds = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(seeds, fc.constantFrom(0.001, 1.8, 512), fc.integer({ min: -50, max: 50 }), (seed, scale, zero) => {
        const one = ahead({ resolution: 0.1 });
        const other = ahead({ above: (35 + zero) * scale, resolution: 0.1 * scale });
        const noise = noiseFrom(seed);
        for (let i = 0; i < 200; i += 1) {
          const value = 25 + 8 * Math.sin(i / 30) + 0.3 * noise();
          expect(judge(other, good("x", (value + zero) * scale, i * 5000))).toBe(
            judge(one, good("x", value, i * 5000)),
          );
        }
      }),
      { numRuns: 30 },
    );
  });
});
