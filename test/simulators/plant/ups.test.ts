import { describe, expect, test } from "vitest";
import { dice, wander } from "../../../simulators/plant/dice.ts";
import { toleratedS } from "../../../simulators/plant/ups.ts";

describe("a UPS under overload", () => {
  test.each([
    [100, Number.POSITIVE_INFINITY],
    [108, 1800],
    [125, 30],
    [145, 10],
    [200, 0.5],
  ])("at %s %% is borne for %s s, and for half of that in a hot room", (percent, seconds) => {
    expect(toleratedS(percent, 25)).toBe(seconds);
    expect(toleratedS(percent, 38)).toBe(seconds / 2);
  });
});

test("what wanders keeps within push / recall of nothing", () => {
  const chance = dice(1);
  let value = 0;
  for (let i = 0; i < 100_000; i++) {
    value = wander(value, chance, 0.2, 0.02);
    expect(Math.abs(value)).toBeLessThanOrEqual(10);
  }
});
