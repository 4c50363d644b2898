import { describe, expect, test } from "vitest";
import { serviceMax, shelfMax } from "../../../src/core/alarm/ask.ts";
import type { Withholding } from "../../../src/core/alarm/lifecycle.ts";
import { checkpoint, restore } from "../../../src/core/checkpoint.ts";
import { instant, minutes } from "../../../src/core/time.ts";
import type { Bench } from "../fixture.ts";
import { alarm, bench, noticed, point, site, stateOf, t0, told } from "../fixture.ts";

const guarded = (): Bench => bench(site({ alarms: [alarm("fire", { on: ["a", "b", "c"], need: 2, safety: true })] }));
const until = instant(t0 + minutes(30));
const kinds: readonly Withholding["kind"][] = ["shelve", "outOfService", "bypass"];

function asking(kind: Withholding["kind"], by: string, sketch: { until?: number; permit?: string } = {}): Withholding {
  const timed = { by, why: "work", until: instant(sketch.until ?? until) };
  if (kind === "bypass") return { kind, ...timed, channel: point("a") };
  return kind === "shelve" ? { kind, ...timed } : { kind, ...timed, permit: sketch.permit ?? "W-1" };
}

const stands = (b: Bench): readonly unknown[] => {
  const { shelved, outOfService, bypassed } = stateOf(b.plant, "fire").alarm;
  return [shelved, outOfService, bypassed].filter((one) => one !== null);
};
const words = (output: ReturnType<Bench["scan"]>): readonly string[] => output.notices.map(({ text }) => text);

describe.each(kinds)("an alarm that guards safety: %s", (kind) => {
  test("is not done by one person: the request is told, and waits", () => {
    const b = guarded();
    const first = b.ask(0, "fire", asking(kind, "Kim"));
    expect(noticed(first, "request")).toEqual(["asked"]);
    expect(words(first)[0]).toContain("waits 60 s for a second person");
    expect(stands(b)).toEqual([]);
  });

  test("is done by two, who are both named", () => {
    const b = guarded();
    b.ask(0, "fire", asking(kind, "Kim"));
    const second = b.ask(60_000, "fire", { ...asking(kind, "Lee"), why: "seen" });
    expect(noticed(second, "request")).toEqual([]);
    expect(stands(b)).toMatchObject([{ by: "Kim and Lee", why: "work; seen", until }]);
    expect(stateOf(b.plant, "fire").alarm).toMatchObject({ asking: null, said: { [kind]: { at: t0 + 60_000 } } });
  });

  test.each(["Kim", " kim ", "KIM", "K i m", "Ｋim", "Ki\u200bm"])("is not done by one person twice: %j", (name) => {
    const b = guarded();
    b.ask(0, "fire", asking(kind, "Kim"));
    const again = b.ask(10, "fire", asking(kind, name));
    expect(noticed(again, "request")).toEqual(["refused"]);
    expect(words(again)).toEqual(["Kim has asked already: a second person must"]);
    expect(stands(b)).toEqual([]);
  });

  test("lapses by itself after a minute, in sight, and a late second person is a first one again", () => {
    const b = guarded();
    b.ask(0, "fire", asking(kind, "Kim"));
    expect(b.wait(59_999).flatMap((output) => noticed(output, "request"))).toEqual([]);
    const lapsed = b.scan(60_000);
    expect(noticed(lapsed, "request")).toEqual(["lapsed"]);
    expect(words(lapsed)).toEqual([`no second person asked in time for what Kim did: ${kind}`]);
    expect(noticed(b.ask(60_001, "fire", asking(kind, "Lee")), "request")).toEqual(["asked"]);
    expect(stands(b)).toEqual([]);
  });

  test("lapses when what was asked for would be over: nobody is withheld for a time that is past", () => {
    const b = guarded();
    const short = { ...asking(kind, "Kim"), until: instant(t0 + 5000) };
    expect(words(b.ask(0, "fire", short))[0]).toContain("waits 5 s for a second person");
    const late = b.ask(5000, "fire", asking(kind, "Lee"));
    expect(noticed(late, "request")).toEqual(["lapsed", "asked"]);
    expect(stands(b)).toEqual([]);
    expect(noticed(b.ask(5001, "fire", asking(kind, "Kim")), "request")).toEqual([]);
    expect(stands(b)).toMatchObject([{ by: "Lee and Kim", until }]);
  });

  test("has lapsed for a scan that comes late, too", () => {
    const b = guarded();
    b.ask(0, "fire", asking(kind, "Kim"));
    expect(noticed(b.ask(60_001, "fire", asking(kind, "Lee")), "request")).toEqual(["lapsed", "asked"]);
    expect(stands(b)).toEqual([]);
  });

  test("keeps the first person's word over a restart", () => {
    const b = guarded();
    b.ask(0, "fire", asking(kind, "Kim"));
    const saved = JSON.parse(JSON.stringify(checkpoint(b.plant))) as ReturnType<typeof checkpoint>;
    const next = bench(b.plant.site, restore(b.plant.site, saved));
    next.ask(59_000, "fire", asking(kind, "Lee"));
    expect(stands(next)).toMatchObject([{ by: "Kim and Lee", why: "work" }]);
  });

  test("lasts no longer than the one asked who asked for less", () => {
    const b = guarded();
    b.ask(0, "fire", asking(kind, "Kim", { until: t0 + 1_000_000 }));
    b.ask(10, "fire", asking(kind, "Lee", { until: t0 + 2_000_000 }));
    expect(stands(b)).toMatchObject([{ until: t0 + 1_000_000 }]);
  });
});

