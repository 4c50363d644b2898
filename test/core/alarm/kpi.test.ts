import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Priority } from "../../../src/core/alarm/definition.ts";
import { beginKpi, type Kpi, type KpiMemory, kpiOver } from "../../../src/core/alarm/kpi.ts";
import type { AlarmStatus } from "../../../src/core/alarm/lifecycle.ts";
import type { Transition } from "../../../src/core/plant.ts";
import { instant } from "../../../src/core/time.ts";
import { alarmId, t0 } from "../fixture.ts";

const at = (s: number) => instant(t0 + s * 1000);

const move = (
  alarm: string,
  s: number,
  from: AlarmStatus,
  to: AlarmStatus,
  priority: Priority = "low",
): Transition => ({
  alarm: alarmId(alarm),
  at: at(s),
  priority,
  from,
  to,
  because: "",
});
const raise = (alarm: string, s: number, priority: Priority = "low") =>
  move(alarm, s, "normal", "unacknowledged", priority);
const clear = (alarm: string, s: number) => move(alarm, s, "unacknowledged", "returnedUnacknowledged");

function counted(transitions: readonly Transition[]): Kpi {
  const kpi = kpiOver(beginKpi(at(0)));
  kpi.take(transitions.toSorted((a, b) => a.at - b.at));
  return kpi;
}

/** So many alarms, a second apart, from a second on. */
const burst = (count: number, from: number): readonly Transition[] =>
  Array.from({ length: count }, (_, i) => raise(`a${i}`, from + i));

describe("the alarms of ten minutes", () => {
  test("are those put before people in them: now, at most, and on average", () => {
    const kpi = counted([...burst(6, 0), ...burst(2, 1000)]);
    expect(kpi.read(at(1200)).per10min).toEqual({ now: 2, peak: 6, peakAt: at(5), mean: 4 });
    expect(kpi.read(at(1600.999)).per10min.now).toBe(1);
    expect(kpi.read(at(1601)).per10min.now).toBe(0);
  });

  test("of a span that is shorter are no fewer than there were", () => {
    expect(counted(burst(3, 0)).read(at(60)).per10min.mean).toBe(3);
  });

  test("do not count what is suppressed, shelved, or only blind", () => {
    const quiet = [
      move("a", 1, "normal", "suppressedByDesign"),
      { ...move("b", 2, "normal", "normal"), blind: true },
      move("c", 3, "suppressedByDesign", "normal"),
    ];
    expect(counted(quiet).read(at(10)).annunciated).toBe(0);
    const blinded = { ...move("a", 2, "unacknowledged", "unacknowledged"), blind: true };
    expect(counted([raise("a", 1), blinded]).read(at(10)).annunciated).toBe(1);
  });

  test("have their most when it was first so many", () => {
    const { peak, peakAt } = counted([...burst(6, 0), ...burst(6, 1000)]).read(at(2000)).per10min;
    expect([peak, peakAt]).toEqual([6, at(5)]);
  });

  test("are no more than ten thousand in a storm, whose memory is bounded", () => {
    const storm = Array.from({ length: 10_050 }, (_, i) => raise("x", i / 100));
    expect(counted(storm).read(at(101)).per10min).toMatchObject({ now: 10_000, peak: 10_000 });
  });

  test("are of the time in which somebody watched", () => {
    const kpi = counted(burst(6, 0));
    kpi.skip(at(1000), at(2000));
    expect(kpi.read(at(2200))).toMatchObject({ watchedMs: 1_200_000, per10min: { now: 0, peak: 6, mean: 3 } });
  });

  test("of a site of which nothing was heard are none, and a share of nothing is none", () => {
    const kpi = kpiOver(beginKpi(at(0)));
    expect(kpi.memory).toMatchObject({ recent: [], alarms: [] });
    expect(kpi.read(at(0))).toMatchObject({ annunciated: 0, topShare: 0, flood: { share: 0 }, top: [] });
  });

  test("come in the order of time", () => {
    const kpi = counted([raise("a", 5)]);
    expect(() => kpi.take([raise("a", 4)])).toThrow("what is counted comes in the order of time");
  });
});

