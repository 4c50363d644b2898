import { expect, test } from "vitest";
import { stale } from "../../../src/core/detect/stale.ts";
import type { Fault } from "../../../src/core/reading.ts";
import { bad, doubtful, good, judge } from "../fixture.ts";

test("a point without a usable reading is abnormal for whatever reason, and never unknown", () => {
  const faults: readonly Fault[] = ["noCommunication", "stale", "sensorFailure", "notFitted", "waitingForFirst"];
  for (const fault of faults) expect(judge(stale(), bad("x", fault))).toBe("abnormal");
  expect(judge(stale(), good("x", 0))).toBe("normal");
  expect(judge(stale(), doubtful("x", 0))).toBe("normal");
});
