import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AlarmDefinition } from "../../../src/core/alarm/definition.ts";
import type { AlarmRequest } from "../../../src/core/alarm/lifecycle.ts";
import { AssertionError } from "../../../src/core/assert.ts";
import type { ScanOutput } from "../../../src/core/plant.ts";
import { instant, minutes, ms } from "../../../src/core/time.ts";
import type { Bench } from "../fixture.ts";
import { above, alarm, bench, good, noticed, point, site, stateOf, t0, told } from "../fixture.ts";

const benchOf = (...alarms: readonly AlarmDefinition[]): Bench => bench(site({ alarms }));
const said = { by: "Kim", why: "work" } as const;
const acknowledge: AlarmRequest = { kind: "acknowledge", ...said };
const end = 5000;
const until = instant(t0 + end);

interface Way {
  readonly by: string;
  /** Hides "hot" from 0 to `end`, and gives what was told at its end. */
  readonly hide: (b: Bench) => void;
  readonly release: (b: Bench) => ScanOutput;
}

const root = alarm("root", { on: ["r"] });
const ways: readonly Way[] = [
  {
    by: "shelving",
    hide: (b) => void b.ask(0, "hot", { kind: "shelve", until, ...said }),
    release: (b) => b.scan(end),
  },
  {
    by: "being out of service",
    hide: (b) => void b.ask(0, "hot", { kind: "outOfService", until, permit: "W-1", ...said }),
    release: (b) => b.scan(end),
  },
  {
    by: "suppression by design",
    hide: (b) => void b.read(0, { r: 11 }),
    release: (b) => b.read(end, { r: 5 }),
  },
];
const hot = (sketch: Parameters<typeof alarm>[1] = {}): Bench =>
  benchOf(root, alarm("hot", { suppressedBy: ["root"], ...sketch }));
const ofHot = (output: ScanOutput): readonly string[] => told(output).filter((line) => line.startsWith("hot"));
const readings = (b: Bench, from: number, to: number, x: number): void => {
  for (let at = from; at <= to; at += 1000) b.read(at, { x });
};

describe.each(ways)("an alarm that is withheld by $by", ({ hide, release }) => {
  test("is told of when that ends, if it was raised meanwhile and still stands", () => {
    const b = hot();
    hide(b);
    b.read(100, { x: 11 });
    readings(b, 1000, 4000, 11);
    expect(ofHot(release(b))).toEqual([expect.stringMatching(/→ unacknowledged$/)]);
    expect(stateOf(b.plant, "hot").alarm.raisedAt).toBe(t0 + 100);
  });

  test("is told of when that ends, if it came and went meanwhile", () => {
    const b = hot();
    hide(b);
    b.read(100, { x: 11 });
    readings(b, 1000, 4000, 5);
    expect(ofHot(release(b))).toEqual([expect.stringMatching(/→ returnedUnacknowledged$/)]);
  });

  test("comes back unacknowledged, though it was acknowledged before", () => {
    const b = hot();
    b.read(0, { x: 11 });
    b.ask(0, "hot", acknowledge);
    hide(b);
    readings(b, 1000, 4000, 11);
    expect(ofHot(release(b))).toEqual([expect.stringMatching(/→ unacknowledged$/)]);
  });

  test("neither advances nor stops an on-delay that ends while it lasts, nor one that ends after it", () => {
    for (const [began, due] of [
      [0, 3000],
      [3500, 6500],
    ] as const) {
      const b = hot({ onDelay: 3000 });
      hide(b);
      b.read(began, { x: 11 });
      readings(b, Math.ceil((began + 1) / 1000) * 1000, 4000, 11);
      b.wait(Math.min(due, end - 1));
      expect(stateOf(b.plant, "hot").alarm.active).toBe(due < end);
      release(b);
      readings(b, end + 1000, end + 1000, 11);
      b.wait(due);
      expect(stateOf(b.plant, "hot").alarm).toMatchObject({ active: true, raisedAt: t0 + due });
    }
  });

  test("neither advances nor stops an off-delay", () => {
    const b = hot({ offDelay: 4500 });
    b.read(0, { x: 11 });
    hide(b);
    readings(b, 1000, 4000, 5);
    expect(ofHot(release(b))).toEqual([expect.stringMatching(/→ unacknowledged$/)]);
    b.read(5400, { x: 5 });
    expect(ofHot(b.scan(5499))).toEqual([]);
    expect(ofHot(b.scan(5500))).toEqual(["hot: unacknowledged → returnedUnacknowledged"]);
  });

  test("says nothing when that ends of what is normal and was", () => {
    const b = hot();
    hide(b);
    readings(b, 1000, 4000, 5);
    expect(ofHot(release(b))).toEqual([expect.stringMatching(/→ normal$/)]);
  });
});