describe("a flood", () => {
  test("begins with the eleventh alarm in ten minutes, and not with the tenth", () => {
    expect(counted(burst(10, 0)).read(at(20)).flood).toMatchObject({ isOn: false, count: 0 });
    expect(counted(burst(11, 0)).read(at(20)).flood).toMatchObject({ isOn: true, count: 1, ms: 10_000 });
  });

  test("ends when fewer than five of ten minutes are left, whenever it is asked", () => {
    const kpi = counted(burst(12, 0));
    // The fifth newest came at 7 s: it has left the ten minutes at 607 s.
    expect(kpi.read(at(606)).flood.isOn).toBe(true);
    expect(kpi.read(at(5000)).flood).toEqual({ isOn: false, count: 1, ms: 597_000, share: 597 / 5000 });
  });

  test("that comes again is another one", () => {
    expect(counted([...burst(11, 0), ...burst(11, 2000)]).read(at(4000)).flood.count).toBe(2);
  });
});

describe("an alarm", () => {
  const cycles = (count: number, everyS: number) =>
    Array.from({ length: count }, (_, i) => [raise("x", i * everyS), clear("x", i * everyS + 5)]).flat();

  test("chatters when it is raised three times within a minute", () => {
    expect(counted(cycles(3, 30)).read(at(500)).chattering).toEqual([{ alarm: "x", count: 1, share: 1 }]);
    expect(counted(cycles(3, 31)).read(at(500)).chattering).toEqual([]);
    expect(counted(cycles(5, 20)).read(at(500)).chattering[0]?.count).toBe(1);
    expect(counted(cycles(6, 20)).read(at(500)).chattering[0]?.count).toBe(2);
    const slowThenFast = [0, 100, 200, 210, 220].map((s) => raise("x", s));
    expect(counted(slowThenFast).read(at(500)).chattering[0]?.count).toBe(1);
  });

  test("is fleeting when it is gone within a minute and nobody has answered it", () => {
    expect(counted([raise("x", 0), clear("x", 59)]).read(at(100)).fleeting[0]?.count).toBe(1);
    expect(counted([raise("x", 0), clear("x", 60)]).read(at(100)).fleeting).toEqual([]);
    const answered = [
      raise("x", 0),
      move("x", 10, "unacknowledged", "acknowledged"),
      move("x", 20, "acknowledged", "normal"),
    ];
    expect(counted(answered).read(at(100)).fleeting).toEqual([]);
    const latched = [raise("x", 0), move("x", 20, "unacknowledged", "latchedUnacknowledged")];
    expect(counted(latched).read(at(100)).fleeting[0]?.count).toBe(1);
    const remembered = [
      raise("x", 0),
      move("x", 10, "unacknowledged", "acknowledged"),
      move("x", 20, "acknowledged", "unacknowledged"),
      clear("x", 70),
    ];
    expect(counted(remembered).read(at(100)).fleeting).toEqual([]);
    const brief = [...remembered.slice(0, -1), clear("x", 50)];
    expect(counted(brief).read(at(100)).fleeting[0]?.count).toBe(1);
    expect(counted([raise("x", 0), move("x", 10, "unacknowledged", "shelved")]).read(at(100)).fleeting).toEqual([]);
  });

  test.each(["shelved", "suppressedByDesign", "outOfService", "acknowledged"] as const)(
    "that is put before people again from %s is one more of them, and has neither come nor gone by it",
    (state) => {
      const again = (s: number) => [move("x", s, "unacknowledged", state), move("x", s + 5, state, "unacknowledged")];
      const kpi = counted([raise("x", 0), ...again(10), ...again(20), ...again(30), clear("x", 70)]);
      const { annunciated, chattering, fleeting } = kpi.read(at(100));
      expect([annunciated, chattering, fleeting]).toEqual([4, [], []]);
    },
  );

  test("is answered in time by its priority, also after it has cleared", () => {
    const answer = (s: number) => move("x", s, "unacknowledged", "acknowledged", "critical");
    expect(counted([raise("x", 0, "critical"), answer(120)]).read(at(200)).answered).toEqual({ count: 1, inTime: 1 });
    expect(counted([raise("x", 0, "critical"), answer(121)]).read(at(200)).answered).toEqual({ count: 1, inTime: 0 });
    const late = [raise("x", 0), clear("x", 5), move("x", 30, "returnedUnacknowledged", "normal")];
    expect(counted(late).read(at(200)).answered).toEqual({ count: 1, inTime: 1 });
    const latched = [
      move("x", 5, "unacknowledged", "latchedUnacknowledged"),
      move("x", 9, "latchedUnacknowledged", "latchedAcknowledged"),
    ];
    expect(counted([raise("x", 0), ...latched]).read(at(200)).answered).toEqual({ count: 1, inTime: 1 });
  });

  test("is answered once, and not by clearing itself or by being put away", () => {
    const acknowledged = move("x", 10, "unacknowledged", "acknowledged");
    const once = [raise("x", 0), acknowledged, move("x", 20, "acknowledged", "normal")];
    expect(counted(once).read(at(200)).answered.count).toBe(1);
    expect(counted([raise("x", 0), clear("x", 20)]).read(at(200)).answered.count).toBe(0);
    const shelved = [raise("x", 0), move("x", 10, "unacknowledged", "shelved"), move("x", 100, "shelved", "normal")];
    expect(counted(shelved).read(at(200)).answered.count).toBe(0);
  });
});

