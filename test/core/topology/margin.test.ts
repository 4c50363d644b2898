import { describe, expect, test } from "vitest";
import { imageAt } from "../../../src/core/image.ts";
import { instant } from "../../../src/core/time.ts";
import { sightOf } from "../../../src/core/topology/live.ts";
import type { Margin } from "../../../src/core/topology/margin.ts";
import { marginsOf } from "../../../src/core/topology/margin.ts";
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
    const loads = [load("one", { kw: 90, on: ["a"] })];
    const grounds = groundsWith({ power: treeOf([...units, board], loads), loops: new Map() });
    const values = { "ups-1/kw": 30, "ups-2/kw": 30, "ups-3/kw": 30, "a.one/closed": 1, "a.one/power": 90 };
    expect(margins(grounds, values)).toMatchObject([{ is: "carries", marginKw: 0 }]);
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
  });

  test("takes the board's word where a rack has no meter, and nobody's where the board says nothing either", () => {
    const { "a.one/power": _, ...some } = drawn;
    expect(water(cooled([30, 40]), { ...closed, ...some, ...meters })).toMatchObject({ is: "short", marginKw: -26 });
    expect(water(cooled([30, 40]), { ...closed, ...some })).toMatchObject({ is: "unknown", silent: ["row-a"] });
  });

  test("is not known where nobody says what a machine can carry", () => {
    expect(water(cooled([30, null]), { ...closed, ...drawn })).toMatchObject({ is: "unknown", silent: ["crac-1"] });
  });

  test("is none of one machine", () => {
    expect(water(cooled([30]), { ...closed, ...drawn })).toMatchObject({ is: "alone" });
  });
});

test("every site has as many margins as it has groups of UPS and loops of machines", () => {
  expect(margins(groundsWith(), {}).map(({ kind }) => kind)).toEqual(["ups", "cooling"]);
  expect(parted.loops.size).toBe(1);
});
