import { describe, expect, test } from "vitest";
import type { Channel } from "../../../src/core/alarm/definition.ts";
import { pointsOf, priorities } from "../../../src/core/alarm/definition.ts";
import { above, point } from "../fixture.ts";

describe("an alarm's definition", () => {
  test("knows four priorities, what must be looked at first before all others", () => {
    expect(priorities).toEqual(["critical", "high", "medium", "low"]);
  });

  test("is judged by its channel's own point, and then by those that its detector looks at beside it", () => {
    const alone: Channel = { point: point("x"), detect: above(10) };
    const besides: Channel = {
      point: point("x"),
      detect: { kind: "deviation", from: ["y", "z"].map(point), above: 5, deadband: 0 },
    };
    expect(pointsOf(alone)).toEqual(["x"]);
    expect(pointsOf(besides)).toEqual(["x", "y", "z"]);
  });

  test("is asked for a channel's points whenever an alarm moves, and gives the same list", () => {
    const channel: Channel = { point: point("x"), detect: above(10) };
    expect(pointsOf(channel)).toBe(pointsOf(channel));
  });
});