test("priorities and the most frequent have their share of all", () => {
  const many = Array.from({ length: 8 }, (_, i) => raise("often", i * 100, "low"));
  const figures = counted([...many, raise("once", 900, "critical"), raise("twice", 950, "high")]).read(at(1000));
  expect(figures.byPriority).toMatchObject({ critical: { count: 1, share: 0.1 }, low: { count: 8, share: 0.8 } });
  expect(figures.top.map(({ alarm, share }) => [alarm, share])).toEqual([
    ["often", 0.8],
    ["once", 0.1],
    ["twice", 0.1],
  ]);
  expect(figures.topShare).toBeCloseTo(1);
});

test("the ten most frequent are told, the most frequent first, and those of one count by name", () => {
  const raised = "lkjihgfedcbal".split("").map((id, i) => raise(id, i * 100));
  const { top, topShare } = counted(raised).read(at(2000));
  expect(top.map(({ alarm }) => alarm).join("")).toBe("labcdefghi");
  expect(topShare).toBeCloseTo(11 / 13);
});

test("counting goes on over a saved memory as if it had never stopped", () => {
  const statuses: readonly AlarmStatus[] = [
    "normal",
    "unacknowledged",
    "acknowledged",
    "returnedUnacknowledged",
    "shelved",
  ];
  const step = fc.record({
    alarm: fc.constantFrom("a", "b", "c"),
    wait: fc.integer({ min: 0, max: 200 }),
    to: fc.constantFrom(...statuses),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.nat(80), (steps, cut) => {
      const now = new Map<string, AlarmStatus>();
      let s = 0;
      const moves = steps.map(({ alarm, wait, to }) => {
        s += wait;
        const from = now.get(alarm) ?? "normal";
        now.set(alarm, to);
        return move(alarm, s, from, to);
      });
      const whole = kpiOver(beginKpi(at(0)));
      whole.take(moves);
      const first = kpiOver(beginKpi(at(0)));
      first.take(moves.slice(0, cut));
      const second = kpiOver(JSON.parse(JSON.stringify(first.memory)) as KpiMemory);
      second.take(moves.slice(cut));
      expect(second.read(at(s + 700))).toEqual(whole.read(at(s + 700)));
    }),
  );
});

test("a flood's time is what a look at every second would give", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 5, maxLength: 60 }), (waits) => {
      let s = 0;
      const moves = waits.map((wait, i) => {
        s += wait;
        return raise(`a${i}`, s);
      });
      let isOn = false;
      let seconds = 0;
      for (let now = 0; now <= s + 700; now += 1) {
        const count = moves.filter((m) => m.at <= at(now) && at(now) - m.at < 600_000).length;
        if (count > 10) isOn = true;
        if (count < 5) isOn = false;
        if (isOn) seconds += 1;
      }
      expect(counted(moves).read(at(s + 700)).flood.ms).toBe(seconds * 1000);
    }),
  );
});
