import { describe, expect, test } from "vitest";
import type { Draw } from "../../../src/core/respond/draws.ts";
import { drawsOf } from "../../../src/core/respond/draws.ts";
import { waysOf } from "../../../src/core/respond/ways.ts";
import type { PowerTree } from "../../../src/core/topology/power.ts";
import type { LoadSketch } from "../feeds.ts";
import { powerNode, treeOf, twoFeeds } from "../feeds.ts";
import { imageOf } from "../fixture.ts";

type Values = Readonly<Record<string, number>>;

/** What a load draws by its first feed, or by another one. */
function drawOf(tree: PowerTree, values: Values, id: string, feed = 0): Draw {
  const image = imageOf(values);
  return drawsOf(tree, waysOf(tree, image), image)(tree.loads.find((load) => load.id === id)!.feeds[feed]!);
}

const none: Draw = { seenKw: 0, likelyKw: 0, mostKw: 0 };
const single = (kw: number, without: LoadSketch["without"] = []): LoadSketch => ({ kw, on: ["a"], without });

describe("what a feed draws", () => {
  test("is what its meter shows, in every respect", () => {
    const tree = twoFeeds({ x: single(10) });
    expect(drawOf(tree, { "a.x/power": 4, "a.x/closed": 1 }, "x")).toEqual({ seenKw: 4, likelyKw: 4, mostKw: 4 });
  });

  test("is nothing where it is seen to be open, whatever its meter shows", () => {
    const tree = twoFeeds({ x: single(10) });
    expect(drawOf(tree, { "a.x/power": 4, "a.x/closed": 0 }, "x")).toEqual(none);
  });

  test("is not seen where its meter is silent: likely its share of the rating, and at most all of it", () => {
    const tree = twoFeeds({ x: { kw: 10 } });
    const closed = { "a.x/closed": 1, "b.x/closed": 1 };
    expect(drawOf(tree, closed, "x")).toEqual({ seenKw: 0, likelyKw: 5, mostKw: 10 });
    expect(drawOf(tree, { ...closed, "row-a/kw": 8, "ups-a/kw": 8 }, "x")).toEqual({
      seenKw: 0,
      likelyKw: 5,
      mostKw: 10,
    });
  });

  test("is nothing of a feed that the tree does not have", () => {
    const tree = twoFeeds({ x: single(10) });
    const image = imageOf({});
    const [strange] = twoFeeds({ y: single(5) }).loads[0]!.feeds;
    expect(drawsOf(tree, waysOf(tree, image), image)(strange!)).toEqual(none);
  });
});

describe("what a feed without a meter draws", () => {
  const bare = single(4, ["power"]);
  const tree = twoFeeds({
    small: bare,
    large: single(12, ["power"]),
    own: single(6),
    silent: single(8),
  });

  test("is its share, by its rating, in what the nearest meter above it shows and no meter below it accounts for", () => {
    // Of 18 kW 6 are metered; 24 kW of ratings share the rest, those of the silent meter among them.
    expect(drawOf(tree, { "row-a/kw": 18, "a.own/power": 6 }, "small")).toEqual({
      seenKw: 2,
      likelyKw: 2,
      mostKw: 4,
    });
    expect(drawOf(tree, { "row-a/kw": 18, "a.own/power": 6 }, "large")).toEqual({
      seenKw: 6,
      likelyKw: 6,
      mostKw: 12,
    });
    // What is open draws nothing of it.
    expect(drawOf(tree, { "row-a/kw": 18, "a.own/power": 6, "a.silent/closed": 0 }, "small").seenKw).toBe(3);
  });

  test("is at most its rating", () => {
    expect(drawOf(tree, { "row-a/kw": 90, "a.own/power": 6 }, "small")).toEqual({ seenKw: 4, likelyKw: 4, mostKw: 4 });
  });

  test("is not seen where meters that were read one after the other leave nothing", () => {
    expect(drawOf(tree, { "row-a/kw": 6, "a.own/power": 6 }, "small")).toEqual({ seenKw: 0, likelyKw: 4, mostKw: 4 });
    // 0.3 kW over 24 kW of ratings: 0.05 kW for one of 4 kW, which is none.
    expect(drawOf(tree, { "row-a/kw": 0.3 }, "small").seenKw).toBe(0);
    const two = twoFeeds({ x: single(10, ["power"]), y: single(10, ["power"]) });
    expect(drawOf(two, { "row-a/kw": 0.1 }, "x").seenKw).toBe(0);
    expect(drawOf(two, { "row-a/kw": 0.2 }, "x").seenKw).toBe(0.1);
  });

  test("goes by the meter of the UPS where the row has none that is heard, less the rows whose meters are", () => {
    const rows = [
      powerNode("utility", "utility", []),
      powerNode("ups-a", "ups", ["utility"]),
      powerNode("row-a", "pdu", ["ups-a"]),
      powerNode("row-b", "pdu", ["ups-a"]),
    ];
    const both = treeOf(rows, twoFeeds({ x: { kw: 10, on: ["a"], without: ["power"] } }).loads);
    expect(drawOf(both, { "utility/kw": 50, "ups-a/kw": 9, "row-b/kw": 5 }, "x").seenKw).toBe(4);
    expect(drawOf(both, { "utility/kw": 50, "ups-a/kw": 9 }, "x").seenKw).toBe(9);
    expect(drawOf(both, { "utility/kw": 50, "ups-a/kw": 9, "row-b/kw": 5, "row-a/kw": 3 }, "x").seenKw).toBe(3);
  });

  test("is likely its rating where no meter above it is heard", () => {
    expect(drawOf(tree, {}, "small")).toEqual({ seenKw: 0, likelyKw: 4, mostKw: 4 });
  });
});
