import type { Battery } from "../../../simulators/plant/battery/battery.ts";
import { isBatteryGood, makeBattery, runBattery } from "../../../simulators/plant/battery/battery.ts";
import { nmc } from "../../../simulators/plant/battery/chemistry.ts";
import { mindBattery } from "../../../simulators/plant/battery/mind-battery.ts";

/** A bank of 80 kW by itself, in a room of 25 °C. */
export const bankOf = (chemistry: Battery["chemistry"] = nmc, strings = 2): Battery =>
  makeBattery({ id: "bat", room: 0, ratedKw: 80, strings, chemistry });

/** Seconds of a bank at a power. */
export function runBank(battery: Battery, kw: number, forS: number, roomC = 25): void {
  for (let i = 0; i < forS; i++) {
    runBattery(battery, kw, 1);
    mindBattery(battery, { roomC, smothered: false, wet: false });
  }
}

/** Tenths of a second that a new bank lasts at a power. */
export function secondsToEmpty(battery: Battery, kw: number): number {
  let tenths = 0;
  while (isBatteryGood(battery) && tenths < 1_000_000) {
    runBattery(battery, kw, 0.1);
    tenths += 1;
    if (tenths % 10 === 0) mindBattery(battery, { roomC: 25, smothered: false, wet: false });
  }
  return tenths / 10;
}
