import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Reading } from "../../src/core/reading.ts";
import { deviceOf } from "../../src/core/reading.ts";
import { lineEncoder } from "../../src/store/line-encoder.ts";
import { textsOf } from "../../src/store/lines.ts";
import { bad, good, meta } from "./readings.ts";

const encodeAll = lineEncoder("icn-1", meta);
type Encode = ReturnType<typeof lineEncoder>;

const batchesOf = (encode: Encode, readings: readonly Reading[]): readonly (readonly string[])[] => {
  const batches: (readonly string[])[] = [];
  encode(readings, (lines) => {
    batches.push(textsOf(lines));
    expect(lines.count).toBe(batches.at(-1)!.length);
  });
  return batches;
};
const encode = (reading: Reading): string => batchesOf(encodeAll, [reading]).flat().join("\n");
const from = "site=icn-1,device=ups-a,point=battery.temperature,class=ups,space=hall-1";

describe("a reading as a line", () => {
  test("has its value and quality, and its place in tags", () => {
    expect(encode(good("ups-a/battery.temperature", 1500, 24.5))).toBe(
      `temperature,${from} value=24.5,quality=0i 1500`,
    );
  });

  test("that is uncertain says so", () => {
    const reading: Reading = {
      ...good("ups-a/battery.temperature", 1, 99),
      quality: "uncertain",
      reason: "outOfRange",
    } as Reading;
    expect(encode(reading)).toBe(`temperature,${from} value=99,quality=1i 1`);
  });

  test("that is bad has no value: silence is not zero", () => {
    expect(encode(bad("ups-a/battery.temperature", 2))).toBe(`temperature,${from} quality=2i 2`);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "never passes %s for a value",
    (value) => {
      expect(encode(good("ups-a/battery.temperature", 2, value))).toBe(`temperature,${from} quality=2i 2`);
    },
  );

  test("is one line with its tags escaped, whatever the names are", () => {
    const named = lineEncoder("a site", () => ({ quantity: "x", device: "a,b=c\\", class: "u\np", space: null }));
    expect(batchesOf(named, [good("d/p q", 1, 0)])).toEqual([
      ["x,site=a\\ site,device=a\\,b\\=c/,point=p\\ q,class=u\\ p value=0,quality=0i 1"],
    ]);
  });

  test("is well formed for every finite value", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const line = encode(good("ups-a/battery.temperature", 1, value));
        expect(line).toMatch(/ value=-?\d+(\.\d+)?(e[+-]\d+)?,quality=0i 1$/);
      }),
    );
  });
});

describe("many readings as lines", () => {
  test("are one line each, in their order, with what is known of each point and in whatever letters", () => {
    const encodeMany = lineEncoder("판교", (point) => ({
      quantity: "t",
      device: deviceOf(point),
      class: "meter",
      space: null,
    }));
    const readings = Array.from({ length: 12_000 }, (_, n) => good(`랙-${n % 700}/t`, n, n / 10));
    const batches = batchesOf(encodeMany, readings);
    expect(batches.flat()).toEqual(
      readings.map((_, n) => `t,site=판교,device=랙-${n % 700},point=t,class=meter value=${n / 10},quality=0i ${n}`),
    );
    expect(batches.length).toBeGreaterThan(2);
  });

  test("are none where there are no readings", () => {
    expect(batchesOf(encodeAll, [])).toEqual([]);
  });
});
