import { describe, expect, test } from "vitest";
import { makeDetector } from "../../../src/core/detect/index.ts";
import { seconds } from "../../../src/core/time.ts";
import { bad, good, judge, point } from "../fixture.ts";

const shut = 0;
const open = 1;
const valve = "loop/valve.contact";

/** A valve that is open, and the water that it lets through: within half a minute, both ways. */
const loop = ({ both = true } = {}) =>
  makeDetector({
    kind: "mismatch",
    at: ["closed"],
    follows: [{ point: point("loop/water.flow"), above: 5 }],
    otherwise: both ? [{ point: point("loop/water.flow"), below: 1 }] : [],
    within: seconds(30),
  });
const told = (state: number, at: number) => good(valve, state, at * 1000);
const flow = (litres: number, at: number) => good("loop/water.flow", litres, at * 1000);
/** The verdicts of readings in turn. */
const all = (detector: ReturnType<typeof loop>, ...readings: Parameters<typeof judge>[1][]) =>
  readings.map((reading) => judge(detector, reading));

describe("a feedback that does not follow its command", () => {
  test("is abnormal when the time is over and it still has not followed", () => {
    const verdicts = all(loop(), told(shut, 0), flow(0, 0), told(open, 10), flow(0, 20), flow(0, 39), flow(0, 40));
    expect(verdicts).toEqual(["unknown", "normal", "normal", "normal", "normal", "abnormal"]);
  });

  test("is none that follows in time, and is over when it follows late", () => {
    const detector = loop();
    all(detector, told(shut, 0), flow(0, 0), told(open, 10));
    expect(all(detector, flow(9, 35), flow(9, 60), told(open, 61))).toEqual(["normal", "normal", "normal"]);
    expect(all(detector, flow(2, 70), flow(2, 100), flow(9, 101))).toEqual(["normal", "abnormal", "normal"]);
  });

  test("is one that stays when the command has gone, where that is asked", () => {
    for (const [both, verdict] of [
      [true, "abnormal"],
      [false, "normal"],
    ] as const) {
      const detector = loop({ both });
      all(detector, told(open, 0), flow(9, 0), told(shut, 10));
      expect(all(detector, flow(9, 20), flow(9, 40)).at(-1)).toBe(verdict);
    }
  });

  test("is none where it rests as it should while nothing commands", () => {
    expect(all(loop(), told(shut, 0), flow(0, 0), flow(0, 60)).at(-1)).toBe("normal");
  });

  test("is one as well of a point that commands while it is below a limit", () => {
    const lit = { point: point("room/fan.power"), above: 1 };
    const detector = makeDetector({
      kind: "mismatch",
      below: 20,
      follows: [lit],
      otherwise: [],
      within: seconds(30),
    });
    const [air, fan] = ["room/air", "room/fan.power"];
    expect(all(detector, good(air, 19, 0), good(fan, 0, 0), good(fan, 0, 30_000))).toContain("abnormal");
    expect(all(detector, good(air, 21, 31_000), good(fan, 0, 90_000))).toEqual(["normal", "normal"]);
  });

  test("has its time anew with every command", () => {
    const detector = loop();
    all(detector, told(open, 0), flow(0, 0));
    expect(all(detector, flow(0, 29), told(shut, 29), told(open, 31), flow(0, 60))).not.toContain("abnormal");
    expect(judge(detector, flow(0, 61))).toBe("abnormal");
  });

  test("is not known while either side is silent, and neither raised nor cleared by it", () => {
    const detector = loop();
    all(detector, told(open, 0), flow(0, 0));
    expect(judge(detector, bad("loop/water.flow", "stale", 20_000))).toBe("unknown");
    expect(judge(detector, told(open, 40))).toBe("unknown");
    expect(judge(detector, flow(0, 41))).toBe("abnormal");
    expect(judge(detector, bad(valve, "stale", 42_000))).toBe("unknown");
    expect(judge(detector, flow(0, 90))).toBe("unknown");
  });

  test("has its time anew after a silence of the command: nobody knows when it was given", () => {
    const detector = loop();
    all(detector, told(open, 0), flow(0, 0), bad(valve, "stale", 20_000), told(open, 60));
    expect(all(detector, flow(0, 89), flow(0, 90))).toEqual(["normal", "abnormal"]);
  });

  test("is counted from the reading that contradicts, and not from the silence before it", () => {
    const detector = loop();
    all(detector, told(open, 0), flow(9, 0));
    expect(judge(detector, bad("loop/water.flow", "stale", 20_000))).toBe("unknown");
    expect(all(detector, flow(0, 40), flow(0, 69), flow(0, 70))).toEqual(["normal", "normal", "abnormal"]);
  });

  test("tells of no time while a feedback that is owed is silent", () => {
    const detector = loop();
    all(detector, told(open, 0), flow(0, 0), flow(0, 10));
    expect(detector.account!()[0]).toMatchObject({ value: 10 });
    judge(detector, bad("loop/water.flow", "stale", 20_000));
    expect(detector.account!()[0]).toMatchObject({ value: null });
  });

  test("is known by one feedback that contradicts, whatever the others are silent about", () => {
    const detector = makeDetector({
      kind: "mismatch",
      above: 20,
      follows: [
        { point: point("fan/airflow"), above: 100 },
        { point: point("fan/fan.current"), above: 0.5 },
      ],
      otherwise: [],
      within: seconds(10),
    });
    const speed = (percent: number, at: number) => good("fan/fan.speed", percent, at * 1000);
    expect(all(detector, speed(80, 0), good("fan/airflow", 400, 0))).toEqual(["unknown", "unknown"]);
    expect(all(detector, good("fan/airflow", 10, 1000), speed(80, 12))).toEqual(["normal", "abnormal"]);
    expect(all(detector, good("fan/airflow", 400, 13_000), good("fan/fan.current", 2, 13_000))).toEqual([
      "unknown",
      "normal",
    ]);
    expect(all(detector, speed(5, 14), good("fan/airflow", 0, 40_000))).toEqual(["normal", "normal"]);
  });

  test("holds a position against a flow: below a limit as well as above", () => {
    const detector = makeDetector({
      kind: "mismatch",
      below: 10,
      follows: [{ point: point("loop/water.flow"), below: 1 }],
      otherwise: [{ point: point("loop/water.flow"), above: 2 }],
      within: seconds(10),
    });
    all(detector, good("loop/valve.level", 5, 0), flow(0, 0), good("loop/valve.level", 60, 1000));
    expect(all(detector, flow(0, 5), flow(0, 11))).toEqual(["normal", "abnormal"]);
  });

  test("tells for how long it has contradicted", () => {
    const detector = loop();
    all(detector, told(open, 0), flow(0, 12));
    expect(detector.account!()).toEqual([{ name: "contradicts for", value: 12, limit: 30, unit: "s" }]);
    judge(detector, flow(9, 13));
    expect(detector.account!()[0]).toMatchObject({ value: null });
  });
});
