import { describe, expect, test } from "vitest";
import { imageAt } from "../../../src/core/image.ts";
import { instant } from "../../../src/core/time.ts";
import type { Sight } from "../../../src/core/topology/live.ts";
import {
  belowOf,
  isBreakerOpen,
  isLive,
  modeOf,
  nodeReading,
  nodeValue,
  seenKw,
  sightOf,
  speakersOf,
} from "../../../src/core/topology/live.ts";
import type { PowerNode } from "../../../src/core/topology/power.ts";
import { node, powerNode, treeOf } from "../feeds.ts";
import { good, maxAge, point, t0 } from "../fixture.ts";

const modes = ["off", "online", "bypass", "battery", "boost", "buck", "other"];
const states: Readonly<Record<string, readonly string[]>> = {
  "ups/ups.mode": modes,
  "gen/generator.state": ["stopped", "starting", "running", "cooling", "fault", "other"],
  "sw/ats.on_utility": ["no", "yes"],
  "sw/ats.on_generator": ["no", "yes"],
  "stuck/ats.on_utility": ["no", "yes"],
  "stuck/ats.on_generator": ["no", "yes"],
  "row/breaker.state": ["open", "closed"],
};
const plain = ["utility/kw", "gen/kw", "ups/kw", "row/kw", "string/battery.runtime", "ups/battery.charge"];

const nodes: readonly PowerNode[] = [
  powerNode("utility", "utility", [], { device: "meter" }),
  powerNode("gen", "generator", [], { device: "gen" }),
  powerNode("ats", "ats", ["utility", "gen"], { device: "sw", power: null }),
  powerNode("ups", "ups", ["ats"], { device: "ups", battery: "string" }),
  powerNode("row", "pdu", ["ups"], { device: "row" }),
];

const sight = (values: Readonly<Record<string, number>>, tree = treeOf(nodes)): Sight => {
  const rules = new Map([
    ...plain.map((name) => [point(name), { maxAge }] as const),
    ...Object.entries(states).map(([name, of]) => [point(name), { maxAge, states: of }] as const),
  ]);
  const newest = new Map(Object.entries(values).map(([name, value]) => [point(name), good(name, value)]));
  return sightOf(tree, imageAt(newest, rules, instant(t0)), rules);
};
const nodeOf = (id: string): PowerNode => nodes.find((one) => one.id === id)!;
const onUtility = { "sw/ats.on_utility": 1, "sw/ats.on_generator": 0 };
const onGenerator = { "sw/ats.on_utility": 0, "sw/ats.on_generator": 1 };
const onNeither = { "sw/ats.on_utility": 0, "sw/ats.on_generator": 0 };

type Case = readonly [node: string, values: Readonly<Record<string, number>>, live: boolean | null];

test.each<Case>([
  ["utility", {}, null],
  ["utility", { "utility/kw": 40 }, true],
  ["utility", { "utility/kw": -40 }, true],
  ["utility", { "utility/kw": 0.05 }, false],
  ["utility", { "utility/kw": 0, ...onUtility }, true],
  ["utility", onGenerator, false],
  ["gen", {}, null],
  ["gen", { "gen/generator.state": 2 }, true],
  ["gen", { "gen/generator.state": 1 }, false],
  ["gen", { "gen/generator.state": 1, "gen/kw": 40 }, true],
  ["gen", onGenerator, true],
  ["gen", onUtility, false],
  ["gen", { "gen/kw": 0 }, false],
  ["ats", {}, null],
  ["ats", { "utility/kw": 40 }, true],
  ["ats", { "utility/kw": 0 }, null],
  ["ats", { "utility/kw": 0, "gen/kw": 0 }, false],
  ["ats", { ...onUtility, "gen/generator.state": 0 }, true],
  ["ats", { ...onGenerator, "gen/generator.state": 2 }, true],
  ["ats", { ...onGenerator, "gen/generator.state": 4 }, false],
  ["ats", { ...onNeither, "gen/generator.state": 2 }, false],
  ["ats", { "sw/ats.on_utility": 0 }, null],
  ["ats", { "sw/ats.on_generator": 0, "utility/kw": 40 }, true],
  ["ats", { ...onGenerator, "gen/generator.state": 4, "utility/kw": 40 }, false],
  ["ups", {}, null],
  ["ups", { "ups/ups.mode": 0 }, false],
  ["ups", { "ups/ups.mode": 1 }, true],
  ["ups", { "ups/ups.mode": 3 }, true],
  ["ups", { "ups/ups.mode": 0, "ups/kw": 4 }, true],
  ["ups", { "ups/ups.mode": 2, "utility/kw": 40 }, true],
  ["ups", { "ups/ups.mode": 2, "utility/kw": 0, "gen/kw": 0 }, false],
  ["ups", { "ups/ups.mode": 2 }, null],
  ["ups", { "ups/ups.mode": 6, "utility/kw": 40 }, true],
  ["ups", { "ups/ups.mode": 6, "utility/kw": 0, "gen/kw": 0 }, null],
  ["ups", { "utility/kw": 0, "gen/kw": 0 }, null],
  ["row", {}, null],
  ["row", { "row/kw": 0 }, false],
  ["row", { "row/kw": 2 }, true],
  ["row", { "row/kw": 0, "ups/ups.mode": 1 }, true],
  ["row", { "ups/ups.mode": 0 }, false],
  ["row", { "ups/ups.mode": 1, "row/breaker.state": 0 }, false],
  ["row", { "ups/ups.mode": 1, "row/breaker.state": 1 }, true],
  ["nowhere", {}, null],
])("%s with %o has power: %s", (id, values, live) => {
  expect(isLive(sight(values), node(id))).toBe(live);
});

