import { describe, expect, test } from "vitest";
import { imageAt } from "../../../src/core/image.ts";
import { instant } from "../../../src/core/time.ts";
import type { Sight } from "../../../src/core/topology/live.ts";
import { sightOf } from "../../../src/core/topology/live.ts";
import { lossOf, powerIndexOf } from "../../../src/core/topology/loss.ts";
import type { Load, PowerNode } from "../../../src/core/topology/power.ts";
import { load, node, powerNode, treeOf } from "../feeds.ts";
import { good, maxAge, point, t0 } from "../fixture.ts";

const states: Readonly<Record<string, readonly string[]>> = {
  "ups-a/ups.mode": ["off", "online", "bypass", "battery", "boost", "buck", "other"],
  "gen/generator.state": ["stopped", "starting", "running", "cooling", "fault", "other"],
  "sw/ats.on_utility": ["no", "yes"],
  "sw/ats.on_generator": ["no", "yes"],
  "row-a/breaker.state": ["open", "closed"],
};
const nodes: readonly PowerNode[] = [
  powerNode("row-a", "pdu", ["ups-a"], { device: "row-a" }),
  powerNode("ups-a", "ups", ["ats"], { device: "ups-a", battery: "string" }),
  powerNode("utility", "utility", []),
  powerNode("gen", "generator", [], { device: "gen" }),
  powerNode("ats", "ats", ["utility", "gen"], { device: "sw", power: null }),
  powerNode("ups-b", "ups", ["ats"]),
  powerNode("row-b", "pdu", ["ups-b"], { power: null }),
  powerNode("spare", "pdu", ["ups-b"]),
];
const loads: readonly Load[] = [load("one", { kw: 10 }), load("two", { kw: 10, on: ["b"] })];
const tree = treeOf(nodes, loads);
const index = powerIndexOf(tree);

describe("what is looked up of a power tree", () => {
  test("are the nodes that something counts on, those above first: no standby, and no board on which nothing hangs", () => {
    expect(index.counted.map(({ id }) => id)).toEqual(["utility", "ats", "ups-a", "ups-b", "row-a", "row-b"]);
  });

  test("are generators on which something stands when all is well", () => {
    const island = treeOf(
      [powerNode("gen", "generator", []), powerNode("row-a", "pdu", ["gen"]), powerNode("row-b", "pdu", ["gen"])],
      loads,
    );
    expect(powerIndexOf(island).counted.map(({ id }) => id)).toEqual(["gen", "row-a", "row-b"]);
  });

  test.each<[string, readonly PowerNode[], readonly string[]]>([
    [
      "both supplies of a board that stands on two",
      [powerNode("one", "utility", []), powerNode("two", "utility", []), powerNode("row-a", "pdu", ["one", "two"])],
      ["one", "two", "row-a"],
    ],
    [
      "the first supply of a transfer switch alone",
      [
        powerNode("one", "utility", []),
        powerNode("two", "utility", []),
        powerNode("ats", "ats", ["one", "two"]),
        powerNode("row-a", "pdu", ["ats"]),
      ],
      ["one", "ats", "row-a"],
    ],
    [
      "every UPS of a transfer switch: none is a mere standby",
      [
        powerNode("one", "ups", []),
        powerNode("two", "ups", []),
        powerNode("sts", "sts", ["one", "two"]),
        powerNode("row-a", "pdu", ["sts"]),
      ],
      ["one", "two", "sts", "row-a"],
    ],
    [
      "no generator beside a utility",
      [powerNode("gen", "generator", []), powerNode("one", "utility", []), powerNode("row-a", "pdu", ["gen", "one"])],
      ["one", "row-a"],
    ],
  ])("are %s", (_, of, counted) => {
    expect(powerIndexOf(treeOf(of, [load("one", { kw: 10, on: ["a"] })])).counted.map(({ id }) => id)).toEqual(counted);
  });

  test("come to an end over nodes that supply one another, which no site file may hold", () => {
    const circle = treeOf([powerNode("row-a", "pdu", ["row-b"]), powerNode("row-b", "pdu", ["row-a"])], loads);
    expect(powerIndexOf(circle).counted).toHaveLength(2);
  });

  test("are the points that tell whether a node is lost, and how", () => {
    expect(Object.fromEntries(index.tellers)).toEqual({
      ...Object.fromEntries(Object.keys(states).map((name) => [name, "state"])),
      ...Object.fromEntries(nodes.flatMap(({ power }) => (power === null ? [] : [[power, "meter"]]))),
      ...Object.fromEntries(
        ["a.one", "b.one", "b.two"].flatMap((name) => [
          [`${name}/closed`, "state"],
          [`${name}/power`, "meter"],
        ]),
      ),
    });
  });

  test("are the nodes that a device speaks for or switches, each once, and its battery's none", () => {
    expect(Object.fromEntries(index.nodesOf)).toEqual({
      "row-a": ["row-a"],
      "ups-a": ["ups-a"],
      utility: ["utility"],
      gen: ["gen"],
      sw: ["ats"],
      "ups-b": ["ups-b"],
      spare: ["spare"],
      "a.one": ["row-a"],
      "b.one": ["row-b"],
      "b.two": ["row-b"],
    });
  });
});

