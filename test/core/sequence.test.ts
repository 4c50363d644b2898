import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Place } from "../../src/core/newest.ts";
import { Sequence } from "../../src/core/sequence.ts";
import { point } from "./fixture.ts";

const keys = fc.uniqueArray(fc.integer({ min: 0, max: 9 }));
const asks = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 });
/** Every time another string of the same text. */
const named = (key: number) => point(["k", key].join(""));

describe("a sequence", () => {
  test("answers as a map does, in whatever order it is asked (property)", () => {
    fc.assert(
      fc.property(keys, keys, asks, (early, late, asked) => {
        const [map, sequence] = [new Map<string, Place>(), new Sequence<Place>()];
        const put = (key: number): void => {
          const place = new Place(named(key));
          map.set(named(key), place);
          sequence.add(place);
        };
        const ask = (): void => {
          for (const key of [...asked, ...asked]) expect(sequence.get(named(key))).toBe(map.get(named(key)));
        };
        early.forEach(put);
        ask();
        late.filter((key) => !early.includes(key)).forEach(put);
        ask();
        const all: Place[] = [];
        sequence.forEach((value) => all.push(value));
        expect(all).toEqual([...map.values()]);
      }),
    );
  });

  test("takes nothing up twice, for whoever is followed by the first would go on to it", () => {
    const sequence = new Sequence<Place>();
    sequence.add(new Place(point("a")));
    expect(() => sequence.add(new Place(point("a")))).toThrow("a stands once in a sequence");
  });
});
