import { describe, expect, test } from "vitest";
import { resist } from "../../../../simulators/plant/battery/ageing.ts";
import { lfp, nmc } from "../../../../simulators/plant/battery/chemistry.ts";
import { lithiumEmf, lithiumJ, lithiumOhm, settleLithium } from "../../../../simulators/plant/battery/lithium.ts";
import { makeString } from "../../../../simulators/plant/battery/string.ts";

describe.each([
  ["nmc", nmc],
  ["lfp", lfp],
])("a string of %s", (_, chemistry) => {
  test("has an open-circuit voltage that rises with its charge all the way", () => {
    const string = makeString(chemistry, 40);
    let before = 0;
    for (let soc = 0; soc <= 1.1; soc += 0.01) {
      string.soc = soc;
      expect(lithiumEmf(string)).toBeGreaterThan(before);
      before = lithiumEmf(string);
    }
  });

  test("answers a load in two steps, at once and within a minute or two, and comes back the same way", () => {
    const string = makeString(chemistry, 40);
    string.soc = 0.5;
    const still = lithiumEmf(string);
    const amperes = 50;
    for (let i = 0; i < 1200; i++) settleLithium(string, amperes, 0.1);
    // Four time constants are 98 % of the slow part, which is two fifths of the whole resistance.
    expect(string.lagV).toBeCloseTo(0.4 * string.ohm * amperes * 0.98, 0);
    for (let i = 0; i < 1200; i++) settleLithium(string, 0, 0.1);
    expect(string.lagV).toBeLessThan(0.3);
    expect(lithiumEmf(string)).toBeLessThan(still);
  });

  test("resists more when it is cold, nearly empty or both: twice as much at 0 °C, within 20 %", () => {
    const string = makeString(chemistry, 40);
    const warm = lithiumOhm(string);
    string.temperatureC = 0;
    resist(string);
    expect(Math.abs(lithiumOhm(string) / warm / 2 - 1)).toBeLessThan(0.2);
    const full = lithiumOhm(string);
    string.soc = 0.05;
    expect(lithiumOhm(string)).toBeGreaterThan(1.5 * full);
  });

  test("turns into heat and current all that it gives up", () => {
    const string = makeString(chemistry, 40);
    const before = lithiumJ(string);
    let outJ = 0;
    for (let i = 0; i < 1000; i++) {
      const volts = lithiumEmf(string) - 60 * lithiumOhm(string);
      settleLithium(string, 60, 0.1);
      outJ += volts * 60 * 0.1;
    }
    expect((before - lithiumJ(string)) / (outJ + string.warmedJ)).toBeCloseTo(1, 3);
  });
});
