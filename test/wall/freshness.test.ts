import { describe, expect, test } from "vitest";
import { lostMs, oldMs, retryMs, stageOf } from "../../src/wall/freshness.ts";

describe("how old is too old", () => {
  test.each([
    [0, "live"],
    [oldMs - 1, "live"],
    [oldMs, "old"],
    [lostMs - 1, "old"],
    [lostMs, "lost"],
  ])("%i ms of silence is %s", (silence, stage) => {
    expect(stageOf(silence)).toBe(stage);
  });

  test("attempts to reconnect grow rarer, never stop, and are not made in step", () => {
    expect([retryMs(0, 0), retryMs(0, 1), retryMs(100, 0), retryMs(100, 1)]).toEqual([250, 500, 4000, 8000]);
  });
});
