import { expect, test } from "vitest";
import { stale } from "../../../src/core/detect/stale.ts";
import type { Fault } from "../../../src/core/reading.ts";
import { bad, doubtful, good } from "../fixture.ts";

test("a point without a usable reading is abnormal for whatever reason, and never unknown", () => {
  const faults: readonly Fault[] = ["noCommunication", "stale", "sensorFailure", "notFitted", "waitingForFirst"];
  for (const fault of faults) expect(stale().judge(bad("x", fault))).toBe("abnormal");
  expect(stale().judge(good("x", 0))).toBe("normal");
  expect(stale().judge(doubtful("x", 0))).toBe("normal");
});
