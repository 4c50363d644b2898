import { describe, expect, test } from "vitest";
import { imageAt } from "../../../src/core/image.ts";
import { instant } from "../../../src/core/time.ts";
import { sightOf } from "../../../src/core/topology/live.ts";
import type { Margin } from "../../../src/core/topology/margin.ts";
import { marginsOf } from "../../../src/core/topology/margin.ts";
import type { Load } from "../../../src/core/topology/power.ts";
import type { Grounds } from "../../../src/core/topology/premises.ts";
import { load, powerNode, treeOf } from "../feeds.ts";
import { good, maxAge, point, t0 } from "../fixture.ts";
import { groundsWith, loop, machine, parted } from "./premises.ts";

function margins(grounds: Grounds, values: Readonly<Record<string, number>>): readonly Margin[] {
  const newest = new Map(Object.entries(values).map(([name, value]) => [point(name), good(name, value)]));
  const rules = new Map([...newest.keys()].map((name) => [name, { maxAge }]));
  return marginsOf(grounds, sightOf(grounds.premises.power, imageAt(newest, rules, instant(t0)), rules));
}

const meters = { "ups-a/kw": 40, "ups-b/kw": 30, "row-a/kw": 40, "row-b/kw": 30 };
const closed = Object.fromEntries(["a.one", "a.two", "a.three", "b.one", "b.two"].map((cord) => [`${cord}/closed`, 1]));

