import { describe, expect, test } from "vitest";
import { explain } from "../../src/core/explain.ts";
import { pointId } from "../../src/core/reading.ts";
import { instant, ms } from "../../src/core/time.ts";
import { relieving, twoFeeds } from "./feeds.ts";
import { above, alarm, alarmId, bench, maxAge, responseId, site, t0 } from "./fixture.ts";
import { supplied, whole, withoutA } from "./topology/supplies.ts";

const model = site({
  power: twoFeeds({ x: { kw: 10, is: "batch", on: ["a"] } }),
  alarms: [
    alarm("voted", { on: ["a", "b", "c"], need: 2, detect: above(10, 2), onDelay: 5000, offDelay: 8000 }),
    alarm("mode", { on: ["m"], detect: { kind: "state", among: [1, 2] }, suppressedBy: ["voted"], space: "room" }),
    {
      ...alarm("apart", { on: ["a"] }),
      channels: [{ point: "a", detect: { kind: "deviation", from: ["b", "c"], above: 5, deadband: 0 } } as never],
    },
  ],
  responses: [
    {
      id: responseId("shed"),
      title: { en: "Shed" },
      when: [alarmId("voted")],
      ifBlind: "hold",
      mode: "act",
      after: ms(30_000),
      action: relieving(5, "ups-a"),
    },
  ],
  points: { a: { maxAge, unit: "Cel" }, m: { maxAge, states: ["off", "smoke", "fire"] } },
});

function rig(values: Readonly<Record<string, number>>) {
  const b = bench(model);
  b.read(0, { m: 0, ...values });
  return b;
}

const turns = (said: NonNullable<ReturnType<typeof explain>>): readonly string[] =>
  said.changes.map(({ point, says, vote }) => `${point} ${says}: ${vote}`);

