import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import type { Otherwise, Scenario } from "../../simulators/scenario.ts";
import { parseScenario } from "../../simulators/scenario.ts";
import type { Problem } from "../../src/profiles/index.ts";

const place = join(dirname(demoSiteFile()), "../scenarios/own/scenario.yaml");

interface Parts {
  readonly site?: string;
  readonly more?: string;
  readonly timeline?: string;
  readonly promises?: readonly string[];
}

const text = ({ site = "demo", more = "", timeline = "  []", promises = [] }: Parts): string => `scenario: own
about: Of the test's own.
site: ${site}
starts: 2026-03-02T09:00:00+09:00
lasts: 10min
seed: 3
${more}
timeline:
${timeline}
promises: ${JSON.stringify(promises)}
`;

function good(parts: Parts, otherwise: Otherwise = {}): Scenario {
  const loaded = parseScenario(place, text(parts), otherwise);
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.scenario;
}

function wrong(parts: Parts, otherwise: Otherwise = {}): readonly Problem[] {
  const loaded = parseScenario(place, text(parts), otherwise);
  return "problems" in loaded ? loaded.problems : [];
}

const since = ({ starts, timeline }: Scenario): readonly number[] => timeline.map(({ at }) => (at - starts) / 1000);

describe("a scenario's parameters", () => {
  const parts: Parts = {
    more: "params: { lost: 90s, limit: 7, does: fails }",
    timeline: '  - { at: "${lost}", does: "the utility ${does}", event: { utility: fail } }',
    promises: ["at most ${limit} commands"],
  };

  test("stand in times, texts and promises, each as what it is", () => {
    const scenario = good(parts);
    expect(since(scenario)).toEqual([90]);
    expect(scenario.timeline[0]).toMatchObject({ does: "the utility fails", event: { utility: "fail" } });
    expect(scenario.promises.map(({ text: said }) => said)).toEqual(["at most 7 commands"]);
    expect(Object.fromEntries(scenario.values)).toEqual({ lost: "90s", limit: 7, does: "fails" });
  });

  test("are set otherwise by whoever runs it; what is not a number is told so", () => {
    const scenario = good(parts, {
      params: new Map([
        ["lost", "2min"],
        ["limit", "1"],
      ]),
    });
    expect(since(scenario)).toEqual([120]);
    expect(scenario.values.get("limit")).toBe(1);
    expect(wrong(parts, { params: new Map([["limit", "few"]]) })).toMatchObject([
      { message: "--set limit=few is no number" },
    ]);
    expect(wrong(parts, { params: new Map([["lots", "2min"]]) })).toMatchObject([{ line: 7, suggestion: "lost" }]);
  });

  test("that are not there are told where they stand", () => {
    const timeline = '  - { at: "${lots}", does: x }';
    expect(wrong({ ...parts, timeline })).toMatchObject([
      { line: 9, column: 11, path: "timeline.0.at", message: 'there is no parameter "lots"', suggestion: "lost" },
    ]);
  });

  test("change the site's numbers by their paths, and a path that leads nowhere is told", () => {
    const more = "params: { ratedKw: 123 }";
    const scenario = good({ more, site: '{ file: demo, set: { power.gen.ratedKw: "${ratedKw}" } }' });
    expect([...scenario.site.model.power.nodes.values()].find(({ id }) => id === "gen")?.ratedKw).toBe(123);
    expect(scenario.siteText).toContain("ratedKw: 123");
    expect(wrong({ site: "{ file: demo, set: { power.genn.ratedKw: 1 } }" })).toMatchObject([
      { line: 3, message: "the site file has no power.genn.ratedKw" },
    ]);
    expect(wrong({ site: "{ file: demo, set: { power.gen.ratedKw: much } }" })[0]?.message).toMatch(
      /^the site file is wrong: .*demo\.yaml:\d+:\d+ power\.gen\.ratedKw/,
    );
  });
});

describe("an entry with a condition", () => {
  const parts: Parts = {
    more: "params: { mode: act }",
    site: '{ file: demo, set: { responses.move-tier-0.mode: "${mode}" } }',
    timeline: `  - { only: "\${mode} is advise", at: 1min, does: asked }
  - { only: "\${mode} is not advise", at: 2min, does: done, label: done }`,
  };

  test("happens where it holds, and is left out where it does not", () => {
    expect(good(parts).timeline.map(({ does }) => does)).toEqual(["done"]);
    const advised = good(parts, { params: new Map([["mode", "advise"]]) });
    expect(advised.timeline.map(({ does }) => does)).toEqual(["asked"]);
    expect(advised.site.model.responses.find(({ id }) => id === "move-tier-0")?.mode).toBe("advise");
  });

  test("that is none is told how one is written", () => {
    const timeline = '  - { only: "advise", at: 1min, does: asked }';
    expect(wrong({ timeline })).toMatchObject([
      { line: 9, path: "timeline.0.only", message: expect.stringContaining("a condition is like") },
    ]);
  });

  test("leaves its label for promises to count from", () => {
    const promises = ['alarm utility-lost raised within 5 s of "done"'];
    expect(good({ ...parts, promises }, { params: new Map([["mode", "advise"]]) }).promises).toHaveLength(1);
  });
});

