import { describe, expect, test } from "vitest";
import type { AlarmDefinition } from "../../src/core/alarm/definition.ts";
import { problemsAfter, siteAfter } from "./fixture.ts";

const three = `need: 2
    channels:
      - { point: asd/smoke.level, at: [fire1, fire2] }
      - { point: crac/temperature.return, above: 60 }`;
const low = `need: 2
    channels:
      - { point: ups-a/battery.runtime, below: 300, deadband: 60 }`;
/** The alarm "low" as a vote of two out of three, with more terms. */
const voted = (terms: string): [string, string] => [low, `${terms}\n    ${three}`];
const single = (terms: string): [string, string] => ["latch: true", `latch: true\n    ${terms}`];

const alarmAfter = (id: string, ...changes: [string, string][]): AlarmDefinition =>
  siteAfter(...changes).model.alarms.find((alarm) => alarm.id === id)!;

const whyAfter = (...changes: [string, string][]): readonly string[] =>
  problemsAfter(...changes).map((problem) => problem.replace(/^\d+:\d+ /, ""));

describe("an alarm's ways in a site file", () => {
  test("are the definition's, each left out where the file says nothing of it", () => {
    expect(
      alarmAfter("fire", single("safety: true\n    reAlarm: 30min\n    flap: { count: 3, within: 1min, hold: 5min }")),
    ).toMatchObject({
      safety: true,
      reAlarm: 1_800_000,
      flap: { count: 3, within: 60_000, hold: 300_000 },
    });
    for (const key of ["safety", "reAlarm", "flap", "ifBad", "degradeTo", "diverse"])
      expect(alarmAfter("fire")).not.toHaveProperty(key);
  });

  test("hold for each alarm of several limits", () => {
    const { alarms } = siteAfter(["limits: {", "reAlarm: 1h\n    safety: true\n    limits: {"]).model;
    const hot = alarms.filter(({ id }) => id.startsWith("hot."));
    expect(hot).toHaveLength(4);
    for (const alarm of hot) expect(alarm).toMatchObject({ reAlarm: 3_600_000, safety: true });
  });

  test.each([
    [
      "a hold that is no longer than the off-delay",
      single("offDelay: 5min\n    flap: { count: 3, within: 1h, hold: 5min }"),
      "alarms.fire.flap.hold: must be more than the offDelay of 300 s, or it holds nothing",
    ],
    [
      "more times than its delays allow",
      single("onDelay: 10s\n    offDelay: 30s\n    flap: { count: 3, within: 1min, hold: 5min }"),
      "alarms.fire.flap.within: with its delays 3 times take 80 s: that can never be",
    ],
    [
      "a flap of one time",
      single("flap: { count: 1, within: 1min, hold: 5min }"),
      "alarms.fire.flap.count: must be at least 2",
    ],
    ["a re-alarm of no time", single("reAlarm: 0s"), "alarms.fire.reAlarm: must be more than 0"],
    ["a re-alarm of more than a day", single("reAlarm: 25h"), "alarms.fire.reAlarm: must be at most 86400 s"],
  ])("refuse %s", (_, change, problem) => {
    expect(whyAfter(change)).toEqual([problem]);
  });
});

