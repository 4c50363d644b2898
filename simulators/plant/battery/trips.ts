/**
 * The trips of a lithium cabinet's own management system, those of Schneider's Galaxy cabinet (990-55224) with its
 * delays: a condition that has stood for longer opens the string, which stays open until somebody resets it, and
 * that is possible only where the values have gone back to the release limits. Currents grow with the cabinet.
 */
import { isLithium } from "./lithium.ts";
import type { BatteryString } from "./string.ts";

/** Places of the trips in a string's `tripS`. */
export const trip = {
  over: 0,
  under: 1,
  cabinetOver: 2,
  cabinetUnder: 3,
  apart: 4,
  hot: 5,
  warmthApart: 6,
  fastCharge: 7,
  charge: 8,
  fastDischarge: 9,
  discharge: 10,
} as const;

/** Seconds for which each of them may stand. */
const delayS: readonly number[] = [5, 3, 5, 3, 5, 3, 30, 2, 60, 1, 10];
const hotC = 75;
const warmthApartK = 40;
const apartV = 0.1;
/** Charging, and discharging: at once, and for longer, A. */
const chargeA: readonly [number, number] = [250, 200];
const dischargeA: readonly [number, number] = [600, 540];
const release = { hotC: 65, warmthApartK: 20, underV: 2.7, belowOverV: 0.03, apartV: 0.03, amperes: 10 };

/** A second of a string's trips, on what its management system sees and the voltage of its terminals. */
export function mindTrips(string: BatteryString, volts: number): void {
  const { chemistry, tripS, amperes, size, view } = string;
  if (!isLithium(chemistry)) return;
  const apart = view.highestV >= chemistry.apartAboveV && view.highestV - view.lowestV >= apartV;
  const count = chemistry.modules * chemistry.cellsPerModule;
  stand(tripS, trip.over, view.highestV >= chemistry.overV);
  stand(tripS, trip.under, view.lowestV <= chemistry.underV);
  stand(tripS, trip.cabinetOver, volts >= chemistry.overV * count);
  stand(tripS, trip.cabinetUnder, volts <= chemistry.underV * count);
  stand(tripS, trip.apart, apart);
  stand(tripS, trip.hot, view.hottestC >= hotC);
  stand(tripS, trip.warmthApart, view.hottestC - view.coolestC >= warmthApartK);
  stand(tripS, trip.fastCharge, -amperes >= chargeA[0] * size);
  stand(tripS, trip.charge, -amperes >= chargeA[1] * size);
  stand(tripS, trip.fastDischarge, amperes >= dischargeA[0] * size);
  stand(tripS, trip.discharge, amperes >= dischargeA[1] * size);
  for (let i = 0; i < tripS.length; i++) {
    if (tripS[i]! <= delayS[i]!) continue;
    string.tripped = true;
    string.connected = false;
  }
}

function stand(tripS: Float64Array, at: number, condition: boolean): void {
  tripS[at] = condition ? tripS[at]! + 1 : 0;
}

/** Somebody turns the reset key: a string whose values are back within the release limits closes. */
export function resetTrips(string: BatteryString): void {
  const { view, chemistry } = string;
  if (!string.tripped || !isLithium(chemistry)) return;
  const cool = view.hottestC < release.hotC && view.hottestC - view.coolestC < release.warmthApartK;
  const overV = chemistry.overV - release.belowOverV;
  const even = view.highestV < chemistry.apartAboveV || view.highestV - view.lowestV < release.apartV;
  const whole = view.lowestV > release.underV && view.highestV < overV && even;
  if (!cool || !whole || Math.abs(string.amperes) >= release.amperes) return;
  string.tripped = false;
  string.connected = true;
  string.tripS.fill(0);
}
