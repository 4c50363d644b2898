import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Detector } from "../../../src/core/detect/detector.ts";
import type { DetectorSpec } from "../../../src/core/detect/index.ts";
import { makeDetector } from "../../../src/core/detect/index.ts";
import { hours, minutes } from "../../../src/core/time.ts";
import type { Verdict } from "../../../src/core/vote.ts";
import { bad, doubtful, good, judge } from "../fixture.ts";
import { noiseFrom } from "./noise.ts";

const minute = 60_000;
type Settings = Partial<Omit<Extract<DetectorSpec, { kind: "baseline" }>, "kind">>;
const normalOf = (settings: Settings = {}): Detector =>
  makeDetector({
    kind: "baseline",
    side: "either",
    deviations: 6,
    atLeast: 0.05,
    deadband: 0,
    over: hours(24),
    warmUp: hours(2),
    ...settings,
  });

/** A reading a minute, from one minute to another; the last verdict. */
function feed(detector: Detector, [from, to]: readonly [number, number], value: (i: number) => number): Verdict {
  let verdict: Verdict = "unknown";
  for (let i = from; i < to; i += 1) verdict = judge(detector, good("x", value(i), i * minute));
  return verdict;
}

/** The detector after a day of 0.2 with a little noise. */
function learned(settings: Settings = {}): Detector {
  const detector = normalOf(settings);
  const noise = noiseFrom(1);
  feed(detector, [0, 1440], () => 0.2 + 0.004 * noise());
  return detector;
}
const day = 1440 * minute;

const middleOf = (detector: Detector): number => detector.account!()[0]!.value!;

/** The detector after a day of 8 without any noise: its limit is 0.5, and half of that halfway. */
function still(settings: Settings = {}): Detector {
  const detector = normalOf({ deviations: 8, atLeast: 0.5, ...settings });
  feed(detector, [0, 1440], () => 8);
  return detector;
}