describe("a transfer switch", () => {
  const beside = (from: readonly string[], kind: "ats" | "sts" = "ats") =>
    treeOf([
      ...nodes.filter(({ id }) => id !== "ats" && id !== "ups"),
      powerNode("ups", "ups", ["utility"], { device: "ups" }),
      powerNode("ats", kind, from, { device: "sw", power: null }),
    ]);

  test("has power by a supply that is no source, whichever source it stands on", () => {
    const values = { ...onGenerator, "gen/generator.state": 4, "ups/ups.mode": 3 };
    expect(isLive(sight(values, beside(["utility", "gen"])), node("ats"))).toBe(false);
    expect(isLive(sight(values, beside(["utility", "gen", "ups"])), node("ats"))).toBe(true);
    const dead = { ...values, "ups/ups.mode": 0 };
    expect(isLive(sight(dead, beside(["ups"], "sts")), node("ats"))).toBe(false);
    expect(isLive(sight(values, beside(["ups"], "sts")), node("ats"))).toBe(true);
  });

  test("that does not say what it stands on has power by any of its supplies", () => {
    const values = { "utility/kw": 40, "ups/ups.mode": 0 };
    expect(isLive(sight(values, beside(["utility", "ups"])), node("ats"))).toBe(true);
  });

  test("that stays on a utility which another one has left has no power, though the generator runs", () => {
    const two = treeOf([
      ...nodes.filter(({ id }) => id !== "ats"),
      powerNode("first", "ats", ["utility", "gen"], { device: "sw", power: null }),
      powerNode("ats", "ats", ["utility", "gen"], { device: "stuck", power: null }),
    ]);
    const stuck = { "stuck/ats.on_utility": 1, "stuck/ats.on_generator": 0 };
    const seen = sight({ ...onGenerator, ...stuck, "utility/kw": 0, "gen/generator.state": 2 }, two);
    expect(isLive(seen, node("first"))).toBe(true);
    expect(isLive(seen, node("ats"))).toBe(false);
  });

  test("that says it stands on a source that it has not got is judged by those that it has", () => {
    expect(isLive(sight({ ...onGenerator, "utility/kw": 40 }, beside(["utility"])), node("ats"))).toBe(true);
  });
});

test("nodes that supply one another, or that nothing supplies, are not known to have power", () => {
  const odd = treeOf([
    powerNode("hen", "pdu", ["egg"], { power: null }),
    powerNode("egg", "pdu", ["hen"], { power: null }),
    powerNode("alone", "pdu", [], { power: null }),
  ]);
  for (const id of ["hen", "egg", "alone"]) expect(isLive(sight({}, odd), node(id))).toBeNull();
});

