import { describe, expect, test } from "vitest";
import { isBatteryGood, runBattery, runtimeS, storedJ } from "../../../../simulators/plant/battery/battery.ts";
import { lead, lfp, nmc } from "../../../../simulators/plant/battery/chemistry.ts";
import { mindBattery } from "../../../../simulators/plant/battery/mind-battery.ts";
import { bankOf, runBank, secondsToEmpty } from "../bank.ts";

describe("a bank of lithium strings", () => {
  test.each([
    ["nmc", nmc],
    ["lfp", lfp],
  ])("of %s lasts six minutes at its rating, within 1 %%", (_, chemistry) => {
    expect(Math.abs(secondsToEmpty(bankOf(chemistry), 80) / 360 - 1)).toBeLessThan(0.01);
  });

  // Lithium: t = t_rated · load^-1.05, which is 1.35, 2.07 and 4.3 times as long at 75, 50 and 25 % load.
  test.each([
    [60, 1.35],
    [40, 2.07],
    [20, 4.3],
  ])("lasts longer at %s kW by a factor of %s, within 2 %", (kw, factor) => {
    const ratio = secondsToEmpty(bankOf(), kw) / secondsToEmpty(bankOf(), 80);
    expect(Math.abs(ratio / factor - 1)).toBeLessThan(0.02);
  });

  test("has no runtime and no current with every string open", () => {
    const battery = bankOf();
    for (const string of battery.strings) string.connected = false;
    runBattery(battery, 40, 1);
    expect([runtimeS(battery, 40), battery.current, battery.kw]).toEqual([0, 0, 0]);
    expect(isBatteryGood(battery)).toBe(false);
  });

  test("lasts less than half as long on one of its two strings", () => {
    const battery = bankOf();
    const whole = runtimeS(battery, 40);
    battery.strings[0]!.connected = false;
    expect(runtimeS(battery, 40) / whole).toBeLessThan(0.5);
    expect(runtimeS(battery, 40) / whole).toBeGreaterThan(0.45);
  });

  test("sags under load and stays within its cabinet's 340 to 582 V", () => {
    const battery = bankOf();
    runBattery(battery, 0, 1);
    const rested = battery.voltage;
    runBattery(battery, 80, 1);
    expect(battery.voltage).toBeLessThan(rested - 5);
    secondsToEmpty(battery, 80);
    expect(battery.voltage).toBeGreaterThan(340);
    expect(rested).toBeLessThan(582);
  });

  test("shares a load by what its strings can give, and evens them out afterwards", () => {
    const battery = bankOf();
    battery.strings[0]!.soc = 0.8;
    runBattery(battery, 40, 1);
    expect(battery.strings[0]!.amperes).toBeLessThan(battery.strings[1]!.amperes);
    runBank(battery, 0, 3600);
    expect(battery.strings[0]!.soc).toBeCloseTo(battery.strings[1]!.soc, 2);
  });
});

describe("a bank of lead-acid strings", () => {
  test("lasts ten minutes at its rating, within 3 %", () => {
    expect(Math.abs(secondsToEmpty(bankOf(lead), 80) / 600 - 1)).toBeLessThan(0.03);
  });

  // Usual autonomy tables of lead-acid strings: t = t_rated · load^-1.15 to load^-1.25.
  test.each([
    [60, 1.4],
    [40, 2.3],
    [20, 5],
  ])("lasts longer at %s kW by a factor of about %s, within 15 %", (kw, factor) => {
    const ratio = secondsToEmpty(bankOf(lead), kw) / secondsToEmpty(bankOf(lead), 80);
    expect(Math.abs(ratio / factor - 1)).toBeLessThan(0.15);
  });
});

describe.each([
  ["nmc", nmc, 0.02],
  ["lfp", lfp, 0.02],
  ["lead", lead, 0.05],
])("a bank of %s", (_, chemistry, tolerance) => {
  test("foretells its own end after a while under load", () => {
    const battery = bankOf(chemistry);
    runBank(battery, 40, 100);
    const foretold = runtimeS(battery, 40);
    expect(Math.abs(foretold / secondsToEmpty(battery, 40) - 1)).toBeLessThan(tolerance);
  });

  test("keeps its energy to 0.1 % of what goes through it in a day of cycles", () => {
    const battery = bankOf(chemistry);
    let [inJ, outJ] = [0, 0];
    const before = storedJ(battery);
    const move = (kw: number, forS: number, onCharger: boolean): void => {
      battery.onCharger = onCharger;
      for (let tenth = 1; tenth <= forS * 10; tenth++) {
        runBattery(battery, kw, 0.1);
        if (battery.kw > 0) outJ += battery.kw * 100;
        else inJ -= battery.kw * 100;
        if (tenth % 10 === 0) mindBattery(battery, { roomC: 25, smothered: false, wet: false });
      }
    };
    for (let cycle = 0; cycle < 6; cycle++) {
      move(40, 240, false);
      move(0, 600, false);
      move(-8, 3 * 3600, true);
      move(0, 2760, true);
    }
    const warmedJ = battery.strings.reduce((sum, string) => sum + string.warmedJ + string.gasJ, 0);
    expect(outJ).toBeGreaterThan(50e6);
    expect(warmedJ).toBeGreaterThan(1e6);
    expect(Math.abs(inJ - outJ - warmedJ - (storedJ(battery) - before)) / inJ).toBeLessThan(0.001);
  });

  test("gives back less than was put into it, by what it lost as heat", () => {
    const battery = bankOf(chemistry);
    runBank(battery, 40, 240);
    battery.onCharger = true;
    runBank(battery, -8, 4 * 3600);
    expect(battery.strings[0]!.soc).toBeGreaterThan(0.99);
    expect(battery.energyInKwh).toBeGreaterThan(battery.energyOutKwh);
  });

  test("drawn to its end gives nothing more until it stands on a charger again", () => {
    const battery = bankOf(chemistry);
    secondsToEmpty(battery, 40);
    runBank(battery, 40, 60);
    expect([battery.kw, runtimeS(battery, 40)]).toEqual([0, 0]);
    battery.onCharger = true;
    runBank(battery, 0, 600);
    expect(isBatteryGood(battery)).toBe(true);
    expect(battery.kw).toBeLessThan(0.01);
  });

  test("is the same to the bit after the same steps", () => {
    const [one, other] = [bankOf(chemistry), bankOf(chemistry)];
    for (const battery of [one, other]) runBank(battery, 30, 500);
    expect(one).toEqual(other);
  });
});
