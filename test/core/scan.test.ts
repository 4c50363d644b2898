import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shelfMax } from "../../src/core/alarm/ask.ts";
import type { AlarmDefinition } from "../../src/core/alarm/definition.ts";
import { AssertionError } from "../../src/core/assert.ts";
import { checkpoint, restore, resume } from "../../src/core/checkpoint.ts";
import type { Detector } from "../../src/core/detect/detector.ts";
import type { ScanInput } from "../../src/core/plant.ts";
import type { Reading } from "../../src/core/reading.ts";
import type { Response } from "../../src/core/respond/response.ts";
import { nextDue, passTime, scan } from "../../src/core/scan.ts";
import { instant, ms } from "../../src/core/time.ts";
import type { Bench } from "./fixture.ts";
import {
  above,
  alarm,
  alarmId,
  bad,
  bench,
  doubtful,
  good,
  input,
  maxAge,
  noticed,
  point,
  responseId,
  site,
  stateOf,
  t0,
  told,
} from "./fixture.ts";

const benchOf = (...alarms: readonly AlarmDefinition[]): Bench => bench(site({ alarms }));
const said = { by: "operator", why: "seen" } as const;
const move: Response = {
  id: responseId("move"),
  title: { en: "move" },
  when: [alarmId("hot")],
  ifBlind: "hold",
  mode: "advise",
  after: ms(0),
  action: { kind: "failover", steps: [] },
};

describe("delays", () => {
  test("an alarm is raised to the millisecond when its on-delay has passed, with no further reading", () => {
    const b = benchOf(alarm("hot", { onDelay: 1000 }));
    expect(told(b.read(0, { x: 11 }))).toEqual([]);
    expect(nextDue(b.plant)).toBe(t0 + 1000);
    expect(told(b.scan(999))).toEqual([]);
    const raised = b.scan(1000);
    expect(told(raised)).toEqual(["hot: normal → unacknowledged"]);
    expect(raised.transitions[0]).toMatchObject({ at: t0 + 1000, priority: "high", because: "x = 11" });
  });

  test("an alarm without an on-delay is raised in the scan that brings the reading", () => {
    expect(told(benchOf(alarm("hot")).read(0, { x: 11 }))).toEqual(["hot: normal → unacknowledged"]);
  });

  test("a condition that goes before the on-delay has passed raises nothing, and the next one waits in full", () => {
    const b = benchOf(alarm("hot", { onDelay: 1000 }));
    b.read(0, { x: 11 });
    b.read(900, { x: 5 });
    expect(b.wait(1500).flatMap(told)).toEqual([]);
    b.read(1600, { x: 11 });
    expect(told(b.scan(2599))).toEqual([]);
    expect(told(b.scan(2600))).toEqual(["hot: normal → unacknowledged"]);
  });

  test("an alarm clears to the millisecond when its off-delay has passed", () => {
    const b = benchOf(alarm("hot", { offDelay: 2000 }));
    b.read(0, { x: 11 });
    b.read(100, { x: 5 });
    expect(told(b.scan(2099))).toEqual([]);
    expect(told(b.scan(2100))).toEqual(["hot: unacknowledged → returnedUnacknowledged"]);
  });

  test("an off-delay begins anew when sight was lost on the way: the alarm clears only after it was seen normal all along", () => {
    const b = benchOf(alarm("hot", { offDelay: 1000 }));
    b.read(0, { x: 11 });
    b.read(100, { x: 5 });
    expect(told(b.read(200, { x: "sensorFailure" }))).toEqual(["hot: unacknowledged → unacknowledged, blind"]);
    expect(told(b.read(9000, { x: 5 }))).toEqual(["hot: unacknowledged → unacknowledged, sees"]);
    expect(b.wait(9999).flatMap(told)).toEqual([]);
    expect(told(b.scan(10_000))).toEqual(["hot: unacknowledged → returnedUnacknowledged"]);
  });

  test("an on-delay runs on while sight is lost: a sensor that answers by fits and starts still raises its alarm", () => {
    const b = benchOf(alarm("hot", { onDelay: 1000 }));
    b.read(0, { x: 11 });
    b.read(500, { x: "sensorFailure" });
    expect(b.wait(1200).flatMap(told)).toEqual([]);
    expect(told(b.read(1300, { x: 11 }))).toEqual(["hot: normal → unacknowledged, sees"]);
  });
});

