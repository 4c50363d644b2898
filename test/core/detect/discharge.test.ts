import { describe, expect, test } from "vitest";
import type { Design, Interval, Standing } from "../../../src/core/detect/discharge.ts";
import { byCharge, byDesign, byVoltage, nominalS } from "../../../src/core/detect/discharge.ts";

const lithium: Design = { chemistry: "lithium", ratedS: 360, load: 80 };
const lead: Design = { chemistry: "lead", ratedS: 600, load: 80 };
const standing = (load: number, more: Partial<Standing> = {}): Standing => ({
  load,
  health: { low: 100, high: 100 },
  warmC: { low: 25, high: 25 },
  ...more,
});

describe("a battery's time by its design", () => {
  test("goes with Peukert's exponent: at half and a quarter of the load twice and four times as long, and more", () => {
    expect(nominalS(lead, 80)).toBeCloseTo(600, 6);
    expect(nominalS(lead, 40) / 600).toBeCloseTo(2.3, 1);
    expect(nominalS(lead, 20) / 600).toBeCloseTo(5.3, 1);
    expect(nominalS(lithium, 40) / 360).toBeCloseTo(2.08, 1);
    expect(nominalS(lithium, 20) / 360).toBeCloseTo(4.3, 1);
  });

  test("has an early and a late end about the rated runtime, and is never more than a day", () => {
    const { leastS, mostS } = byDesign(lithium, standing(80), 100);
    expect(leastS).toBeLessThan(0.8 * 360);
    expect(leastS).toBeGreaterThan(0.7 * 360);
    expect(mostS).toBeCloseTo(1.2 * 360, 6);
    expect(byDesign(lead, standing(0), 100).leastS).toBeLessThanOrEqual(86_400);
    expect(nominalS(lead, 0)).toBe(86_400);
  });

  test.each([
    ["half a charge", byDesign(lead, standing(80), 50)],
    ["worn cells", byDesign(lead, standing(80, { health: { low: 60, high: 60 } }), 100)],
    ["cold", byDesign(lead, standing(80, { warmC: { low: 0, high: 5 } }), 100)],
    ["more load", byDesign(lead, standing(96), 100)],
  ])("comes sooner with %s", (_, { leastS }) => {
    expect(leastS).toBeLessThan(0.85 * byDesign(lead, standing(80), 100).leastS);
  });
});

/** What is worked out by hand from the module's own figures. */
const near = ({ leastS, mostS }: Interval, [least, most]: readonly [number, number]): void => {
  expect(leastS).toBeCloseTo(least, 2);
  expect(mostS).toBeCloseTo(most, 2);
};

describe("a battery's time by its design, in numbers", () => {
  test("of worn and cold lead at half its load: 1331 to 1427 s as new, and 7.9 % that the load must leave", () => {
    const worn = standing(40, { health: { low: 60, high: 80 }, warmC: { low: 5, high: 10 } });
    near(byDesign(lead, worn, 50), [210.08, 684.98]);
  });

  test("of worn and cool lithium at twice its load: 170 to 176 s as new, and 52.9 % that the load must leave", () => {
    const worn = standing(160, { health: { low: 80, high: 100 }, warmC: { low: 15, high: 30 } });
    near(byDesign(lithium, worn, 90), [37.36, 190.4]);
  });

  test("is no longer in the warmth than at 25 Cel", () => {
    const warm = standing(80, { warmC: { low: 35, high: 40 } });
    expect(byDesign(lead, warm, 100)).toEqual(byDesign(lead, standing(80), 100));
  });

  test("leaves no more than four fifths to the heaviest load, and is over where less than that is charged", () => {
    expect(byDesign(lead, standing(240), 100).leastS).toBeCloseTo(23.1, 2);
    expect(byDesign(lead, standing(240), 60).leastS).toBe(0);
  });

  test("is counted to a day and no further, also where nothing is drawn", () => {
    expect(nominalS(lead, 0.01)).toBe(86_400);
    expect(nominalS(lead, -1)).toBe(86_400);
    expect(byDesign(lead, standing(0), 100).mostS).toBe(86_400);
  });
});

describe("a battery's time by what has fallen", () => {
  test("is that of its charge to what the load must leave, in numbers, from four per cent on", () => {
    near(byCharge(lead, standing(40), { from: 70, to: 60, share: 0.1 })!, [668.33, 918.96]);
    expect(byCharge(lead, standing(40), { from: 64, to: 60, share: 0.04 })).not.toBeNull();
  });

  test("is that of its voltage, in numbers, from one per cent of the lowest on", () => {
    const fall = { from: 480, to: 470, share: 0.1 };
    near(byVoltage(lead, 40, fall, 408)!, [267.07, 854.63]);
    near(byVoltage(lead, 160, fall, 408)!, [101.2, 161.92]);
    expect(byVoltage(lead, 80, { from: 510, to: 505, share: 0.1 }, 500)).not.toBeNull();
  });

  test("is that of its charge, whatever the design says", () => {
    // Twice as fast as it was built for: 20 of a hundred in a tenth of its time.
    const { leastS, mostS } = byCharge(lithium, standing(80), { from: 80, to: 60, share: 0.1 })!;
    const straightS = (60 / 20) * 36;
    expect(leastS).toBeLessThan(straightS);
    expect(leastS).toBeGreaterThan(0.75 * straightS);
    expect(mostS).toBeGreaterThan(straightS);
    expect(mostS).toBeLessThan(1.1 * straightS);
  });

  test("is that of its voltage down to the lowest, and less of it the less the load is", () => {
    const fall = { from: 480, to: 470, share: 0.1 };
    const atRated = byVoltage(lead, 80, fall, 408)!;
    expect(atRated.mostS).toBeCloseTo((62 / 10) * 60, 6);
    expect(atRated.leastS).toBeLessThan(0.7 * atRated.mostS);
    const light = byVoltage(lead, 20, fall, 408)!;
    expect(light.leastS / light.mostS).toBeLessThan(0.25 * (atRated.leastS / atRated.mostS) + 1e-9);
    expect(byVoltage(lead, 80, { ...fall, to: 400 }, 408)).toEqual({ leastS: 0, mostS: 0 });
  });

  test("is not known before enough has fallen", () => {
    expect(byCharge(lithium, standing(80), { from: 100, to: 97, share: 0.03 })).toBeNull();
    expect(byVoltage(lead, 80, { from: 480, to: 479, share: 0.03 }, 408)).toBeNull();
  });
});
