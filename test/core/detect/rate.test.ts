import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rate } from "../../../src/core/detect/rate.ts";
import { minutes, ms } from "../../../src/core/time.ts";
import { bad, good, judge } from "../fixture.ts";

const rising = { side: "rising", perMinute: 2, window: minutes(5) } as const;
const minute = 60_000;

describe("a rate", () => {
  test("is abnormal beyond its slope and normal at or under it", () => {
    for (const [slope, verdict] of [
      [2.1, "abnormal"],
      [2, "normal"],
      [1.9, "normal"],
      [-9, "normal"],
    ] as const) {
      const detector = rate(rising);
      const last = Array.from({ length: 31 }, (_, i) => judge(detector, good("x", 20 + (i / 6) * slope, i * 10_000)));
      expect(last.at(-1), `${slope} a minute`).toBe(verdict);
    }
  });

  test("falling is the same, downwards", () => {
    const detector = rate({ ...rising, side: "falling" });
    const verdicts = [0, 1, 2, 3].map((i) => judge(detector, good("x", 20 - 3 * i, i * minute)));
    expect(verdicts.at(-1)).toBe("abnormal");
  });

  test("says nothing before three samples span half the window", () => {
    const detector = rate(rising);
    expect(judge(detector, good("x", 0, 0))).toBe("normal");
    expect(judge(detector, good("x", 90, 2 * minute))).toBe("normal");
    expect(judge(detector, good("x", 99, 2.4 * minute))).toBe("normal");
    expect(judge(detector, good("x", 120, 2.5 * minute))).toBe("abnormal");
  });

  test("is not moved by one noisy sample, and finds the slope under noise and uneven samples (property)", () => {
    const gaps = fc.array(fc.integer({ min: 3000, max: 15_000 }), { minLength: 60, maxLength: 60 });
    const noise = fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(gaps, noise, fc.constantFrom(0.5, 4), (steps, errors, slope) => {
        const detector = rate(rising);
        let at = 0;
        let verdict = "";
        steps.forEach((gap, i) => {
          at += gap;
          verdict = judge(detector, good("x", 20 + (at / minute) * slope + errors[i]!, at));
        });
        expect(verdict).toBe(slope > rising.perMinute ? "abnormal" : "normal");
      }),
    );
  });

  test("forgets what is older than its window", () => {
    const detector = rate(rising);
    for (let i = 0; i <= 5; i += 1) judge(detector, good("x", 20 + 10 * i, i * minute));
    const verdicts = Array.from({ length: 6 }, (_, i) => judge(detector, good("x", 70, (6 + i) * minute)));
    expect(verdicts[0]).toBe("abnormal");
    expect(verdicts.at(-1)).toBe("normal");
  });

  test("remembers a bounded number of samples, however fast the point speaks", () => {
    const detector = rate({ ...rising, window: ms(60_000) });
    for (let at = 0; at < 300_000; at += 50) judge(detector, good("x", at, at));
    expect(detector.memory.samples.length).toBeLessThanOrEqual(61);
  });

  test("keeps its last word over a silence that left too few samples: silence clears nothing", () => {
    const detector = rate(rising);
    for (let i = 0; i <= 5; i += 1) judge(detector, good("x", 20 + 10 * i, i * minute));
    expect(judge(detector, bad("x", "stale", 6 * minute))).toBe("unknown");
    expect(judge(detector, good("x", 90, 30 * minute))).toBe("abnormal");
    expect(judge(detector, good("x", 90, 31 * minute))).toBe("abnormal");
    expect(judge(detector, good("x", 90, 33 * minute))).toBe("normal");
  });

  test("puts no bad reading into its line", () => {
    const detector = rate(rising);
    for (let i = 0; i <= 5; i += 1) {
      judge(detector, good("x", 20, i * minute));
      judge(detector, bad("x", "sensorFailure", i * minute + 1));
    }
    expect(detector.memory.samples).toHaveLength(6);
  });
});
