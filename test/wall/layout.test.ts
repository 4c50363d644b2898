import { describe, expect, test } from "vitest";
import { lostMs, oldMs, retryMs, stageOf } from "../../src/wall/freshness.ts";
import { alarmLineH, gap, layoutOf, margin } from "../../src/wall/layout.ts";
import { rootVh, viewingOf } from "../../src/wall/legibility.ts";
import { Ring, resample, sampleMs, samples, slopePerMinute } from "../../src/wall/ring.ts";

/** What a capital of this font size subtends at the viewer, minutes of arc. Capitals of the slightest usual font: 0.716. */
function arcMinutes(vh: number, distanceM: number, inches: number): number {
  const screenMm = (inches * 25.4 * 9) / Math.hypot(16, 9);
  return (Math.atan(((vh / 100) * screenMm * 0.716) / (distanceM * 1000)) * 180 * 60) / Math.PI;
}

describe("legibility", () => {
  test.each([
    [4, 65],
    [5, 55],
    [3, 43],
    [8, 86],
  ])("text is 16 minutes of arc at %i m from %i inches", (distanceM, inches) => {
    expect(arcMinutes(rootVh({ distanceM, inches }), distanceM, inches)).toBeGreaterThanOrEqual(15.99);
  });

  test("a near viewer gets more than the least, a far one as much as a screen can hold", () => {
    expect(rootVh({ distanceM: 1, inches: 86 })).toBe(2);
    expect(rootVh({ distanceM: 30, inches: 43 })).toBe(6);
  });

  test.each([
    ["", { distanceM: 4, inches: 65 }],
    ["distance=5&inches=55", { distanceM: 5, inches: 55 }],
    ["distance=0&inches=nine", { distanceM: 4, inches: 65 }],
    ["distance=-3&inches=1e9", { distanceM: 4, inches: 65 }],
  ])("%j is %j", (query, viewing) => {
    expect(viewingOf(new URLSearchParams(query))).toEqual(viewing);
  });
});

describe("the layout", () => {
  test.each([16.7, 20, 25, 31.1, 40, 50])("divides a screen of %f lines without a rest", (height) => {
    const { headerH, mainH, cardsH, alarmLines, diagramW, roomsW } = layoutOf((height * 16) / 9, height);
    expect(headerH + mainH + cardsH + alarmLines * alarmLineH + 3 * gap + 2 * margin).toBeCloseTo(height);
    expect(diagramW + roomsW + gap + 2 * margin).toBeCloseTo((height * 16) / 9);
    expect(alarmLines).toBeGreaterThanOrEqual(2);
    expect(mainH).toBeGreaterThan(2.7);
  });

  test("shows more alarms and cards where more can be read", () => {
    const [near, far] = [layoutOf(88, 50), layoutOf(36, 20.5)];
    expect(near.alarmLines).toBeGreaterThan(far.alarmLines);
    expect([near.cards, far.cards]).toEqual([4, 3]);
  });
});

describe("how old is too old", () => {
  test.each([
    [0, "live"],
    [oldMs - 1, "live"],
    [oldMs, "old"],
    [lostMs - 1, "old"],
    [lostMs, "lost"],
  ])("%i ms of silence is %s", (silence, stage) => {
    expect(stageOf(silence)).toBe(stage);
  });

  test("attempts to reconnect grow rarer, never stop, and are not made in step", () => {
    expect([retryMs(0, 0), retryMs(0, 1), retryMs(100, 0), retryMs(100, 1)]).toEqual([250, 500, 4000, 8000]);
  });
});

describe("the memory of a curve", () => {
  test("holds a quarter of an hour and no more, oldest first", () => {
    const ring = new Ring();
    for (let i = 0; i < samples + 10; i += 1) ring.push(i);
    const values = ring.values();
    expect([values.length, values[0], values.at(-1)]).toEqual([samples, 10, samples + 9]);
    expect(samples * sampleMs).toBe(15 * 60_000);
  });

  test("keeps a gap as a gap", () => {
    const ring = new Ring();
    for (const value of [1, null, 3]) ring.push(value);
    expect(Array.from(ring.values().slice(-3))).toEqual([1, Number.NaN, 3]);
  });

  test("takes what was before it without overwriting what it has seen", () => {
    const ring = new Ring();
    ring.push(7);
    ring.prefill(new Float64Array(samples).fill(5));
    expect([ring.values()[0], ring.values().at(-1)]).toEqual([5, 7]);
  });

  test("knows which way a value goes, per minute, and says nothing from too little", () => {
    const rising = Float64Array.from({ length: samples }, (_, i) => 20 + i / 12);
    expect(slopePerMinute(rising)).toBeCloseTo(1);
    expect(slopePerMinute(new Float64Array(samples).fill(Number.NaN))).toBeNull();
    expect(slopePerMinute(Float64Array.of(1, 2, 3))).toBeNull();
    expect(slopePerMinute(new Float64Array(samples).fill(4))).toBe(0);
  });

  test("fills from history: the last word holds for a minute, then it is a gap", () => {
    const now = 10_000_000;
    const values = resample(
      [
        [now - 200_000, 3],
        [now - 100_000, null],
        [now - 10_000, 9],
      ],
      now,
    );
    const at = (ago: number): number => values[samples - 1 - ago / sampleMs]!;
    expect([at(0), at(10_000), at(15_000), at(200_000), at(145_000), at(135_000)]).toEqual([
      9,
      9,
      Number.NaN,
      3,
      3,
      Number.NaN,
    ]);
  });
});