const sight = (values: Readonly<Record<string, number>>, of = tree): Sight => {
  const looked = powerIndexOf(of);
  const named = [...looked.tellers.keys()].filter((name) => !name.startsWith("mute/"));
  const rules = new Map(named.map((name) => [name, { maxAge, states: states[name] ?? null }]));
  const newest = new Map(Object.entries(values).map(([name, value]) => [point(name), good(name, value)]));
  return sightOf(of, imageAt(newest, rules, instant(t0)), rules, looked.below);
};

const onUtility = { "sw/ats.on_utility": 1, "sw/ats.on_generator": 0 };
const onNeither = { "sw/ats.on_utility": 0, "sw/ats.on_generator": 0 };
const dark = { "row-a/kw": 0 };
/** The rack is closed on A and draws from B. */
const starved = { "a.one/closed": 1, "b.one/power": 3 };

type Case = readonly [id: string, values: Readonly<Record<string, number>>, gone: readonly string[], is: string];

test.each<Case>([
  ["utility", {}, [], "unknown"],
  ["utility", { "utility/kw": 40 }, [], "none"],
  ["utility", { "utility/kw": 0 }, [], "unknown"],
  ["utility", { "utility/kw": 0, ...onNeither }, [], "dead"],
  ["utility", { "utility/kw": 0, ...onUtility }, [], "none"],
  ["utility", { "utility/kw": 0, "sw/ats.on_utility": 0 }, [], "dead"],
  ["gen", { "gen/generator.state": 0, "gen/kw": 0, ...onNeither }, [], "dead"],
  ["gen", { "gen/generator.state": 0, "gen/kw": 0 }, [], "unknown"],
  ["ats", {}, [], "unknown"],
  ["ats", onUtility, [], "none"],
  ["ats", { "sw/ats.on_utility": 1 }, [], "none"],
  ["ats", onNeither, [], "dead"],
  ["ats", { "sw/ats.on_utility": 0, "utility/kw": 0, "gen/generator.state": 0 }, [], "unknown"],
  ["ats", { "sw/ats.on_utility": 0, "utility/kw": 0, "gen/generator.state": 0 }, ["utility", "gen"], "dead"],
  ["ats", { "sw/ats.on_utility": 0, "utility/kw": 0, "gen/generator.state": 0 }, ["utility"], "unknown"],
  ["ups-a", {}, [], "unknown"],
  ["ups-a", { "ups-a/ups.mode": 3 }, [], "battery"],
  ["ups-a", { "ups-a/ups.mode": 3, "ups-a/kw": 5 }, [], "battery"],
  ["ups-a", { "ups-a/ups.mode": 1 }, [], "none"],
  ["ups-a", { "ups-a/ups.mode": 1 }, ["ats"], "none"],
  ["ups-a", { "ups-a/ups.mode": 6 }, [], "unknown"],
  ["ups-a", { "ups-a/ups.mode": 2, ...onNeither }, [], "unknown"],
  ["ups-a", { "ups-a/ups.mode": 0 }, [], "dead"],
  ["ups-a", { "ups-a/ups.mode": 0, "ups-a/kw": 5 }, [], "none"],
  ["ups-a", { "ups-a/kw": 5 }, [], "carrying"],
  ["ups-a", { "utility/kw": 40 }, [], "unknown"],
  ["ups-b", { "ups-b/kw": 5 }, [], "none"],
  ["ups-b", { "ups-b/kw": 0, "utility/kw": 40 }, [], "none"],
  ["ups-b", { "utility/kw": 40 }, [], "unknown"],
  ["row-a", {}, [], "unknown"],
  ["row-a", { "row-a/kw": 5 }, [], "none"],
  ["row-a", { "row-a/kw": 0.05, "ups-a/ups.mode": 1, "row-a/breaker.state": 1 }, [], "none"],
  ["row-a", { ...dark, "ups-a/ups.mode": 1, "row-a/breaker.state": 0 }, [], "dead"],
  ["row-a", { ...dark, "ups-a/ups.mode": 1, "row-a/breaker.state": 1, ...starved }, [], "dead"],
  ["row-a", { ...dark, "ups-a/ups.mode": 1, "row-a/breaker.state": 1, ...starved, "a.one/closed": 0 }, [], "none"],
  ["row-a", { ...dark, "ups-a/ups.mode": 1, "row-a/breaker.state": 1, ...starved, "b.one/power": 0.05 }, [], "none"],
  ["row-a", { ...dark, "ups-a/ups.mode": 1, ...starved, "row-a/kw": 0.06 }, [], "none"],
  [
    "row-a",
    { ...dark, "ups-a/ups.mode": 1, "row-a/breaker.state": 1, "a.one/closed": 1, "a.one/power": 3 },
    [],
    "none",
  ],
  ["row-a", { "ups-a/ups.mode": 1, ...starved }, [], "unknown"],
  ["row-a", { ...dark, "ups-a/ups.mode": 0 }, [], "unknown"],
  ["row-a", { ...dark, "ups-a/ups.mode": 0 }, ["ups-a"], "dead"],
  ["row-a", { ...dark, "ups-a/ups.mode": 0, ...starved }, [], "dead"],
  ["row-a", { ...dark, "ups-a/ups.mode": 1, "row-a/breaker.state": 1 }, ["ups-a"], "unknown"],
  ["row-a", { ...dark, "ups-a/ups.mode": 1 }, [], "unknown"],
  [
    "row-a",
    { ...dark, "ups-a/ups.mode": 1, "row-a/breaker.state": 1, "a.one/closed": 0, "b.one/closed": 1, "b.one/power": 3 },
    [],
    "none",
  ],
  ["row-b", { "ups-b/kw": 5 }, [], "none"],
  ["spare", { "ups-b/kw": 5 }, [], "unknown"],
  ["spare", { "ups-b/kw": 5, "spare/kw": 0 }, [], "none"],
])("%s with %o, where %j is gone, is %s", (id, values, gone, is) => {
  expect(lossOf(sight(values), tree.nodes.get(node(id))!, (above) => gone.includes(above))).toBe(is);
});