describe("two people", () => {
  test.each([
    ["other things", asking("shelve", "Kim"), asking("outOfService", "Lee")],
    ["other permits", asking("outOfService", "Kim"), asking("outOfService", "Lee", { permit: "W-2" })],
    ["other channels", asking("bypass", "Kim"), { ...asking("bypass", "Lee"), channel: point("b") }],
  ] as const)("who ask for %s get neither", (_, first, second) => {
    const b = guarded();
    b.ask(0, "fire", first);
    const output = b.ask(10, "fire", second);
    expect(noticed(output, "request")).toEqual(["refused"]);
    expect(words(output)[0]).toContain("waits for a second person");
    expect(stands(b)).toEqual([]);
  });

  test("are needed for nothing that gives an alarm back, nor to acknowledge or reset it", () => {
    const b = guarded();
    for (const kind of kinds) for (const by of ["Kim", "Lee"]) b.ask(0, "fire", asking(kind, by));
    expect(stands(b)).toHaveLength(3);
    const said = { by: "Kim", why: "done" };
    for (const kind of ["unshelve", "returnToService", "restore"] as const) b.ask(10, "fire", { kind, ...said });
    expect(stands(b)).toEqual([]);
    b.read(20, { a: 11, b: 11, c: 5 });
    b.ask(30, "fire", { kind: "acknowledge", ...said });
    expect(b.status("fire")).toBe("acknowledged");
  });

  test("are not asked for where an alarm guards no safety", () => {
    const b = bench(site({ alarms: [alarm("fire", { on: ["a", "b", "c"], need: 2 })] }));
    for (const kind of kinds) b.ask(0, "fire", asking(kind, "Kim"));
    expect(stands(b)).toHaveLength(3);
  });
});

test.each<[string, Parameters<Bench["ask"]>[2], string]>([
  ["shelving", asking("shelve", "Kim", { until: t0 + shelfMax + 2 }), "shelving lasts up to 8 h from now"],
  [
    "a reset of what has not been seen to be clear",
    { kind: "reset", by: "Kim", why: "seen" },
    "only an alarm that is seen to be clear, and acknowledged, can be reset",
  ],
])("%s is refused in words", (_, request, why) => {
  const b = bench(site({ alarms: [alarm("hot", { latch: true })] }));
  b.read(0, { x: 11 });
  expect(words(b.ask(1, "hot", request))).toEqual([why]);
});

describe("out of service", () => {
  const of = (sketch: Partial<Extract<Withholding, { kind: "outOfService" }>>): Withholding =>
    ({ ...asking("outOfService", "Kim"), ...sketch }) as Withholding;
  const plain = (): Bench => bench(site({ alarms: [alarm("hot")] }));

  test.each([
    ["no permit", { permit: " " }, "needs a permit"],
    ["no time", { until: instant(t0) }, "taking out of service lasts up to 24 h from now"],
    ["more than a day", { until: instant(t0 + serviceMax + 1) }, "lasts up to 24 h"],
    ["no instant", { until: instant(Number.NaN) }, "lasts up to 24 h"],
  ])("with %s is refused, in words", (_, sketch, why) => {
    const b = plain();
    const output = b.ask(0, "hot", of(sketch));
    expect(noticed(output, "request")).toEqual(["refused"]);
    expect(words(output)[0]).toContain(why);
    expect(b.status("hot")).toBe("normal");
  });

  test("ends by itself, to the millisecond, says so, and names the permit", () => {
    const b = plain();
    b.read(0, { x: 5 });
    const begun = b.ask(1, "hot", of({ until: instant(t0 + serviceMax) }));
    expect(begun.transitions[0]).toMatchObject({ to: "outOfService", because: "Kim: work, permit W-1" });
    const ended = b.wait(serviceMax).flatMap(({ transitions }) => transitions);
    expect(ended.at(-1)).toMatchObject({ at: t0 + serviceMax, from: "outOfService", to: "normal" });
    expect(ended.at(-1)?.because).toBe("time is up (Kim: work, permit W-1)");
  });
});