describe("the margin of UPS that stand in for each other", () => {
  test("is what the other has left when the one that leaves least is lost", () => {
    expect(margins(groundsWith(), { ...meters, ...closed })[0]).toEqual({
      kind: "ups",
      members: ["ups-a", "ups-b"],
      without: "ups-b",
      is: "carries",
      marginKw: 20,
      silent: [],
    });
  });

  test("does not count what goes dark with its only feed", () => {
    const drawn = { "a.one/power": 5, "a.two/power": 5, "a.three/power": 30, "b.one/power": 5, "b.two/power": 5 };
    const full = { ...meters, "ups-b/kw": 70, ...closed, ...drawn };
    expect(margins(groundsWith(), full)[0]).toMatchObject({ is: "carries", without: "ups-a", marginKw: 10 });
    expect(margins(groundsWith(), { ...full, "ups-b/kw": 85 })[0]).toMatchObject({
      is: "short",
      without: "ups-a",
      marginKw: -5,
    });
  });

  test("is not known where one of their meters is silent", () => {
    const { "ups-b/kw": _, "row-b/kw": __, ...others } = meters;
    expect(margins(groundsWith(), others)[0]).toMatchObject({ is: "unknown", marginKw: null, silent: ["ups-b"] });
  });

  test("is told of the largest where it is not known, and of the first of those that are alike", () => {
    const without = (...ratedKw: readonly number[]): string => {
      const nodes = ratedKw.map((rated, i) => powerNode(`ups-${i}`, "ups", [], { ratedKw: rated }));
      const board = powerNode(
        "board",
        "pdu",
        nodes.map(({ id }) => id),
      );
      return margins(groundsWith({ power: treeOf([...nodes, board]), loops: new Map() }), {})[0]!.without;
    };
    expect([without(100, 100), without(100, 200, 150), without(200, 100)]).toEqual(["ups-0", "ups-1", "ups-0"]);
  });

  /** Two UPS, of which one is as large as two, with a row each. */
  const uneven = (loads: readonly Load[]): Grounds => {
    const nodes = ["a", "b"].flatMap((side, i) => [
      powerNode(`ups-${side}`, "ups", [], { ratedKw: i === 0 ? 200 : 100 }),
      powerNode(`row-${side}`, "pdu", [`ups-${side}`]),
    ]);
    const others = [powerNode("utility", "utility", []), powerNode("row-u", "pdu", ["utility"])];
    return groundsWith({ power: treeOf([...nodes, ...others], loads), loops: new Map() });
  };
  const carried = { "ups-a/kw": 40, "ups-b/kw": 60 };

  test("shares what no rack's meter accounts for by the ratings of the racks", () => {
    const loads = [load("one", { kw: 10 }), load("two", { kw: 10 }), load("three", { kw: 20, on: ["a"] })];
    // 10 kW are read; of the other 30 two takes 10 along, and three goes dark with 20.
    expect(margins(uneven(loads), { ...carried, ...closed, "a.one/power": 10 })[0]).toMatchObject({
      without: "ups-a",
      marginKw: 10,
    });
  });

  test("leaves out racks whose cord there is open, and those whose other cord is", () => {
    const loads = [load("one", { kw: 10 }), load("two", { kw: 10 })];
    const drawn = { ...closed, "a.one/power": 25, "a.two/power": 15 };
    const marginWith = (values: Readonly<Record<string, number>>): number | null =>
      margins(uneven(loads), { ...carried, ...drawn, ...values })[0]!.marginKw;
    expect(marginWith({})).toBe(90 - 60 - 40);
    expect(marginWith({ "a.one/closed": 0 })).toBe(90 - 60 - 15);
    expect(marginWith({ "b.one/closed": 0 })).toBe(90 - 60 - 15);
  });

  test("leaves out what goes over to a feed behind no UPS", () => {
    const loads = [load("one", { kw: 10 }), load("two", { kw: 10, on: ["a", "u"] })];
    const drawn = { ...closed, "u.two/closed": 1, "a.one/power": 15, "a.two/power": 25 };
    expect(margins(uneven(loads), { ...carried, ...drawn })[0]).toMatchObject({ without: "ups-a", marginKw: 15 });
  });

  test("is that of those on which what one carries does not depend", () => {
    const loads = [load("one", { kw: 10 }), load("three", { kw: 85, on: ["a"] })];
    const alone = { "ups-a/kw": 175, "ups-b/kw": 0, "a.one/closed": 0, "b.one/closed": 1, "a.three/closed": 1 };
    expect(margins(uneven(loads), alone)[0]).toMatchObject({ without: "ups-b", marginKw: 5 });
  });

  test("is shared by no cord that is open, or that hangs on nothing that is known", () => {
    const nodes = ["a", "b", "c"].flatMap((side) => [
      powerNode(`ups-${side}`, "ups", [], { ratedKw: 100 }),
      powerNode(`row-${side}`, "pdu", [`ups-${side}`]),
    ]);
    const of = (on: readonly string[], values: Readonly<Record<string, number>>): number | null => {
      const drawn = { "a.one/power": 40, "b.one/power": 0, "c.one/power": 0 };
      const grounds = groundsWith({ power: treeOf(nodes, [load("one", { kw: 40, on })]), loops: new Map() });
      const closedHere = Object.fromEntries(on.map((side) => [`${side}.one/closed`, 1]));
      return margins(grounds, { "ups-a/kw": 40, "ups-b/kw": 20, "ups-c/kw": 0, ...closedHere, ...drawn, ...values })[0]!
        .marginKw;
    };
    expect(of(["a", "b", "c"], {})).toBe(90 - 20 - 20);
    expect(of(["a", "b", "c"], { "c.one/closed": 0 })).toBe(90 - 20 - 40);
    expect(of(["a", "b", "z"], {})).toBe(90 - 20 - 40);
  });

  test("is that of two UPS behind which no rack hangs yet", () => {
    const { power } = uneven([]).premises;
    const nodes = [...power.nodes.values(), powerNode("board", "pdu", ["ups-a", "ups-b"])];
    const grounds = groundsWith({ power: treeOf(nodes), loops: new Map() });
    expect(margins(grounds, carried)[0]).toMatchObject({ is: "carries", without: "ups-a", marginKw: 30 });
  });

  test("goes to the UPS that a rack's other cord hangs on, and not to any", () => {
    const nodes = ["a", "b", "c"].flatMap((side) => [
      powerNode(`ups-${side}`, "ups", [], { ratedKw: 100 }),
      powerNode(`row-${side}`, "pdu", [`ups-${side}`]),
    ]);
    const loads = [load("one", { kw: 10, on: ["a", "b"] }), load("two", { kw: 10, on: ["b", "c"] })];
    const grounds = groundsWith({ power: treeOf(nodes, loads), loops: new Map() });
    const values = { "ups-a/kw": 60, "ups-b/kw": 10, "ups-c/kw": 60, "b.one/power": 5, "b.two/power": 5 };
    expect(margins(grounds, values)).toMatchObject([
      { members: ["ups-a", "ups-b", "ups-c"], is: "carries", marginKw: 20 },
    ]);
  });

  test("is that of all the others where they hold up one board between them", () => {
    const units = ["1", "2", "3"].map((n) => powerNode(`ups-${n}`, "ups", [], { ratedKw: 50 }));
    const board = powerNode("row-a", "pdu", ["ups-1", "ups-2", "ups-3"]);
    // All that the units carry is read on one rack, so that nothing is left for the other.
    const loads = [load("one", { kw: 90, on: ["a"] }), load("two", { kw: 10, on: ["a"], without: ["power"] })];
    const grounds = groundsWith({ power: treeOf([...units, board], loads), loops: new Map() });
    const values = { "ups-1/kw": 30, "ups-2/kw": 30, "ups-3/kw": 30, "a.one/closed": 1, "a.one/power": 90 };
    expect(margins(grounds, values)).toMatchObject([{ is: "carries", without: "ups-1", marginKw: 0 }]);
  });

  test("is none where there is but one", () => {
    const power = treeOf([powerNode("ups-a", "ups", [])], []);
    expect(margins(groundsWith({ power, loops: new Map() }), {})).toMatchObject([{ is: "alone", without: "ups-a" }]);
  });
});