test("nothing shelved is lost: whatever was raised behind a shelf is told of when the shelf ends (property)", () => {
  const step = fc.record({ gap: fc.integer({ min: 1, max: 900 }), x: fc.constantFrom(5, 11, null) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.boolean(), (steps, isRoot) => {
      const b = hot({ onDelay: 400, offDelay: 300 });
      b.read(0, { x: 5, r: isRoot ? 11 : 5 });
      b.ask(0, "hot", { kind: "shelve", until: instant(t0 + 20_000), ...said });
      let at = 0;
      for (const { gap, x } of steps) {
        at += gap;
        b.wait(at);
        if (x === null) b.read(at, { x: "sensorFailure" });
        else b.read(at, { x, r: isRoot ? 11 : 5 });
      }
      b.wait(19_999);
      const wasRaised = stateOf(b.plant, "hot").alarm.raisedAt !== null;
      const outputs = [...b.wait(20_000), b.read(20_000, { r: 5 })];
      const last = outputs.flatMap(({ transitions }) => transitions).findLast(({ alarm: id }) => id === "hot");
      expect(["unacknowledged", "returnedUnacknowledged"].includes(last?.to ?? "")).toBe(wasRaised);
    }),
  );
});

describe("re-alarm", () => {
  test("makes an acknowledged alarm that still stands news again, to the millisecond, and names who had seen it", () => {
    const b = benchOf(alarm("hot", { reAlarm: minutes(30) }));
    b.read(0, { x: 11 });
    b.ask(1000, "hot", acknowledge);
    const outputs = b.wait(minutes(30) + 1000);
    const last = outputs.flatMap(({ transitions }) => transitions).at(-1);
    expect(last).toMatchObject({ from: "acknowledged", to: "unacknowledged", at: t0 + minutes(30) + 1000 });
    expect(last?.because).toBe("still stands since Kim acknowledged it");
  });

  test("is not for what has cleared, latched or not", () => {
    for (const latch of [true, false]) {
      const b = benchOf(alarm("hot", { latch, reAlarm: ms(2000) }));
      b.read(0, { x: 11 });
      b.ask(1, "hot", acknowledge);
      b.read(1000, { x: 5 });
      b.wait(60_000);
      expect(b.status("hot")).toBe(latch ? "latchedAcknowledged" : "normal");
    }
  });
});

describe("a deadband", () => {
  const hot = (): Bench => benchOf(alarm("hot", { detect: above(10, 2), onDelay: 3000, offDelay: 2000 }));
  const each = (b: Bench, values: readonly number[]): readonly string[] =>
    values.flatMap((x, i) => told(b.read(i * 1000, { x })).map((line) => `${i} s ${line}`));

  test("keeps no on-delay running: one value beyond the limit raises nothing, however long it lies just under it then", () => {
    expect(each(hot(), [5, 11, 9, 9, 9, 9, 9, 9])).toEqual([]);
  });

  test("has an on-delay begin anew whenever the value is not beyond the limit", () => {
    expect(each(hot(), [5, 11, 11, 9, 11, 11, 11, 11, 11])).toEqual(["7 s hot: normal → unacknowledged"]);
  });

  test("holds what stands, and lets no off-delay begin before it is left", () => {
    const b = hot();
    expect(each(b, [11, 11, 11, 11, 9, 9, 9, 9, 8, 9, 9])).toEqual([
      "3 s hot: normal → unacknowledged",
      "10 s hot: unacknowledged → returnedUnacknowledged",
    ]);
  });

  test("of one channel makes up no vote that is not met yet", () => {
    const b = benchOf(alarm("fire", { on: ["a", "b"], detect: above(10, 2), need: 2 }));
    b.read(0, { a: 11, b: 5 });
    b.read(1000, { a: 9, b: 5 });
    expect(told(b.read(2000, { a: 9, b: 11 }))).toEqual([]);
    expect(told(b.read(3000, { a: 11, b: 11 }))).toEqual(["fire: normal → unacknowledged"]);
    expect(told(b.read(4000, { a: 9, b: 9 }))).toEqual([]);
  });
});

