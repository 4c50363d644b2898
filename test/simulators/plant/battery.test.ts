import { describe, expect, test } from "vitest";
import type { Battery } from "../../../simulators/plant/battery.ts";
import {
  cellVoltage,
  chargeOf,
  makeBattery,
  mindBattery,
  runBattery,
  runtimeS,
} from "../../../simulators/plant/battery.ts";

const bank = (): Battery => makeBattery({ id: "bat", room: 0, ratedKw: 80, strings: 2 });

function secondsToEmpty(kw: number): number {
  const battery = bank();
  let seconds = 0;
  while (chargeOf(battery) > 0 && seconds < 100_000) {
    runBattery(battery, kw, 1);
    seconds += 1;
  }
  return seconds;
}

describe("a bank of strings", () => {
  test("lasts six minutes at its rating", () => {
    expect(secondsToEmpty(80)).toBeCloseTo(360, -1);
  });

  // Lithium: t = t_rated · load^-1.05, which is 1.35, 2.07 and 4.3 times as long at 75, 50 and 25 % load.
  test.each([
    [60, 1.35],
    [40, 2.07],
    [20, 4.3],
  ])("lasts longer at %s kW by a factor of %s, within 2 %%", (kw, factor) => {
    const ratio = secondsToEmpty(kw) / secondsToEmpty(80);
    expect(Math.abs(ratio / factor - 1)).toBeLessThan(0.02);
  });

  test("foretells its own end", () => {
    const battery = bank();
    for (let i = 0; i < 100; i++) runBattery(battery, 40, 1);
    const foretold = runtimeS(battery, 40);
    expect(foretold + 100).toBeCloseTo(secondsToEmpty(40), -1);
  });

  test("lasts less than half as long on one of its two strings", () => {
    const battery = bank();
    const whole = runtimeS(battery, 40);
    battery.strings[0]!.connected = false;
    expect(runtimeS(battery, 40) / whole).toBeLessThan(0.5);
    expect(runtimeS(battery, 40) / whole).toBeGreaterThan(0.45);
  });

  test("has no runtime and no current with every string open", () => {
    const battery = bank();
    for (const string of battery.strings) string.connected = false;
    runBattery(battery, 40, 1);
    expect(runtimeS(battery, 40)).toBe(0);
    expect(battery.current).toBe(0);
    expect(battery.kw).toBe(0);
  });

  test("sags under load and stays within its cabinet's 340 to 582 V", () => {
    const battery = bank();
    runBattery(battery, 0, 1);
    const rested = battery.voltage;
    runBattery(battery, 80, 1);
    runBattery(battery, 80, 1);
    expect(battery.voltage).toBeLessThan(rested - 5);
    while (chargeOf(battery) > 0) runBattery(battery, 80, 1);
    expect(battery.voltage).toBeGreaterThan(340);
    expect(rested).toBeLessThan(582);
  });

  test("a cell's voltage rises with its charge all the way", () => {
    for (let soc = 0; soc < 1; soc += 0.01) expect(cellVoltage(soc + 0.01)).toBeGreaterThan(cellVoltage(soc));
  });
});

describe("the cabinet's trips", () => {
  const cells = (hottestC: number, lowestV: number, highestV: number) => () => ({ hottestC, lowestV, highestV });
  const secondsToTrip = (view: ReturnType<typeof cells>): number => {
    const battery = bank();
    for (let i = 1; i <= 60; i++) {
      mindBattery(battery, 25, view);
      if (!battery.strings[0]!.connected) return i;
    }
    return Number.POSITIVE_INFINITY;
  };

  test("75 °C opens a string after three seconds, 74 °C never", () => {
    expect(secondsToTrip(cells(75, 4.1, 4.1))).toBe(4);
    expect(secondsToTrip(cells(74, 4.1, 4.1))).toBe(Number.POSITIVE_INFINITY);
  });

  test("a cell below 2.5 V opens it after three seconds", () => {
    expect(secondsToTrip(cells(25, 2.4, 2.6))).toBe(4);
  });

  test("cells 100 mV apart open it after five seconds, but only near full", () => {
    expect(secondsToTrip(cells(25, 4.0, 4.11))).toBe(6);
    expect(secondsToTrip(cells(25, 3.5, 3.7))).toBe(Number.POSITIVE_INFINITY);
  });

  test("a trip stays after its cause has gone", () => {
    const battery = bank();
    for (let i = 0; i < 10; i++) mindBattery(battery, 25, cells(80, 4.1, 4.1));
    for (let i = 0; i < 60; i++) mindBattery(battery, 25, cells(25, 4.1, 4.1));
    expect(battery.strings.map(({ connected, tripped }) => [connected, tripped])).toEqual([
      [false, true],
      [false, true],
    ]);
  });
});
