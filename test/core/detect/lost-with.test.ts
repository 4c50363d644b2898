import { describe, expect, test } from "vitest";
import { makeDetector } from "../../../src/core/detect/index.ts";
import { ms } from "../../../src/core/time.ts";
import { bad, good, judge, point } from "../fixture.ts";

const smokes = 3;

/** Rack 1's management, with rack 2 beside it, an aspirating detector and the room's warmth; within a minute. */
const rack = () => {
  const detector = makeDetector({
    kind: "lostWith",
    neighbours: [point("bms-2/battery.voltage")],
    anomalies: [
      { point: point("asd/smoke.level"), at: ["action", "fire1", "fire2"] },
      { point: point("room/temperature.ambient"), above: 40 },
    ],
    within: ms(60_000),
  });
  const all = [
    good("bms-1/battery.voltage", 540),
    good("bms-2/battery.voltage", 540),
    good("asd/smoke.level", 0),
    good("room/temperature.ambient", 25),
  ];
  for (const reading of all) judge(detector, reading);
  return detector;
};

const lost = (at: number) => bad("bms-1/battery.voltage", "stale", at);
const alive = (at: number) => good("bms-2/battery.voltage", 540, at);

describe("a device lost with an anomaly beside it", () => {
  test("is nothing while it answers, whatever is wrong around it", () => {
    const detector = rack();
    expect(judge(detector, good("asd/smoke.level", smokes, 1000))).toBe("normal");
    expect(judge(detector, good("room/temperature.ambient", 60, 1000))).toBe("normal");
  });

  test("is nothing where only silence is at stake", () => {
    expect(judge(rack(), lost(5000))).toBe("normal");
  });

  test.each([
    ["smoke", good("asd/smoke.level", smokes, 10_000)],
    ["heat", good("room/temperature.ambient", 41, 10_000)],
  ])("is abnormal where %s comes after the silence", (_, anomaly) => {
    const detector = rack();
    judge(detector, lost(5000));
    expect(judge(detector, anomaly)).toBe("abnormal");
  });

  test("is abnormal where the anomaly came first and stands, or has gone for less than a minute", () => {
    const standing = rack();
    judge(standing, good("asd/smoke.level", smokes, 1000));
    expect(judge(standing, lost(500_000))).toBe("abnormal");
    const gone = rack();
    judge(gone, good("asd/smoke.level", smokes, 1000));
    judge(gone, good("asd/smoke.level", 0, 2000));
    expect(judge(gone, lost(61_000))).toBe("abnormal");
    expect(judge(gone, alive(61_001))).toBe("normal");
  });

  test("cannot be told of a device that has never answered: it may not be there yet", () => {
    const detector = makeDetector({
      kind: "lostWith",
      neighbours: [point("bms-2/battery.voltage")],
      anomalies: [{ point: point("asd/smoke.level"), at: ["action", "fire1", "fire2"] }],
      within: ms(60_000),
    });
    judge(detector, alive(0));
    expect(judge(detector, good("asd/smoke.level", smokes, 1000))).toBe("unknown");
  });

  test("is normal again when the device answers", () => {
    const detector = rack();
    judge(detector, good("asd/smoke.level", smokes, 1000));
    judge(detector, lost(5000));
    expect(judge(detector, good("bms-1/battery.voltage", 540, 6000))).toBe("normal");
  });

  test("cannot be told while no neighbour answers: then it is the network", () => {
    const detector = rack();
    judge(detector, good("asd/smoke.level", smokes, 1000));
    judge(detector, bad("bms-2/battery.voltage", "stale", 5000));
    expect(judge(detector, lost(5000))).toBe("unknown");
    expect(judge(detector, alive(6000))).toBe("abnormal");
  });

  test("cannot be told while a sensor that could see an anomaly is silent as well", () => {
    const detector = rack();
    judge(detector, bad("asd/smoke.level", "stale", 1000));
    expect(judge(detector, lost(5000))).toBe("unknown");
  });
});
