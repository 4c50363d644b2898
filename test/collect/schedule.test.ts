import { describe, expect, test } from "vitest";
import { Schedule, shareOf } from "../../src/collect/schedule.ts";
import { instant, ms } from "../../src/core/time.ts";
import type { ScanClass } from "../../src/profiles/model.ts";
import { modbusPoint } from "./fixture.ts";

const point = (scan: ScanClass, period: number) => modbusPoint(`${scan}.${period}`, 0, { scan, period: ms(period) });
const START = instant(0);

describe("a device's schedule", () => {
  test("lets the most urgent of the classes that are due go first", () => {
    const schedule = new Schedule([point("slow", 60), point("safety", 10), point("fast", 20)], START, 0);
    const order = ["safety", "fast", "slow"].map((scan) => {
      const group = schedule.due(START);
      expect(group?.scan).toBe(scan);
      schedule.take(group!, START);
      return group!.scan;
    });
    expect(order).toEqual(["safety", "fast", "slow"]);
    expect(schedule.due(START)).toBeNull();
  });

  test("groups points of one class and period, and keeps other periods apart", () => {
    const schedule = new Schedule([point("safety", 10), point("safety", 10), point("safety", 20)], START, 0);
    expect(schedule.leading?.points).toHaveLength(2);
    expect(schedule.leading?.period).toBe(10);
  });

  test("asks for everything within the first period of the most urgent class", () => {
    const schedule = new Schedule([point("safety", 10), point("slow", 1000)], START, 0.9);
    schedule.take(schedule.due(instant(9))!, instant(9));
    expect(schedule.due(instant(9))?.scan).toBe("slow");
  });

  test("then keeps a slow class at this device's own place in its period", () => {
    const schedule = new Schedule([point("safety", 10), point("slow", 1000)], START, 0.5);
    const safety = schedule.due(instant(5))!;
    schedule.take(safety, instant(5));
    const slow = schedule.due(instant(5))!;
    expect(slow.scan).toBe("slow");
    schedule.take(slow, instant(5));
    schedule.finish(safety, instant(495));
    expect(schedule.due(instant(499))).toBeNull();
    expect(schedule.due(instant(500))).toBe(slow);
    schedule.take(slow, instant(500));
    schedule.finish(safety, instant(1490));
    expect(schedule.due(instant(1494))).toBeNull();
  });

  test("skips and counts the turns that came while the poll was still running", () => {
    const schedule = new Schedule([point("safety", 10)], START, 0);
    const group = schedule.due(START)!;
    expect(schedule.take(group, START)).toBe(0);
    expect(schedule.finish(group, instant(35))).toBe(3);
    expect(schedule.due(instant(39))).toBeNull();
    expect(schedule.due(instant(40))).toBe(group);
  });

  test("counts turns that were lost because others were being asked", () => {
    const schedule = new Schedule([point("slow", 10)], START, 0);
    const group = schedule.due(START)!;
    schedule.take(group, START);
    expect(schedule.take(group, instant(45))).toBe(3);
    expect(schedule.untilNext(instant(45))).toBe(5);
  });

  test("says how long nothing is due, and that nothing ever is for a device without points", () => {
    expect(new Schedule([point("safety", 10)], START, 0.4).untilNext(START)).toBe(4);
    expect(new Schedule([], START, 0).untilNext(START)).toBeNull();
    expect(new Schedule([], START, 0).leading).toBeNull();
  });

  test("offers only more urgent classes to a poll that asks between its requests", () => {
    const schedule = new Schedule([point("safety", 10), point("slow", 10)], START, 0);
    const safety = schedule.due(START)!;
    schedule.take(safety, START);
    const slow = schedule.due(START)!;
    expect(schedule.due(instant(5), slow)).toBeNull();
    expect(schedule.due(instant(10), slow)).toBe(safety);
    expect(schedule.due(instant(10), safety)).toBeNull();
  });

  test("asks more often while it is boosted, at once and not a period later, and at its own pace again afterwards", () => {
    const schedule = new Schedule([point("slow", 60_000)], START, 0);
    schedule.take(schedule.due(START)!, START);
    expect(schedule.untilNext(instant(10))).toBe(59_990);
    schedule.boost({ slow: ms(1000) }, instant(10));
    expect(schedule.untilNext(instant(10))).toBe(1000);
    const group = schedule.due(instant(1010))!;
    expect(schedule.periodOf(group)).toBe(1000);
    schedule.take(group, instant(1010));
    expect(schedule.untilNext(instant(1010))).toBe(1000);
    schedule.boost(null, instant(1500));
    schedule.take(group, instant(2010));
    expect(schedule.untilNext(instant(2010))).toBe(60_000);
  });

  test("is not slowed by a boost that is slower than what it does anyway", () => {
    const schedule = new Schedule([point("safety", 500)], START, 0);
    schedule.boost({ safety: ms(1000) }, START);
    expect(schedule.periodOf(schedule.leading!)).toBe(500);
  });
});

