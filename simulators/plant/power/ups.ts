/**
 * A double-conversion UPS. Losses are 2 % of its rating and 3 % of its load, which is 95 % efficiency at full load; 1 %
 * of the load in eco mode, 0.5 % on its static bypass. Input gone, it runs from its string; input good for 5 s, it goes
 * back and takes its load over within 10 s (walk-in), so that a generator sees a ramp and no block. Overload is borne
 * for as long as its maker's curve allows, and then goes to the bypass where that is within ±10 % of voltage and 1 Hz
 * (MGE Galaxy PW), and otherwise ends the output. The load back below its rating, it goes back by itself. Above 50 °C
 * at its intake it stops: that is how heat took the UPS of Pangyo in 2022.
 */
import type { OverloadCurve } from "./overload.ts";
import { bypassCurve, strained, toleratedS } from "./overload.ts";

export interface Ups {
  readonly id: string;
  readonly device: string;
  /** Its place in the grid. */
  readonly node: number;
  readonly ratedKw: number;
  readonly curve: OverloadCurve;
  /** Its string, its room, and the battery room that shares its ceiling: places in the plant's lists, or -1. */
  readonly battery: number;
  readonly room: number;
  readonly hotRoom: number;
  /** How much of that room's heat reaches its intake: it stands nearer or farther from the wall. */
  readonly exposure: number;
  mode: "off" | "online" | "bypass" | "battery";
  /** Switched off by hand or by event. */
  off: boolean;
  /** Its room is drenched, blown up or cut off: nothing runs there, whatever it is switched to. */
  dark: boolean;
  /** Stopped by its own protection until it is switched off and on again, or the overload has gone. */
  stopped: "heat" | "overload" | "bypass" | null;
  /** What somebody has switched it to. */
  bypass: "none" | "static" | "maintenance";
  eco: boolean;
  rectifierFailed: boolean;
  /** Whether its charger is told to stop. */
  chargeStopped: boolean;
  inverterFailed: boolean;
  kw: number;
  /** What it takes from the string, kW; negative while it charges. */
  batteryKw: number;
  inputKw: number;
  lossKwh: number;
  /** The shares of its own and of its bypass's overload tolerance that are used up. */
  strain: number;
  bypassStrain: number;
  /** Seconds for which its load has been within its rating. */
  calmS: number;
  inputGoodS: number;
  /** The share of the load that the rectifier has taken over. */
  walkedIn: number;
  onBatteryS: number;
  /** How often its input was lost, and its mode changed. */
  outages: number;
  transfers: number;
  intakeC: number;
  energyKwh: number;
  inputEnergyKwh: number;
  readonly sees: UpsSurroundings;
}

/** What a step sees of the outside. */
export interface UpsSurroundings {
  inputGood: boolean;
  /** Its input comes from a generator. */
  onGenerator: boolean;
  /** The bypass has any voltage at all, and one that a load may be put on. */
  bypassLive: boolean;
  bypassGood: boolean;
  /** Whether the string can give power. */
  batteryGood: boolean;
  /** Its charge, 0 to 1. */
  soc: number;
}

/** What a UPS is built from. */
export type UpsPlace = Pick<
  Ups,
  "id" | "device" | "node" | "ratedKw" | "curve" | "battery" | "room" | "hotRoom" | "exposure"
>;

export const makeUps = (place: UpsPlace): Ups => ({
  ...place,
  mode: "online",
  off: false,
  dark: false,
  stopped: null,
  bypass: "none",
  eco: false,
  rectifierFailed: false,
  chargeStopped: false,
  inverterFailed: false,
  kw: 0,
  batteryKw: 0,
  inputKw: 0,
  lossKwh: 0,
  strain: 0,
  bypassStrain: 0,
  calmS: 60,
  inputGoodS: 60,
  walkedIn: 1,
  onBatteryS: 0,
  outages: 0,
  transfers: 0,
  intakeC: 22,
  energyKwh: 0,
  inputEnergyKwh: 0,
  sees: {
    inputGood: true,
    onGenerator: false,
    bypassLive: true,
    bypassGood: true,
    batteryGood: true,
    soc: 1,
  },
});

const idleLoss = 0.02;
const loadLoss = 0.03;
const ecoLoss = 0.01;
const bypassLoss = 0.005;
const inputQualifyS = 5;
const walkInS = 10;
const heatStopC = 50;
/** The load must have been within the rating for so long before an overloaded UPS goes back to its inverter. */
const calmedS = 10;
/** The charger gives up to a tenth of the rating, and a quarter of that while a generator pays for it. */
const chargerShare = 0.1;
const onGeneratorShare = 0.25;
/** The rectifier has so much for load and charger together. */
const rectifierShare = 1.15;

export const isUpsLive = (ups: Ups): boolean => ups.mode !== "off";
export const loadPercent = (ups: Ups): number => (ups.kw / ups.ratedKw) * 100;

/** It lets the input through to the load, and stands by with its inverter. */
export const isEcoRunning = ({ eco, mode, strain, walkedIn, sees }: Ups): boolean =>
  eco && mode === "online" && strain === 0 && walkedIn >= 1 && sees.bypassGood && !sees.onGenerator;

/** Heat that it gives to its room, kW. */
export function upsLossKw(ups: Ups): number {
  if (ups.mode === "off" || ups.bypass === "maintenance") return 0;
  const kw = Math.max(0, ups.kw);
  if (ups.mode === "bypass") return kw * bypassLoss;
  return isEcoRunning(ups) ? kw * ecoLoss : ups.ratedKw * idleLoss + kw * loadLoss;
}

