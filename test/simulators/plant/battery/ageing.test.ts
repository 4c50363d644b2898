import { describe, expect, test } from "vitest";
import { age, lossOf, makeOld } from "../../../../simulators/plant/battery/ageing.ts";
import { lead, nmc } from "../../../../simulators/plant/battery/chemistry.ts";
import { makeString } from "../../../../simulators/plant/battery/string.ts";
import { bankOf, secondsToEmpty } from "../bank.ts";

const yearS = 365.25 * 86_400;

describe("a string that ages", () => {
  test.each([
    [nmc, 15],
    [lead, 10],
  ])("has 80 %% of its capacity at the end of its design life at 25 °C", (chemistry, years) => {
    const string = makeString(chemistry, 40);
    age(string, years * yearS);
    expect(1 - lossOf(string)).toBeCloseTo(0.8, 5);
  });

  test("of lithium loses with the square root of time: 8.6 % in ten years where 2.5 % went in ten months", () => {
    const string = makeString(nmc, 40);
    age(string, (10 / 12) * yearS);
    const early = lossOf(string);
    age(string, (10 - 10 / 12) * yearS);
    expect(lossOf(string) / early).toBeCloseTo(8.66 / 2.5, 2);
  });

  test("of lead-acid lives half as long for each 10 K", () => {
    const string = makeString(lead, 40);
    string.temperatureC = 35;
    age(string, 5 * yearS);
    expect(1 - lossOf(string)).toBeCloseTo(0.8, 5);
  });
});

test("an old bank lasts for less than its capacity alone would say, as its resistance has risen too", () => {
  for (const chemistry of [nmc, lead]) {
    const old = bankOf(chemistry);
    for (const string of old.strings) makeOld(string, 10);
    const ratio = secondsToEmpty(old, 80) / secondsToEmpty(bankOf(chemistry), 80);
    expect(ratio).toBeLessThan(1 - lossOf(old.strings[0]!));
    expect(ratio).toBeGreaterThan(0.5);
  }
});
