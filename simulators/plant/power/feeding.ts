/** Which nodes are live, and by which of their supplies: a step down the grid, sources first. */
import { chargeOf, isBatteryGood } from "../battery/battery.ts";
import type { Plant } from "../plant.ts";
import { areMainsClosed, areUpsAllowed } from "../rooms/people.ts";
import { isGeneratorGood, isGeneratorSteady, runGenerator, synchronise } from "./generator.ts";
import type { Grid } from "./grid.ts";
import { firstLive, kindOf, lastLive, origin } from "./grid.ts";
import { isTransferSteady, runTransfer } from "./transfer.ts";
import type { Ups } from "./ups.ts";
import { isEcoRunning, isUpsLive, isUpsSteady, runUps } from "./ups.ts";
import { isUtilityGood, nominalHz, nominalVoltage, runUtility } from "./utility.ts";

/** What a static bypass may be switched to: within ±10 % and 1 Hz (MGE Galaxy PW). */
const bypassLimits = { share: 0.1, hz: 1 };
const longestHoldS = 15;
/** An eco mode that has to start its inverter leaves a gap, ms (IEC 62040-3 allows 10 for such). */
const ecoGapMs = 4;

export function feedNodes(plant: Plant, dtS: number): void {
  const { grid } = plant;
  const closed = areMainsClosed(plant.people);
  const step = { closed, dtS };
  const anyUtility = plant.utilities.some((utility) => closed && isUtilityGood(utility));
  for (const generator of plant.generators) {
    const called = generator.calledBy.length > 0 ? isCalled(plant, generator.calledBy) : !anyUtility;
    runGenerator(generator, { called: closed && called, charged: anyUtility }, dtS);
    if (!isGeneratorSteady(generator)) grid.moving = true;
  }
  for (let at = 0; at < grid.ids.length; at++) {
    const before = grid.live[at]! * (2 + grid.feeding[at]!);
    grid.gapMs[at] = 0;
    feedNode(plant, at, step);
    if (grid.breakers.open[at] === 1) dead(grid, at);
    if (grid.live[at]! * (2 + grid.feeding[at]!) !== before) grid.moving = true;
  }
}

function isCalled({ transfers }: Plant, by: readonly number[]): boolean {
  for (const at of by) if (transfers[at]!.calls) return true;
  return false;
}

function feedNode(plant: Plant, at: number, step: Step): void {
  const { grid } = plant;
  const kind = grid.kind[at];
  if (kind === kindOf.utility) feedUtility(plant, at, step);
  else if (kind === kindOf.generator) feedGenerator(plant, at, step);
  else if (kind === kindOf.ups) feedUps(plant, plant.ups[grid.place[at]!]!, step.dtS);
  else if (grid.place[at]! >= 0) feedSwitch(plant, at, step.dtS);
  else if (grid.isShared[at] === 1) feedParallel(plant, at, step.dtS);
  else from(grid, at, firstLive(grid, at));
}

interface Step {
  /** Whether people let the mains be. */
  readonly closed: boolean;
  readonly dtS: number;
}

function feedUtility({ grid, utilities }: Plant, at: number, { closed, dtS }: Step): void {
  const utility = utilities[grid.place[at]!]!;
  runUtility(utility, dtS);
  if (utility.sagS > 0) grid.moving = true;
  if (closed && isUtilityGood(utility)) source(grid, at, origin.utility, utility);
  else dead(grid, at);
}

function feedGenerator(plant: Plant, at: number, { closed, dtS }: Step): void {
  const { grid } = plant;
  const generator = plant.generators[grid.place[at]!]!;
  synchronise(generator, isBusHeld(plant, generator.bus), dtS);
  if (closed && isGeneratorGood(generator) && generator.closed) source(grid, at, origin.generator, generator);
  else dead(grid, at);
}

/**
 * A dead board of generators takes load when all that were called are in step, or when it has waited for long enough:
 * the first would stall under all of it.
 */
function feedParallel(plant: Plant, at: number, dtS: number): void {
  const { grid } = plant;
  const supply = firstLive(grid, at);
  grid.heldS[at] = supply < 0 || grid.live[at] === 1 ? 0 : grid.heldS[at]! + dtS;
  const waits = grid.heldS[at] > 0 && grid.heldS[at] < longestHoldS && isSetComing(plant, at);
  if (waits) dead(grid, at);
  else from(grid, at, supply);
  if (waits) grid.moving = true;
}

