import { describe, expect, test } from "vitest";
import type { LimitSpec } from "../../../src/core/detect/limit.ts";
import { limit } from "../../../src/core/detect/limit.ts";
import { bad, doubtful, good, judge } from "../fixture.ts";

const judged = (spec: LimitSpec, values: readonly (number | "bad")[]) => {
  const detector = limit(spec);
  return values.map((value, i) =>
    judge(detector, value === "bad" ? bad("x", "sensorFailure", i) : good("x", value, i)),
  );
};

describe("a limit", () => {
  test("above: is passed only beyond it, and left only when the value has come back by the deadband", () => {
    const spec = { side: "above", limit: 40, deadband: 3 } as const;
    expect(judged(spec, [39, 40, 40.1, 40, 37.1, 37, 39, 41])).toEqual([
      "normal",
      "normal",
      "abnormal",
      "abnormal",
      "abnormal",
      "normal",
      "normal",
      "abnormal",
    ]);
  });

  test("below: the same, downwards", () => {
    const spec = { side: "below", limit: 10, deadband: 2 } as const;
    expect(judged(spec, [11, 10, 9.9, 10, 11.9, 12, 11, 9])).toEqual([
      "normal",
      "normal",
      "abnormal",
      "abnormal",
      "abnormal",
      "normal",
      "normal",
      "abnormal",
    ]);
  });

  test("without a deadband is left at the limit itself", () => {
    expect(judged({ side: "above", limit: 40, deadband: 0 }, [41, 40])).toEqual(["abnormal", "normal"]);
  });

  test("is unknown while there is no value, and remembers on which side it was", () => {
    const spec = { side: "above", limit: 40, deadband: 3 } as const;
    expect(judged(spec, [41, "bad", 38, 36, "bad", 38])).toEqual([
      "abnormal",
      "unknown",
      "abnormal",
      "normal",
      "unknown",
      "normal",
    ]);
  });

  test("holds nothing by its deadband while its alarm does not stand: an on-delay wants all of its time beyond it", () => {
    for (const [side, beyond, within] of [
      ["above", 41, 38],
      ["below", 39, 42],
    ] as const) {
      const detector = limit({ side, limit: 40, deadband: 3 });
      const said = ([value, stands]: readonly [number, boolean]) => judge(detector, good("x", value), stands);
      const steps = [
        [beyond, false],
        [within, false],
        [within, true],
        [beyond, true],
        [within, true],
        [within, false],
      ] as const;
      expect(steps.map(said)).toEqual(["abnormal", "normal", "normal", "abnormal", "abnormal", "normal"]);
    }
  });

  test("takes an uncertain value for what it says", () => {
    expect(judge(limit({ side: "above", limit: 40, deadband: 0 }), doubtful("x", 41))).toBe("abnormal");
  });
});
