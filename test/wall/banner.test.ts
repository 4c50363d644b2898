import { describe, expect, test } from "vitest";
import { instant } from "../../src/core/time.ts";
import type { Snapshot } from "../../src/serve/api.ts";
import { view } from "../../src/serve/view.ts";
import { bannerOf, remarksOf } from "../../src/wall/banner.ts";
import { wordsIn } from "../../src/wall/text.ts";
import { again, begin, burning, calmPlant, cycle, fire, info } from "../serve/plants.ts";

const en = wordsIn("en", "Asia/Seoul");

function later(...stories: readonly (readonly [after: number, values: Readonly<Record<string, number>>])[]): Snapshot {
  const plant = calmPlant();
  for (const [after, values] of stories) cycle(plant, begin + after, again(values));
  return view(plant, info, { build: "1", hasHistory: false });
}

describe("the alarms' strip", () => {
  test("holds the worst, and says how many more there are of which kind", () => {
    const { lines, rest } = bannerOf(later([1000, burning]), 2, en);
    expect(lines.map(({ priority }) => priority)).toEqual(["critical", "critical"]);
    expect(rest).toBe("+2 more · 1 folded");
  });

  test("never leaves out what is shelved or cannot be judged", () => {
    const plant = calmPlant();
    cycle(plant, begin + 1000, again(burning));
    const until = instant(begin + 600_000);
    cycle(
      plant,
      begin + 2000,
      {},
      { requests: [{ to: "alarm", alarm: fire, event: { kind: "shelve", by: "operator", why: "drill", until } }] },
    );
    cycle(plant, begin + 40_000, {});
    const { rest } = bannerOf(view(plant, info, { build: "1", hasHistory: false }), 8, en);
    expect(rest).toMatch(/1 shelved · .*\d cannot be judged$/);
  });

  test("says what is special about an alarm", () => {
    const alarm = later([1000, burning]).alarms.find(({ id }) => id === fire)!;
    expect(remarksOf({ ...alarm, firstOut: true }, en)).toBe("first out · folds 1");
    expect(remarksOf({ ...alarm, folds: 0, firstOut: false, active: false, status: "latchedUnacknowledged" }, en)).toBe(
      "latched",
    );
    expect(remarksOf({ ...alarm, folds: 0, firstOut: false, blind: true }, en)).toBe("blind");
  });
});
