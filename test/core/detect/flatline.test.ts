import { describe, expect, test } from "vitest";
import { flatline } from "../../../src/core/detect/flatline.ts";
import { ms } from "../../../src/core/time.ts";
import { bad, good, judge } from "../fixture.ts";

const spec = { window: ms(1000), band: 0.5 };

describe("a flat line", () => {
  test("is abnormal from the end of its window on, and normal again when the value moves", () => {
    const detector = flatline(spec);
    expect(judge(detector, good("x", 20, 0))).toBe("normal");
    expect(judge(detector, good("x", 20.5, 999))).toBe("normal");
    expect(judge(detector, good("x", 19.5, 1000))).toBe("abnormal");
    expect(judge(detector, good("x", 21, 1100))).toBe("normal");
    expect(judge(detector, good("x", 21, 2099))).toBe("normal");
    expect(judge(detector, good("x", 21, 2100))).toBe("abnormal");
  });

  test("creeps away from where it began, though each step is within the band", () => {
    const detector = flatline(spec);
    const verdicts = [0, 1, 2, 3, 4].map((i) => judge(detector, good("x", 20 + i * 0.3, i * 400)));
    expect(verdicts).toEqual(["normal", "normal", "normal", "normal", "normal"]);
  });

  test("does not count a silence in which nobody saw the value stand still", () => {
    const detector = flatline(spec);
    judge(detector, good("x", 20, 0));
    expect(judge(detector, bad("x", "stale", 500))).toBe("unknown");
    expect(judge(detector, good("x", 20, 60_000))).toBe("normal");
    expect(judge(detector, good("x", 20, 61_000))).toBe("abnormal");
  });
});
