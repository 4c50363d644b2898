import { describe, expect, test } from "vitest";
import type { Battery } from "../../../../simulators/plant/battery/battery.ts";
import { applyToBattery } from "../../../../simulators/plant/battery/battery-events.ts";
import { lfp, nmc } from "../../../../simulators/plant/battery/chemistry.ts";
import { selfHeating } from "../../../../simulators/plant/battery/fire.ts";
import { mindBattery } from "../../../../simulators/plant/battery/mind-battery.ts";
import { bankOf } from "../bank.ts";

interface Burn {
  readonly battery: Battery;
  /** Minutes from the short to each module's runaway, by string and height; missing where it did not. */
  readonly minutes: readonly (readonly number[])[];
  readonly heatMj: number;
  readonly gasL: number;
}

/** A short in the middle of the first rack, watched by the minute. */
function burnt(forS: number, options: { chemistry?: Battery["chemistry"]; gasAtS?: number; waterAtS?: number }): Burn {
  const { chemistry = nmc, gasAtS = Infinity, waterAtS = Infinity } = options;
  const battery = bankOf(chemistry, 5);
  const minutes: number[][] = battery.strings.map(() => []);
  let [heatMj, gasL] = [0, 0];
  applyToBattery(battery, { battery: "bat", archetype: "short" });
  const fire = battery.fire!;
  for (let s = 1; s <= forS; s++) {
    if (s === waterAtS) applyToBattery(battery, { battery: "bat", water: true });
    mindBattery(battery, { roomC: 30, smothered: s >= gasAtS, wet: false });
    heatMj += battery.emission.heatKw / 1000;
    gasL += battery.emission.gasLs;
    fire.burningS.forEach((burningS, i) => {
      if (burningS === 1) minutes[Math.floor(i / fire.modules)]![i % fire.modules] = s / 60;
    });
  }
  return { battery, minutes, heatMj, gasL };
}

const count = (minutes: readonly number[]): number => minutes.filter((minute) => minute > 0).length;

describe("a cell's self-heating", () => {
  // The onsets of accelerating-rate calorimetry, and the minutes left from there, by the one-term law.
  test.each([
    [nmc, 90, 0.02],
    [nmc, 210, 60],
    [lfp, 110, 0.02],
    [lfp, 250, 60],
  ])("is the published °C a minute, within 10 %%", (chemistry, coreC, perMinute) => {
    expect(Math.abs((selfHeating(chemistry, coreC) * 60) / perMinute - 1)).toBeLessThan(0.1);
  });

  test.each([
    [nmc, 150, 8.3],
    [nmc, 170, 2.4],
    [lfp, 160, 28],
    [lfp, 170, 16],
  ])("leaves the published minutes to no return, within 10 %%", (chemistry, fromC, minutes) => {
    let [coreC, seconds] = [fromC, 0];
    while (coreC < chemistry.kinetics.noReturnC && seconds < 100_000) {
      coreC += selfHeating(chemistry, coreC);
      seconds += 1;
    }
    expect(Math.abs(seconds / 60 / minutes - 1)).toBeLessThan(0.1);
  });
});

describe("a fire in a rack of NMC cells", () => {
  const free = burnt(9 * 3600, {});

  test("takes the 12 cells of a module in 43 minutes, within 10 %: one each 215 s", () => {
    expect(Math.abs((nmc.kinetics.nextCellS * 12) / 60 / 43 - 1)).toBeLessThan(0.1);
  });

  test("goes upwards by a module every 5 to 7 minutes, and downwards more slowly", () => {
    const [rack] = free.minutes;
    const up = (rack![16]! - rack![8]!) / 8;
    const down = (rack![0]! - rack![8]!) / 8;
    expect(up).toBeGreaterThan(5);
    expect(up).toBeLessThan(7);
    expect(down).toBeGreaterThan(up);
    expect(down).toBeLessThan(30);
  });

  test("takes five racks of a row within the 8.4 hours of Pangyo, no two at once", () => {
    const begun = free.minutes.map((rack) => Math.min(...rack.filter((minute) => minute > 0)));
    expect(free.minutes.map(count)).toEqual([17, 17, 17, 17, 17]);
    for (let i = 1; i < begun.length; i++) expect(begun[i]! - begun[i - 1]!).toBeGreaterThan(45);
    const lastMinute = Math.max(...free.minutes.flat());
    expect(lastMinute / 60).toBeGreaterThan(8.4 * 0.6);
    expect(lastMinute / 60).toBeLessThan(8.4);
  });

  test("gives 4 to 6 times the heat of what its cells stored", () => {
    const storedMj = (5 * nmc.modules * nmc.moduleWh * 3600) / 1e6;
    expect(free.heatMj / storedMj).toBeGreaterThan(4);
    expect(free.heatMj / storedMj).toBeLessThan(6);
  });

  test("has no flames while a gas is about, and goes on from module to module as it would without", () => {
    const free30 = burnt(1800, {});
    const smothered = burnt(1800, { gasAtS: 55 });
    expect([free30.battery.emission.flames, smothered.battery.emission.flames]).toEqual([true, false]);
    expect(smothered.minutes.map(count)).toEqual(free30.minutes.map(count));
    expect(smothered.heatMj).toBeLessThan(free30.heatMj / 2);
    expect(smothered.heatMj).toBeGreaterThan(free30.heatMj / 5);
  });

  test("gives the measured litres of gas for what its cells stored where nothing burns them, within 10 %", () => {
    const { minutes, gasL } = burnt(9 * 3600, { gasAtS: 1 });
    const storedWh = minutes.map(count).reduce((sum, modules) => sum + modules, 0) * nmc.moduleWh;
    // 149 mmol of cells of 1.5 Ah and 3.7 V, at 25 °C.
    const perWh = (0.149 * 24.5) / (1.5 * 3.7);
    expect(Math.abs(gasL / storedWh / perWh - 1)).toBeLessThan(0.1);
  });

  test("ends where water is put on it: no module goes after that, and all cool below the boil's reach", () => {
    const { battery, minutes } = burnt(3 * 3600, { waterAtS: 1800 });
    expect(Math.max(...minutes.flat().filter((minute) => minute > 0))).toBeLessThan(30.1);
    expect(battery.emission.flames).toBe(false);
    expect(Math.max(...battery.fire!.cellC)).toBeLessThan(120);
  });
});

describe("a fire in a rack of iron-phosphate cells", () => {
  const { battery, minutes, gasL } = burnt(2 * 3600, { chemistry: lfp });

  test("makes no flames, goes slowly from cell to cell, and keeps to its rack", () => {
    expect(battery.emission.flames).toBe(false);
    expect(count(minutes[0]!)).toBeLessThan(6);
    expect(minutes.slice(1).map(count)).toEqual([0, 0, 0, 0]);
  });

  test("leaves its gas unburnt, 38 % of it hydrogen", () => {
    expect(gasL).toBeGreaterThan(500);
    battery.emission.gasLs = 0;
    mindBattery(battery, { roomC: 30, smothered: false, wet: false });
    expect(battery.emission.hydrogenLs / battery.emission.gasLs).toBeCloseTo(0.38, 5);
  });
});