describe("the margin of machines that cool together", () => {
  const cooled = (ratings: readonly (number | null)[]): Grounds => {
    const machines = ratings.map((kw, i) => machine(`crac-${i}`, "hall", [], kw));
    const loops = [loop("water", { machines }), loop("air", { from: ["water"], serves: ["hall"] })];
    return groundsWith({ loops: new Map(loops.map((one) => [one.id, one])) });
  };
  const water = (grounds: Grounds, values: Readonly<Record<string, number>>): Margin | undefined =>
    margins(grounds, values).find(({ kind }) => kind === "cooling");
  const drawn = Object.fromEntries(Object.keys(closed).map((name) => [name.replace("closed", "power"), 4]));

  test("is what they carry without the largest, against the power of the racks in the rooms below them", () => {
    expect(water(cooled([30, 10, 15]), { ...closed, ...drawn })).toEqual({
      kind: "cooling",
      members: ["crac-0", "crac-1", "crac-2"],
      without: "crac-0",
      is: "carries",
      marginKw: 5,
      silent: [],
    });
    expect(water(cooled([30, 10]), { ...closed, ...drawn })).toMatchObject({ is: "short", marginKw: -10 });
    expect(water(cooled([30, 20]), { ...closed, ...drawn })).toMatchObject({ is: "carries", marginKw: 0 });
  });

  test("takes the board's word where a rack has no meter, and nobody's where the board says nothing either", () => {
    const { "a.one/power": _, ...some } = drawn;
    expect(water(cooled([30, 40]), { ...closed, ...some, ...meters })).toMatchObject({ is: "short", marginKw: -26 });
    expect(water(cooled([30, 40]), { ...closed, ...some })).toMatchObject({ is: "unknown", silent: ["row-a"] });
  });

  test("is not known where nobody says what a machine can carry", () => {
    expect(water(cooled([30, null]), { ...closed, ...drawn })).toMatchObject({ is: "unknown", silent: ["crac-1"] });
  });

  test("is told with all that is not known, and with the first machine where nobody says what any can carry", () => {
    const { "a.one/power": _, ...some } = drawn;
    expect(water(cooled([null, null]), { ...closed, ...some })).toMatchObject({
      without: "crac-0",
      is: "unknown",
      silent: ["crac-0", "crac-1", "row-a"],
    });
  });

  test("is that of the racks in the rooms that hang on it through any number of loops, and of no others", () => {
    const of = (serves: string): Grounds => {
      const loops = [
        loop("air", { from: ["glycol"], serves: [serves] }),
        loop("glycol", { from: ["water"] }),
        loop("water", { machines: [machine("c1", "yard", [], 30), machine("c2", "yard", [], 40)] }),
        loop("other", { serves: ["hall"] }),
      ];
      return groundsWith({ loops: new Map(loops.map((one) => [one.id, one])) });
    };
    expect(water(of("hall"), { ...closed, ...drawn })).toMatchObject({ marginKw: 10 });
    expect(water(of("annex"), { ...closed, ...drawn })).toMatchObject({ marginKw: 30 });
  });

  test("counts nothing of a cord that is open, whether it has a meter that speaks or not", () => {
    const { "a.one/power": _, ...some } = drawn;
    expect(water(cooled([30, 40]), { ...closed, ...some, "a.one/closed": 0 })).toMatchObject({
      marginKw: 14,
      silent: [],
    });
  });

  test("takes the board's word where a cord has no meter of its own", () => {
    const bare = [load("one", { kw: 10, on: ["a"], without: ["power"] })];
    const { loops } = cooled([30, 40]).premises;
    const grounds = groundsWith({ loops, power: treeOf([...parted.power.nodes.values()], bare) });
    expect(water(grounds, { ...closed, "row-a/kw": 7 })).toMatchObject({ marginKw: 23 });
  });

  test("is none of one machine", () => {
    expect(water(cooled([30]), { ...closed, ...drawn })).toMatchObject({ is: "alone" });
  });
});

test("a loop without machines of its own has no margin", () => {
  const loops = new Map([["air", loop("air", { serves: ["hall"] })]]);
  expect(margins(groundsWith({ loops }), {}).map(({ kind }) => kind)).toEqual(["ups"]);
});

test("every site has as many margins as it has groups of UPS and loops of machines", () => {
  expect(margins(groundsWith(), {}).map(({ kind }) => kind)).toEqual(["ups", "cooling"]);
  expect(parted.loops.size).toBe(1);
});
