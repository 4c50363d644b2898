import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deltaOf } from "../../src/serve/delta.ts";
import { view } from "../../src/serve/view.ts";
import { apply } from "../../src/wall/apply.ts";
import { again, begin, burning, calmPlant, cycle, info } from "./plants.ts";

const host = { build: "1", hasHistory: false };

describe("a delta", () => {
  test("of a plant in which nothing has changed is nothing", () => {
    const plant = calmPlant();
    const before = view(plant, info, host);
    cycle(plant, begin + 100, again());
    expect(deltaOf(before, view(plant, info, host))).toBeNull();
  });

  test("names only what has changed", () => {
    const plant = calmPlant();
    const before = view(plant, info, host);
    cycle(plant, begin + 100, again({ "crac-1/temperature.inlet": 25 }));
    expect(deltaOf(before, view(plant, info, host))).toEqual({
      at: begin + 100,
      points: { "crac-1/temperature.inlet": { v: 25, q: 0, at: null } },
    });
  });

  test("applied by the display to what was before gives what is now, whatever has happened", () => {
    const names = Object.keys(again());
    const change = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 0, max: 4 }), { maxKeys: 12 });
    const story = fc.array(fc.tuple(fc.integer({ min: 1, max: 40_000 }), fc.oneof(change, fc.constant(burning))), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(story, (steps) => {
        const plant = calmPlant();
        let shown = view(plant, info, host);
        for (const [wait, values] of steps) {
          cycle(plant, plant.now + wait, values);
          const now = view(plant, info, host);
          const delta = deltaOf(shown, now);
          shown = { ...(delta ? apply(shown, JSON.parse(JSON.stringify(delta))) : shown), at: now.at };
          expect(shown).toEqual(now);
        }
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});