describe("silence", () => {
  test("a point that stops speaking blinds its alarm once, a millisecond after its age runs out, and raises nothing", () => {
    const b = benchOf(alarm("hot"));
    b.read(0, { x: 5 });
    expect(nextDue(b.plant)).toBe(t0 + maxAge + 1);
    expect(told(b.scan(maxAge))).toEqual([]);
    const blind = b.scan(maxAge + 1);
    expect(told(blind)).toEqual(["hot: normal → normal, blind"]);
    expect(blind.transitions[0]?.because).toBe("x stale");
    expect(b.wait(1e9).flatMap(told)).toEqual([]);
    expect(nextDue(b.plant)).toBeNull();
  });

  test("a point that has spoken since, beside one that has not, is watched on, and told when it has grown old as well", () => {
    const b = benchOf(alarm("hot"), alarm("wet", { on: ["y"] }));
    b.read(0, { x: 5, y: 5 });
    b.read(500, { x: 5 });
    expect(b.wait(maxAge + 1).flatMap(told)).toEqual(["wet: normal → normal, blind"]);
    expect(b.wait(1e9).flatMap(told)).toEqual(["hot: normal → normal, blind"]);
  });

  test("an active alarm stays active through silence, and says so", () => {
    const b = benchOf(alarm("hot"));
    b.read(0, { x: 11 });
    expect(b.wait(1e6).flatMap(told)).toEqual(["hot: unacknowledged → unacknowledged, blind"]);
    expect(told(b.read(2e6, { x: 11 }))).toEqual(["hot: unacknowledged → unacknowledged, sees"]);
  });

  test("a poll without an answer does not displace a value that may still be used; any other fault does at once", () => {
    const b = benchOf(alarm("hot"));
    b.read(0, { x: 5 });
    expect(told(b.read(1000, { x: "noCommunication" }))).toEqual([]);
    expect(b.wait(maxAge).flatMap(told)).toEqual([]);
    expect(told(b.scan(maxAge + 1))).toEqual(["hot: normal → normal, blind"]);
    b.read(10_000, { x: 5 });
    expect(told(b.read(10_001, { x: "deviceFailure" }))).toEqual(["hot: normal → normal, blind"]);
  });

  test("a poll without an answer, after the value's time is up, is the reason that is told", () => {
    const b = benchOf(alarm("hot"));
    b.read(0, { x: 5 });
    const late = b.read(maxAge + 1, { x: "noCommunication" });
    expect(late.transitions[0]).toMatchObject({ blind: true, because: "x noCommunication" });
  });

  test("a point that has never spoken has its usual time before anyone is called blind, unanswered polls or not", () => {
    const b = benchOf(alarm("hot"));
    expect(told(b.read(100, { x: "noCommunication" }))).toEqual([]);
    expect(told(b.scan(maxAge))).toEqual([]);
    expect(told(b.scan(maxAge + 1))).toEqual(["hot: normal → normal, blind"]);
  });

  test("a new alarm on a sensor that is known to be dead is blind with the sensor's next word", () => {
    const b = benchOf(alarm("hot"));
    b.read(0, { x: "sensorFailure" });
    const model = site({ alarms: [alarm("hot"), alarm("warm", { detect: above(8) })] });
    const next = bench(model, restore(model, checkpoint(b.plant)));
    expect(told(next.read(1, { x: "sensorFailure" }))).toEqual(["warm: normal → normal, blind"]);
  });

  test("one dead sensor of three does not blind a two-out-of-three vote; a second one does", () => {
    const b = benchOf(alarm("fire", { on: ["a", "b", "c"], need: 2 }));
    b.read(0, { a: 5, b: 5, c: 5 });
    expect(told(b.read(1, { a: "sensorFailure" }))).toEqual([]);
    expect(told(b.read(2, { b: "sensorFailure" }))).toEqual(["fire: normal → normal, blind"]);
    expect(told(b.read(3, { b: 11, c: 11 }))).toEqual(["fire: normal → unacknowledged, sees"]);
  });

  test("an older reading than the one that is known changes nothing, and neither does one of an unknown point", () => {
    const b = benchOf(alarm("hot"));
    b.read(100, { x: 5 });
    const before = checkpoint(b.plant);
    expect(b.scan(100, { readings: [good("x", 11, 99), good("elsewhere", 11, 100)] }).transitions).toEqual([]);
    expect(checkpoint(b.plant)).toEqual(before);
  });

  test("a reading from the future counts as of now, so that a wrong clock cannot keep a value alive", () => {
    const b = benchOf(alarm("hot"));
    const [raised] = b.scan(0, { readings: [doubtful("x", 11, 1e9)] }).transitions;
    expect(raised).toMatchObject({ to: "unacknowledged", because: "x = 11" });
    expect(b.plant.newest.get(point("x"))).toEqual(doubtful("x", 11, 0));
    expect(b.wait(maxAge + 1).flatMap(told)).toEqual(["hot: unacknowledged → unacknowledged, blind"]);
  });

  test("a point that comes back and stops again blinds its alarm again, in its own time", () => {
    const b = benchOf(alarm("hot"));
    b.read(0, { x: 5 });
    b.wait(10_000);
    expect(told(b.read(20_000, { x: 5 }))).toEqual(["hot: normal → normal, sees"]);
    expect(nextDue(b.plant)).toBe(t0 + 20_000 + maxAge + 1);
    expect(b.wait(20_000 + maxAge + 1).flatMap(told)).toEqual(["hot: normal → normal, blind"]);
  });

  test("nobody wakes for a point that has been read again before it was to grow old", () => {
    const b = benchOf(alarm("hot"));
    b.read(0, { x: 5 });
    b.read(maxAge - 1000, { x: 5 });
    expect(nextDue(b.plant)).toBe(t0 + maxAge + 1);
    b.scan(maxAge - 999);
    expect(nextDue(b.plant)).toBe(t0 + maxAge - 1000 + maxAge + 1);
    expect(b.wait(2 * maxAge - 999).flatMap(told)).toEqual(["hot: normal → normal, blind"]);
  });

  test("whoever grows old at an instant is looked at then, whoever else has been read again", () => {
    const b = benchOf(alarm("hot"), alarm("wet", { on: ["y"] }));
    b.read(0, { x: 5, y: 5 });
    b.read(maxAge - 500, { y: 5 });
    expect(nextDue(b.plant)).toBe(t0 + maxAge + 1);
    expect(told(b.scan(maxAge + 1))).toEqual(["hot: normal → normal, blind"]);
  });

  test("a point that says that it has no value does not wait to grow old", () => {
    const b = benchOf(alarm("hot"));
    b.read(0, { x: 5 });
    b.wait(10_000);
    b.read(20_000, { x: "sensorFailure" });
    expect(nextDue(b.plant)).toBeNull();
  });

  test("a point that has never spoken is judged as one that waits for its first reading", () => {
    const b = benchOf(alarm("hot"));
    const heard: Reading[] = [];
    stateOf(b.plant, "hot").detectors[0] = {
      memory: null,
      judge(reading) {
        heard.push(reading);
        return "unknown";
      },
    };
    b.scan(maxAge + 1);
    expect(heard).toEqual([bad("x", "waitingForFirst", maxAge + 1)]);
  });

  test.each<[string, Parameters<Bench["read"]>[1], number]>([
    ["says that it has no value", { c: "sensorFailure" }, 9002],
    ["never speaks", {}, 9000 + maxAge + 1],
  ])("what a blind vote lacks is told anew when the last awaited channel %s", (_, values, at) => {
    const b = benchOf(alarm("fire", { on: ["a", "b", "c"], need: 2 }));
    b.read(0, { a: "sensorFailure", b: "sensorFailure", c: 5 });
    resume(b.plant, instant(t0 + 9000));
    expect(b.read(9001, { a: 5, b: "sensorFailure" }).notices).toEqual([]);
    expect(b.read(at, values).notices.map(({ text }) => text)).toEqual(["2oo3 cannot be raised: b is bad, c is bad"]);
  });

  test("a reading that arrives too old to be used is no reading", () => {
    const b = benchOf(alarm("hot"));
    expect(told(b.scan(maxAge + 5, { readings: [good("x", 11, 0)] }))).toEqual(["hot: normal → normal, blind"]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "a value of %s is a fault of the sensor, whoever called it good",
    (value) => {
      const b = benchOf(
        alarm("hot"),
        alarm("cold", { detect: { kind: "limit", side: "below", limit: 1, deadband: 0 } }),
      );
      const output = b.read(0, { x: value });
      expect(told(output)).toEqual(["hot: normal → normal, blind", "cold: normal → normal, blind"]);
      expect(output.transitions[0]?.because).toBe("x sensorFailure");
      expect(JSON.parse(JSON.stringify(checkpoint(b.plant)))).toEqual(checkpoint(b.plant));
    },
  );

  test("a reading without an instant is bad from now on, and the agenda goes on", () => {
    const b = benchOf(alarm("hot"), alarm("wet", { on: ["y"] }));
    const timeless: Reading = { ...good("x", 5), at: instant(Number.NaN) };
    expect(told(b.scan(0, { readings: [timeless, good("y", 5)] }))).toEqual(["hot: normal → normal, blind"]);
    expect(b.wait(maxAge + 1).flatMap(told)).toEqual(["wet: normal → normal, blind"]);
  });
});

describe("suppression by design", () => {
  const root = alarm("root", { on: ["r"] });
  const leaf = alarm("leaf", { on: ["l"], suppressedBy: ["root"] });

  test.each([
    ["root first", [root, leaf]],
    ["consequence first", [leaf, root]],
  ])("a consequence that comes with its root is not told of, in whatever order they are listed: %s", (_, alarms) => {
    const b = benchOf(...alarms);
    expect(told(b.read(0, { r: 11, l: 11 })).toSorted()).toEqual([
      "leaf: normal → suppressedByDesign",
      "root: normal → unacknowledged",
    ]);
    expect(told(b.read(10, { r: 5, l: 5 })).toSorted()).toEqual([
      "leaf: suppressedByDesign → returnedUnacknowledged",
      "root: unacknowledged → returnedUnacknowledged",
    ]);
  });

  test("what one scan tells stands in the order of the site, a root before its consequence", () => {
    const alarms = ["a", "b", "c"].map((id) => alarm(id, { on: [id] }));
    const b = benchOf(leaf, ...alarms, root);
    const ids = b.read(0, { c: 11, l: 11, r: 11, b: 11, a: 11 }).transitions.map(({ alarm: id }) => id);
    expect(ids).toEqual(["a", "b", "c", "root", "leaf"]);
  });

  test("what is released shows what stands, and why", () => {
    const b = benchOf(leaf, root);
    b.read(0, { r: 11 });
    expect(told(b.read(1, { l: 11 }))).toEqual([]);
    const released = b.read(2, { r: 5 });
    expect(told(released)).toContain("leaf: suppressedByDesign → unacknowledged");
    expect(released.transitions.find(({ alarm: id }) => id === "leaf")?.because).toBe("l = 11");
  });

  test("suppression does not stop a delay: what was due while hidden has happened", () => {
    const b = benchOf(root, alarm("leaf", { on: ["l"], suppressedBy: ["root"], onDelay: 1000 }));
    b.read(0, { r: 11, l: 11 });
    b.scan(1000);
    expect(told(b.read(1001, { r: 5 }))).toContain("leaf: suppressedByDesign → unacknowledged");
  });

  test("chains settle within one scan, and the same for every order of listing (property)", () => {
    const chain = ["a", "b", "c", "d"].map((id, i, all) =>
      alarm(id, { on: [id], suppressedBy: i === 0 ? [] : [all[i - 1]!] }),
    );
    const values = fc.record({
      a: fc.integer({ min: 9, max: 12 }),
      b: fc.integer({ min: 9, max: 12 }),
      c: fc.integer({ min: 9, max: 12 }),
      d: fc.integer({ min: 9, max: 12 }),
    });
    fc.assert(
      fc.property(
        fc.shuffledSubarray(chain, { minLength: 4 }),
        fc.array(values, { maxLength: 6 }),
        (listed, history) => {
          const [one, other] = [benchOf(...chain), benchOf(...listed)];
          history.forEach((moment, i) => {
            expect(told(other.read(i, moment)).toSorted()).toEqual(told(one.read(i, moment)).toSorted());
          });
        },
      ),
    );
  });
});

describe("requests", () => {
  const shelve = (until: number) => ({ kind: "shelve", until: instant(t0 + until), ...said }) as const;

  test("a shelved alarm comes back by itself, to the millisecond, with what then stands", () => {
    const b = benchOf(alarm("hot"));
    expect(told(b.ask(0, "hot", shelve(5000)))).toEqual(["hot: normal → shelved"]);
    expect(told(b.read(100, { x: 11 }))).toEqual([]);
    expect(told(b.read(4000, { x: 11 }))).toEqual([]);
    expect(told(b.scan(4999))).toEqual([]);
    expect(told(b.scan(5000))).toEqual(["hot: shelved → unacknowledged"]);
  });

  test("shelving anew moves the end, both ways", () => {
    const b = benchOf(alarm("hot"));
    b.ask(0, "hot", shelve(5000));
    b.ask(10, "hot", shelve(9000));
    expect(told(b.scan(5000)).filter((line) => line.includes("→ normal") && !line.includes("blind"))).toEqual([]);
    expect(b.status("hot")).toBe("shelved");
    b.ask(5001, "hot", shelve(6000));
    b.scan(6000);
    expect(b.status("hot")).toBe("normal");
  });

  test.each([
    ["no time at all", 0],
    ["the past", -1],
    ["longer than a shift", shelfMax + 1],
    ["no instant", Number.NaN],
    ["ever", Number.POSITIVE_INFINITY],
  ])("shelving for %s is refused, and the refusal told", (_, until) => {
    const b = benchOf(alarm("hot"));
    const output = b.ask(0, "hot", shelve(until));
    expect(noticed(output, "request")).toEqual(["refused"]);
    expect(b.status("hot")).toBe("normal");
  });

  test("shelving for a whole shift is not refused", () => {
    const b = benchOf(alarm("hot"));
    expect(told(b.ask(0, "hot", shelve(shelfMax)))).toEqual(["hot: normal → shelved"]);
  });

  test("a reset is refused while the alarm is active, unacknowledged or blind, and then done", () => {
    const b = benchOf(alarm("hot", { latch: true }));
    const reset = (after: number) => noticed(b.ask(after, "hot", { kind: "reset", ...said }), "request");
    b.read(0, { x: 11 });
    expect(reset(1)).toEqual(["refused"]);
    b.read(2, { x: 5 });
    expect(reset(3)).toEqual(["refused"]);
    b.ask(4, "hot", { kind: "acknowledge", ...said });
    b.read(5, { x: "sensorFailure" });
    expect(reset(6)).toEqual(["refused"]);
    b.read(7, { x: 5 });
    expect(told(b.ask(8, "hot", { kind: "reset", ...said }))).toEqual(["hot: latchedAcknowledged → normal"]);
  });

  test("who asked and why is told", () => {
    const b = benchOf(alarm("hot"));
    b.read(0, { x: 11 });
    const output = b.ask(1, "hot", { kind: "acknowledge", by: "operator", why: "on my way" });
    expect(output.transitions[0]).toMatchObject({ to: "acknowledged", because: "operator: on my way" });
  });

  test("an acknowledgement cannot run ahead of the alarm that the same scan raises", () => {
    const b = benchOf(alarm("hot"));
    const request = { to: "alarm", alarm: alarmId("hot"), event: { kind: "acknowledge", ...said } } as const;
    b.scan(0, { readings: [good("x", 11)], requests: [request] });
    expect(b.status("hot")).toBe("unacknowledged");
  });

  test("a request about what does not exist is refused, and the refusal told", () => {
    const b = bench(site({ alarms: [alarm("hot")], responses: [move] }));
    expect(b.ask(0, "cold", { kind: "acknowledge", ...said }).notices).toMatchObject([
      { about: "request", id: "cold", event: "refused", text: "there is no such alarm" },
    ]);
    expect(b.order(0, "nothing", "start").notices).toMatchObject([
      { about: "request", id: "nothing", event: "refused", text: "there is no such response" },
    ]);
  });
});

describe("a fault of ours", () => {
  const broken: Detector = {
    memory: null,
    judge() {
      throw new AssertionError("a claim that does not hold");
    },
  };

  test("a detector that fails an assertion blinds its own alarm, in sight and once, and no other", () => {
    const b = benchOf(alarm("hot"), alarm("warm", { detect: above(8) }));
    stateOf(b.plant, "hot").detectors[0] = broken;
    const first = b.read(0, { x: 11 });
    expect(told(first)).toEqual(["hot: normal → normal, blind", "warm: normal → unacknowledged"]);
    expect(first.notices).toMatchObject([
      { about: "fault", id: "hot", event: "faulted", text: "a claim that does not hold" },
    ]);
    expect(noticed(b.read(1, { x: 11 }), "fault")).toEqual([]);
    expect(noticed(b.read(2, { x: 5 }), "fault")).toEqual([]);
  });

  test("is told when it begins, though the point has spoken before, and not again when the point falls silent", () => {
    const b = benchOf(alarm("hot"));
    b.read(0, { x: 5 });
    stateOf(b.plant, "hot").detectors[0] = broken;
    expect(noticed(b.read(1, { x: 5 }), "fault")).toEqual(["faulted"]);
    expect(b.wait(1e6).flatMap((output) => noticed(output, "fault"))).toEqual([]);
  });

  test("is told of a point that never speaks as well", () => {
    const b = benchOf(alarm("hot"));
    stateOf(b.plant, "hot").detectors[0] = broken;
    expect(b.wait(1e6).flatMap((output) => noticed(output, "fault"))).toEqual(["faulted"]);
  });

  test("a vote that fails an assertion blinds its own alarm, in sight and once, and no other", () => {
    const b = benchOf(alarm("hot", { need: 2 }), alarm("warm", { detect: above(8) }));
    const first = b.read(0, { x: 11 });
    expect(told(first).toSorted()).toEqual(["hot: normal → normal, blind", "warm: normal → unacknowledged"]);
    expect(noticed(first, "fault")).toEqual(["faulted"]);
    expect(noticed(b.read(1, { x: 5 }), "fault")).toEqual([]);
  });

  test("any other error is no assertion, and is not swallowed", () => {
    const b = benchOf(alarm("hot"));
    stateOf(b.plant, "hot").detectors[0] = {
      memory: null,
      judge() {
        throw new TypeError("not a claim");
      },
    };
    expect(() => b.read(0, { x: 11 })).toThrow(TypeError);
  });

  test("time does not go backwards", () => {
    const b = benchOf();
    b.scan(10);
    expect(() => b.scan(9)).toThrow(new AssertionError("time does not go backwards"));
  });
});

describe("the work of a scan", () => {
  const counted = (b: Bench): (() => number) => {
    let calls = 0;
    for (const state of b.plant.alarms)
      state.detectors.forEach((detector, i) => {
        state.detectors[i] = {
          memory: detector.memory,
          judge(reading, now, stands) {
            calls += 1;
            return detector.judge(reading, now, stands);
          },
        };
      });
    return () => calls;
  };

  test("does not grow with the number of points: one reading is one judgement for each channel that looks at it", () => {
    for (const points of [10, 1000]) {
      const alarms = Array.from({ length: points }, (_, i) => alarm(`a${i}`, { on: [`p${i}`] }));
      const b = benchOf(...alarms, alarm("both", { on: ["p0", "p1"] }));
      const calls = counted(b);
      b.read(0, { p0: 5 });
      expect(calls()).toBe(2);
      b.scan(1);
      expect(calls()).toBe(2);
    }
  });

  test("is nothing when nothing arrives and nothing is due: the plant remembers exactly what it did", () => {
    const b = benchOf(alarm("hot", { onDelay: 1000 }), alarm("cold", { on: ["y"] }));
    b.read(0, { x: 11, y: 3 });
    const before = checkpoint(b.plant);
    const output = b.scan(500);
    expect(output).toEqual({ transitions: [], commands: [], notices: [] });
    expect({ ...checkpoint(b.plant), now: before.now }).toEqual(before);
  });

  test("keeps one entry a point on the agenda, however often the point speaks", () => {
    const b = benchOf(alarm("hot"));
    for (let after = 0; after < 5000; after += 10) b.read(after, { x: 5 });
    expect(b.plant.agenda.entries()).toHaveLength(1);
  });
});

describe("time that passes", () => {
  const inputs = (b: Bench, until: number): readonly ScanInput[] => {
    const taken: ScanInput[] = [];
    passTime(b.plant, instant(t0 + until), (given) => {
      taken.push(given);
      scan(b.plant, given);
    });
    return taken;
  };

  test("is scanned whenever something falls due, up to its end and not through it", () => {
    const b = benchOf(alarm("hot", { onDelay: 1000 }));
    b.read(0, { x: 11 });
    expect(inputs(b, 1000)).toEqual([]);
    expect(inputs(b, maxAge + 1)).toEqual([input(1000)]);
    expect(inputs(b, maxAge + 2)).toEqual([input(maxAge + 1)]);
    expect(inputs(b, 1e9)).toEqual([]);
  });

  test("what should have been looked at before is looked at now, and not in the past", () => {
    const b = benchOf();
    b.scan(1000, { leads: false });
    b.plant.agenda.add(instant(t0 + 10), { kind: "cause" });
    expect(inputs(b, 2000)).toEqual([input(1000, { leads: false })]);
  });
});

describe("what is told in words", () => {
  test("a state point is told by its state, a number with its unit and five digits", () => {
    const model = site({
      alarms: [alarm("fire", { on: ["asd/smoke.level"] }), alarm("hot", { on: ["t"] })],
      points: {
        "asd/smoke.level": { maxAge, states: [...Array(11).fill("calm"), "fire1"] },
        t: { maxAge, unit: "Cel" },
      },
    });
    const output = bench(model).read(0, { "asd/smoke.level": 11, t: 41.123_456_7 });
    expect(output.transitions.map(({ because }) => because)).toEqual(["asd/smoke.level = fire1", "t = 41.123 Cel"]);
  });

  test("only the channels that speak for the state are named", () => {
    const b = benchOf(alarm("fire", { on: ["a", "b", "c"], need: 2 }));
    const output = b.scan(0, { readings: [good("a", 11), good("b", 5), good("c", 12)] });
    expect(output.transitions[0]?.because).toBe("a = 11, c = 12");
  });
});

test("the input of a scan is left as it was", () => {
  const b = benchOf(alarm("hot"));
  const given = input(0, { readings: [good("x", 11), bad("x", "sensorFailure")] });
  const copy = structuredClone(given);
  b.scan(0, given);
  expect(given).toEqual(copy);
  expect(b.plant.newest.get(point("x"))?.quality).toBe("bad");
});
