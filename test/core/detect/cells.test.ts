import { describe, expect, test } from "vitest";
import type { CellsMemory } from "../../../src/core/detect/cells.ts";
import { areCellsSeen, gradeOfCells, noCells, underOf, weighCell } from "../../../src/core/detect/cells.ts";
import { point } from "../fixture.ts";

// All in parts of two, so that a difference of just a limit is just that.
const spec = { lowest: point("low"), than: point("mean"), warning: 0.0625, stop: 0.125, step: 0.25 };
/** A rack's memory, and so many pairs of values, `everyMs` apart, of which the lowest lies so far under the others. */
function rack() {
  const memory = noCells();
  let at = 0;
  const under = (volts: number, count = 1, { everyMs = 1000, mean = 4 } = {}): ReturnType<typeof gradeOfCells> => {
    for (let i = 0; i < count; i++) {
      at += everyMs;
      weighCell(spec, memory, "than", { value: mean, at });
      weighCell(spec, memory, "lowest", { value: mean - volts, at });
    }
    return gradeOfCells(memory);
  };
  return { memory, under };
}

/** A rack that has stood for so long that its cells' standing difference is believed. */
const rested = (volts: number) => {
  const one = rack();
  one.under(volts, 700);
  return one;
};

describe("the two values of a rack's cells", () => {
  const say = (memory: CellsMemory, which: "lowest" | "than", value: number | null): void =>
    weighCell(spec, memory, which, { value, at: 1000 });

  test("are a pair when both have come, and not again before both have come anew", () => {
    const memory = noCells();
    expect(memory.news).toEqual({ lowest: false, than: false });
    say(memory, "lowest", 3.5);
    expect(memory.recent).toEqual([]);
    say(memory, "than", 4);
    expect(memory.recent).toEqual([{ under: 0.5, than: 4 }]);
    expect(memory.news).toEqual({ lowest: false, than: false });
    say(memory, "lowest", 3.75);
    expect(memory.recent).toHaveLength(1);
    say(memory, "than", 4);
    expect(memory.recent).toHaveLength(2);
  });

  test("tell how far the lowest lies under the others while both can be read", () => {
    const memory = noCells();
    expect([areCellsSeen(memory), underOf(memory)]).toEqual([false, null]);
    say(memory, "lowest", 3.5);
    expect([areCellsSeen(memory), underOf(memory)]).toEqual([false, null]);
    say(memory, "lowest", null);
    say(memory, "than", 4);
    expect([areCellsSeen(memory), underOf(memory)]).toEqual([false, null]);
    say(memory, "lowest", 3.5);
    expect([areCellsSeen(memory), underOf(memory)]).toEqual([true, 0.5]);
    say(memory, "than", null);
    expect([areCellsSeen(memory), underOf(memory)]).toEqual([false, null]);
  });
});

describe("a step of one cell", () => {
  test("is one from just its limit on, and is over when half of it is left", () => {
    const { under } = rack();
    expect(under(0, 5)).toBe(0);
    expect([under(0.25), under(0.25)]).toEqual([0, 3]);
    expect(under(0.125, 5)).toBe(3);
    expect(under(0.124)).toBe(0);
  });

  test("is over by what is left of it, however uneven the cells were before", () => {
    const { under } = rack();
    under(0.03125, 3);
    expect(under(0.3125, 2)).toBe(3);
    expect(under(0.15)).toBe(0);
  });

  test("is seen over a minute in which nothing was read, and over no longer one", () => {
    for (const [everyMs, grade] of [
      [60_000, 3],
      [60_001, 0],
    ] as const) {
      const { under } = rack();
      under(0, 3);
      under(0.25, 1, { everyMs });
      expect(under(0.25)).toBe(grade);
    }
  });

  test("is none that one reading shows and the next does not", () => {
    const { under } = rack();
    under(0, 5);
    expect([under(0.25), under(0), under(0)]).toEqual([0, 0, 0]);
  });

  test("is none that a load or its end makes, however far it takes all cells down or up", () => {
    for (const mean of [3.75, 3.5, 4.5]) {
      const { under } = rack();
      under(0, 5);
      expect(under(0.1875, 5, { mean })).toBe(0);
    }
    const { under } = rack();
    under(0, 5);
    expect(under(0.3125, 5, { mean: 3.5 })).toBe(0);
  });

  test("is looked for anew after a silence, from what is read then alone", () => {
    const { memory, under } = rack();
    under(0, 5);
    under(0.25, 1, { everyMs: 60_001 });
    expect(underOf(memory)).toBe(0.25);
    expect(memory.recent).toHaveLength(1);
  });
});

describe("a standing difference between cells", () => {
  test("is believed when they have rested for ten minutes, from the first pair on", () => {
    const { under } = rack();
    expect(under(0.0625, 600)).toBe(0);
    expect(under(0.0625)).toBe(1);
  });

  test.each([
    [0.06, 0],
    [0.0625, 1],
    [0.124, 1],
    [0.125, 2],
  ])("of %f V weighs %i", (volts, grade) => {
    expect(rested(volts).under(volts)).toBe(grade);
  });

  test("is not believed where the others usually do not keep still", () => {
    const { under } = rested(0);
    expect(under(0.25, 3600, { mean: 3.5 })).toBe(0);
    expect(under(0.125, 1200)).toBe(2);
  });

  test("weighs what it did until it is a deadband under its limit", () => {
    const { under } = rested(0.125);
    expect(under(0.12, 600)).toBe(2);
    expect(under(0.11, 600)).toBe(1);
    expect(under(0.12, 600)).toBe(1);
    expect(under(0.06, 600)).toBe(1);
    expect(under(0.05, 600)).toBe(0);
    expect(under(0.06, 600)).toBe(0);
  });
});