function isSetComing({ generators }: Plant, bus: number): boolean {
  for (const one of generators) {
    if (one.bus === bus && (one.state === "starting" || (one.state === "running" && !one.closed))) return true;
  }
  return false;
}

/** Whether another set already holds the voltage of a bus. */
function isBusHeld(plant: Plant, bus: number): boolean {
  if (bus < 0) return false;
  for (const one of plant.generators) if (one.bus === bus && one.closed) return true;
  return false;
}

function dead(grid: Grid, at: number): void {
  grid.live[at] = 0;
  grid.feeding[at] = -1;
  grid.voltage[at] = 0;
  grid.hz[at] = 0;
  grid.origin[at] = origin.none;
}

function source(
  grid: Grid,
  at: number,
  where: number,
  { voltage, frequencyHz }: { readonly voltage: number; readonly frequencyHz: number },
): void {
  grid.live[at] = 1;
  grid.voltage[at] = voltage;
  grid.hz[at] = frequencyHz;
  grid.origin[at] = where;
}

/** A node takes over all that its supply has. */
function from(grid: Grid, at: number, supply: number): void {
  if (supply < 0 || grid.live[supply] !== 1) {
    dead(grid, at);
    return;
  }
  grid.live[at] = 1;
  grid.feeding[at] = supply;
  grid.gapMs[at] = Math.max(grid.gapMs[at]!, grid.gapMs[supply]!);
  grid.voltage[at] = grid.voltage[supply]!;
  grid.hz[at] = grid.hz[supply]!;
  grid.origin[at] = grid.origin[supply]!;
}

function feedSwitch(plant: Plant, at: number, dtS: number): void {
  const { grid } = plant;
  const transfer = plant.transfers[plant.grid.place[at]!]!;
  const first = grid.firstSupply[at]!;
  for (let i = 0; i < transfer.goodS.length; i++) {
    transfer.goodS[i] = grid.live[grid.supplies[first + i]!] === 1 ? transfer.goodS[i]! + dtS : 0;
  }
  grid.gapMs[at] = runTransfer(transfer, dtS);
  from(grid, at, transfer.position < 0 ? -1 : grid.supplies[first + transfer.position]!);
  if (!isTransferSteady(transfer)) grid.moving = true;
}

function feedUps(plant: Plant, ups: Ups, dtS: number): void {
  const { grid } = plant;
  const at = ups.node;
  const input = firstLive(grid, at);
  const bypass = lastLive(grid, at);
  const wasEco = isEcoRunning(ups);
  look(plant, ups, { input, bypass });
  if (areUpsAllowed(plant.people)) runUps(ups, dtS);
  else ups.mode = "off";
  if (!isUpsSteady(ups)) grid.moving = true;
  if (ups.mode === "bypass") from(grid, at, bypass);
  else if (isUpsLive(ups)) {
    grid.live[at] = 1;
    grid.feeding[at] = ups.mode === "online" ? input : -1;
    grid.gapMs[at] = wasEco && ups.mode === "battery" ? ecoGapMs : 0;
    grid.voltage[at] = nominalVoltage;
    grid.hz[at] = nominalHz;
    grid.origin[at] = ups.mode === "online" ? grid.origin[input]! : origin.battery;
  } else dead(grid, at);
}

function look(plant: Plant, ups: Ups, { input, bypass }: { input: number; bypass: number }): void {
  const { grid } = plant;
  const { sees } = ups;
  const battery = plant.batteries[ups.battery];
  sees.inputGood = input >= 0;
  sees.onGenerator = input >= 0 && grid.origin[input] === origin.generator;
  sees.bypassLive = bypass >= 0;
  sees.bypassGood =
    bypass >= 0 &&
    Math.abs(grid.voltage[bypass]! - nominalVoltage) <= nominalVoltage * bypassLimits.share &&
    Math.abs(grid.hz[bypass]! - nominalHz) <= bypassLimits.hz;
  sees.batteryGood = battery !== undefined && isBatteryGood(battery);
  sees.soc = battery ? chargeOf(battery) : 0;
}