describe("flapping", () => {
  const rule = { count: 3, within: ms(60_000), hold: ms(10_000) };
  const flapping = (b: Bench): ScanOutput => {
    for (const at of [0, 2000]) {
      b.read(at, { x: 11 });
      b.read(at + 1000, { x: 5 });
    }
    return b.read(4000, { x: 11 });
  };

  test("holds an alarm that comes and goes until it was seen normal for the whole hold, and says that it does", () => {
    const b = benchOf(alarm("hot", { flap: rule }));
    const third = flapping(b);
    expect(third.transitions[0]?.because).toBe("x = 11; flapping, 3 times within 60 s: held until normal for 10 s");
    expect(stateOf(b.plant, "hot").alarm.flapping).toBe(true);
    for (let at = 5000; at < 15_000; at += 1000) expect(told(b.read(at, { x: 5 }))).toEqual([]);
    expect(b.status("hot")).toBe("unacknowledged");
    expect(told(b.read(15_000, { x: 5 }))).toEqual(["hot: unacknowledged → returnedUnacknowledged"]);
    expect(stateOf(b.plant, "hot").alarm.flapping).toBe(false);
  });

  test("begins its hold anew whenever the alarm comes back, or is not seen", () => {
    for (const x of [11, "sensorFailure"] as const) {
      const b = benchOf(alarm("hot", { flap: rule }));
      flapping(b);
      for (let at = 5000; at <= 14_000; at += 1000) b.read(at, { x: 5 });
      b.read(14_500, { x });
      for (let at = 15_000; at < 25_000; at += 1000) b.read(at, { x: 5 });
      expect(b.status("hot")).toBe("unacknowledged");
      b.read(25_000, { x: 5 });
      expect(b.status("hot")).toBe("returnedUnacknowledged");
    }
  });

  test("is no matter of what comes and goes slowly", () => {
    const b = benchOf(alarm("hot", { flap: { ...rule, within: ms(3000) } }));
    flapping(b);
    expect(stateOf(b.plant, "hot").alarm.flapping).toBe(false);
  });
});