describe("what a node's device says", () => {
  test("is read of its own device, or else of its battery", () => {
    const of = sight({ "string/battery.runtime": 600, "ups/battery.charge": 80 });
    expect(nodeValue(of, nodeOf("ups"), "battery.runtime")).toBe(600);
    expect(nodeValue(of, nodeOf("ups"), "battery.charge")).toBe(80);
    expect(nodeValue(sight({}), nodeOf("ups"), "battery.charge")).toBeNull();
    expect(nodeReading(of, nodeOf("ups"), "battery.voltage")).toBeNull();
    expect(nodeValue(of, nodeOf("ups"), "battery.voltage")).toBeNull();
    expect(nodeReading(of, { ...nodeOf("ups"), device: null, battery: null }, "battery.charge")).toBeNull();
  });

  test("names its mode: a switch what it stands on, a board none", () => {
    expect(modeOf(sight({ "ups/ups.mode": 3 }), nodeOf("ups"))).toBe("battery");
    expect(modeOf(sight({ "gen/generator.state": 2 }), nodeOf("gen"))).toBe("running");
    expect(modeOf(sight(onUtility), nodeOf("ats"))).toBe("utility");
    expect(modeOf(sight(onGenerator), nodeOf("ats"))).toBe("generator");
    expect(modeOf(sight(onNeither), nodeOf("ats"))).toBeNull();
    expect(modeOf(sight({ "row/breaker.state": 1 }), nodeOf("row"))).toBeNull();
    expect(modeOf(sight({}), nodeOf("ups"))).toBeNull();
    expect(modeOf(sight({}), nodeOf("utility"))).toBeNull();
    expect(modeOf(sight({ "ups/ups.mode": 9 }), nodeOf("ups"))).toBeNull();
    expect(modeOf(sight({}), { ...nodeOf("ups"), device: null })).toBeNull();
    const numbers = sight({ "ups/ups.mode": 3 });
    const stateless = { ...numbers, rules: new Map([[point("ups/ups.mode"), { maxAge }]]) };
    expect(modeOf(stateless, nodeOf("ups"))).toBeNull();
  });

  test("stands in the points of its kind", () => {
    const speakers = nodes.map((one) => speakersOf(one).join(" "));
    expect(speakers).toEqual([
      "",
      "gen/generator.state",
      "sw/ats.on_utility sw/ats.on_generator",
      "ups/ups.mode",
      "row/breaker.state",
    ]);
    expect(speakersOf({ ...nodeOf("ats"), kind: "sts" })).toEqual(speakersOf(nodeOf("ats")));
    expect(speakersOf({ ...nodeOf("ups"), device: null })).toEqual([]);
  });

  test("opens a breaker only where it says so", () => {
    expect([0, 1].map((value) => isBreakerOpen(sight({ "row/breaker.state": value }), nodeOf("row")))).toEqual([
      true,
      false,
    ]);
    expect(isBreakerOpen(sight({}), nodeOf("row"))).toBe(false);
  });
});

test("what a node supplies stands in the tree's order", () => {
  expect([...belowOf(treeOf(nodes))]).toEqual([
    ["utility", ["ats"]],
    ["gen", ["ats"]],
    ["ats", ["ups"]],
    ["ups", ["row"]],
  ]);
});

describe("what a node carries", () => {
  const boards = treeOf([
    ...nodes,
    powerNode("board", "pdu", ["ups"], { power: null }),
    powerNode("left", "pdu", ["board"], { power: point("row/kw") }),
    powerNode("right", "pdu", ["board"], { power: point("ups/kw") }),
    powerNode("sts", "sts", ["ups"], { power: null }),
  ]);
  const of = (id: string, values: Readonly<Record<string, number>>): number | null =>
    seenKw(sight(values, boards), boards.nodes.get(node(id))!);

  test("is its meter's word, or the sum of those below it where all are known", () => {
    expect(of("row", { "row/kw": 2 })).toBe(2);
    expect(of("row", {})).toBeNull();
    expect(of("board", { "row/kw": 2, "ups/kw": 3 })).toBe(5);
    expect(of("board", { "row/kw": 2 })).toBeNull();
  });

  test("is not known of a node with nothing below it, nor of a source", () => {
    expect(of("sts", {})).toBeNull();
    for (const kind of ["utility", "generator"] as const)
      expect(seenKw(sight({ "ups/kw": 3 }, boards), { ...boards.nodes.get(node("ats"))!, kind })).toBeNull();
    expect(of("ats", { "ups/kw": 3 })).toBe(3);
  });
});