describe("a vote's terms in a site file", () => {
  test("are the definition's; what it degrades to is how many it needs then", () => {
    const terms = "ifBad: exclude\n    degradeTo: 1oo2";
    expect(alarmAfter("low", voted(terms))).toMatchObject({ need: 2, ifBad: "exclude", degradeTo: 1 });
    const diverse = alarmAfter("low", voted("diverse: true\n    ifBad: exclude\n    degradeTo: 2oo2"));
    expect(diverse).toMatchObject({ diverse: true, degradeTo: 2 });
  });

  test.each([
    [
      "leaving out without what becomes of it",
      "ifBad: exclude",
      "low.ifBad: say what 2oo3 becomes then: degradeTo 2oo2 or 1oo2",
    ],
    [
      "another vote than one with a channel less",
      "degradeTo: 1oo3",
      "low.degradeTo: 2oo3 less one channel is 2oo2 or 1oo2",
    ],
    ["what is no vote", "degradeTo: two of two", "low.degradeTo: a vote is written like 1oo2"],
    [
      "one channel where two senses are demanded",
      "diverse: true\n    ifBad: exclude\n    degradeTo: 1oo2",
      "low.degradeTo: 2oo3 less one channel is 2oo2",
    ],
  ])("refuse %s", (_, terms, problem) => {
    expect(whyAfter(voted(terms))).toEqual([`alarms.${problem}`]);
  });

  test.each(["ifBad: hold", "degradeTo: 1oo1", "diverse: true"])("refuse %s of a single point", (term) => {
    expect(whyAfter(single(term))).toEqual([`alarms.fire.${term.split(":")[0]}: a single point takes no vote`]);
  });

  test("refuse bad channels that vote beside the one that is enough, and senses of a single channel", () => {
    const one = three.replace("need: 2", "need: 1");
    expect(whyAfter([low, `ifBad: vote\n    ${one}`])[0]).toContain("one is all that this vote needs");
    expect(whyAfter([low, `diverse: true\n    ${one}`])[0]).toContain("asked of a vote that needs one channel");
  });

  test("refuse diversity where all channels sense the same, or none would be left of it", () => {
    const alike = three.replace("asd/smoke.level, at: [fire1, fire2]", "ups-a/battery.charge, below: 9");
    const same = alike.replace("crac/temperature.return, above: 60", "ups-b/battery.charge, below: 9");
    const rest: [string, string] = [
      "{ point: ups-a/ups.mode, at: [battery] }",
      "{ point: bat-a/battery.charge, below: 9 }",
    ];
    expect(whyAfter([low, `diverse: true\n    ${same}`], rest)).toEqual([
      "alarms.low.diverse: all its channels sense the same: ups-a/battery.charge, ups-b/battery.charge, bat-a/battery.charge",
    ]);
    expect(whyAfter([low, `diverse: true\n    ifBad: exclude\n    degradeTo: 1oo1\n    ${low}`])).toEqual([
      "alarms.low.ifBad: with a channel left out of 2oo2 no two different senses are left",
    ]);
  });

  test("refuse bad channels that are out of a vote in which silence is what is told of", () => {
    const stale = three.replace("above: 60", "stale: true");
    expect(whyAfter([low, `ifBad: vote\n    ${stale}`])[0]).toContain("a channel that is judged by stale is never bad");
  });
});

describe("what isolates a sensor in a site file", () => {
  const isolated = (unless: string): [string, string] => [
    low,
    `${three.replace("at: [fire1, fire2]", `at: [fire1, fire2], unless: ${unless}`)}`,
  ];

  test("is a condition of any point, for a channel and for a single point alike", () => {
    const unless = { point: "asd/smoke.isolated", at: ["alarm"] };
    expect(alarmAfter("low", isolated("{ point: asd/smoke.isolated, at: [alarm] }")).channels[0]).toMatchObject({
      unless,
    });
    expect(alarmAfter("fire", single("unless: { point: asd/smoke.isolated, at: [alarm] }")).channels[0]).toMatchObject({
      unless,
    });
  });

  test.each([
    ["a point that is not there", "{ point: asd/smoke.isolatd, at: [alarm] }", "there is no"],
    ["a state that is not there", "{ point: asd/smoke.isolated, at: [off] }", "this needs one that knows off"],
    [
      "a number by its state",
      "{ point: crac/temperature.return, at: [alarm] }",
      "is a number; this needs one that knows alarm",
    ],
    ["the very state that it tells of", "{ point: asd/smoke.level, at: [fire2] }", "it could never speak"],
  ])("is not %s", (_, unless, why) => {
    const problems = whyAfter(isolated(unless));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^alarms\.low\.channels\.0\.unless/);
    if (why !== "there is no") expect(problems[0]).toContain(why);
  });

  test("does not stand beside a vote, whose channels each have their own", () => {
    expect(whyAfter(voted("unless: { point: asd/smoke.isolated, at: [alarm] }"))[0]).toBe(
      'alarms.low.unless: "unless" belongs to a channel',
    );
  });
});
