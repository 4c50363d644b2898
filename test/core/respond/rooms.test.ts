import { describe, expect, test } from "vitest";
import { drawsOf } from "../../../src/core/respond/draws.ts";
import { roomsOf } from "../../../src/core/respond/rooms.ts";
import { waysOf } from "../../../src/core/respond/ways.ts";
import type { LoadSketch } from "../feeds.ts";
import { node, powerNode, treeOf, twoFeeds } from "../feeds.ts";
import { imageOf } from "../fixture.ts";

type Values = Readonly<Record<string, number>>;

const single = (kw: number): LoadSketch => ({ kw, on: ["a"] });

describe("the room on a node", () => {
  const racks = { x: single(10), y: { kw: 20, on: ["a", "b"] } } as const;
  const room = (values: Values, id: string, atMost: Values = {}, tree = twoFeeds(racks)): number => {
    const image = imageOf(values);
    const ways = waysOf(tree, image);
    const draws = drawsOf(tree, ways, image);
    const limits = new Map(Object.entries(atMost).map(([name, kw]) => [node(name), kw]));
    return roomsOf(tree, image, { ways, draws, atMost: limits })(node(id));
  };

  test("is nine tenths of its rating less what it is seen to carry", () => {
    expect(room({ "row-a/kw": 15 }, "row-a")).toBe(75);
    expect(room({ "ups-a/kw": 15 }, "ups-a")).toBe(75);
  });

  test("is less where it is to be relieved, and no more where that is wide", () => {
    expect(room({ "row-a/kw": 15 }, "row-a", { "row-a": 40 })).toBe(25);
    expect(room({ "row-a/kw": 15 }, "row-a", { "row-a": 400 })).toBe(75);
    expect(room({ "row-a/kw": 15 }, "row-a", { "row-b": 40 })).toBe(75);
  });

  test("is what the worst case of all below it leaves where its meter is silent or missing", () => {
    expect(room({}, "row-a")).toBe(60);
    expect(room({ "a.x/power": 3 }, "row-a")).toBe(67);
    expect(room({ "a.x/closed": 0, "a.y/closed": 0 }, "row-a")).toBe(90);
    const plain = twoFeeds(racks);
    const bare = [...plain.nodes.values()].map((one) => (one.id === "row-a" ? { ...one, power: null } : one));
    expect(room({}, "row-a", {}, treeOf(bare, plain.loads))).toBe(60);
    expect(room({}, "utility", {}, plain)).toBe(40);
  });

  test("is none on a UPS that nobody sees", () => {
    expect(room({}, "ups-a")).toBe(0);
    const plain = twoFeeds(racks);
    const bare = [...plain.nodes.values()].map((one) => (one.id === "ups-a" ? { ...one, power: null } : one));
    expect(room({}, "ups-a", {}, treeOf(bare, plain.loads))).toBe(0);
  });

  test("of a row that either of two UPS may feed counts on both", () => {
    const plain = twoFeeds({ z: { kw: 10, on: ["s"] } });
    const tied = [...plain.nodes.values(), powerNode("row-s", "pdu", ["row-a", "row-b"])];
    const tree = treeOf(tied, plain.loads);
    expect([room({}, "row-a", {}, tree), room({}, "row-b", {}, tree)]).toEqual([80, 80]);
  });
});