describe("a supply without a transfer switch", () => {
  const direct = treeOf([
    powerNode("utility", "utility", []),
    powerNode("ups-a", "ups", ["utility"], { device: "ups-a" }),
    powerNode("ups-c", "ups", ["utility"], { device: "mute" }),
  ]);

  test.each([
    [{ "ups-a/ups.mode": 3 }, "dead"],
    [{ "ups-a/ups.mode": 0 }, "dead"],
    [{ "ups-a/ups.mode": 1 }, "unknown"],
    [{}, "unknown"],
  ])("whose meter shows nothing is known by a UPS that does without it: %o, %s", (values, is) => {
    const seen = sight({ "utility/kw": 0, ...values }, direct);
    expect(lossOf(seen, direct.nodes.get(node("utility"))!, () => false)).toBe(is);
  });

  test("gives power to a UPS that is known by its meter, where the site does not read its mode", () => {
    const seen = sight({ "utility/kw": 40, "ups-c/kw": 0 }, direct);
    expect(lossOf(seen, direct.nodes.get(node("ups-c"))!, () => false)).toBe("none");
  });
});

test.each([
  ["ats", null, "unknown"],
  ["sts", "sw", "dead"],
] as const)("a switch, %s with device %j, that shows nothing is %s", (kind, device, is) => {
  const of = treeOf([
    powerNode("utility", "utility", []),
    powerNode("ats", kind, ["utility"], { device, power: null }),
  ]);
  const seen = sight({ "utility/kw": 0, ...onNeither }, of);
  expect(lossOf(seen, of.nodes.get(node("ats"))!, () => false)).toBe(is);
});