describe("a scenario's polls", () => {
  const periodOf = ({ site }: Scenario, point: string): number | undefined =>
    site.devices.find(({ id }) => id === "asd-battery")!.model.points.find(({ name }) => name === point)?.period;

  test("ask no device more often, and let readings live for as many polls as ever", () => {
    const slow = good({ more: 'params: { poll: 10s }\npolls: "${poll}"' });
    expect(periodOf(slow, "smoke.level")).toBe(10_000);
    expect(periodOf(good({}), "smoke.level")).toBe(1000);
    const ageOf = ({ site }: Scenario): number =>
      [...site.model.points].find(([id]) => id === "asd-battery/smoke.level")![1].maxAge;
    expect(ageOf(slow) - ageOf(good({}))).toBe(27_000);
    expect(periodOf(good({ more: "polls: 1ms" }), "smoke.level")).toBe(1000);
  });

  test("have a site file's own periods beside them, in a map that it need not have", () => {
    const { site } = good({ site: "{ file: demo, set: { devices.crac-1.periods: { normal: 90s } } }" });
    const { points } = site.devices.find(({ id }) => id === "crac-1")!.model;
    expect(points.map(({ period }) => period)).toContain(90_000);
  });
});

describe("a scenario's history", () => {
  const history = (outcome: string, set: string) => `params: { poll: 1s }
history:
  date: 2022-10-15
  unknown: Why.
  assumed: A short.
  happened: A fire.
  lesson: It is seen.
  sensitivity: [{ set: { ${set} }, says: polled slowly }]
  outcome: [${outcome}]`;

  test("is kept with what was run otherwise", () => {
    const { history: told } = good({ more: history("service all moved", "poll: 10s") });
    expect(told).toMatchObject({ date: "2022-10-15", outcome: ["service all moved"] });
    expect(told?.sensitivity).toEqual([{ set: { poll: "10s" }, says: "polled slowly" }]);
    expect(good({}).history).toBeUndefined();
  });

  test("names parameters and outcomes that there are", () => {
    expect(wrong({ more: history("service al moved", "pol: 10s") })).toMatchObject([
      { line: 14, message: 'there is no parameter "pol"', suggestion: "poll" },
      { line: 15, message: 'the site has no service "al"' },
    ]);
  });
});

describe("a scenario's draws", () => {
  const parts: Parts = {
    more: "draw: { lost: uniform 1min..5min, which: 'one of ups-a, ups-b', n: whole 1..3 }",
    timeline: `  - { at: "\${lost}", does: lost, event: { ups: "\${which}", off: true } }
  - { draw: { at: normal 3min ± 10s }, does: later }`,
  };

  test("follow from the seed alone, and fall otherwise from another", () => {
    expect(since(good(parts))).toEqual(since(good(parts)));
    const all = Array.from({ length: 20 }, (_, seed) => good(parts, { seed }));
    const lost = all.map(({ values }) => Number.parseInt(String(values.get("lost")), 10) / 1000);
    expect(Math.min(...lost)).toBeGreaterThanOrEqual(60);
    expect(Math.max(...lost)).toBeLessThan(300);
    expect(new Set(lost).size).toBe(20);
    expect(new Set(all.map(({ values }) => values.get("which")))).toEqual(new Set(["ups-a", "ups-b"]));
    expect(new Set(all.map(({ values }) => values.get("n")))).toEqual(new Set([1, 2, 3]));
    for (const { timeline, starts } of all) {
      const later = timeline.find(({ does }) => does === "later")!;
      expect(Math.abs(later.at - starts - 180_000)).toBeLessThanOrEqual(60_000);
    }
  });

  test("that are none are told, with the forms there are", () => {
    for (const draw of ["uniform 5..1", "evenly 1..5", "uniform 1min", "normal 3 ± ", "whole 1min..2min"])
      expect(wrong({ more: `draw: { x: "${draw}" }` }), draw).toMatchObject([
        { line: 7, path: "draw.x", message: expect.stringContaining("is no draw; there are: uniform 1min..5min") },
      ]);
  });
});

