import { describe, expect, test } from "vitest";
import { explain } from "../../src/core/explain.ts";
import { instant, ms } from "../../src/core/time.ts";
import { relieving, twoFeeds } from "./feeds.ts";
import { above, alarm, alarmId, bench, maxAge, responseId, site, t0 } from "./fixture.ts";

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
      { verdict: "abnormal", abnormal: "above 10 Cel, until it is back at 8 Cel", distance: 4, unit: "Cel" },
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
