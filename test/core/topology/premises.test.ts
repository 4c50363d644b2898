import { describe, expect, test } from "vitest";
import type { PowerNode } from "../../../src/core/topology/power.ts";
import type { Grounds, Premises } from "../../../src/core/topology/premises.ts";
import { routesTo } from "../../../src/core/topology/premises.ts";
import { load, node, powerNode, treeOf } from "../feeds.ts";
import { groundsWith, parted } from "./premises.ts";

const ups = (id: string): PowerNode => powerNode(id, "ups", ["ats"]);
const withNodes = (nodes: readonly PowerNode[], loads = parted.power.loads): Grounds =>
  groundsWith({ power: treeOf(nodes, loads) });
const partedNodes = [...parted.power.nodes.values()];

describe("the nodes of a power tree", () => {
  test("stand after those that supply them, each once, however a site file orders them", () => {
    const { nodes } = withNodes(partedNodes.toReversed());
    const ids: readonly string[] = nodes.map(({ id }) => id);
    expect(ids.toSorted()).toEqual(partedNodes.map(({ id }) => id as string).toSorted());
    for (const { id, from } of nodes)
      for (const above of from) expect(ids.indexOf(above)).toBeLessThan(ids.indexOf(id));
  });

  test("do without one that a site file names and does not have", () => {
    const { nodes } = withNodes([...partedNodes, powerNode("row-c", "pdu", ["ups-c"])]);
    expect(nodes.map(({ id }) => id)).toContain("row-c");
    expect(nodes.map(({ id }) => id)).not.toContain("ups-c");
  });

  test("are supplied by their UPS, or by what stands at the top where there is none", () => {
    const { suppliesOf } = withNodes([
      ...partedNodes,
      powerNode("sts", "sts", ["ups-a", "ups-b"]),
      powerNode("row-c", "pdu", ["ups-c"]),
    ]);
    const supplies = (id: string): readonly string[] => [...suppliesOf.get(node(id))!];
    expect(["utility", "ats", "ups-a", "row-a", "sts", "row-c"].map(supplies)).toEqual([
      ["utility"],
      ["utility", "gen"],
      ["ups-a"],
      ["ups-a"],
      ["ups-a", "ups-b"],
      [],
    ]);
  });

  test("are known with those below them", () => {
    expect(groundsWith().below.get(node("ats"))).toEqual(["ups-a", "ups-b"]);
  });
});

describe("racks", () => {
  const classes = (sketch: Partial<Premises>): readonly (readonly string[])[] =>
    groundsWith(sketch).classes.map(({ loads }) => loads.map(({ id }) => id));

  test("are of one class where they stand in one room on the same feeds by the same routes", () => {
    expect(classes({})).toEqual([["one", "two"], ["three"]]);
    const routed = (id: string, ...routes: readonly (readonly string[])[]) => [id, routes] as const;
    expect(classes({ feedRoutes: new Map([routed("one", ["duct"], [])]) })).toEqual([["one"], ["two"], ["three"]]);
    expect(classes({ feedRoutes: new Map([routed("one", ["duct"]), routed("two", ["duct"])]) })).toEqual([
      ["one", "two"],
      ["three"],
    ]);
    expect(classes({ feedRoutes: new Map([routed("one", ["du", "ct"]), routed("two", ["duct"])]) })).toHaveLength(3);
    const alike = [load("one", { kw: 10 }), { ...load("two", { kw: 10, on: ["b"] }), space: "hallrow-a" }];
    expect(classes({ power: treeOf(partedNodes, alike) })).toEqual([["one"], ["two"]]);
    const elsewhere = parted.power.loads.map((one) => (one.id === "two" ? { ...one, space: "annex" } : one));
    expect(classes({ power: treeOf(partedNodes, elsewhere) })).toEqual([["one"], ["two"], ["three"]]);
  });

  test("are found by their ids, with their class and its feeds", () => {
    const { classes: found, classOf, loads } = groundsWith({ feedRoutes: new Map([["three", [["duct"]]]]) });
    expect([...classOf]).toEqual([
      ["one", 0],
      ["two", 0],
      ["three", 1],
    ]);
    expect(found[1]).toMatchObject({ space: "hall", feeds: [{ node: "row-a", routes: ["duct"] }] });
    expect(found[0]!.feeds.map(({ routes }) => routes)).toEqual([[], []]);
    expect(loads.get("two")).toBe(parted.power.loads[1]);
  });

  test("are listed once under each UPS that may supply them, whether by one feed or by two", () => {
    const loads = [
      load("one", { kw: 10 }),
      load("both", { kw: 10, on: ["a", "a"] }),
      load("lost", { kw: 10, on: ["z"] }),
    ];
    const { suppliedBy } = withNodes(partedNodes, loads);
    const under = (id: string): readonly string[] | undefined =>
      suppliedBy.get(node(id))?.flatMap((one) => one.loads.map((rack) => rack.id));
    expect([...suppliedBy.keys()]).toEqual(["ups-a", "ups-b"]);
    expect(under("ups-a")).toEqual(["one", "both"]);
    expect(under("ups-b")).toEqual(["one"]);
  });
});

