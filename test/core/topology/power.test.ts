import { describe, expect, test } from "vitest";
import { AssertionError } from "../../../src/core/assert.ts";
import type { PowerTree } from "../../../src/core/topology/power.ts";
import {
  carriedKw,
  drawnKw,
  isAlive,
  isOpen,
  isTransferSwitch,
  nodeKinds,
  pathOf,
  supplyOf,
  under,
} from "../../../src/core/topology/power.ts";
import { node, powerNode, treeOf, twoFeeds } from "../feeds.ts";
import { imageOf, maxAge } from "../fixture.ts";

const nothing = imageOf({});

const plant = treeOf([
  powerNode("utility", "utility", []),
  powerNode("gen", "generator", []),
  powerNode("ats", "ats", ["utility", "gen"]),
  powerNode("ups-a", "ups", ["ats"]),
  powerNode("ups-b", "ups", ["ats"]),
  powerNode("row-a", "pdu", ["ups-a"]),
  powerNode("rack-a", "pdu", ["row-a"]),
  powerNode("row-b", "pdu", ["ups-b"]),
  powerNode("fans", "pdu", ["ats"]),
]);

describe("the power tree", () => {
  test("knows all that hangs below a node, by whichever of its supplies", () => {
    expect([...under(plant, node("ups-a"))].toSorted()).toEqual(["rack-a", "row-a", "ups-a"]);
    expect([...under(plant, node("gen"))]).toHaveLength(8);
    expect([...under(plant, node("rack-a"))]).toEqual(["rack-a"]);
    const upwards = treeOf([...plant.nodes.values()].toReversed());
    expect([...under(upwards, node("gen"))]).toHaveLength(8);
  });

  test("knows the way to a node from its supply: the nearest UPS, or else the topmost node of the preferred way", () => {
    expect(pathOf(plant, node("rack-a")).map(({ id }) => id)).toEqual(["rack-a", "row-a", "ups-a"]);
    expect(supplyOf(plant, node("rack-a")).id).toBe("ups-a");
    expect(supplyOf(plant, node("fans")).id).toBe("utility");
    expect(supplyOf(plant, node("ups-b")).id).toBe("ups-b");
  });

  test("answers nothing about a node that it does not have", () => {
    for (const ask of [under, supplyOf, (tree: PowerTree, id: ReturnType<typeof node>) => carriedKw(tree, id, nothing)])
      expect(() => ask(plant, node("nowhere"))).toThrow(new AssertionError("nowhere is a node of the power tree"));
  });

  test("knows what goes over from one supply to another by itself", () => {
    expect(nodeKinds.filter((kind) => isTransferSwitch({ kind }))).toEqual(["ats", "sts"]);
  });
});

const tree = twoFeeds({ x: { kw: 8 }, y: { kw: 6, on: ["a"] } });
const [x, y] = [tree.loads[0]!, tree.loads[1]!];
const [xa, xb] = [x.feeds[0]!, x.feeds[1]!];

describe("a feed", () => {
  test("is open only when that is seen, and alive only when that is seen: what is unknown is neither", () => {
    expect([isOpen(xa, nothing), isAlive(xa, nothing)]).toEqual([false, false]);
    expect([0, 1].map((closed) => isOpen(xa, imageOf({ "a.x/closed": closed })))).toEqual([true, false]);
    expect([0, 1].map((closed) => isAlive(xa, imageOf({ "a.x/closed": closed })))).toEqual([false, true]);
    expect(isAlive(xa, imageOf({ "a.x/closed": 1 }, maxAge + 1))).toBe(false);
  });

  test("is alive, too, when its meter shows that it carries something", () => {
    expect(isAlive(xa, imageOf({ "a.x/power": 0.06 }))).toBe(true);
    expect(isAlive(xa, imageOf({ "a.x/power": 0.05 }))).toBe(false);
  });

  test("without a contact is told by its outlet, and without either it is closed", () => {
    const bare = { ...xa, closed: null };
    expect(isOpen(bare, imageOf({ "a.x/outlet": 0 }))).toBe(true);
    expect(isAlive(bare, imageOf({ "a.x/outlet": 1 }))).toBe(true);
    expect(isAlive(bare, nothing)).toBe(false);
    expect(isAlive({ ...bare, outlet: null }, nothing)).toBe(true);
  });
});

describe("what a load draws through a feed", () => {
  test("is what its meter says, nought included", () => {
    expect(drawnKw(x, xa, imageOf({ "a.x/power": 3.5, "b.x/power": 0 }))).toBe(3.5);
    expect(drawnKw(x, xb, imageOf({ "a.x/power": 3.5, "b.x/power": 0 }))).toBe(0);
  });

  test("is nothing through an open feed, whatever a meter says", () => {
    expect(drawnKw(x, xa, imageOf({ "a.x/closed": 0, "a.x/power": 3 }))).toBe(0);
  });

  test("without a meter is its rating, shared only with feeds that are seen to be closed", () => {
    expect(drawnKw(x, xa, imageOf({ "a.x/closed": 1, "b.x/closed": 1 }))).toBe(4);
    expect(drawnKw(x, xa, imageOf({ "a.x/closed": 1, "b.x/closed": 0 }))).toBe(8);
    expect(drawnKw(x, xa, imageOf({ "a.x/closed": 1 }))).toBe(8);
    expect(drawnKw(x, xa, nothing)).toBe(8);
    expect(drawnKw(y, y.feeds[0]!, nothing)).toBe(6);
  });

  test("falls back to the rating when its meter has gone silent: silence is not zero", () => {
    expect(drawnKw(y, y.feeds[0]!, imageOf({ "a.y/power": 1 }, maxAge))).toBe(1);
    expect(drawnKw(y, y.feeds[0]!, imageOf({ "a.y/power": 1 }, maxAge + 1))).toBe(6);
  });
});

describe("what a node carries", () => {
  test("is its own meter's word", () => {
    expect(carriedKw(tree, node("ups-a"), imageOf({ "ups-a/kw": 12, "a.x/power": 1 }))).toBe(12);
  });

  test("is, without one, the sum of what hangs below it: meters where there are some, ratings where not", () => {
    expect(carriedKw(tree, node("ups-a"), imageOf({ "a.x/power": 1 }))).toBe(1 + 6);
    expect(carriedKw(tree, node("ups-a"), imageOf({ "a.x/closed": 0 }))).toBe(6);
    expect(carriedKw(tree, node("ups-b"), imageOf({ "a.x/closed": 0 }))).toBe(8);
    expect(carriedKw(tree, node("ups-a"), nothing)).toBe(8 + 6);
  });
});
