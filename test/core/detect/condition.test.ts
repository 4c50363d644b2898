import { describe, expect, test } from "vitest";
import type { Condition } from "../../../src/core/detect/condition.ts";
import {
  conditionSchema,
  inputOf,
  meets,
  meetsOwn,
  ownConditionSchema,
  ownIs,
  statesOf,
} from "../../../src/core/detect/condition.ts";
import { bad, doubtful, good, point } from "../fixture.ts";

describe("a condition on another point", () => {
  const met = (condition: Condition, value: number) => meets(condition)(good(condition.point, value));

  test("is met beyond its limit and not at it", () => {
    expect([4, 5, 5.1].map((value) => met({ point: point("d/p"), above: 5 }, value))).toEqual([
      "normal",
      "normal",
      "abnormal",
    ]);
    expect([4.9, 5, 6].map((value) => met({ point: point("d/p"), below: 5 }, value))).toEqual([
      "abnormal",
      "normal",
      "normal",
    ]);
  });

  test("is met in one of the states that it names", () => {
    const onBattery: Condition = { point: point("ups-a/ups.mode"), at: ["battery", "off"] };
    expect([0, 1, 2, 3].map((value) => met(onBattery, value))).toEqual(["abnormal", "normal", "normal", "abnormal"]);
  });

  test("is not known of a bad reading, and is of a doubtful one", () => {
    const judge = meets({ point: point("d/p"), above: 5 });
    expect(judge(bad("d/p", "sensorFailure"))).toBe("unknown");
    expect(judge(doubtful("d/p", 6))).toBe("abnormal");
  });

  test("needs its point, as a number or as one that knows the states", () => {
    expect(inputOf(["follows", 1], { point: point("d/p"), above: 5 })).toEqual({
      path: ["follows", 1, "point"],
      point: "d/p",
      is: "number",
    });
    expect(inputOf([], { point: point("d/p"), at: ["on"] })).toEqual({ path: ["point"], point: "d/p", is: ["on"] });
  });
});

describe("a condition on the judged point itself", () => {
  test("is met as any other, whichever point that is", () => {
    const judge = meetsOwn({ at: ["battery"] });
    expect(judge(good("ups-a/ups.mode", 3))).toBe("abnormal");
    expect(judge(good("ups-a/ups.mode", 1))).toBe("normal");
    // The place of a state is that of the point's own list.
    expect(judge(good("bat-a/battery.status", 3))).toBe("normal");
    expect(meetsOwn({ below: 2 })(good("x", 1))).toBe("abnormal");
  });

  test("needs it to be a number, or to know the states", () => {
    expect(ownIs({ above: 1 })).toBe("number");
    expect(ownIs({ at: ["battery"] })).toEqual(["battery"]);
  });
});

test("states are known by a point's standard name; one that it has not got is none", () => {
  expect(statesOf(point("ups-a/ups.mode"), ["bypass", "lost", "off"])).toEqual([2, 0]);
  expect(statesOf(point("ups-a/unheard.of"), ["on"])).toEqual([]);
});

test.each([
  [{ above: 1 }, true],
  [{ below: 1 }, true],
  [{ at: ["on"] }, true],
  [{ at: [] }, false],
  [{ at: [""] }, false],
  [{}, false],
  [{ above: 1, below: 2 }, false],
])("a site file may say %o as a condition, of the judged point or with another one: %s", (given, isOne) => {
  expect(ownConditionSchema.safeParse(given).success).toBe(isOne);
  expect(conditionSchema.safeParse({ point: "d/p", ...given }).success).toBe(isOne);
  expect(conditionSchema.safeParse(given).success).toBe(false);
});
