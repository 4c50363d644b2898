import { describe, expect, test } from "vitest";
import type { Image } from "../../../src/core/image.ts";
import { imageAt } from "../../../src/core/image.ts";
import type { Reading } from "../../../src/core/reading.ts";
import type { Scene, View } from "../../../src/core/respond/scene.ts";
import { deedsFor, excesses, isLit, viewOf } from "../../../src/core/respond/scene.ts";
import { instant } from "../../../src/core/time.ts";
import type { Load, LoadFeed, PowerTree } from "../../../src/core/topology/power.ts";
import type { LoadSketch } from "../feeds.ts";
import { node, powerNode, readingsOf, relieving, treeOf, twoFeeds, wire } from "../feeds.ts";
import { good, maxAge, point, t0 } from "../fixture.ts";

const imageFrom = (readings: readonly Reading[]): Image =>
  imageAt(new Map(readings.map((r) => [r.point, r])), new Map(readings.map((r) => [r.point, { maxAge }])), instant(t0));

interface Sketch {
  readonly silent?: readonly string[];
  readonly shown?: Readonly<Record<string, number>>;
  readonly open?: readonly string[];
  readonly taken?: readonly string[];
  readonly mute?: readonly string[];
}

function sceneOf(tree: PowerTree, { silent = [], shown = {}, open = [], taken = [], mute = [] }: Sketch = {}): Scene {
  const readings = readingsOf(wire(tree, ...open))
    .filter((one) => !silent.includes(one.point))
    .map((one) => (one.point in shown ? good(one.point, shown[one.point]!) : one));
  return { tree, image: imageFrom(readings), taken: new Set(taken.map(point)), mute: new Set(mute), writesOf: null };
}
const view = (tree: PowerTree, sketch: Sketch = {}, nodes: readonly string[] = ["ups-a"], toKw = 0): View =>
  viewOf(sceneOf(tree, sketch), relieving(toKw, ...nodes));

describe("what a plan looks at", () => {
  const tree = twoFeeds({ x: { kw: 20 }, y: { kw: 6, on: ["a"] } });

  test("is by how much each node has too much, and only of those that have", () => {
    const action = {
      ...relieving(0),
      relieve: [
        { node: node("ups-a"), toKw: 6 },
        { node: node("ups-b"), toKw: 10 },
      ],
    };
    expect([...excesses(sceneOf(tree), action)]).toEqual([
      ["ups-a", 10],
      ["ups-b", 0],
    ]);
    expect([...viewOf(sceneOf(tree), action).over]).toEqual([["ups-a", 10]]);
  });

  test("are the needs that a node's power comes through, and those that it might come through", () => {
    const sts = powerNode("sts", "sts", ["ups-a", "ups-b"], { power: null });
    const tied = treeOf([...tree.nodes.values(), sts], tree.loads);
    const of = view(tied, {}, ["row-a", "ups-b", "ups-a"]);
    expect(of.needsOn(node("row-a"))).toEqual([0, 2]);
    expect(of.needsOn(node("sts"))).toEqual([2]);
    expect(of.needsOver(node("sts"))).toEqual([1, 2]);
    expect(of.needsOn(node("utility"))).toEqual([]);
  });

  test("is where a load that goes from one node to another is new", () => {
    const of = view(tree);
    expect(of.crossing(node("row-a"), node("row-b"))).toEqual(["row-b", "ups-b"]);
    expect(of.crossing(node("row-b"), node("row-a"))).toEqual(["row-a", "ups-a"]);
    expect(of.crossing(node("row-a"), node("row-a"))).toEqual([]);
  });
});

