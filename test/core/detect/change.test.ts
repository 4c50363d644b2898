import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeDetector } from "../../../src/core/detect/index.ts";
import type { Reading } from "../../../src/core/reading.ts";
import type { Duration } from "../../../src/core/time.ts";
import { minutes, ms } from "../../../src/core/time.ts";
import type { Verdict } from "../../../src/core/vote.ts";
import { bad, doubtful, good, judge } from "../fixture.ts";
import { driftFrom, noiseFrom } from "./noise.ts";

const minute = 60_000;
type Side = "rising" | "falling" | "either";
/** ASHRAE's, unless said otherwise. */
const within = (settings: { side?: Side; by?: number; lasts?: Duration; deadband?: number } = {}) => {
  const { side = "either", by = 5, lasts = minutes(15), deadband = 0 } = settings;
  return makeDetector({ kind: "change", side, by, within: lasts, deadband });
};

/** The verdict at each value, a minute apart. */
const each = (detector: ReturnType<typeof within>, values: readonly number[]): readonly Verdict[] =>
  values.map((value, i) => judge(detector, good("x", value, i * minute)));

describe("a change within a time", () => {
  test("is abnormal beyond so much in any stretch, with the reading that shows it", () => {
    expect(each(within(), [20, 20, 25, 25.1])).toEqual(["normal", "normal", "normal", "abnormal"]);
    expect(each(within(), [20, 20, 15, 14.9])).toEqual(["normal", "normal", "normal", "abnormal"]);
  });

  test("goes up, down or either way", () => {
    const [up, down] = [
      [20, 26, 20],
      [20, 14, 20],
    ] as const;
    expect(each(within({ side: "rising" }), up)).toEqual(["normal", "abnormal", "normal"]);
    expect(each(within({ side: "rising" }), down)).toEqual(["normal", "normal", "abnormal"]);
    expect(each(within({ side: "falling" }), up)).toEqual(["normal", "normal", "abnormal"]);
    expect(each(within({ side: "falling" }), down)).toEqual(["normal", "abnormal", "normal"]);
    expect(each(within(), up)).toEqual(["normal", "abnormal", "abnormal"]);
  });

  test("is over when the stretch no longer holds both ends", () => {
    const values = Array.from({ length: 20 }, (_, i) => (i < 2 ? 20 : 26));
    const verdicts = each(within(), values);
    expect(verdicts.indexOf("abnormal")).toBe(2);
    // The last 20 was at minute 1, and the window is longer than asked for by a part of it at most.
    expect(verdicts.lastIndexOf("abnormal")).toBe(16);
  });

  test("of 20 K in an hour is not of 5 K in a quarter of one, and the other way round", () => {
    const slow = Array.from({ length: 61 }, (_, i) => 20 + i * 0.34);
    expect(each(within({ by: 20, lasts: minutes(60) }), slow).at(-1)).toBe("abnormal");
    expect(each(within({ by: 5.2 }), slow).at(-1)).toBe("normal");
    const saw = Array.from({ length: 61 }, (_, i) => 20 + (i % 10) * 0.6);
    expect(each(within(), saw)).toContain("abnormal");
    expect(each(within({ by: 20, lasts: minutes(60) }), saw)).not.toContain("abnormal");
  });

  test("hears the humidity of Strasbourg jump by a tenth in five minutes", () => {
    const damp = within({ side: "rising", by: 10, lasts: minutes(5) });
    const verdicts = each(damp, [41, 42, 41, 44, 48, 52, 55]);
    expect(verdicts.indexOf("abnormal")).toBe(5);
  });

  test("clears when less than the deadband under it is left", () => {
    const detector = within({ side: "rising", deadband: 2 });
    expect(each(detector, [20, 26, 23.5, 23])).toEqual(["normal", "abnormal", "abnormal", "normal"]);
  });

  test("is held by its deadband only while its alarm stands", () => {
    const detector = within({ side: "rising", deadband: 2 });
    const said = [20, 26, 24, 26].map((value, i) => judge(detector, good("x", value, i * minute), false));
    expect(said).toEqual(["normal", "abnormal", "normal", "abnormal"]);
    expect(judge(detector, good("x", 24, 4 * minute), true)).toBe("abnormal");
  });

  test("holds over a silence what was seen before it, and takes a bad reading for nothing", () => {
    const detector = within();
    judge(detector, good("x", 20, 0));
    expect(judge(detector, bad("x", "stale", 5 * minute))).toBe("unknown");
    expect(judge(detector, good("x", 26, 10 * minute))).toBe("abnormal");
    expect(judge(detector, bad("x", "stale", 12 * minute))).toBe("unknown");
    expect(judge(detector, good("x", 26, 40 * minute))).toBe("normal");
  });

  test("does not take in a jump that is not confirmed yet", () => {
    const detector = within();
    judge(detector, good("x", 20, 0));
    const jump = { ...doubtful("x", 90, minute), reason: "unconfirmed" } as Reading;
    expect(judge(detector, jump)).toBe("normal");
    expect(judge(detector, good("x", 20, 2 * minute))).toBe("normal");
    expect(judge(detector, good("x", 90, 3 * minute))).toBe("abnormal");
  });

  test("takes in a value that is doubtful for any other reason, and says nothing new of a jump that comes first", () => {
    const detector = within();
    expect(judge(detector, { ...doubtful("x", 90, 0), reason: "unconfirmed" } as Reading)).toBe("normal");
    judge(detector, good("x", 20, minute));
    expect(judge(detector, doubtful("x", 26, 2 * minute))).toBe("abnormal");
  });

  test("over a restart is what it was, where only one that is not confirmed was read", () => {
    const memory = { last: null, high: [], low: [], beyond: true };
    const detector = makeDetector({ kind: "change", side: "either", by: 5, within: minutes(15), deadband: 0 }, memory);
    expect(judge(detector, { ...doubtful("x", 90, 0), reason: "unconfirmed" } as Reading)).toBe("abnormal");
  });

  test("tells how far it has gone", () => {
    const detector = within();
    expect(detector.account!()[0]).toMatchObject({ value: null });
    each(detector, [20, 22, 21]);
    expect(detector.account!()).toEqual([{ name: "change within 15 min", value: 2, limit: 5 }]);
  });

  test("agrees with a look at every value of the window, and with one at a slightly longer one (property)", () => {
    const steps = fc.array(
      fc.record({ gap: fc.integer({ min: 1, max: 4000 }), value: fc.integer({ min: 0, max: 9 }) }),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(steps, fc.constantFrom<Side>("rising", "falling", "either"), (all, side) => {
        const lasts = ms(12_000);
        const detector = within({ side, by: 4, lasts });
        const seen: { at: number; value: number }[] = [];
        let at = 0;
        for (const { gap, value } of all) {
          at += gap;
          seen.push({ at, value });
          const far = (window: number): number => {
            const held = seen.filter((one) => at - one.at <= window).map((one) => one.value);
            const [high, low] = [Math.max(...held), Math.min(...held)];
            return (side === "falling" ? high : side === "rising" ? value : high) - (side === "falling" ? value : low);
          };
          const verdict = judge(detector, good("x", value, at));
          if (far(lasts) > 4) expect(verdict).toBe("abnormal");
          if (far(lasts * (1 + 1 / 120)) <= 4) expect(verdict).toBe("normal");
        }
      }),
    );
  });

  test("remembers a bounded number of values, however fast and whichever way the point goes", () => {
    for (const slope of [1, -1, 0]) {
      const detector = within({ by: 1e9 });
      for (let i = 0; i < 20_000; i += 1) judge(detector, good("x", slope * i, i * 100));
      const { high, low } = detector.memory as { high: unknown[]; low: unknown[] };
      expect(high.length + low.length).toBeLessThanOrEqual(2 * 121);
    }
  });

  test("never speaks of a constant, nor of slow noise a tenth as large (property)", () => {
    const seeds = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(seeds, fc.constantFrom(0, 0.5), (seed, size) => {
        const detector = within();
        const drift = driftFrom(seed, 0.98);
        for (let i = 0; i < 2000; i += 1)
          expect(judge(detector, good("x", 22 + size * drift(), i * minute))).toBe("normal");
      }),
      { numRuns: 20 },
    );
  });

  test("says the same of a signal in another unit, with another zero (property)", () => {
    const seeds = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(seeds, fc.constantFrom(0.001, 1.8, 512), fc.integer({ min: -50, max: 50 }), (seed, scale, zero) => {
        const one = within({ deadband: 1 });
        const other = within({ by: 5 * scale, deadband: scale });
        const noise = noiseFrom(seed);
        for (let i = 0; i < 300; i += 1) {
          const value = 20 + 2 * noise();
          const verdict = judge(one, good("x", value, i * minute));
          expect(judge(other, good("x", (value + zero) * scale, i * minute))).toBe(verdict);
        }
      }),
      { numRuns: 30 },
    );
  });
});
