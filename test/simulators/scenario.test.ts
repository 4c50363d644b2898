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

  test("are set otherwise by whoever runs it; what is no number, or neither true nor false, is told so", () => {
    const scenario = good(parts, {
      params: new Map([
        ["lost", "2min"],
        ["limit", "1"],
      ]),
    });
    expect(since(scenario)).toEqual([120]);
    expect(scenario.values.get("limit")).toBe(1);
    expect(wrong(parts, { params: new Map([["limit", "few"]]) })).toMatchObject([
      { message: "--set limit=few: limit is a number" },
    ]);
    expect(wrong(parts, { params: new Map([["limit", ""]]) })).toMatchObject([
      { message: "--set limit=: limit is a number" },
    ]);
    const switched = { more: "params: { wet: false }" };
    expect(good(switched, { params: new Map([["wet", "true"]]) }).values.get("wet")).toBe(true);
    expect(wrong(switched, { params: new Map([["wet", "yes"]]) })).toMatchObject([
      { message: "--set wet=yes: wet is true or false" },
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
  test("are written as a simulated site on the wire takes them, and say how long they last", () => {
    const timeline = `  - { at: 1min, does: lost, fault: drop, on: ups-a, share: 0.3, for: 30s }
  - { at: 2min, fault: delay, link: bat-a, by: 200ms, every: 10s }
  - { at: 3min, fault: spike, on: ups-a/battery.charge, by: 5 }`;
    const { timeline: happenings, starts } = good({ timeline });
    expect(happenings.map(({ at, does, fault }) => [(at - starts) / 1000, does, fault])).toEqual([
      [60, "lost", { fault: "drop", on: "ups-a", share: 0.3, for: 30_000 }],
      [120, null, { fault: "delay", link: "bat-a", by: "200ms", every: 10_000 }],
      [180, null, { fault: "spike", on: "ups-a/battery.charge", by: 5 }],
    ]);
  });

  test.each([
    ["fault: drop, on: ups-c", "on", 'there is no device "ups-c"', "ups-a"],
    ["fault: drop, link: bat-q", "link", 'there is no device "bat-q"', "bat-a"],
    ["fault: spike, by: 3, on: ups-a/battery.chage", "on", 'ups-a has no point "battery.chage"', "battery.charge"],
    ["fault: exception, by: 6, on: ups-a", "fault", "exceptions are Modbus's", undefined],
    ["fault: delay, on: ups-a", "fault", "a delay needs a time", undefined],
    ["fault: drp, on: ups-a", "fault", "must be one of delay, drop", "drop"],
    ["fault: drop, on: ups-a, for: long", "for", "is no duration", undefined],
    ["fault: drop", "", "say on or link", undefined],
    ["does: x, on: ups-a, for: 3s", "", "on, for without a fault", undefined],
  ])("%s is told where it is wrong, and what was meant", (fault, key, message, suggestion) => {
    const [problem, ...more] = wrong({ timeline: `  - { at: 1min, ${fault} }` });
    expect(more).toEqual([]);
    const path = key === "" ? "timeline.0" : `timeline.0.${key}`;
    expect(problem).toMatchObject({ line: 9, path, message: expect.stringContaining(message) });
    expect(problem?.suggestion).toBe(suggestion);
    const before = "  - { at: 1min, ";
    if (key !== "") expect(problem?.column).toBe(before.length + fault.indexOf(`${key}: `) + key.length + 3);
  });

  test("come in swarms, the same ones from one seed, and others from another or from another run's", () => {
    const faults = (swarm: string, otherwise: Otherwise = {}) =>
      good({ more: `swarm: ${swarm}` }, otherwise).timeline.map(({ at, fault }) => ({ at, fault }));
    const own = faults("{ rate: 120 }");
    expect(own).toHaveLength(20);
    expect(own.every(({ fault }) => fault !== null && fault.for !== undefined)).toBe(true);
    expect(faults("{ rate: 120 }")).toEqual(own);
    expect(faults("{ rate: 120 }", { seed: 4 })).not.toEqual(own);
    expect(faults("{ seed: 9, rate: 120 }", { seed: 4 })).toEqual(faults("{ seed: 9, rate: 120 }"));
    const few = faults("{ rate: 120, kinds: [drop, frozen], devices: [ups-a, bat-a] }");
    expect(new Set(few.map(({ fault }) => fault?.fault))).toEqual(new Set(["drop", "frozen"]));
    expect(new Set(few.map(({ fault }) => fault?.on ?? fault?.link))).toEqual(new Set(["ups-a", "bat-a"]));
    const beside = good({ more: "swarm: { rate: 120 }", timeline: "  - { at: 5min, does: middle }" }).timeline;
    expect(beside.map(({ at }) => at)).toEqual(beside.map(({ at }) => at).toSorted((a, b) => a - b));
    expect(beside).toHaveLength(21);
  });

  test.each([
    ["{ rate: 60, devices: [ups-a, upz-b] }", "swarm.devices.1", 'there is no device "upz-b"', "ups-b"],
    ["{ rate: 60, kinds: [drop, drft] }", "swarm.kinds.1", "must be one of", "drift"],
    ["{ rate: 60, kinds: [exception], devices: [ups-a] }", "swarm", "nothing comes of it", undefined],
    ["{ rate: 0.001 }", "swarm", "nothing comes of it", undefined],
    ["{ seed: 1 }", "swarm.rate", "a number is needed", undefined],
  ])("a swarm of %s is told where it is wrong", (swarm, path, message, suggestion) => {
    const [problem] = wrong({ more: `swarm: ${swarm}` });
    expect(problem).toMatchObject({ line: 7, path, message: expect.stringContaining(message) });
    expect(problem?.suggestion).toBe(suggestion);
  });

  test("on a site that is alive are those that can be laid over its readings, of swarms too", () => {
    const live = { isLive: true };
    expect(good({ timeline: "  - { at: 1min, fault: drift, by: 0.1, on: ups-a }" }, live).timeline).toHaveLength(1);
    expect(wrong({ timeline: "  - { at: 1min, fault: delay, by: 1s, on: ups-a }" }, live)).toMatchObject([
      { line: 9, path: "timeline.0.fault", message: expect.stringMatching(/^delay cannot be laid over .*drop, reset/) },
    ]);
    expect(wrong({ more: "swarm: { rate: 60, kinds: [error] }" }, live)).toMatchObject([{ path: "swarm.kinds.0" }]);
    const kinds = good({ more: "swarm: { rate: 600 }" }, live).timeline.map(({ fault }) => fault?.fault);
    expect(kinds).toContain("spike");
    for (const kind of ["delay", "exception", "error", "slow-loris", "clock-step", "trap-storm"])
      expect(kinds).not.toContain(kind);
  });
});

describe("a scenario's timeline", () => {
  test("asks alarms, responses and the gate, and knows which there are", () => {
    const said = "by: operator, why: drill";
    const { timeline, starts } = good({
      timeline: `  - { at: 1min, asks: { shelve: utility-lost, for: 10min, ${said} } }
  - { at: 2min, asks: { outOfService: utility-lost, permit: W-1, for: 1h, ${said} } }
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