describe("what may be done to a load", () => {
  const deeds = (tree: PowerTree, sketch: Sketch = {}, nodes: readonly string[] = ["ups-a"]): readonly string[] => {
    const names = (feeds: readonly LoadFeed[]): string => feeds.map((feed) => String(feed.node)).join("+");
    return deedsFor(view(tree, sketch, nodes), tree.loads[0]!).map(({ manner, opens, leansOn, leaves }) =>
      [manner, names(opens), `leans on ${names(leansOn)}`, `leaves ${names(leaves)}`].join(", "),
    );
  };
  const dual: Readonly<Record<string, LoadSketch>> = { x: { kw: 20 } };
  const both = ["move, row-a, leans on row-b, leaves ", "drop, row-a+row-b, leans on , leaves "];
  const dropped = ["drop, row-a+row-b, leans on , leaves "];

  test("is to move it to its other feed, or to take it off both", () => {
    expect(deeds(twoFeeds(dual))).toEqual(both);
    expect(deeds(twoFeeds({ x: { kw: 20, on: ["a"] } }))).toEqual(["drop, row-a, leans on , leaves "]);
  });

  test("is nothing to a protected one, to one that is spoken for by any feed, or where nothing is drawn", () => {
    expect(deeds(twoFeeds({ x: { kw: 20, is: "protected" } }))).toEqual([]);
    expect(deeds(twoFeeds(dual), { taken: ["b.x/outlet"] })).toEqual([]);
    expect(deeds(twoFeeds({ ...dual, y: { kw: 5 } }), { taken: ["b.y/outlet"] })).toEqual(both);
    expect(deeds(twoFeeds(dual), { shown: { "a.x/power": 0.05 } })).toEqual([]);
    expect(deeds(twoFeeds(dual), { shown: { "a.x/power": 0.06 } })).toEqual(both);
    expect(deeds(twoFeeds(dual), { open: ["a.x/outlet"] })).toEqual([]);
    expect(deeds(twoFeeds({ x: { kw: 20, on: ["b"] }, y: { kw: 5 } }))).toEqual([]);
  });

  test("is no move where the other feed is open, not known to be closed, dark, or on a supply that nobody sees", () => {
    expect(deeds(twoFeeds(dual), { open: ["b.x/outlet"] })).toEqual(["drop, row-a, leans on , leaves "]);
    expect(deeds(twoFeeds(dual), { silent: ["b.x/closed", "b.x/power"] })).toEqual(dropped);
    expect(deeds(twoFeeds(dual), { silent: ["ups-b/kw"] })).toEqual(dropped);
    expect(deeds(twoFeeds(dual), { silent: ["b.x/power"] })).toEqual(both);
  });

  test("is no move where one of several other feeds hangs on a supply that nobody sees", () => {
    const { nodes, loads } = twoFeeds(dual);
    const third = twoFeeds({ x: { kw: 20, on: ["c"] } }).loads[0]!.feeds;
    const more = [powerNode("ups-c", "ups", ["utility"]), powerNode("row-c", "pdu", ["ups-c"])];
    const of = treeOf([...nodes.values(), ...more], [{ ...loads[0]!, feeds: [...loads[0]!.feeds, ...third] }]);
    expect(deeds(of)).toHaveLength(2);
    expect(deeds(of, { silent: ["ups-c/kw"] })).toEqual(["drop, row-a+row-b+row-c, leans on , leaves "]);
    // One of them that is not known to be closed is leant on beside another that is.
    expect(deeds(of, { silent: ["c.x/closed", "c.x/power"] })[0]).toBe("move, row-a, leans on row-b+row-c, leaves ");
  });

  test("on a dark feed is left as it is by a move, and opened with the rest by a drop where its device answers", () => {
    const shown = { "ups-b/kw": 0, "row-b/kw": 0, "b.x/power": 0 };
    expect(deeds(twoFeeds(dual), { shown })).toEqual(dropped);
    expect(deeds(twoFeeds(dual), { shown, mute: ["b.x"] })).toEqual(["drop, row-a, leans on , leaves row-b"]);
    const fixed = twoFeeds(dual);
    const [load] = fixed.loads as [Load];
    const bare = { ...load, feeds: [load.feeds[0]!, { ...load.feeds[1]!, outlet: null }] };
    expect(deeds(treeOf([...fixed.nodes.values()], [bare]), { shown })).toEqual([
      "drop, row-a, leans on , leaves row-b",
    ]);
  });

  test("is no drop where one of its feeds cannot be opened", () => {
    const { nodes, loads } = twoFeeds(dual);
    const [load] = loads as [Load];
    const fixed = { ...load, feeds: [load.feeds[0]!, { ...load.feeds[1]!, outlet: null }] };
    expect(deeds(treeOf([...nodes.values()], [fixed]))).toEqual(["move, row-a, leans on row-b, leaves "]);
    const stuck = { ...load, feeds: [{ ...load.feeds[0]!, outlet: null }, load.feeds[1]!] };
    expect(deeds(treeOf([...nodes.values()], [stuck]))).toEqual([]);
  });
});

describe("a load is lit", () => {
  const lit = (sketch: Sketch, load: LoadSketch = { kw: 20 }): boolean => {
    const tree = twoFeeds({ x: load });
    return isLit(view(tree, sketch), tree.loads[0]!);
  };

  test("by any feed that is alive, whose node is not dark and which nobody is about to open", () => {
    expect(lit({})).toBe(true);
    expect(lit({ open: ["a.x/outlet"] })).toBe(true);
    expect(lit({ open: ["a.x/outlet", "b.x/outlet"] })).toBe(false);
    expect(lit({ open: ["a.x/outlet"], taken: ["b.x/outlet"] })).toBe(false);
    expect(lit({ open: ["a.x/outlet"], shown: { "ups-b/kw": 0 } })).toBe(false);
    expect(lit({ silent: ["a.x/closed", "a.x/power", "b.x/closed", "b.x/power"] })).toBe(false);
    expect(lit({ taken: ["a.y/outlet"] }, { kw: 20, on: ["a"], without: ["outlet"] })).toBe(true);
  });
});
