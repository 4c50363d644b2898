import { describe, expect, test } from "vitest";
import { imageAt } from "../../../src/core/image.ts";
import { instant } from "../../../src/core/time.ts";
import { lossFacts, lossInWords } from "../../../src/core/topology/cause-text.ts";
import type { Sight } from "../../../src/core/topology/live.ts";
import { sightOf } from "../../../src/core/topology/live.ts";
import type { LostNode } from "../../../src/core/topology/loss.ts";
import type { Load, PowerNode } from "../../../src/core/topology/power.ts";
import { load, node, powerNode, treeOf } from "../feeds.ts";
import { good, maxAge, point, t0 } from "../fixture.ts";

const nodes: readonly PowerNode[] = [
  powerNode("utility", "utility", []),
  ...["a", "b", "c"].flatMap((side) => [
    powerNode(`ups-${side}`, "ups", ["utility"], { device: `ups-${side}`, feed: side.toUpperCase(), ratedKw: 100 }),
    powerNode(`row-${side}`, "pdu", [`ups-${side}`], { feed: side.toUpperCase() }),
  ]),
];
const loads: readonly Load[] = [
  load("one", { kw: 10, on: ["a", "b"] }),
  load("two", { kw: 10, on: ["a", "c"] }),
  load("three", { kw: 10, on: ["a"] }),
];

/** All feeds closed, and every UPS carrying so much on the mains. */
const whole: Readonly<Record<string, number>> = {
  "ups-b/kw": 50,
  "ups-c/kw": 20,
  "row-b/kw": 5,
  "row-c/kw": 5,
  "ups-a/battery.runtime": 600.4,
  "ups-b/battery.runtime": 300,
  ...Object.fromEntries(
    loads.flatMap(({ feeds }) =>
      feeds.flatMap(({ closed, power }) => [
        [closed!, 1],
        [power!, 5],
      ]),
    ),
  ),
};

const sight = (values: Readonly<Record<string, number>>, of: readonly Load[] = loads): Sight => {
  const names = new Set([...Object.keys(whole), ...Object.keys(values)]);
  const rules = new Map([...names].map((name) => [point(name), { maxAge }]));
  const newest = new Map(Object.entries(values).map(([name, value]) => [point(name), good(name, value)]));
  return sightOf(treeOf(nodes, of), imageAt(newest, rules, instant(t0)), rules);
};
const lost = (...of: readonly (readonly [id: string, is: LostNode["is"]])[]): readonly LostNode[] =>
  of.map(([id, is]) => ({ node: node(id), is, since: instant(t0), of: node(of[0]![0]) }));
const without = (values: Readonly<Record<string, number>>, ...names: readonly string[]) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));

const sideA = lost(["ups-a", "dead"], ["row-a", "dead"]);