/** Nothing is about to change by itself: a long step is as good as many short ones. */
export const isUpsSteady = (ups: Ups): boolean =>
  (ups.mode === "online" || ups.mode === "off") &&
  ups.walkedIn >= 1 &&
  ups.strain === 0 &&
  loadPercent(ups) <= 100 &&
  (ups.sees.inputGood ? ups.inputGoodS >= inputQualifyS : ups.inputGoodS === 0);

/** A step: its mode by what it sees and by the load of the step before. */
export function runUps(ups: Ups, dtS: number): void {
  const before = ups.mode;
  ups.inputGoodS = ups.sees.inputGood ? ups.inputGoodS + dtS : 0;
  protect(ups, dtS);
  ups.mode = modeOf(ups);
  if (ups.mode !== before) {
    ups.transfers += 1;
    if (ups.mode === "battery" && !ups.sees.inputGood) ups.outages += 1;
    // There is nobody to carry the rest of the load while it walks in from the dark.
    if (ups.mode === "online") ups.walkedIn = before === "battery" ? 0 : 1;
  }
  if (ups.mode === "online") ups.walkedIn = ups.sees.batteryGood ? Math.min(1, ups.walkedIn + dtS / walkInS) : 1;
  ups.onBatteryS = ups.mode === "battery" ? ups.onBatteryS + dtS : 0;
}

/** The powers that go with a load, kW: what it would take from its string and its input. */
export function loadUps(ups: Ups, kw: number): void {
  ups.kw = kw;
  const needed = neededKw(ups);
  const fromString = ups.mode === "battery" ? needed : ups.mode === "online" ? needed * (1 - ups.walkedIn) : 0;
  const charging = ups.mode === "online" && ups.walkedIn >= 1 ? charge(ups) : 0;
  ups.batteryKw = fromString - charging;
  ups.inputKw = ups.mode === "off" ? 0 : needed - fromString + charging;
}

/**
 * The step is counted, by what the string truly gave or took, kW: while there is an input, that bears the difference.
 */
export function countUps(ups: Ups, stringKw: number, dtS: number): void {
  if (ups.mode === "online") ups.inputKw += ups.batteryKw - stringKw;
  ups.batteryKw = stringKw;
  ups.lossKwh += (upsLossKw(ups) * dtS) / 3600;
  ups.energyKwh += (ups.kw * dtS) / 3600;
  ups.inputEnergyKwh += (ups.inputKw * dtS) / 3600;
}

const neededKw = (ups: Ups): number => ups.kw + upsLossKw(ups);

/** The most that its charger can give beside its load, kW. */
export function chargerKw(ups: Ups): number {
  const { ratedKw, sees } = ups;
  const share = chargerShare * (sees.onGenerator ? onGeneratorShare : 1);
  return Math.min(ratedKw * share, Math.max(0, ratedKw * rectifierShare - neededKw(ups)));
}

function charge(ups: Ups): number {
  const { ratedKw, sees, rectifierFailed, chargeStopped } = ups;
  if (rectifierFailed || chargeStopped || !sees.batteryGood) return 0;
  return Math.min(ratedKw * Math.max(0, 1 - sees.soc) * 2, chargerKw(ups));
}

function protect(ups: Ups, dtS: number): void {
  if (ups.off || ups.dark) {
    ups.stopped = null;
    ups.bypassStrain = 0;
  }
  if (ups.mode !== "off" && ups.bypass !== "maintenance" && ups.intakeC >= heatStopC) ups.stopped = "heat";
  const percent = loadPercent(ups);
  ups.calmS = percent <= 100 ? ups.calmS + dtS : 0;
  const inverting = ups.mode === "online" || ups.mode === "battery";
  const borneS = inverting ? toleratedS(ups.curve, percent, ups.intakeC) : Number.POSITIVE_INFINITY;
  ups.strain = strained(ups.strain, borneS, dtS);
  const bypassS = ups.mode === "bypass" ? toleratedS(bypassCurve, percent, ups.intakeC) : Number.POSITIVE_INFINITY;
  ups.bypassStrain = strained(ups.bypassStrain, bypassS, dtS);
  if (ups.stopped === "overload" && ups.mode === "bypass" && ups.calmS >= calmedS) ups.stopped = null;
  if (ups.bypassStrain >= 1 && ups.stopped !== "heat") ups.stopped = "bypass";
  if (ups.stopped === null && ups.strain >= 1 && inverting && percent > 100) ups.stopped = "overload";
}

function modeOf(ups: Ups): Ups["mode"] {
  const { sees, mode, stopped } = ups;
  if (ups.dark) return "off";
  if (ups.bypass === "maintenance") return sees.bypassLive ? "bypass" : "off";
  if (ups.off || stopped === "heat" || stopped === "bypass") return "off";
  if (stopped === "overload" || ups.inverterFailed) return sees.bypassGood && mode !== "off" ? "bypass" : "off";
  if (ups.bypass === "static" && sees.bypassGood) return "bypass";
  const inputGood = sees.inputGood && !ups.rectifierFailed;
  if (mode === "online" && inputGood) return "online";
  if (inputGood && ups.inputGoodS >= inputQualifyS) return "online";
  if (mode === "off") return "off";
  if (sees.batteryGood) return "battery";
  return sees.bypassGood ? "bypass" : "off";
}