describe("a deviation from its own normal", () => {
  test("is abnormal beyond so many spreads and the smallest difference that means anything", () => {
    expect(judge(learned(), good("x", 0.24, day))).toBe("normal");
    expect(judge(learned(), good("x", 0.26, day))).toBe("abnormal");
    expect(judge(learned({ atLeast: 0.001 }), good("x", 0.22, day))).toBe("normal");
    expect(judge(learned({ atLeast: 0.001 }), good("x", 0.235, day))).toBe("abnormal");
  });

  test("looks to the side that it is asked for, or to both", () => {
    expect(judge(learned({ side: "above" }), good("x", 0.1, day))).toBe("normal");
    expect(judge(learned({ side: "below" }), good("x", 0.1, day))).toBe("abnormal");
    expect(judge(learned({ side: "below" }), good("x", 0.4, day))).toBe("normal");
    expect(judge(learned({ side: "either" }), good("x", 0.1, day))).toBe("abnormal");
  });

  test("is not known before the warm-up, however far the value is: what is normal is not known", () => {
    const detector = normalOf();
    expect(feed(detector, [0, 120], () => 0.2)).toBe("unknown");
    expect(judge(detector, good("x", 90, 119.5 * minute))).toBe("unknown");
    expect(judge(detector, good("x", 90, 121 * minute))).toBe("abnormal");
  });

  test("is known with the reading that ends the warm-up", () => {
    const detector = normalOf();
    expect(feed(detector, [0, 120], () => 0.2)).toBe("unknown");
    expect(feed(detector, [120, 121], () => 0.2)).toBe("normal");
    expect(detector.memory).toMatchObject({ warming: [] });
  });

  test("is not known after a warm-up of too few readings", () => {
    const detector = normalOf({ warmUp: minutes(10) });
    expect(feed(detector, [0, 15], () => 0.2)).toBe("unknown");
    expect(feed(detector, [15, 16], () => 0.2)).toBe("normal");
  });

  test("is not misled by a warm-up that is wrong for less than half of it", () => {
    const detector = normalOf();
    feed(detector, [0, 50], () => 5);
    feed(detector, [50, 122], () => 0.2);
    expect(judge(detector, good("x", 0.2, 123 * minute))).toBe("normal");
  });

  test("does not learn what is abnormal, however long it lasts", () => {
    const detector = learned();
    expect(feed(detector, [1440, 1440 * 15], () => 0.5)).toBe("abnormal");
    expect(judge(detector, good("x", 0.2, 15 * day))).toBe("normal");
  });

  test("begins beyond the smallest difference, and not at it", () => {
    expect(judge(still(), good("x", 8.5, day))).toBe("normal");
    expect(judge(still(), good("x", 8.51, day))).toBe("abnormal");
  });

  test("learns what is halfway to abnormal at most", () => {
    const detector = still();
    judge(detector, good("x", 8.26, day));
    expect(middleOf(detector)).toBe(8);
    judge(detector, good("x", 8.25, day + minute));
    expect(middleOf(detector)).toBeGreaterThan(8);
  });

  test("learns nothing on the way back either, while its deadband holds it abnormal", () => {
    const detector = still({ deadband: 0.4 });
    expect(judge(detector, good("x", 9, day))).toBe("abnormal");
    expect(judge(detector, good("x", 8.2, day + minute))).toBe("abnormal");
    expect(middleOf(detector)).toBe(8);
    expect(judge(detector, good("x", 8.1, day + 2 * minute))).toBe("normal");
    expect(middleOf(detector)).toBeGreaterThan(8);
  });

  test("learns a slow change that stays within it, and takes what lies far out in only in part", () => {
    const detector = learned();
    const noise = noiseFrom(2);
    expect(feed(detector, [1440, 1440 * 21], (i) => 0.2 + (i / 1440) * 0.005 + 0.004 * noise())).toBe("normal");
    expect(judge(detector, good("x", 0.2, 21 * day))).toBe("abnormal");
    const hit = learned({ side: "above" });
    for (let i = 0; i < 30; i += 1) judge(hit, good("x", -100, day + i * minute));
    expect(judge(hit, good("x", 0.2, day + 31 * minute))).toBe("normal");
  });

  test("sees a float current that doubles within days, as a lead-acid string's before it runs away", () => {
    const detector = learned({ side: "above" });
    const noise = noiseFrom(3);
    const abnormal: number[] = [];
    for (let i = 1440; i < 1440 * 4; i += 1) {
      const value = 0.2 * (1 + Math.max(0, i / 1440 - 2)) + 0.004 * noise();
      if (judge(detector, good("x", value, i * minute)) === "abnormal") abnormal.push(i);
    }
    // The rise begins after two days; 0.05 A of it take six hours, and a little is learned meanwhile.
    expect(abnormal[0]! / 1440).toBeGreaterThan(2.2);
    expect(abnormal[0]! / 1440).toBeLessThan(2.5);
    expect(abnormal.at(-1)).toBe(1440 * 4 - 1);
  });

  test("clears when it is back by the deadband", () => {
    const detector = learned({ atLeast: 0.5, deadband: 0.2 });
    const verdicts = [0.8, 0.6, 0.45].map((value, i) => judge(detector, good("x", value, day + i * minute)));
    expect(verdicts).toEqual(["abnormal", "abnormal", "normal"]);
  });

  test("is held by its deadband only while its alarm stands", () => {
    const detector = learned({ atLeast: 0.5, deadband: 0.2 });
    const said = [0.8, 0.6, 0.8].map((value, i) => judge(detector, good("x", value, day + i * minute), false));
    expect(said).toEqual(["abnormal", "normal", "abnormal"]);
    expect(judge(detector, good("x", 0.6, day + 3 * minute), true)).toBe("abnormal");
  });

  test("keeps what it has learned over a silence, and does not let the next reading stand for all of it", () => {
    const detector = learned();
    expect(judge(detector, bad("x", "stale", day))).toBe("unknown");
    expect(judge(detector, good("x", 0.24, 30 * day))).toBe("normal");
    expect(judge(detector, good("x", 0.26, 30 * day + minute))).toBe("abnormal");
    judge(detector, good("x", 0.22, 60 * day));
    expect(middleOf(detector)).toBeCloseTo(0.2, 2);
  });

  test("judges what is in doubt, and learns nothing from it", () => {
    const [plain, asked] = [learned(), learned()];
    for (let i = 0; i < 200; i += 1) judge(asked, doubtful("x", 0.21, day + i * minute));
    expect(asked.memory).toMatchObject({ normal: (plain.memory as { normal: unknown }).normal });
    expect(judge(asked, doubtful("x", 0.5, day + 201 * minute))).toBe("abnormal");
    const unborn = normalOf();
    for (let i = 0; i < 500; i += 1) judge(unborn, doubtful("x", 0.2, i * minute));
    expect(judge(unborn, good("x", 0.2, 501 * minute))).toBe("unknown");
  });

  test("remembers a bounded number of values, however fast the point speaks", () => {
    const detector = normalOf();
    for (let i = 0; i < 20_000; i += 1) judge(detector, good("x", 0.2, i * 300));
    expect((detector.memory as { warming: unknown[] }).warming.length).toBeLessThanOrEqual(65);
    expect(JSON.stringify(detector.memory).length).toBeLessThan(5000);
  });

  test("takes a reading into each of 64 places of its warm-up", () => {
    const detector = normalOf({ warmUp: minutes(64) });
    feed(detector, [0, 20], () => 0.2);
    for (let i = 0; i < 20; i += 1) judge(detector, good("x", 0.2, 19 * minute + i * 1000));
    expect((detector.memory as { warming: unknown[] }).warming).toHaveLength(20);
  });

  test("tells the normal, and how far the point is from it", () => {
    const detector = learned();
    judge(detector, good("x", 0.3, day));
    const [normal, apart] = detector.account!();
    expect(normal).toMatchObject({ name: "its normal", value: expect.closeTo(0.2, 2) as number });
    expect(apart).toMatchObject({ name: "apart from it", value: expect.closeTo(0.1, 2) as number, limit: 0.05 });
    const below = learned({ side: "below" });
    judge(below, good("x", 0.1, day));
    expect(below.account!()[1]).toMatchObject({ value: expect.closeTo(-0.1, 2) as number, limit: -0.05 });
  });

  test("tells nothing of a normal that is not known yet", () => {
    const detector = normalOf();
    judge(detector, good("x", 0.3));
    expect(detector.account!()).toEqual([
      { name: "its normal", value: null },
      { name: "apart from it", value: null },
    ]);
  });

  test("never speaks of a constant, nor of Gaussian noise of any size over a week (property)", () => {
    const seeds = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(seeds, fc.constantFrom(0, 0.001, 0.02, 5, 1000), (seed, size) => {
        const detector = normalOf();
        const noise = noiseFrom(seed);
        const verdicts = new Set<Verdict>();
        for (let i = 0; i < 7 * 288; i += 1) verdicts.add(judge(detector, good("x", 20 + size * noise(), i * 300_000)));
        expect([...verdicts].toSorted()).toEqual(["normal", "unknown"]);
      }),
      { numRuns: 20 },
    );
  });

  test("says the same of a signal in another unit, with another zero (property)", () => {
    const seeds = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(seeds, fc.constantFrom(0.001, 1.8, 512), fc.integer({ min: -50, max: 50 }), (seed, scale, zero) => {
        const one = normalOf({ atLeast: 2, deadband: 1 });
        const other = normalOf({ atLeast: 2 * scale, deadband: scale });
        const noise = noiseFrom(seed);
        for (let i = 0; i < 600; i += 1) {
          const value = noise() * (i % 50 > 45 ? 12 : 1);
          const [at, said] = [i * 5 * minute, (value + zero) * scale];
          expect(judge(other, good("x", said, at))).toBe(judge(one, good("x", value, at)));
        }
      }),
      { numRuns: 15 },
    );
  });
});