describe("what is lost, in words", () => {
  test.each<[string, string, readonly LostNode[], Readonly<Record<string, number>>]>([
    ["a UPS alone on its battery", "on battery, 600 s left", lost(["ups-a", "battery"]), whole],
    ["one whose time is not known", "on battery, time left not known", lost(["ups-c", "battery"]), whole],
    [
      "two on battery, with the shorter time",
      "lost: ups-a and ups-b on battery, 300 s left",
      lost(["ups-a", "battery"], ["ups-b", "battery"]),
      whole,
    ],
    [
      "two of which one's time is not known",
      "lost: ups-a and ups-c on battery, time left not known",
      lost(["ups-a", "battery"], ["ups-c", "battery"]),
      whole,
    ],
    [
      "a source that one UPS does without",
      "lost: ups-a on battery, 600 s left",
      lost(["utility", "dead"], ["ups-a", "battery"]),
      whole,
    ],
    [
      "a source on which nothing hangs now",
      "lost: nothing below it is without supply",
      lost(["utility", "dead"]),
      whole,
    ],
    [
      "a UPS on battery with a board that is dead below it",
      "lost: feed A of 3 racks, on feed B and C at 50 %, margin 40 kW; 1 dark; row-a with it; ups-a on battery, 600 s left",
      lost(["ups-a", "battery"], ["row-a", "dead"]),
      whole,
    ],
    [
      "a side, by the feed with least to spare",
      "lost: feed A of 3 racks, on feed B and C at 50 %, margin 40 kW; 1 dark; row-a with it",
      sideA,
      whole,
    ],
    [
      "a side whose other one is nearly full",
      "lost: feed A of 3 racks, on feed B and C at 84 %, margin 6.5 kW; 1 dark; row-a with it",
      sideA,
      { ...whole, "ups-c/kw": 83.5 },
    ],
    [
      "a side whose other one has more than ten to spare",
      "lost: feed A of 3 racks, on feed B and C at 73 %, margin 17 kW; 1 dark; row-a with it",
      sideA,
      { ...whole, "ups-c/kw": 73.46 },
    ],
    [
      "four nodes that follow",
      "lost: feed A and B of 3 racks, on feed C at 20 %, margin 70 kW; 2 dark; ups-a, row-a, ups-b and row-b with it",
      lost(["utility", "dead"], ["ups-a", "dead"], ["row-a", "dead"], ["ups-b", "dead"], ["row-b", "dead"]),
      whole,
    ],
    [
      "a side whose other one is more than full",
      "lost: feed A of 3 racks, on feed B and C at 93 %, margin −3 kW; 1 dark; row-a with it",
      sideA,
      { ...whole, "ups-c/kw": 93 },
    ],
    [
      "a side whose other one has no meter now",
      "lost: feed A of 3 racks, on feed B and C load not known; 1 dark; row-a with it",
      sideA,
      without(whole, "ups-c/kw"),
    ],
    [
      "racks that had let go of the feed themselves",
      "lost: feed A of 1 rack, on feed B at 50 %, margin 40 kW; row-a with it",
      sideA,
      { ...whole, "a.two/closed": 0, "a.three/closed": 0 },
    ],
    [
      "racks whose other feed is open",
      "lost: feed A of 3 racks; 3 dark; row-a with it",
      sideA,
      { ...whole, "b.one/closed": 0, "c.two/closed": 0 },
    ],
    [
      "racks of whose other feed nobody can say",
      "lost: feed A of 3 racks, on feed C at 20 %, margin 70 kW; 1 dark; 1 of which nobody can say whether they have power; row-a with it",
      sideA,
      without(whole, "b.one/closed", "b.one/power"),
    ],
    [
      "both sides",
      "lost: feed A and B of 3 racks, on feed C at 20 %, margin 70 kW; 2 dark; row-a, ups-b and row-b with it",
      lost(["ups-a", "dead"], ["row-a", "dead"], ["ups-b", "dead"], ["row-b", "dead"]),
      whole,
    ],
    [
      "more than anybody reads",
      "lost: feed A and B and C of 3 racks; 3 dark; 5 nodes with it",
      lost(
        ["ups-a", "dead"],
        ["row-a", "dead"],
        ["ups-b", "dead"],
        ["row-b", "dead"],
        ["ups-c", "dead"],
        ["row-c", "dead"],
      ),
      whole,
    ],
  ])("is told of %s: %s", (_, words, of, values) => {
    expect(lossInWords(sight(values), of)).toBe(words);
  });
});

test("a rack with a feed that carries it is not one of which nobody can say", () => {
  const three = [load("one", { kw: 10, on: ["a", "b", "c"] })];
  const values = { ...without(whole, "b.one/closed", "b.one/power"), "c.one/closed": 1 };
  expect(lossFacts(sight(values, three), sideA).racks).toMatchObject({ count: 1, dark: 0, unknown: 0, on: ["C"] });
});

test("a rack whose other board is not known to have power is one of which nobody can say", () => {
  const of = sight(without(whole, "row-b/kw", "ups-b/kw"), [loads[0]!]);
  expect(lossFacts(of, sideA).racks).toMatchObject({ count: 1, dark: 0, unknown: 1, on: [] });
});

test("a rack whose other board shows nothing and is not known to be supplied is dark", () => {
  const of = sight({ ...without(whole, "ups-b/kw"), "row-b/kw": 0 }, [loads[0]!]);
  expect(lossFacts(of, sideA).racks).toMatchObject({ count: 1, dark: 1, unknown: 0, on: [] });
});

test("feeds are named in the order of their names", () => {
  const crossed = [load("one", { kw: 10, on: ["b", "a"] })];
  const both = lost(["ups-b", "dead"], ["row-b", "dead"], ["ups-a", "dead"], ["row-a", "dead"]);
  const values = { ...whole, "a.one/closed": 1, "b.one/closed": 1 };
  expect(lossFacts(sight(values, crossed), both).racks?.feeds).toEqual(["A", "B"]);
});

test("how full the supply of the others is is not known where its load is not", () => {
  expect(lossFacts(sight(without(whole, "ups-c/kw")), sideA).racks).toMatchObject({ fillPct: null, marginKw: null });
});

test("what is lost, in numbers, is without racks where none hang on it", () => {
  expect(lossFacts(sight(whole, []), sideA)).toEqual({
    dead: ["ups-a", "row-a"],
    onBattery: [],
    runtimeS: null,
    racks: null,
  });
});
