import { describe, expect, test } from "vitest";
import { Newest, Place } from "../../src/core/newest.ts";
import type { Reading } from "../../src/core/reading.ts";
import { Sequence } from "../../src/core/sequence.ts";
import { instant, ms } from "../../src/core/time.ts";
import { bad, doubtful, good, point, t0 } from "./fixture.ts";

const readings: readonly (readonly [string, Reading, boolean])[] = [
  ["good", good("x", 5, 10), true],
  ["uncertain", doubtful("x", 5, 10), true],
  ["bad", bad("x", "deviceFailure", 10), false],
];

describe("the place of a point", () => {
  test.each(readings)("gives back a %s reading as it was", (_, reading, isValued) => {
    const place = new Place(point("x"));
    place.latest = reading;
    expect(place.latest).toEqual(reading);
    expect(place).toMatchObject({ at: t0 + 10, isKnown: true, isValued });
    expect(place.differsFrom(5)).toBe(!isValued);
    expect(place.differsFrom(6)).toBe(true);
  });

  test("of a point that has not spoken, or no longer, is empty", () => {
    const [fresh, cleared] = [new Place(point("x")), new Place(point("x"))];
    cleared.latest = doubtful("x", 5);
    cleared.latest = null;
    for (const place of [fresh, cleared]) {
      expect(place.latest).toBeNull();
      expect(place).toMatchObject({ at: Number.NaN, isKnown: false, isValued: false });
      expect(place.differsFrom(5)).toBe(true);
      expect(place.isUsable(instant(t0), ms(1e12))).toBe(false);
    }
  });

  test("has a value that may be used up to its age and no longer", () => {
    const place = new Place(point("x"));
    place.latest = good("x", 5, 0);
    expect([0, 1000, 1001].map((after) => place.isUsable(instant(t0 + after), ms(1000)))).toEqual([true, true, false]);
    place.latest = bad("x", "stale", 0);
    expect(place.isUsable(instant(t0), ms(1000))).toBe(false);
  });
});

describe("the newest readings of a site", () => {
  const places = (): Sequence<Place> => {
    const of = new Sequence<Place>();
    for (const name of ["b", "a", "c"]) of.add(new Place(point(name)));
    return of;
  };

  test("are those of the points that have spoken, in the order of the site", () => {
    const all = places();
    const newest = new Newest(all);
    all.get(point("a"))!.latest = good("a", 1);
    all.get(point("b"))!.latest = bad("b", "stale");
    expect(newest.values()).toEqual([bad("b", "stale"), good("a", 1)]);
    expect(newest.size).toBe(2);
    expect(newest.get(point("a"))).toEqual(good("a", 1));
    for (const name of ["c", "elsewhere"]) {
      expect(newest.get(point(name))).toBeUndefined();
      expect(newest.has(point(name))).toBe(false);
    }
    expect(newest.has(point("b"))).toBe(true);
  });

  test("are none once they are cleared", () => {
    const all = places();
    all.get(point("a"))!.latest = good("a", 1);
    const newest = new Newest(all);
    newest.clear();
    expect(newest.values()).toEqual([]);
    expect(newest.has(point("a"))).toBe(false);
  });
});
