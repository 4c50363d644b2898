import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Sample } from "../../../src/core/detect/climb.ts";
import { climbIn } from "../../../src/core/detect/climb.ts";
import { instant } from "../../../src/core/time.ts";

/** Samples every two seconds of a course of the temperature, as it is read: to a tenth. */
const samplesOf = (course: (second: number) => number, lastS: number): readonly Sample[] =>
  Array.from({ length: lastS / 2 + 1 }, (_, i) => [instant(i * 2000), Math.round(course(i * 2) * 10) / 10]);

const climbAt = (course: (second: number) => number, lastS: number, limit: number) =>
  climbIn(samplesOf(course, lastS), { limit, band: 1, now: instant(lastS * 1000) });

describe("a climb", () => {
  test.each([
    ["stands", () => 22],
    ["falls", (second: number) => 30 - second / 10],
    ["sways by less than the band", (second: number) => 22 + (second % 20) / 25],
    ["has turned back", (second: number) => (second < 60 ? 22 + second / 6 : 32 - (second - 60) / 6)],
  ] as const)("is none where the temperature %s", (_, course) => {
    expect(climbAt(course, 120, 32)).toBeNull();
  });

  test("is not measured before four samples of it are there", () => {
    const course = (second: number): number => 22 + Math.max(0, second - 60) / 2;
    expect(climbAt(course, 64, 32)).toEqual({ perMinute: null, soonest: null, latest: null });
    expect(climbAt(course, 68, 32)?.perMinute).toBeCloseTo(30, -1);
  });

  test("is none where nothing was read, and is one from the first sample on", () => {
    const sought = { limit: 32, band: 1, now: instant(2000) };
    expect(climbIn([], sought)).toBeNull();
    const two: readonly Sample[] = [
      [instant(0), 22],
      [instant(2000), 23.1],
    ];
    expect(climbIn(two, sought)).toEqual({ perMinute: null, soonest: null, latest: null });
  });

  test.each([
    ["stands since", (second: number) => Math.min(25, 22 + second / 5)],
    ["has fallen by less than the band since", (second: number) => Math.min(22 + second / 5, 25.2 - second / 100)],
  ] as const)("has no slope where the temperature %s", (_, course) => {
    expect(climbAt(course, 60, 32)).toEqual({ perMinute: null, soonest: null, latest: null });
  });

  test("is measured by its newer half", () => {
    const faster = (second: number): number => (second < 60 ? 22 + second / 20 : 25 + (second - 60) / 5);
    expect(climbAt(faster, 120, 60)?.perMinute).toBeCloseTo(12, 0);
  });

  test("begins after the last fall, however low it was before that", () => {
    const course = (second: number): number =>
      second < 60 ? 10 + second / 2 : second < 80 ? 40 - (second - 60) * 0.9 : 22 + (second - 80) / 10;
    expect(climbAt(course, 130, 60)?.perMinute).toBeCloseTo(6, 0);
  });

  test("that bends has the slope of its end", () => {
    const course = (second: number): number => 22 + 6 * (1 - Math.exp(-second / 30));
    // 12 K a minute at first, and e^-2 of that after two time constants.
    expect(climbAt(course, 60, 60)!.perMinute! - 1.62).toBeLessThan(0.6);
  });

  test("that is straight has a slope, and a wait that is known to a tenth and the reading's last digit", () => {
    const climb = climbAt((second) => 22 + second / 10, 60, 40)!;
    expect(climb.perMinute).toBeCloseTo(6, 1);
    expect(climb.soonest! / 1000).toBeGreaterThan(120 * 0.88);
    expect(climb.soonest! / 1000).toBeLessThan(120);
    // After a minute it may yet bend away, to the three hundredths of its slope that the mass of a whole room leaves.
    expect(climb.latest! / 1000).toBeGreaterThan(4850);
    expect(climb.latest! / 1000).toBeLessThan(5000);
  });

  test("has nothing left when it has come to the limit, and nothing to tell of where that is hours away", () => {
    expect(climbAt((second) => 22 + second / 10, 120, 34)?.soonest).toBe(0);
    expect(climbAt((second) => 22 + second / 600, 800, 60)).toMatchObject({ soonest: null, latest: null });
  });

  test("is waited for from now on, and not from its newest sample", () => {
    const samples = samplesOf((second) => 22 + second / 10, 60);
    const soon = climbIn(samples, { limit: 40, band: 1, now: instant(60_000) })!;
    const later = climbIn(samples, { limit: 40, band: 1, now: instant(70_000) })!;
    expect(soon.soonest! - later.soonest!).toBe(10_000);
    expect(climbIn(samples, { limit: 28, band: 1, now: instant(90_000) })?.soonest).toBe(0);
  });

  test.each([
    ["few samples", 8, 0.8, 900, 1200],
    ["many samples", 121, 1 / 15, 3000, 3600],
  ])("that scatters is believed to bend by as much as %s of it leave open", (_, count, step, least, most) => {
    const scattered = (second: number): number => 22 + (second / 2) * step + (second % 4 === 0 ? -0.2 : 0.2);
    const { latest } = climbAt(scattered, 2 * (count - 1), 40)!;
    expect(latest! / 1000).toBeGreaterThan(least);
    expect(latest! / 1000).toBeLessThan(most);
  });

  // A room with two stores: what its air gives dies away with its time constant, and what is left is that of all mass.
  test("of any room with two stores comes to the limit within what is told of it, half an hour before (property)", () => {
    const room = fc.record({
      firstKs: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
      tauS: fc.double({ min: 15, max: 300, noNaN: true }),
      lasts: fc.double({ min: 0.05, max: 0.6, noNaN: true }),
      lastS: fc.integer({ min: 10, max: 150 }).map((n) => n * 2),
    });
    fc.assert(
      fc.property(room, ({ firstKs, tauS, lasts, lastS }) => {
        const course = (second: number): number =>
          22 + firstKs * (lasts * second + (1 - lasts) * tauS * (1 - Math.exp(-second / tauS)));
        let truth = lastS;
        while (course(truth) < 45 && truth <= lastS + 1800) truth += 0.5;
        const climb = climbAt(course, lastS, 45);
        if (!climb || climb.perMinute === null) return;
        const left = truth - lastS;
        if (left > 1800) return;
        expect((climb.soonest ?? 7.2e6) / 1000).toBeLessThanOrEqual(left + 1);
        expect((climb.latest ?? Number.POSITIVE_INFINITY) / 1000).toBeGreaterThanOrEqual(left - 1);
      }),
    );
  });
});
