import { expect, test } from "vitest";
import { Words } from "../../../src/collect/modbus/words.ts";

test("a stretch is of zeros where every word of it was read and is one", () => {
  const words = new Words();
  words.add("holding", 10, [0, 0, 7]);
  const isZero = (addr: number, count: number) => words.isZero({ table: "holding", addr, count });
  expect([isZero(10, 2), isZero(11, 2), isZero(9, 2)]).toEqual([true, false, false]);
});

test("words are found under their table and address, and nowhere else", () => {
  const words = new Words();
  words.add("holding", 10, [1, 2]);
  words.add("input", 10, [3]);
  words.set("holding", 20, 4);
  const at = (table: "holding" | "input", ...addrs: number[]) => addrs.map((addr) => words.get(table, addr));
  expect(at("holding", 9, 10, 11, 12, 20)).toEqual([undefined, 1, 2, undefined, 4]);
  expect(at("input", 10, 11, 20)).toEqual([3, undefined, undefined]);
});
