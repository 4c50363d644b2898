import { expect, test } from "vitest";
import { circlesIn } from "../../src/site/circles.ts";

const circles = (graph: Readonly<Record<string, readonly string[]>>): readonly string[] =>
  circlesIn(
    Object.entries(graph).map(([id, next]) => ({ id, next })),
    ({ next }) => next,
  );

test("references that end somewhere make no circle", () => {
  expect(circles({})).toEqual([]);
  expect(circles({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] })).toEqual([]);
  expect(circles({ a: ["not-there"] })).toEqual([]);
});

test("each circle is found once", () => {
  expect(circles({ a: ["a"] })).toEqual(["a"]);
  expect(circles({ a: ["b"], b: ["c"], c: ["a"], d: ["b"] })).toEqual(["a"]);
  expect(circles({ a: ["b"], b: ["a"], c: ["d"], d: ["c"] })).toEqual(["a", "c"]);
});

test("a chain of a hundred thousand is walked", () => {
  const chain = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`n${i}`, [`n${i + 1}`]]));
  expect(circles(chain)).toEqual([]);
  expect(circles({ ...chain, n99999: ["n0"] })).toEqual(["n0"]);
});