describe("points that are hurried", () => {
  const slow = modbusPoint("charge", 0, { scan: "slow", period: ms(60_000) });
  const safe = modbusPoint("mode", 1, { period: ms(1000) });
  const outlets = [1, 2].map((n) => modbusPoint(`outlet[${n}].state`, n, { scan: "normal", period: ms(10_000) }));

  /** A schedule whose first turns are over at 0. */
  const settled = () => {
    const schedule = new Schedule([safe, ...outlets, slow], START, 0);
    for (let group = schedule.due(START); group; group = schedule.due(START)) {
      schedule.take(group, START);
      schedule.finish(group, START);
    }
    return schedule;
  };

  test("are asked for at once and alone, and keep the turns that they have anyway", () => {
    const schedule = settled();
    schedule.hurry(["charge"]);
    expect(schedule.untilNext(instant(200))).toBe(0);
    const hurried = schedule.due(instant(200))!;
    expect(hurried.points).toEqual([slow]);
    expect(schedule.take(hurried, instant(200))).toBe(0);
    expect(schedule.finish(hurried, instant(300))).toBe(0);
    expect(schedule.due(instant(999))).toBeNull();
    expect(schedule.due(instant(1000))?.points).toEqual([safe]);
    expect(schedule.untilNext(instant(400))).toBe(600);
  });

  test("may be all instances of one, by the name that a profile has for them", () => {
    const schedule = settled();
    schedule.hurry(["outlet[n].state", "mode"]);
    expect(schedule.due(START)?.points).toEqual([safe, ...outlets]);
    schedule.hurry(["outlet[2].state", "charge"]);
    expect(schedule.due(START)?.points).toEqual([safe, ...outlets, slow]);
  });

  test("are none where the device has none of that name", () => {
    const schedule = settled();
    schedule.hurry(["outlet[3].state", "no.such.point"]);
    expect(schedule.due(START)).toBeNull();
  });

  test("are asked for once for all that comes in while they are, and then rest a second", () => {
    const schedule = settled();
    schedule.hurry(["charge"]);
    const first = schedule.due(instant(10))!;
    schedule.take(first, instant(10));
    for (let i = 0; i < 1000; i += 1) schedule.hurry(["charge", "mode"]);
    expect(schedule.due(instant(20), first)).toBeNull();
    schedule.finish(first, instant(50));
    for (let i = 0; i < 1000; i += 1) schedule.hurry(["charge"]);
    expect(schedule.untilNext(instant(60))).toBe(940);
    expect(schedule.due(instant(1049))?.points).toEqual([safe]);
    expect(schedule.due(instant(1050))?.points).toEqual([safe, slow]);
  });

  test("let more urgent turns pass between their requests, and pass between those of others", () => {
    const schedule = settled();
    schedule.hurry(["charge"]);
    const hurried = schedule.due(instant(5000))!;
    schedule.take(hurried, instant(5000));
    const mode = schedule.due(instant(5000), hurried)!;
    expect(mode.points).toEqual([safe]);
    schedule.take(mode, instant(5000));
    schedule.finish(mode, instant(5000));
    schedule.finish(hurried, instant(5100));
    schedule.hurry(["mode"]);
    const normal = schedule.due(instant(10_000))!;
    expect(normal.points).toEqual([safe]);
    const ordinary = schedule.due(instant(6000))!;
    schedule.hurry(["mode"]);
    expect(schedule.due(instant(6100), ordinary)?.points).toEqual([safe]);
  });
});

test("devices are spread over the period: among a thousand, no hundredth of it holds more than twelve", () => {
  const counts = Array.from<number>({ length: 100 }).fill(0);
  for (let index = 0; index < 1000; index++) counts[Math.floor(shareOf(index, 1000) * 100)]! += 1;
  expect(Math.max(...counts)).toBeLessThanOrEqual(12);
  expect(Math.min(...counts)).toBeGreaterThan(0);
});

test("few devices meet in ten turns a period, and no turn holds many more than its part", () => {
  const turns = new Map<number, number>();
  for (let index = 0; index < 100; index++) {
    const share = shareOf(index, 100);
    turns.set(share, (turns.get(share) ?? 0) + 1);
  }
  expect(turns.size).toBe(10);
  expect(Math.max(...turns.values())).toBeLessThanOrEqual(12);
});
