import { describe, expect, test } from "vitest";
import type { WarmthMemory } from "../../../src/core/detect/warmth.ts";
import { coldStart, excessOf, weighWarmth } from "../../../src/core/detect/warmth.ts";
import { point } from "../fixture.ts";

const spec = { than: [point("mean")], warning: 5, stop: 10 };

/** A rack's memory, and so many readings of it, a second apart unless said otherwise. */
function rack() {
  const memory = coldStart(spec);
  let at = 0;
  const says = (hottest: number | null, others: number | null, count = 1, everyMs = 1000): WarmthMemory => {
    for (let i = 0; i < count; i++) {
      at += everyMs;
      Object.assign(memory, { own: hottest, than: [others] });
      weighWarmth(spec, memory, at);
    }
    return memory;
  };
  return { memory, says };
}

describe("how far a rack's hottest module stands above the others", () => {
  test("is known while both can be read, and nothing is taken in while one cannot", () => {
    const { memory, says } = rack();
    for (const [hottest, others] of [
      [null, 25],
      [30, null],
      [null, null],
    ] as const) {
      expect(excessOf(says(hottest, others))).toBeNull();
      expect(memory).toMatchObject({ recent: [], trend: null });
    }
    expect(excessOf(says(30, 25))).toBe(5);
    expect(memory.recent).toEqual([5]);
  });

  test("is too far beyond a limit, and no longer when it is a deadband under it", () => {
    const { says } = rack();
    expect(says(30, 25, 3)).toMatchObject({ warm: false, hot: false });
    expect(says(30.1, 25, 3)).toMatchObject({ warm: true, hot: false });
    expect(says(35, 25, 3)).toMatchObject({ warm: true, hot: false });
    expect(says(35.1, 25, 3)).toMatchObject({ warm: true, hot: true });
    expect(says(34.1, 25, 3)).toMatchObject({ warm: true, hot: true });
    expect(says(33.9, 25, 3)).toMatchObject({ warm: true, hot: false });
    expect(says(29.1, 25, 3)).toMatchObject({ warm: true });
    expect(says(28.9, 25, 3)).toMatchObject({ warm: false });
  });

  test("is not far by one wrong reading", () => {
    const { says } = rack();
    says(26, 25, 5);
    expect([says(60, 25).warm, says(26, 25).warm]).toEqual([false, false]);
  });

  test("is held against what the rack was used to, unless it was silent for more than ten minutes", () => {
    for (const [everyMs, isWarm] of [
      [600_000, false],
      [600_001, true],
    ] as const) {
      const { says } = rack();
      says(26, 25, 60);
      says(52, 45, 1, everyMs);
      expect(says(52, 45, 2)).toMatchObject({ warm: isWarm, hot: false });
    }
  });
});

test("a module that leaves the others by over a kelvin a minute climbs, and goes on to with half of that", () => {
  const { memory, says } = rack();
  const climbs = (perMinute: number, minutes: number): readonly boolean[] =>
    Array.from({ length: 60 * minutes }, () => says(25 + excessOf(memory)! + perMinute / 60, 25).climbing);
  says(25, 25);
  expect(climbs(0.9, 20)).not.toContain(true);
  expect(climbs(1.5, 20).slice(-600)).not.toContain(false);
  expect(climbs(0.6, 20)).not.toContain(false);
  expect(climbs(0.4, 20).at(-1)).toBe(false);
});