describe("an explanation of an alarm", () => {
  test("says what each channel says, of what quality and age, and how far it is from turning", () => {
    const b = rig({ a: 12, b: 7, c: 9 });
    b.scan(1500);
    const said = explain(b.plant, "voted")!;
    expect(said).toMatchObject({ vote: "normal", need: 2, status: "normal", timer: null, blind: false });
    expect(said.channels).toMatchObject([
      { verdict: "abnormal", abnormal: "above 10 Cel, until it is back at 8 Cel", distance: 2, unit: "Cel" },
      { verdict: "normal", distance: 3 },
      { verdict: "normal", distance: 1 },
    ]);
    expect(said.channels[0]?.inputs).toEqual([{ point: "a", quality: "good", value: 12, text: "12 Cel", ageMs: 1500 }]);
  });

  test("finds which channel would turn the vote alone, by voting again with each of them changed", () => {
    expect(turns(explain(rig({ a: 12, b: 7, c: 9 }).plant, "voted")!)).toEqual([
      "b abnormal: abnormal",
      "b unknown: unknown",
      "c abnormal: abnormal",
      "c unknown: unknown",
    ]);
    const quiet = explain(rig({ a: 5, b: 7, c: 9 }).plant, "voted")!;
    expect(quiet.changes).toEqual([]);
    const all = explain(rig({ a: 12, b: 12, c: 12 }).plant, "voted")!;
    expect(all).toMatchObject({ vote: "abnormal", changes: [] });
  });

  test("says until when a delay runs, and which it is", () => {
    const b = rig({ a: 12, b: 12, c: 9 });
    expect(explain(b.plant, "voted")?.timer).toEqual({ delay: "on", since: t0, until: t0 + 5000 });
    for (let at = 1000; at <= 5000; at += 1000) b.read(at, { a: 12, b: 12, c: 9 });
    b.read(6000, { a: 5, b: 5, c: 5 });
    expect(explain(b.plant, "voted")?.timer).toEqual({ delay: "off", since: t0 + 6000, until: t0 + 14_000 });
  });

  test("says what it is blind for, with the reason in place of a value", () => {
    const b = rig({ a: 12, b: 7, c: 9 });
    b.read(1000, { b: "deviceFailure" });
    const said = explain(b.plant, "voted")!;
    expect(said).toMatchObject({ vote: "unknown", blind: true });
    expect(said.channels[1]).toMatchObject({ verdict: "unknown", distance: null });
    expect(said.channels[1]?.inputs[0]).toMatchObject({ quality: "bad", value: null, text: "deviceFailure" });
    expect(turns(said)).toContain("b normal: normal");
  });

  test("says who withholds it and until when, and of what it is a consequence", () => {
    const b = rig({ a: 12, b: 12, c: 9 });
    for (let at = 1000; at <= 6000; at += 1000) b.read(at, { a: 12, b: 12, c: 9, m: 1 });
    const until = instant(t0 + 60_000);
    b.ask(6500, "mode", { kind: "shelve", by: "shift lead", why: "work", until });
    const said = explain(b.plant, "mode")!;
    expect(explain(rig({ a: 5, b: 5, c: 9 }).plant, "mode")!.withheld).toMatchObject({
      shelved: null,
      suppressedBy: [],
    });
    expect(said.withheld).toMatchObject({
      shelved: { by: "shift lead", why: "work", until },
      outOfService: null,
      suppressedBy: ["voted"],
    });
    expect(said.channels[0]).toMatchObject({ abnormal: "at smoke, fire", inputs: [{ text: "smoke" }] });
    expect(explain(b.plant, "voted")).toMatchObject({ suppresses: ["mode"] });
  });

  test("says what its detector weighs against which limit", () => {
    const said = explain(rig({ a: 12, b: 4, c: 6 }).plant, "apart")!;
    expect(said.channels[0]?.weighs).toEqual([{ name: "from the median of its peers", value: 7, limit: 5 }]);
    expect(said.channels[0]).toMatchObject({ verdict: "abnormal", distance: 2 });
    expect(said.channels[0]?.inputs.map(({ point }) => point)).toEqual(["a", "b", "c"]);
  });

  test.each([
    ["below 3 V", { kind: "limit", side: "below", limit: 3, deadband: 0 }],
    ["below 3 V, until it is back at 4 V", { kind: "limit", side: "below", limit: 3, deadband: 1 }],
    ["at 1, 7", { kind: "state", among: [1, 7] }],
    ["rising by more than 2 V a minute over 30 s", { kind: "rate", side: "rising", perMinute: 2, window: ms(30_000) }],
    ["silent", { kind: "stale" }],
    ["within 0.5 V for 60 s", { kind: "flatline", window: ms(60_000), band: 0.5 }],
    ["by flatline", { kind: "flatline", polls: 5, band: 0.5 }],
    [
      "by forecast",
      { kind: "forecast", above: 9, within: ms(60_000), window: ms(10_000), confidence: 95, resolution: 0 },
    ],
    ["by change", { kind: "change", side: "either", by: 5, within: ms(60_000), deadband: 0 }],
  ] as const)("says when a channel is abnormal: %s", (words, detect) => {
    const of = (points: Parameters<typeof site>[0]) => {
      const b = bench(site({ alarms: [alarm("one", { on: ["v"], detect })], ...points }));
      b.read(0, { v: 5 });
      return explain(b.plant, "one")!.channels[0]!;
    };
    expect(of({ points: { v: { maxAge, unit: "V" } } })).toMatchObject({ abnormal: words, unit: "V" });
    expect(of({})).toMatchObject({ abnormal: words.replaceAll(" V", ""), unit: null });
  });

  test("says how far a value is from the limit below it, and from where it is back", () => {
    const low = { kind: "limit", side: "below", limit: 3, deadband: 1 } as const;
    const b = bench(site({ alarms: [alarm("low", { on: ["v"], detect: low })] }));
    const distance = (at: number, v: number): unknown => {
      b.read(at, { v });
      return explain(b.plant, "low")!.channels[0]!.distance;
    };
    expect([distance(0, 5), distance(1000, 2.5), distance(2000, 3.5)]).toEqual([2, 1.5, 0.5]);
  });

  test("says how far a value is from where its deadband ends only of a channel that it holds, in an alarm that stands", () => {
    const b = bench(site({ alarms: [alarm("hot", { on: ["a", "b"], detect: above(10, 2), onDelay: 1000 })] }));
    const distances = (): unknown => explain(b.plant, "hot")!.channels.map(({ distance }) => distance);
    b.read(0, { a: 12, b: 7 });
    expect(distances()).toEqual([2, 3]);
    b.read(1000, { a: 12, b: 7 });
    expect(distances()).toEqual([4, 3]);
  });

  test("says how far a detector is by the first that it weighs against a limit, and nothing where it weighs nothing", () => {
    const cold = { kind: "coolingLoss", limit: 35, restore: ms(180_000), rise: 5 } as const;
    const alarms = [
      alarm("cold", { on: ["v"], detect: cold }),
      alarm("state", { on: ["v"], detect: { kind: "state", among: [9] } }),
    ];
    const b = bench(site({ alarms }));
    for (let second = 0; second <= 120; second += 2) b.read(second * 1000, { v: 22 + second / 10 });
    const [said] = explain(b.plant, "cold")!.channels;
    const least = said!.weighs.find(({ limit }) => limit !== undefined)!;
    expect(said!.distance).toBeCloseTo(Math.abs(180 - least.value!), 9);
    expect(explain(b.plant, "state")!.channels[0]).toMatchObject({ weighs: [], distance: null });
  });

  test("says no distance while a detector weighs nothing yet", () => {
    const cold = { kind: "coolingLoss", limit: 35, restore: ms(180_000), rise: 5 } as const;
    const b = bench(site({ alarms: [alarm("cold", { on: ["v"], detect: cold })] }));
    b.read(0, { v: 22 });
    expect(explain(b.plant, "cold")!.channels[0]).toMatchObject({ verdict: "normal", distance: null });
  });

  test("says that the vote is open while what an alarm stands on, or waits on, may only have fallen silent", () => {
    const excluding = alarm("left", { on: ["a", "b", "c"], need: 2, ifBad: "exclude", onDelay: 5000 });
    const voted = (seconds: number, a: number): unknown => {
      const b = bench(site({ alarms: [excluding] }));
      for (let at = 0; at <= seconds * 1000; at += 1000) b.read(at, { a, b: 12, c: 9 });
      b.read(seconds * 1000 + 500, { a: "deviceFailure" });
      return explain(b.plant, "left")!.vote;
    };
    expect([voted(1, 5), voted(1, 12), voted(7, 12)]).toEqual(["normal", "unknown", "unknown"]);
  });

  test("says of a point that has never spoken that it is awaited, and of no age", () => {
    const b = bench(model);
    b.scan(1000);
    expect(explain(b.plant, "voted")!.channels[0]!.inputs).toEqual([
      { point: "a", quality: "bad", value: null, text: "waitingForFirst", ageMs: null },
    ]);
  });

  test("says what stands, since when and for how much longer it is seen, and which of a group came first", () => {
    const alarms = [
      alarm("first", { on: ["a"], latch: true, space: "room", priority: "critical" }),
      alarm("second", { on: ["b"], space: "room" }),
    ];
    const b = bench(site({ alarms }));
    b.read(0, { a: 5, b: 5 });
    b.read(1000, { a: 20, b: 5 });
    b.read(2000, { a: 20, b: 20 });
    b.ask(2500, "first", { kind: "acknowledge", by: "shift lead", why: "seen" });
    b.read(3000, { a: 5, b: 20 });
    const said = explain(b.plant, "first")!;
    expect(said).toMatchObject({
      alarm: "first",
      title: { en: "first" },
      priority: "critical",
      now: t0 + 3000,
      active: false,
      acknowledged: true,
      latched: true,
      flapping: false,
      raisedAt: t0 + 1000,
      need: 1,
      under: null,
    });
    expect(said.firstOutOf).toBe("room");
    expect(explain(b.plant, "second")).toMatchObject({
      active: true,
      acknowledged: false,
      latched: false,
      firstOutOf: null,
    });
  });

  test("says of which lost node of the power tree it is a consequence", () => {
    const b = bench(supplied);
    for (let at = 0; at <= 5000; at += 1000) b.read(at, whole);
    expect(explain(b.plant, "a-off")).toMatchObject({ under: null });
    for (let at = 6000; at <= 9000; at += 1000) b.read(at, withoutA);
    expect(explain(b.plant, "a-off")).toMatchObject({ under: "ups-a" });
    expect(explain(b.plant, "elsewhere")).toMatchObject({ under: null });
  });

  test("says whether a response is called for: not by one that is out of service, and by blindness where that is asked and witnessed", () => {
    const responses = (["hold", "act"] as const).map((ifBlind) => ({
      ...model.responses[0]!,
      id: responseId(ifBlind),
      ifBlind,
      witness: [{ point: pointId("board", "voltage"), is: "<", value: 50 } as const],
    }));
    const points = new Map([...model.points, [pointId("board", "voltage"), { maxAge, unit: "V" }]]);
    const b = bench({ ...model, responses, points });
    const called = (): readonly boolean[] => explain(b.plant, "voted")!.next.map((one) => one.called);
    b.read(0, { a: 5, b: 5, c: 5, m: 0, "board/voltage": 230 });
    expect(called()).toEqual([false, false]);
    b.read(1000, { a: "deviceFailure", b: "deviceFailure", c: "deviceFailure" });
    expect(called(), "no second witness says so").toEqual([false, false]);
    b.read(1500, { "board/voltage": 0 });
    expect(called()).toEqual([false, true]);
    for (let at = 2000; at <= 8000; at += 1000) b.read(at, { a: 12, b: 12, c: 9 });
    expect(called()).toEqual([true, true]);
    b.ask(8500, "voted", {
      kind: "outOfService",
      by: "shift lead",
      why: "work",
      permit: "W-1",
      until: instant(t0 + 60_000),
    });
    expect(explain(b.plant, "voted")!.withheld.outOfService).toMatchObject({ by: "shift lead" });
    expect(called()).toEqual([false, false]);
  });

  test("says what the vote amounts to while a channel is bad, and how each takes part in it", () => {
    const b = rig({ a: 12, b: 7, c: 9 });
    const said = () => explain(b.plant, "voted")!;
    expect(said().channels.map(({ ballot }) => ballot)).toEqual(["abnormal", "normal", "normal"]);
    expect(said().as).toEqual({ need: 2, of: 3 });
    b.read(1000, { b: "deviceFailure" });
    expect(said().channels.map(({ ballot }) => ballot)).toEqual(["abnormal", "unknown", "normal"]);
    expect(said().as).toEqual({ need: 2, of: 2 });
  });

  test("says which responses wait for it, how far they are, and whether it calls for them", () => {
    const b = rig({ a: 5, b: 5, c: 5 });
    expect(explain(b.plant, "voted")?.next).toMatchObject([
      { response: "shed", mode: "act", afterMs: 30_000, ifBlind: "hold", phase: "idle", called: false },
    ]);
    for (let at = 1000; at <= 7000; at += 1000) b.read(at, { a: 12, b: 12, c: 9 });
    expect(explain(b.plant, "voted")?.next).toMatchObject([{ phase: "counting", until: t0 + 36_000, called: true }]);
    expect(explain(b.plant, "mode")?.next).toEqual([]);
  });

  test("changes nothing in the plant, can be sent as JSON, and is none of an alarm that is not there", () => {
    const b = rig({ a: 12, b: 7, c: 9 });
    const before = JSON.stringify(b.plant.alarms);
    const said = explain(b.plant, "voted");
    expect(JSON.parse(JSON.stringify(said))).toEqual(said);
    expect(JSON.stringify(b.plant.alarms)).toBe(before);
    expect(explain(b.plant, "voter")).toBeNull();
  });
});
