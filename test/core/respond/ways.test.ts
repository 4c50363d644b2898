import { expect, test } from "vitest";
import { remembered, waysOf } from "../../../src/core/respond/ways.ts";
import type { PowerTree } from "../../../src/core/topology/power.ts";
import { node, powerNode, treeOf } from "../feeds.ts";
import { imageOf } from "../fixture.ts";

/** Two UPS on one utility, a row on each, one on either by a static switch, and one on the utility itself. */
const tree: PowerTree = treeOf([
  powerNode("utility", "utility", []),
  powerNode("ups-a", "ups", ["utility"]),
  powerNode("ups-b", "ups", ["utility"]),
  powerNode("row-a", "pdu", ["ups-a"]),
  powerNode("sts", "sts", ["ups-a", "ups-b"], { power: null }),
  powerNode("row-s", "pdu", ["sts"]),
  powerNode("raw", "pdu", ["utility"]),
]);

const all = { "utility/kw": 30, "ups-a/kw": 10, "ups-b/kw": 10, "row-a/kw": 5, "row-s/kw": 5, "raw/kw": 5 };
const ways = (values: Readonly<Record<string, number>> = {}) => waysOf(tree, imageOf({ ...all, ...values }));
const without = (name: keyof typeof all) => {
  const { [name]: _, ...rest } = all;
  return waysOf(tree, imageOf(rest));
};
const wayOf = (id: string, values: Readonly<Record<string, number>> = {}): readonly string[] =>
  ways(values)
    .wayOf(node(id))
    .map((one) => one.id);

test("power comes to a node through those above it, up to the topmost", () => {
  expect(wayOf("row-a")).toEqual(["row-a", "ups-a", "utility"]);
  expect(wayOf("utility")).toEqual(["utility"]);
});

test("of several supplies it comes through the first that is not seen to be dark, and through the first of all where each is", () => {
  expect(wayOf("row-s")).toEqual(["row-s", "sts", "ups-a", "utility"]);
  expect(wayOf("row-s", { "ups-a/kw": 0.05 })).toEqual(["row-s", "sts", "ups-b", "utility"]);
  expect(wayOf("row-s", { "ups-a/kw": 0.051 })).toEqual(["row-s", "sts", "ups-a", "utility"]);
  expect(wayOf("row-s", { "ups-a/kw": 0, "ups-b/kw": 0 })).toEqual(["row-s", "sts", "ups-a", "utility"]);
  expect(
    without("ups-a/kw")
      .wayOf(node("row-s"))
      .map(({ id }) => id),
  ).toEqual(["row-s", "sts", "ups-a", "utility"]);
});

test("it might come through every supply there is", () => {
  expect([...ways().aboveOf(node("row-s"))]).toEqual(["row-s", "sts", "ups-a", "utility", "ups-b"]);
});

test("a node is dark where one on its way up to the UPS is seen to carry nothing, and not for what is above that", () => {
  const dark = (id: string, values: Readonly<Record<string, number>>): boolean => ways(values).isDark(node(id));
  expect(dark("row-a", {})).toBe(false);
  expect(dark("row-a", { "row-a/kw": 0 })).toBe(true);
  expect(dark("row-a", { "ups-a/kw": 0 })).toBe(true);
  expect(dark("row-a", { "utility/kw": 0 })).toBe(false);
  expect(dark("ups-a", { "utility/kw": 0 })).toBe(false);
  expect(dark("raw", { "utility/kw": 0 })).toBe(true);
  expect(without("row-a/kw").isDark(node("row-a"))).toBe(false);
});

test("a node is not seen where its UPS is not, or the topmost node where there is none", () => {
  expect(ways().isUnseen(node("row-a"))).toBe(false);
  expect(ways().isUnseen(node("row-s"))).toBe(false);
  expect(without("ups-a/kw").isUnseen(node("row-a"))).toBe(true);
  expect(without("utility/kw").isUnseen(node("row-a"))).toBe(false);
  expect(without("utility/kw").isUnseen(node("raw"))).toBe(true);
  const bare = [...tree.nodes.values()].map((one) => (one.id === "ups-a" ? { ...one, power: null } : one));
  expect(waysOf(treeOf(bare), imageOf(all)).isUnseen(node("row-a"))).toBe(true);
});

test("a node that the tree does not have is an error of ours, in words", () => {
  expect(() => ways().wayOf(node("row-z"))).toThrow("row-z is a node of the power tree");
});

test("what is remembered is worked out once for each node", () => {
  const asked: string[] = [];
  const of = remembered((id) => {
    asked.push(id);
    return id.length;
  });
  expect([of(node("a")), of(node("bc")), of(node("a"))]).toEqual([1, 2, 1]);
  expect(asked).toEqual(["a", "bc"]);
});