describe("a vote that is not whole", () => {
  const unless = (name: string) => ({ point: point(name), above: 0 });
  const fire = (sketch: Parameters<typeof alarm>[1] = {}): Bench =>
    benchOf(alarm("fire", { on: ["a", "b", "c"], need: 2, ...sketch }));

  test("is told of when it begins and when it ends, with what it amounts to, and in what it raises", () => {
    const b = fire({ ifBad: "exclude", degradeTo: 1 });
    b.read(0, { a: 5, b: 5, c: 5 });
    const begun = b.read(1, { c: "sensorFailure" });
    expect(begun.notices).toMatchObject([
      { about: "vote", id: "fire", event: "degraded", text: "2oo3 judged as 1oo2: c is bad" },
    ]);
    expect(noticed(b.read(2, { c: "sensorFailure" }), "vote")).toEqual([]);
    const raised = b.read(3, { a: 11 });
    expect(raised.transitions[0]?.because).toBe("a = 11; 2oo3 judged as 1oo2: c is bad");
    expect(b.read(4, { c: 5 }).notices).toMatchObject([{ event: "whole", text: "judged as 2oo3 again" }]);
  });

  test("that cannot be judged is blind, and says for want of which sensors", () => {
    const b = fire({ ifBad: "exclude", degradeTo: 2 });
    b.read(0, { a: 5, b: 5, c: 5 });
    b.read(1, { c: "sensorFailure" });
    const blind = b.read(2, { b: "sensorFailure" });
    expect(told(blind)).toEqual(["fire: normal → normal, blind"]);
    expect(blind.transitions[0]?.because).toBe("b sensorFailure, c sensorFailure; 2oo3 cannot be raised");
    expect(blind.notices).toMatchObject([{ event: "degraded", text: "2oo3 cannot be raised: b is bad, c is bad" }]);
  });

  test("that leaves the outcome open is told of as what is left to raise it", () => {
    const b = fire();
    b.read(0, { a: 5, b: 5, c: 5 });
    expect(b.read(1, { c: "sensorFailure" }).notices).toMatchObject([{ text: "2oo3 left with 2oo2: c is bad" }]);
  });

  test("is not told of while its sensors still have time to speak for the first time", () => {
    const b = fire({ ifBad: "exclude", degradeTo: 1 });
    expect(b.read(0, { a: 11 }).notices).toEqual([]);
    expect(b.status("fire")).toBe("normal");
  });

  test("of very many sensors is told of once and not with each of them", () => {
    const on = Array.from({ length: 40 }, (_, i) => `p${i}`);
    const b = fire({ on });
    b.scan(0, { readings: on.map((name) => good(name, 5)) });
    const notices = on.slice(0, 30).flatMap((name, i) => b.read(1 + i, { [name]: "sensorFailure" }).notices);
    expect(notices.map(({ text }) => text).at(-1)).toBe("2oo40 degraded: more than 4 of its channels are out");
    expect(notices).toHaveLength(5);
  });

  test("leaves out a sensor that says itself that it is isolated, and takes its last word for it", () => {
    const channels = ["a", "b", "c"].map((name) => ({
      point: point(name),
      detect: above(10),
      unless: unless(`${name}.off`),
    }));
    const b = fire({ channels });
    b.read(0, { a: 11, b: 5, c: 5, "a.off": 0, "b.off": 0, "c.off": 0 });
    expect(b.read(1, { "a.off": 1 }).notices).toMatchObject([{ text: "2oo3 judged as 2oo2: a is isolated" }]);
    expect(told(b.read(2, { b: 11 }))).toEqual([]);
    b.read(3, { "a.off": "sensorFailure" });
    expect(stateOf(b.plant, "fire").isolated).toEqual([true, false, false]);
    expect(told(b.read(4, { "a.off": 0 }))).toEqual(["fire: normal → unacknowledged"]);
  });

  test("with a single sensor is blind while that is isolated", () => {
    const b = benchOf(alarm("fire", { channels: [{ point: point("a"), detect: above(10), unless: unless("off") }] }));
    const blind = b.read(0, { a: 11, off: 1 });
    expect(stateOf(b.plant, "fire").alarm).toMatchObject({ active: false, blind: true });
    expect(blind.transitions[0]?.because).toBe("1oo1 cannot be raised: a is isolated");
    expect(told(b.read(1, { off: 0 }))).toEqual(["fire: normal → unacknowledged, sees"]);
  });

  test("is not made normal by a sensor that isolates itself while the alarm stands, nor while its delay runs", () => {
    const isolating = ["a", "b", "c"].map((name) => ({
      point: point(name),
      detect: above(10),
      unless: unless(`${name}.off`),
    }));
    const calm = { a: 5, b: 5, c: 5, "a.off": 0, "b.off": 0, "c.off": 0 };
    const standing = fire({ channels: isolating });
    standing.read(0, { ...calm, a: 11, b: 11 });
    expect(told(standing.read(1, { "a.off": 1 }))).toEqual(["fire: unacknowledged → unacknowledged, blind"]);
    const pending = fire({ channels: isolating, onDelay: 1000 });
    pending.read(0, { ...calm, a: 11, b: 11 });
    pending.read(500, { "a.off": 1 });
    expect(told(pending.read(1500, { "a.off": 0 }))).toEqual(["fire: normal → unacknowledged, sees"]);
  });

  test("is decided before the last sensor has spoken, where that one cannot change it", () => {
    expect(told(fire().read(0, { a: 11, b: 11 }))).toEqual(["fire: normal → unacknowledged"]);
  });

  test("counts a channel with what its other points leave open: awaited until it is decided, and no longer", () => {
    const detect = {
      kind: "deviation",
      from: ["p", "q", "r"].map(point),
      above: 5,
      deadband: 0,
    } as const;
    const channels = [
      { point: point("x"), detect },
      { point: point("y"), detect: above(10) },
    ];
    const peers = { p: { maxAge: ms(3000) }, q: { maxAge: ms(3000) }, r: { maxAge: ms(3000) } };
    const apart = (): Bench => bench(site({ alarms: [alarm("apart", { channels })], points: peers }));
    expect(told(apart().read(0, { x: 20, p: 10, q: 10, y: "sensorFailure" }))).toEqual([
      "apart: normal → unacknowledged",
    ]);
    const b = apart();
    expect(told(b.read(0, { x: 20, p: 10, y: 5 }))).toEqual([]);
    expect(b.wait(3001).flatMap(told)).toEqual(["apart: normal → normal, blind"]);
  });

  test("demands two senses where the site does: two detectors of smoke are one", () => {
    const on = ["a/smoke.level", "b/smoke.level", "c/temperature.ambient"];
    const b = fire({ on, diverse: true });
    expect(told(b.read(0, { "a/smoke.level": 11, "b/smoke.level": 11, "c/temperature.ambient": 5 }))).toEqual([]);
    expect(told(b.read(1, { "c/temperature.ambient": 11 }))).toEqual(["fire: normal → unacknowledged"]);
  });
});