describe("UPS that stand in for each other", () => {
  const groups = (nodes: readonly PowerNode[], on: readonly (readonly string[])[] = []): readonly string[] =>
    withNodes(
      [powerNode("ats", "ats", []), ...nodes],
      on.map((feeds, i) => load(`r${i}`, { kw: 10, on: feeds })),
    ).groups.map((group) => group.join(" "));
  const four = ["a", "b", "c", "d"].flatMap((side) => [
    ups(`ups-${side}`),
    powerNode(`row-${side}`, "pdu", [`ups-${side}`]),
  ]);

  test("are those that a rack hangs on together, and through others", () => {
    expect(groups(four)).toEqual(["ups-a", "ups-b", "ups-c", "ups-d"]);
    expect(groups(four, [["a", "b"]])).toEqual(["ups-a ups-b", "ups-c", "ups-d"]);
    expect(
      groups(four, [
        ["a", "b"],
        ["c", "d"],
        ["b", "c"],
      ]),
    ).toEqual(["ups-a ups-b ups-c ups-d"]);
    expect(groups(four, [["c", "a"], ["d"], ["a", "c"]])).toEqual(["ups-c ups-a", "ups-b", "ups-d"]);
  });

  test.each(["sts", "ats", "pdu"] as const)("are those that hold up one %s", (kind) => {
    expect(groups([...four, powerNode("board", kind, ["ups-b", "ups-d"])])).toEqual(["ups-a", "ups-b ups-d", "ups-c"]);
  });

  test("are joined by no rack on a feed behind none", () => {
    const plain = [powerNode("utility", "utility", []), powerNode("row-u", "pdu", ["utility"])];
    expect(
      groups(
        [...four, ...plain],
        [
          ["a", "u"],
          ["b", "z"],
        ],
      ),
    ).toEqual(["ups-a", "ups-b", "ups-c", "ups-d"]);
  });

  test("are not those behind which another UPS stands", () => {
    expect(groups([...four, powerNode("ups-e", "ups", ["ups-a", "ups-b"])])).toEqual([
      "ups-a",
      "ups-b",
      "ups-c",
      "ups-d",
      "ups-e",
    ]);
  });
});

test("a supply takes the routes that are said of it, and no others", () => {
  const premises = { ...parted, supplyRoutes: new Map([[node("row-a"), new Map([[node("ups-a"), ["duct"]]])]]) };
  expect(routesTo(premises, node("row-a"), node("ups-a"))).toEqual(["duct"]);
  expect(routesTo(premises, node("row-a"), node("ups-b"))).toEqual([]);
  expect(routesTo(premises, node("row-b"), node("ups-b"))).toEqual([]);
});
