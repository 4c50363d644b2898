import { expect, test } from "vitest";
import { state } from "../../../src/core/detect/state.ts";
import { bad, good, judge } from "../fixture.ts";

test("a state is abnormal in each of the listed ones, normal in any other, and unknown without a value", () => {
  const detector = state({ among: [3, 0] });
  expect([3, 0, 1, 3].map((value) => judge(detector, good("x", value)))).toEqual([
    "abnormal",
    "abnormal",
    "normal",
    "abnormal",
  ]);
  expect(judge(detector, bad("x", "noCommunication"))).toBe("unknown");
});
