import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Sequence } from "../../src/core/sequence.ts";

const keys = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 });

describe("a sequence", () => {
  test("answers as a map does, in whatever order it is asked (property)", () => {
    fc.assert(
      fc.property(keys, keys, keys, (early, late, asked) => {
        const [map, sequence] = [new Map<string, number>(), new Sequence<string, number>()];
        const put = (key: number, i: number): void => {
          map.set(`k${key}`, i);
          sequence.set(`k${key}`, i);
        };
        const ask = (): void => {
          for (const key of [...asked, ...asked]) expect(sequence.get(`k${key}`)).toBe(map.get(`k${key}`));
        };
        early.forEach(put);
        ask();
        late.forEach(put);
        ask();
        const all: [string, number][] = [];
        sequence.forEach((value, key) => all.push([key, value]));
        expect(all).toEqual([...map]);
      }),
    );
  });
});
