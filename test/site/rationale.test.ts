import { describe, expect, test } from "vitest";
import type { AlarmDefinition } from "../../src/core/alarm/definition.ts";
import { start } from "../../src/core/plant.ts";
import { pointId } from "../../src/core/reading.ts";
import { scan } from "../../src/core/scan.ts";
import { instant } from "../../src/core/time.ts";
import { problemsAfter, siteAfter } from "./fixture.ts";

const alarmOf = (id: string, alarms: readonly AlarmDefinition[] = siteAfter().model.alarms): AlarmDefinition => {
  const found = alarms.find((alarm) => alarm.id === id);
  if (!found) throw new Error(`no alarm ${id} among ${alarms.map((alarm) => alarm.id).join(", ")}`);
  return found;
};

describe("an alarm", () => {
  test("on one point is a vote of one", () => {
    expect(alarmOf("fire")).toEqual({
      id: "fire",
      title: { en: "Fire" },
      channels: [{ point: "asd/smoke.level", detect: { kind: "state", among: [3, 4] } }],
      need: 1,
      priority: "critical",
      latch: true,
      onDelay: 0,
      offDelay: 0,
      suppressedBy: [],
      cause: "c",
      consequence: "d",
      response: "e",
    });
  });

  test("on channels is the vote that it says", () => {
    const { need, channels, suppressedBy } = alarmOf("low");
    expect({ need, suppressedBy }).toEqual({ need: 2, suppressedBy: ["fire"] });
    expect(channels).toEqual([
      { point: "ups-a/battery.runtime", detect: { kind: "limit", side: "below", limit: 300, deadband: 60 } },
      { point: "ups-a/ups.mode", detect: { kind: "state", among: [3] } },
    ]);
  });

  test("with limits is one alarm a limit, the inner suppressed by the outer", () => {
    const shape = ["HH", "H", "L", "LL"].map((name) => {
      const { title, priority, suppressedBy, channels, onDelay } = alarmOf(`hot.${name}`);
      return { title: title["ko"], priority, suppressedBy, detect: channels[0]?.detect, onDelay };
    });
    const limit = (side: "above" | "below", at: number) => ({ kind: "limit", side, limit: at, deadband: 1 });
    expect(shape).toEqual([
      { title: "고온 (HH)", priority: "critical", suppressedBy: [], detect: limit("above", 35), onDelay: 10_000 },
      { title: "고온 (H)", priority: "medium", suppressedBy: ["hot.HH"], detect: limit("above", 30), onDelay: 10_000 },
      { title: "고온 (L)", priority: "medium", suppressedBy: ["hot.LL"], detect: limit("below", 10), onDelay: 10_000 },
      { title: "고온 (LL)", priority: "medium", suppressedBy: [], detect: limit("below", 5), onDelay: 10_000 },
    ]);
  });

  test("with limits may have one suppressed by more than the outer one", () => {
    const { alarms } = siteAfter([", H: 30,", ", H: { limit: 30, suppressedBy: [fire] },"]).model;
    expect(["HH", "H"].map((name) => alarmOf(`hot.${name}`, alarms).suppressedBy)).toEqual([[], ["hot.HH", "fire"]]);
  });

  test("with three limits on a side has each suppressed by the next one outwards that is written", () => {
    const limits = "{ HHH: 40, HH: 35, H: 30, LLL: 1, L: 10 }";
    const { alarms } = siteAfter(["{ HH: { limit: 35, priority: critical }, H: 30, L: 10, LL: 5 }", limits]).model;
    const rootOf = (name: string) => alarmOf(`hot.${name}`, alarms).suppressedBy;
    expect(["HHH", "HH", "H", "L", "LLL"].map(rootOf)).toEqual([[], ["hot.HHH"], ["hot.HH"], ["hot.LLL"], []]);
  });

  test("with an inner limit alone is suppressed by nothing", () => {
    const { alarms } = siteAfter(["{ HH: { limit: 35, priority: critical }, H: 30, L: 10, LL: 5 }", "{ H: 30 }"]).model;
    expect(alarmOf("hot.H", alarms).suppressedBy).toEqual([]);
    expect(alarms.map(({ id }) => id)).not.toContain("hot.HH");
  });

  test("that its profile brings belongs to the device", () => {
    const { alarms } = siteAfter(["profileAlarms: none", "profileAlarms: all"]).model;
    const brought = alarmOf("asd.action", alarms);
    expect(brought).toMatchObject({ space: "battery-room", need: 1, channels: [{ point: "asd/smoke.level" }] });
    expect(brought.title["en"]).toMatch(/^asd: /);
    expect(siteAfter().model.alarms.map(({ id }) => id)).not.toContain("asd.action");
  });

  test("that its profile brings may suppress and be answered", () => {
    const site = siteAfter(
      ["profileAlarms: none\n", ""],
      ["suppressedBy: [fire]", "suppressedBy: [asd.action]"],
      ["when: [fire]", "when: [asd.action]"],
    );
    expect(alarmOf("low", site.model.alarms).suppressedBy).toEqual(["asd.action"]);
    expect(site.model.responses[0]?.when).toEqual(["asd.action"]);
  });

  test.each([
    ["cause", "    cause: c\n", "38:5 alarms.fire.cause: missing: a text is needed"],
    ["consequence", "    consequence: d\n", "38:5 alarms.fire.consequence: missing: a text is needed"],
    ["response", "    response: e\n", "38:5 alarms.fire.response: missing: a text is needed"],
    ["priority", "    priority: critical\n", "38:5 alarms.fire.priority: must be one of critical, high, medium, low"],
    ["title", "    title: { en: Fire }\n", "38:5 alarms.fire.title: missing: a map is needed"],
  ])("without a %s is none", (_, line, problem) => {
    expect(problemsAfter([line, ""])).toEqual([problem]);
  });

  test.each([
    [
      "a space that is not there",
      "latch: true",
      "space: hell",
      '40:12 alarms.fire.space: there is no space "hell" (did you mean "hall"?)',
    ],
    ["more need than channels", "need: 2", "need: 3", "49:11 alarms.low.need: needs 3 of 2: that can never be"],
    ["no need at all", "need: 2", "need: 0", "49:11 alarms.low.need: must be at least 1"],
    ["channels and no need", "    need: 2\n", "", "50:7 alarms.low.channels: say how many of the 2 it needs"],
    ["a need and no channels", "latch: true", "need: 1", "40:11 alarms.fire.need: a single point takes no vote"],
    [
      "neither point nor channels",
      "point: asd/smoke.level\n    at: [fire1, fire2]",
      "above: 1",
      "38:5 alarms.fire: needs a point, or channels and how many of them it needs",
    ],
    [
      "both point and channels",
      "latch: true",
      "channels: [{ point: asd/smoke.level, stale: true }]",
      "40:15 alarms.fire.channels: has a point already: write one or the other",
    ],
    [
      "a judgement beside its channels",
      "need: 2",
      "need: 2\n    above: 3",
      '50:12 alarms.low.above: "above" belongs to a channel',
    ],
    ["limits out of order above", "H: 30", "H: 36", "61:57 alarms.hot.limits.H: H (36) must be less than HH (35)"],
    ["limits out of order below", "LL: 5", "LL: 10", "61:72 alarms.hot.limits.LL: LL (10) must be less than L (10)"],
    ["a low limit above the high one", "L: 10", "L: 31", "61:64 alarms.hot.limits.L: L (31) must be less than H (30)"],
    [
      "a limit that is never passed",
      "LL: 5",
      "LL: -50",
      "61:72 alarms.hot.limits.LL: crac/temperature.inlet is never below -50: it lies within -40 and 120 Cel",
    ],
    [
      "a deadband that swallows the next limit",
      "LL: 5 }\n    deadband: 1",
      "LL: 3 }\n    deadband: 5",
      "61:19 alarms.hot.limits.HH: a deadband of 5 swallows H: HH (35) would clear only at 30, and H is 30",
    ],
    [
      "a deadband of one limit that swallows the next",
      "H: 30,",
      "H: { limit: 30, deadband: 20 },",
      "61:57 alarms.hot.limits.H: a deadband of 20 swallows L: H (30) would clear only at 10, and L is 10",
    ],
    [
      "limits on a state",
      "point: crac/temperature.inlet\n    limits",
      "point: crac/cooling.mode\n    limits",
      "61:13 alarms.hot.limits: crac/cooling.mode is a state and has no limits; judge it with at",
    ],
    [
      "no limit among its limits",
      "{ HH: { limit: 35, priority: critical }, H: 30, L: 10, LL: 5 }",
      "{}",
      "61:13 alarms.hot.limits: needs at least one of HHH, HH, H, L, LL, LLL",
    ],
    [
      "a suppressor that is not there",
      "suppressedBy: [fire]",
      "suppressedBy: [fyre]",
      '53:20 alarms.low.suppressedBy.0: there is no alarm "fyre" (did you mean "fire"?)',
    ],
    [
      "a suppressor that is four alarms",
      "suppressedBy: [fire]",
      "suppressedBy: [fire, hot.HHH]",
      '53:26 alarms.low.suppressedBy.1: there is no alarm "hot.HHH" (did you mean "hot.HH"?)',
    ],
    [
      "a suppressor of one limit that is not there",
      "HH: { limit: 35, priority: critical }",
      "HH: { limit: 35, priority: critical, suppressedBy: [fyre] }",
      '61:67 alarms.hot.limits.HH.suppressedBy.0: there is no alarm "fyre" (did you mean "fire"?)',
    ],
    [
      "itself as suppressor",
      "suppressedBy: [fire]",
      "suppressedBy: [low]",
      "53:19 alarms.low.suppressedBy: suppression goes round in a circle: low would suppress itself",
    ],
  ])("with %s is refused", (_, from, to, problem) => {
    expect(problemsAfter([from, to])).toEqual([problem]);
  });

  test("that suppresses its own suppressor is refused", () => {
    expect(problemsAfter(["at: [fire1, fire2]", "at: [fire1, fire2]\n    suppressedBy: [low]"])).toEqual([
      "43:19 alarms.fire.suppressedBy: suppression goes round in a circle: fire would suppress itself",
    ]);
  });

  test("that refers to one that is wrong already is not wrong for it", () => {
    expect(problemsAfter(["at: [fire1, fire2]", "at: [fire9]"])).toEqual([
      '42:10 alarms.fire.at.0: "fire9" is no state of asd/smoke.level: normal, alert, action, fire1, fire2 (did you mean "fire1"?)',
    ]);
  });
});