describe("why an alarm has moved", () => {
  const because = (output: ScanOutput, id = "hot"): string | undefined =>
    output.transitions.find(({ alarm: other }) => other === id)?.because;
  const shelve: AlarmRequest = { kind: "shelve", until, ...said };

  test("is the readings that speak for what it is now", () => {
    const b = hot();
    expect(because(b.read(0, { x: 11 }))).toBe("x = 11");
    expect(because(b.read(1, { x: 5 }))).toBe("x = 5");
  });

  test("is its suppression, and its sight where that is lost in the same scan", () => {
    const [b, c] = [hot(), hot()];
    b.read(0, { x: 5, r: 5 });
    expect(because(b.read(1, { r: 11 }))).toBe("suppressed by design");
    c.read(0, { x: 5, r: 5 });
    expect(because(c.read(1, { r: 11, x: "sensorFailure" }))).toBe("x sensorFailure");
  });

  test("is the end of a shelf, beside what was read in the same scan", () => {
    const [b, c] = [hot(), hot()];
    b.ask(0, "hot", shelve);
    b.read(4000, { x: 5 });
    expect(because(b.scan(end))).toBe("time is up (Kim: work)");
    c.ask(0, "hot", shelve);
    expect(because(c.read(end, { x: 11 }))).toBe("x = 11; time is up (Kim: work)");
  });

  test("is flapping only once it flaps", () => {
    const b = hot({ flap: { count: 2, within: ms(60_000), hold: ms(10_000) } });
    expect(because(b.read(0, { x: 11 }))).toBe("x = 11");
    expect(because(b.read(1, { x: 5 }))).toBe("x = 5");
    expect(because(b.read(2, { x: 11 }))).toMatch(/^x = 11; flapping, 2 times within 60 s/);
  });

  test("is what a detector weighs as well, to three digits, and nothing of what it cannot say yet", () => {
    const b = hot();
    stateOf(b.plant, "hot").detectors[0] = {
      memory: null,
      judge: () => "abnormal",
      account: () => [
        { name: "rate", value: 1.23456, unit: "K/min" },
        { name: "count", value: 7 },
        { name: "left", value: null, unit: "s" },
      ],
    };
    expect(because(b.read(0, { x: 11 }))).toBe("x = 11, rate 1.23 K/min, count 7");
  });
});

test("an end of an alarm stands on the agenda once, however often the alarm moves before it", () => {
  const b = hot();
  b.ask(0, "hot", { kind: "shelve", until, ...said });
  for (let at = 1; at < 50; at += 2) {
    b.read(at, { x: "sensorFailure" });
    b.read(at + 1, { x: 5 });
  }
  expect(b.plant.agenda.entries().filter(({ entry }) => entry.kind === "alarm")).toHaveLength(1);
});

describe("a fault of ours in one alarm's judgement", () => {
  const others = alarm("warm", { detect: above(8) });

  test("in its lifecycle blinds it alone, in sight and once, and the scan goes on", () => {
    const b = benchOf(alarm("hot", { onDelay: 1000 }), others);
    b.read(0, { x: 5 });
    const state = stateOf(b.plant, "hot");
    state.alarm = { ...state.alarm, pendingSince: instant(t0 + 1e6) };
    const output = b.read(1, { x: 11 });
    expect(told(output).toSorted()).toEqual(["hot: normal → normal, blind", "warm: normal → unacknowledged"]);
    expect(output.notices).toMatchObject([{ about: "fault", id: "hot", text: expect.stringContaining("future") }]);
    expect(noticed(b.read(2, { x: 5 }), "fault")).toEqual([]);
  });

  test("in what a detector says of itself does not keep its alarm from being told of", () => {
    const b = benchOf(alarm("hot"));
    const state = stateOf(b.plant, "hot");
    state.detectors[0] = {
      memory: null,
      judge: () => "abnormal",
      account() {
        throw new AssertionError("nothing to say");
      },
    };
    const output = b.read(0, { x: 11 });
    expect(told(output)).toEqual(["hot: normal → unacknowledged"]);
    expect(noticed(output, "fault")).toEqual(["faulted"]);
  });
});
