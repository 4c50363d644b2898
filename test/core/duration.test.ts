import { describe, expect, it } from "vitest";
import { durationSchema, parseDuration } from "../../src/core/duration.ts";

describe("a written duration", () => {
  it.each([
    ["800ms", 800],
    ["1s", 1000],
    ["2.5s", 2500],
    ["1.25s", 1250],
    ["0.3ms", 0],
    ["5min", 300_000],
    ["2h", 7_200_000],
    ["30d", 2_592_000_000],
    ["0s", 0],
    [" 10 s ", 10_000],
  ])("%s is %i ms", (text, expected) => expect(parseDuration(text)).toBe(expected));

  it.each(["", "5", "s", "-1s", "1 m", "1S", "1e3s", "1s2s", "five seconds", "Infinitys"])("%j is none", (text) =>
    expect(parseDuration(text)).toBeNull(),
  );

  it("is read from a file, and told in words where it is none", () => {
    expect(durationSchema.parse("5min")).toBe(300_000);
    const { success, error } = durationSchema.safeParse("five");
    expect(success).toBe(false);
    expect(error?.issues).toMatchObject([
      { code: "custom", message: '"five" is no duration; write one like 800ms, 1s, 5min or 2h' },
    ]);
  });
});
