/**
 * A double-conversion UPS. Losses are 2 % of its rating and 3 % of its load, which is 95 % efficiency
 * at full load. Input gone, it runs from its string; input good for 5 s, it goes back. Overload is
 * borne for as long as Riello's Dialog Plus manual allows (110 %: 30 min, 130 %: 30 s, 150 %: 10 s,
 * above: 0.5 s), half of that in a room above 35 °C (Huawei's UPS2000-G manual), and then goes to
 * bypass. Above 50 °C at its intake it stops: that is how heat took the UPS of Pangyo in 2022.
 */
export interface Ups {
  readonly id: string;
  readonly device: string;
  readonly ratedKw: number;
  /** Its string, its room, and the battery room that shares its ceiling: places in the plant's lists, or -1. */
  readonly battery: number;
  readonly room: number;
  readonly hotRoom: number;
  /** How much of that room's heat reaches its intake: it stands nearer or farther from the wall. */
  readonly exposure: number;
  mode: "off" | "online" | "bypass" | "battery";
  /** Switched off by hand or by event. */
  off: boolean;
  /** Stopped by its own protection until it is switched off and on again. */
  stopped: "heat" | "overload" | null;
  kw: number;
  /** What it takes from the string, kW; negative while it charges. */
  batteryKw: number;
  inputKw: number;
  /** The share of its overload tolerance that is used up. */
  strain: number;
  inputGoodS: number;
  onBatteryS: number;
  intakeC: number;
  energyKwh: number;
}

const idleLoss = 0.02;
const loadLoss = 0.03;
const inputQualifyS = 5;
const heatStopC = 50;
const derateC = 35;
/** Seconds that an overload is borne, by load in per cent of the rating. */
const tolerance: readonly (readonly [percent: number, seconds: number])[] = [
  [105, Number.POSITIVE_INFINITY],
  [110, 1800],
  [130, 30],
  [150, 10],
];
const beyondS = 0.5;
/** The charger gives up to a tenth of the rating. */
const chargerShare = 0.1;

export const isUpsLive = (ups: Ups): boolean => ups.mode !== "off";
export const loadPercent = (ups: Ups): number => (ups.kw / ups.ratedKw) * 100;

/** Heat that it gives to its room, kW. */
export const upsLossKw = (ups: Ups): number =>
  ups.mode === "off" ? 0 : ups.ratedKw * idleLoss + Math.max(0, ups.kw) * loadLoss;

/** Seconds for which a load may stand, by the curve above. */
export function toleratedS(percent: number, intakeC: number): number {
  const row = tolerance.find(([limit]) => percent <= limit);
  return (row ? row[1] : beyondS) * (intakeC > derateC ? 0.5 : 1);
}

/** What a step sees of the outside. */
export interface UpsSurroundings {
  readonly inputGood: boolean;
  /** Whether the string can give power. */
  readonly batteryGood: boolean;
  /** Its charge, 0 to 1. */
  readonly soc: number;
}

/** A step: the mode first, then the powers that go with it. `ups.kw` is the load of the step before. */
export function runUps(ups: Ups, { inputGood, batteryGood, soc }: UpsSurroundings, dtS: number): void {
  ups.inputGoodS = inputGood ? ups.inputGoodS + dtS : 0;
  protect(ups, dtS);
  ups.mode = mode(ups, inputGood, batteryGood);
  ups.onBatteryS = ups.mode === "battery" ? ups.onBatteryS + dtS : 0;
  const loss = upsLossKw(ups);
  const charging = ups.mode === "online" && batteryGood ? charge(ups, soc) : 0;
  ups.batteryKw = ups.mode === "battery" ? ups.kw + loss : -charging;
  ups.inputKw = ups.mode === "online" ? ups.kw + loss + charging : ups.mode === "bypass" ? ups.kw : 0;
}

const charge = (ups: Ups, soc: number): number => ups.ratedKw * Math.min(chargerShare, Math.max(0, 1 - soc) * 2);

function protect(ups: Ups, dtS: number): void {
  if (ups.off) ups.stopped = null;
  if (ups.mode !== "off" && ups.intakeC >= heatStopC) ups.stopped = "heat";
  const borneS = toleratedS(loadPercent(ups), ups.intakeC);
  ups.strain = Number.isFinite(borneS) ? ups.strain + dtS / borneS : Math.max(0, ups.strain - dtS / 600);
  if (ups.strain >= 1 && ups.stopped === null && ups.mode !== "bypass") ups.stopped = "overload";
}

function mode(ups: Ups, inputGood: boolean, batteryGood: boolean): Ups["mode"] {
  if (ups.off || ups.stopped === "heat") return "off";
  if (ups.stopped === "overload") return inputGood ? "bypass" : "off";
  if (ups.mode === "online" && inputGood) return "online";
  if (ups.inputGoodS >= inputQualifyS) return "online";
  if (ups.mode === "off") return "off";
  return batteryGood ? "battery" : "off";
}