describe("a limit", () => {
  const own = "H: { limit: 30, deadband: 2, onDelay: 20s, offDelay: 1min }";
  const alarms = siteAfter(["H: 30", own]).model.alarms;

  test("may have a deadband and delays of its own, and has the alarm's otherwise", () => {
    const [high, higher] = ["hot.H", "hot.HH"].map((id) => alarmOf(id, alarms));
    expect(high).toMatchObject({ onDelay: 20_000, offDelay: 60_000, channels: [{ detect: { deadband: 2 } }] });
    expect(higher).toMatchObject({ onDelay: 10_000, offDelay: 0, channels: [{ detect: { deadband: 1 } }] });
  });

  test("may have no deadband where the alarm has one", () => {
    const [high] = siteAfter(["H: 30", "H: { limit: 30, deadband: 0 }"]).model.alarms.filter(
      ({ id }) => id === "hot.H",
    );
    expect(high?.channels[0]?.detect).toMatchObject({ deadband: 0 });
  });
});

describe("the trouble that every device may give", () => {
  const { model } = siteAfter(["profileAlarms: none", "profileAlarms: all"]);

  test("may also be polls that come late or unevenly, by limits of the site", () => {
    const limits = (point: string, ms: number): string => `point: ${point}\n    above: ${ms}`;
    const late = siteAfter(
      ["point: crac/temperature.inlet\n    rising: 0.5\n    window: 60s", limits("bat-a/link.period", 2000)],
      ["point: asd/smoke.level\n    at: [fire1, fire2]", limits("bat-a/link.jitter", 500)],
      ["when: [fire]", "when: [hot.HH]"],
    );
    const plant = start(late.model, instant(0));
    const told = [1000, 2100].flatMap((took, i) => {
      const at = instant((i + 1) * 3000);
      const said = { period: took, jitter: Math.abs(took - 1000) };
      const readings = Object.entries(said).map(
        ([name, value]) => ({ point: pointId("bat-a", `link.${name}`), at, quality: "good", value }) as const,
      );
      const { transitions } = scan(plant, { at, readings, requests: [], outcomes: [], leads: true });
      return transitions
        .filter(({ to, alarm }) => to === "unacknowledged" && alarm !== "blind")
        .map(({ alarm }) => `${alarm} at ${took} ms`);
    });
    expect(told).toEqual(["fire at 2100 ms", "heating at 2100 ms"]);
  });

  test("is an alarm of each device, with what to do", () => {
    const links = model.alarms.filter(({ id }) => id.endsWith(".link"));
    expect(links.map(({ id }) => id)).toContain("bat-a.link");
    expect(new Set(links.map(({ channels }) => channels[0]?.point)).size).toBe(siteAfter().devices.length);
    expect(links.every(({ title }) => title["en"] && title["ko"])).toBe(true);
  });

  test("is raised at the third poll in a row without an answer: within five seconds at a poll a second", () => {
    const plant = start(model, instant(0));
    const missed = pointId("bat-a", "link.missed");
    const raisedAt = [0, 1, 2, 3].map((count, i) => {
      const at = instant((i + 1) * 1000);
      const reading = { point: missed, at, quality: "good", value: count } as const;
      const { transitions } = scan(plant, { at, readings: [reading], requests: [], outcomes: [], leads: true });
      return transitions.some(({ alarm, to }) => alarm === "bat-a.link" && to === "unacknowledged");
    });
    expect(raisedAt).toEqual([false, false, false, true]);
  });
});