describe("a bypass", () => {
  const voted = (sketch: Parameters<typeof alarm>[1] = {}): Bench =>
    bench(site({ alarms: [alarm("fire", { on: ["a", "b", "c"], need: 2, ...sketch })] }));
  const bypass = (channel: string, sketch: { until?: number } = {}): Withholding => ({
    ...(asking("bypass", "Kim", sketch) as Extract<Withholding, { kind: "bypass" }>),
    channel: point(channel),
  });

  test("takes a sensor out of the vote at once, and the vote that is left is told", () => {
    const b = voted();
    b.read(0, { a: 11, b: 5, c: 5 });
    const output = b.ask(1, "fire", bypass("a"));
    expect(output.notices).toMatchObject([
      { about: "vote", event: "bypassed", text: "a (Kim: work)" },
      { about: "vote", event: "degraded", text: "2oo3 judged as 2oo2: a is bypassed" },
    ]);
    expect(told(b.read(2, { b: 11 }))).toEqual([]);
    expect(told(b.read(3, { c: 11 }))).toEqual(["fire: normal → unacknowledged"]);
  });

  test("may make the rest of the vote the more watchful, where the site says so", () => {
    const b = voted({ degradeTo: 1 });
    b.read(0, { a: 5, b: 5, c: 5 });
    b.ask(1, "fire", bypass("a"));
    expect(told(b.read(2, { b: 11 }))).toEqual(["fire: normal → unacknowledged"]);
  });

  test("ends by itself, in sight, and the sensor votes again", () => {
    const b = voted();
    b.read(0, { a: 11, b: 11, c: 5 });
    expect(told(b.ask(1, "fire", bypass("a", { until: t0 + 1000 })))).toEqual([
      "fire: unacknowledged → returnedUnacknowledged",
    ]);
    expect(told(b.scan(999))).toEqual([]);
    const ended = b.scan(1000);
    expect(told(ended)).toEqual(["fire: returnedUnacknowledged → unacknowledged"]);
    expect(ended.notices).toMatchObject([
      { about: "vote", event: "restored", text: "a: time is up (Kim: work)" },
      { event: "whole", text: "judged as 2oo3 again" },
    ]);
  });

  test("is one at a time: the same sensor's is prolonged, another's refused", () => {
    const b = voted();
    b.read(0, { a: 5, b: 5, c: 5 });
    b.ask(1, "fire", bypass("a"));
    const other = b.ask(2, "fire", bypass("b"));
    expect(noticed(other, "request")).toEqual(["refused"]);
    expect(words(other)[0]).toBe("one channel at a time: a is bypassed already (Kim: work)");
    expect(noticed(b.ask(3, "fire", bypass("a", { until: t0 + minutes(60) })), "request")).toEqual([]);
    expect(stands(b)).toMatchObject([{ channel: "a", until: t0 + minutes(60) }]);
  });

  test.each([
    ["of a point that is no channel of it", "elsewhere", {}, "none of its channels"],
    ["for longer than a shift", "a", { until: t0 + shelfMax + 1 }, "bypassing lasts up to 8 h from now"],
  ])("%s is refused", (_, channel, sketch, why) => {
    const output = voted().ask(0, "fire", bypass(channel, sketch));
    expect(words(output)[0]).toContain(why);
    expect(noticed(output, "request")).toEqual(["refused"]);
  });

  test("whose time is up makes room for another's in the same scan", () => {
    const b = voted();
    b.read(0, { a: 5, b: 5, c: 5 });
    b.ask(1, "fire", bypass("a", { until: t0 + 1000 }));
    expect(words(b.ask(999, "fire", bypass("b")))[0]).toContain("one channel at a time");
    expect(noticed(b.ask(1000, "fire", bypass("b")), "request")).toEqual([]);
    expect(stands(b)).toMatchObject([{ channel: "b" }]);
  });

  test("is ended by a person as well, who is named", () => {
    const b = voted();
    b.read(0, { a: 5, b: 5, c: 5 });
    b.ask(1, "fire", bypass("a"));
    expect(b.ask(2, "fire", { kind: "restore", by: "Lee", why: "done" }).notices).toMatchObject([
      { about: "vote", event: "restored", text: "a (Lee: done)" },
      { about: "vote", event: "whole" },
    ]);
  });

  test("is granted where the site lets what is left decide alone", () => {
    const b = voted({ on: ["a", "b"], need: 2, degradeTo: 1 });
    b.read(0, { a: 5, b: 5 });
    expect(words(b.ask(1, "fire", bypass("a")))).toEqual(["a (Kim: work)", "2oo2 judged as 1oo1: a is bypassed"]);
  });

  test("is refused where nothing would be left that decides", () => {
    const both = voted({ on: ["a", "b"], need: 2 });
    expect(words(both.ask(0, "fire", bypass("a")))[0]).toContain("take the alarm out of service instead");
    const single = voted({ on: ["a"], need: 1 });
    expect(words(single.ask(0, "fire", bypass("a")))[0]).toContain("take the alarm out of service instead");
    const senses = voted({ on: ["a/smoke.level", "b/smoke.level", "c/temperature.ambient"], diverse: true });
    expect(words(senses.ask(0, "fire", bypass("c/temperature.ambient")))[0]).toContain("could not be decided");
    expect(noticed(senses.ask(1, "fire", bypass("a/smoke.level")), "request")).toEqual([]);
  });

  test("of a dead sensor gives sight back", () => {
    const b = voted({ on: ["a", "b"], need: 1 });
    expect(told(b.read(0, { a: "sensorFailure", b: 5 }))).toEqual(["fire: normal → normal, blind"]);
    expect(told(b.ask(1, "fire", bypass("a")))).toEqual(["fire: normal → normal, sees"]);
  });
});
