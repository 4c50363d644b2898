import { describe, expect, test } from "vitest";
import { nmc } from "../../../../simulators/plant/battery/chemistry.ts";
import type { BatteryString, CellView } from "../../../../simulators/plant/battery/string.ts";
import { makeString } from "../../../../simulators/plant/battery/string.ts";
import { mindTrips, resetTrips } from "../../../../simulators/plant/battery/trips.ts";

const sound: CellView = { highestV: 3.7, lowestV: 3.7, meanV: 3.7, hottestC: 25, coolestC: 24, meanC: 25 };

function stringWith(view: Partial<CellView>, amperes = 0): BatteryString {
  const string = makeString(nmc, 40);
  Object.assign(string.view, sound, view);
  string.amperes = amperes;
  return string;
}

function secondsToTrip(string: BatteryString, volts = 500): number {
  for (let second = 1; second <= 120; second++) {
    mindTrips(string, volts);
    if (!string.connected) return second;
  }
  return Number.POSITIVE_INFINITY;
}

describe("the cabinet's trips", () => {
  // Schneider 990-55224: limit and delay; the string opens in the second after.
  test.each([
    ["75 °C", { hottestC: 75, coolestC: 60 }, 0, 3],
    ["a cell at 4.28 V", { highestV: 4.28, lowestV: 4.25 }, 0, 5],
    ["a cell at 2.5 V", { lowestV: 2.5, highestV: 2.6 }, 0, 3],
    ["cells 100 mV apart near full", { highestV: 4.11, lowestV: 4.0 }, 0, 5],
    ["modules 40 K apart", { hottestC: 70, coolestC: 30 }, 0, 30],
    ["charging at 250 A", {}, -250, 2],
    ["charging at 200 A", {}, -200, 60],
    ["discharging at 600 A", {}, 600, 1],
    ["discharging at 540 A", {}, 540, 10],
  ])("%s opens a string after its delay", (_, view, amperes, delayS) => {
    expect(secondsToTrip(stringWith(view, amperes))).toBe(delayS + 1);
  });

  test.each([
    ["582.08 V at its terminals", 582.08, 5],
    ["340 V at its terminals", 340, 3],
  ])("%s opens it too", (_, volts, delayS) => {
    expect(secondsToTrip(stringWith({}), volts)).toBe(delayS + 1);
  });

  test.each([
    [{ hottestC: 74, coolestC: 60 }, 0],
    [{ highestV: 3.7, lowestV: 3.5 }, 0],
    [{ hottestC: 64, coolestC: 25 }, 0],
    [{}, 539],
    [{}, -199],
  ])("%j and %s A do not", (view, amperes) => {
    expect(secondsToTrip(stringWith(view, amperes))).toBe(Number.POSITIVE_INFINITY);
  });

  test("stay after their cause has gone, and are not reset above the release limits", () => {
    const string = stringWith({ hottestC: 80, coolestC: 70 });
    secondsToTrip(string);
    Object.assign(string.view, { hottestC: 66, coolestC: 60 });
    resetTrips(string);
    expect([string.tripped, string.connected]).toEqual([true, false]);
    Object.assign(string.view, { hottestC: 64, coolestC: 60 });
    resetTrips(string);
    expect([string.tripped, string.connected]).toEqual([false, true]);
  });
});
