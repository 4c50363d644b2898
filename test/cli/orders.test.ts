import { describe, expect, test } from "vitest";
import { meanings, orders } from "../../src/cli/orders.ts";

/** Of the words from a place on: a type's value in each order. */
const of = (words: readonly number[], type: string, at = 0): Record<string, number | undefined> => {
  const values = meanings(words).find((meaning) => meaning.type === type && meaning.at === at)?.values ?? [];
  return Object.fromEntries(orders.map((order, i) => [order, values[i]]));
};

describe("words in every byte order", () => {
  test("are one 32-bit number in four ways", () => {
    expect(of([0x0001, 0x0203], "u32")).toEqual({
      ABCD: 0x0001_0203,
      CDAB: 0x0203_0001,
      BADC: 0x0100_0302,
      DCBA: 0x0302_0100,
    });
  });

  test("are 230.5 in the order in which a device wrote it, whichever that is", () => {
    const written = { ABCD: [0x4366, 0x8000], CDAB: [0x8000, 0x4366], BADC: [0x6643, 0x0080], DCBA: [0x0080, 0x6643] };
    for (const [order, words] of Object.entries(written)) expect(of(words, "f32")[order]).toBe(230.5);
  });

  test("have their sign where a type has one", () => {
    expect(of([0xfffe], "i16")).toMatchObject({ ABCD: -2, DCBA: -257 });
    expect(of([0xfffe], "u16")).toMatchObject({ ABCD: 0xfffe, DCBA: 0xfeff });
    expect(of([0xffff, 0xfffe], "i32")).toMatchObject({ ABCD: -2, CDAB: -65_537 });
  });

  test("are read from each word on, and the last one has none to go with", () => {
    expect(meanings([1, 2, 3]).map(({ at, type }) => `${at} ${type}`)).toEqual([
      ...["u16", "i16", "u32", "i32", "f32"].map((type) => `0 ${type}`),
      ...["u16", "i16", "u32", "i32", "f32"].map((type) => `1 ${type}`),
      ...["u16", "i16"].map((type) => `2 ${type}`),
    ]);
    expect(meanings([])).toEqual([]);
  });
});