describe("a scenario's faults", () => {
  test("begin and end, each device of them, and are told", () => {
    const timeline = "  - { at: 1min, fault: { devices: [ups-a, ups-b], is: silent }, lasts: 30s }";
    const { timeline: happenings, starts } = good({ timeline });
    expect(happenings.filter(({ event }) => event).map(({ at, event }) => [(at - starts) / 1000, event])).toEqual([
      [60, { sensor: "ups-a", silent: true }],
      [60, { sensor: "ups-b", silent: true }],
      [90, { sensor: "ups-a", silent: false }],
      [90, { sensor: "ups-b", silent: false }],
    ]);
    expect(happenings.flatMap(({ does }) => does ?? [])).toEqual([
      "ups-a, ups-b: silent",
      "ups-a, ups-b: silent no longer",
    ]);
  });

  test("of a link befall every device behind the same address", () => {
    const site = readFileSync(demoSiteFile(), "utf8").includes("port: 15024") ? "demo" : "none";
    const set = "{ file: demo, set: { devices.bat-b.modbus.port: 15023, devices.bat-b.modbus.unit: 2 } }";
    expect(site).toBe("demo");
    const { timeline } = good({ site: set, timeline: "  - { at: 1min, fault: { link: bat-a, is: half-frame } }" });
    expect(timeline.flatMap(({ event }) => event ?? [])).toEqual([
      { sensor: "bat-a", silent: true },
      { sensor: "bat-b", silent: true },
    ]);
  });

  test.each([
    ["{ device: ups-c, is: silent }", 'the site has no device "ups-c"'],
    ["{ device: ups-a, is: exception=6 }", "exceptions are Modbus's"],
    ["{ device: ups-a, is: broken }", '"broken" is no fault'],
    ["{ device: ups-a, is: drop=0.2 }", "befalls some answers only"],
    ["{ device: ups-a, is: delay=2s }", "delays answers"],
  ])("%s is told what is wrong with it", (fault, message) => {
    expect(wrong({ timeline: `  - { at: 1min, fault: ${fault} }` })).toMatchObject([
      { line: 9, message: expect.stringContaining(message) },
    ]);
  });
});

describe("a scenario's timeline", () => {
  test("asks alarms, responses and the gate, and knows which there are", () => {
    const said = "by: operator, why: drill";
    const { timeline, starts } = good({
      timeline: `  - { at: 1min, asks: { shelve: utility-lost, for: 10min, ${said} } }
  - { at: 2min, asks: { outOfService: utility-lost, ${said} } }
  - { at: 3min, asks: { start: move-tier-0, ${said} } }
  - { at: 4min, asks: { disarm: move-tier-0, ${said} } }`,
    });
    expect(timeline[0]?.asks).toMatchObject({ to: "alarm", event: { kind: "shelve", until: starts + 660_000 } });
    expect(timeline[1]?.asks).toMatchObject({ alarm: "utility-lost", event: { kind: "outOfService" } });
    expect(timeline[2]?.asks).toMatchObject({ to: "response", response: "move-tier-0", event: "start" });
    expect(timeline[3]).toMatchObject({ asks: null, arming: { kind: "disarm", response: "move-tier-0" } });
    expect(wrong({ timeline: `  - { at: 1min, asks: { reset: utilty-lost, ${said} } }` })).toMatchObject([
      { line: 9, message: 'the site has no alarm "utilty-lost"', suggestion: "utility-lost" },
    ]);
    expect(wrong({ timeline: `  - { at: 1min, asks: { arm: move-tier-9, ${said} } }` })).toMatchObject([
      { message: 'the site has no response "move-tier-9"', suggestion: "move-tier-0" },
    ]);
  });

  test("has labels, each once, and plots points that the site has", () => {
    const twice = "  - { at: 1min, label: dark }\n  - { at: 2min, label: dark }";
    expect(wrong({ timeline: twice })).toMatchObject([{ line: 10, message: 'there are two entries "dark"' }]);
    expect(wrong({ more: "plots: [ups-a/ups.mod]" })).toMatchObject([{ line: 7, suggestion: "ups-a/ups.mode" }]);
  });

  test("of a live site may only lay something over its readings", () => {
    const laid = "  - { at: 1min, does: x, event: { reading: io-battery/flame.state, shows: 1 } }";
    expect(good({ timeline: laid }, { isLive: true }).timeline).toHaveLength(1);
    expect(wrong({ timeline: "  - { at: 1min, does: x, event: { utility: fail } }" }, { isLive: true })).toMatchObject([
      { line: 9, message: expect.stringContaining("nothing can happen to a live site") },
    ]);
    const other = laid.replace("flame.state", "flam.state");
    expect(wrong({ timeline: other }, { isLive: true })).toMatchObject([{ suggestion: "io-battery/flame.state" }]);
  });

  test("is told of a site file that is not there", () => {
    expect(wrong({ site: "../sites/none.yaml" })).toMatchObject([
      { line: 3, message: expect.stringMatching(/no site file .*none\.yaml$/) },
    ]);
  });
});
