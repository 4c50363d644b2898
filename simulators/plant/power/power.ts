/**
 * The power chain, from the sources down to the racks and back up. Down, in an order in which supplies come first:
 * sources, switches, UPS and breakers say whether each node is live, and by which supply. Up, in the reverse order:
 * what racks, coolers and the house draw is summed node by node, each UPS adds its losses and its charger, and so power
 * is neither made nor lost on the way. It goes in steps of a tenth of a second while anything moves and of a second
 * while nothing does, which is settled before anything is done to the plant.
 */
import { runBattery } from "../battery/battery.ts";
import type { Plant } from "../plant.ts";
import { dropCooler } from "../rooms/cooling.ts";
import { runBreaker, warmingOf } from "./breaker.ts";
import { feedNodes } from "./feeding.ts";
import type { Grid } from "./grid.ts";
import { kindOf } from "./grid.ts";
import type { Rack } from "./load.ts";
import { inrushKw, moveContact, runRack } from "./load.ts";
import { burdenShorts, strainShorts } from "./shorts.ts";
import { chargerKw, countUps, loadUps } from "./ups.ts";

/** Lights, ventilation and what else a house draws, kW. */
export const houseKw = 3;
/** A plant at rest is looked at so often, s; a hair less, because sums of tenths fall short. */
const restS = 1 - 1e-6;

/**
 * Time passes; what it does to the power chain is worked out now, or, while nothing moves, with the rest of its second.
 */
export function runPower(plant: Plant, dtS: number): void {
  const { grid } = plant;
  grid.owedS += dtS;
  if (grid.moving || grid.owedS >= restS) settlePower(plant);
}

/**
 * All time that has passed is worked out; from here on every step is a short one until nothing moves any more. To be
 * called before anything is done to the plant.
 */
export function disturbPower(plant: Plant): void {
  settlePower(plant);
  plant.grid.moving = true;
}

function settlePower(plant: Plant): void {
  const { grid } = plant;
  const dtS = grid.owedS;
  if (dtS <= 0) return;
  grid.owedS = 0;
  grid.moving = false;
  feedNodes(plant, dtS);
  grid.kw.fill(0);
  if (grid.surging) grid.surgeKw.fill(0);
  grid.surging = false;
  for (const rack of plant.racks) feedRack(grid, rack, dtS);
  feedHouse(plant, dtS);
  if (grid.shorts.length > 0) burdenShorts(plant);
  carry(plant, dtS);
  guard(grid, dtS);
  if (grid.shorts.length > 0) strainShorts(plant, dtS);
  for (const utility of plant.utilities) account(grid, utility, dtS);
  for (const generator of plant.generators) generator.kw = grid.kw[generator.node]!;
}

function account(grid: Grid, utility: Plant["utilities"][number], dtS: number): void {
  utility.kw = grid.kw[utility.node]!;
  utility.energyKwh += (utility.kw * dtS) / 3600;
}

/** The node that a cooler hangs on; -1 where there is none. */
const coolerNode = ({ mechanical }: Grid, at: number): number => mechanical[at % mechanical.length] ?? -1;

/** Whether any bus that the house, its coolers and the UPS hang on has power. */
export function isBusLive({ grid }: Plant): boolean {
  for (const node of grid.mechanical) if (grid.live[node] === 1) return true;
  return false;
}

function feedRack(grid: Grid, rack: Rack, dtS: number): void {
  let gapMs = Number.POSITIVE_INFINITY;
  for (const feed of rack.feeds) {
    moveContact(feed, dtS);
    if (feed.ordered !== feed.closed && !feed.stuck) grid.moving = true;
    const live = feed.closed && grid.live[feed.node] === 1;
    if (live && !feed.live) {
      grid.surgeKw[feed.node]! += inrushKw(rack);
      grid.surging = true;
    }
    if (live && grid.gapMs[feed.node]! < gapMs) gapMs = grid.gapMs[feed.node]!;
    feed.live = live;
  }
  if (runRack(rack, gapMs, dtS)) grid.moving = true;
  for (const feed of rack.feeds) if (feed.live) grid.kw[feed.node]! += feed.kw;
}

function feedHouse(plant: Plant, dtS: number): void {
  const { grid, coolers } = plant;
  let kw = 0;
  const first = grid.mechanical[0] ?? -1;
  if (grid.live[first] === 1) {
    grid.kw[first]! += houseKw;
    kw += houseKw;
  }
  for (let i = 0; i < coolers.length; i++) {
    const cooler = coolers[i]!;
    const node = coolerNode(grid, i);
    const powered = grid.live[node] === 1;
    // A gap of a transfer is shorter than a contactor lets go in; a supply that is gone for a step is not.
    dropCooler(cooler, powered);
    cooler.drawnKw = powered ? cooler.kw : 0;
    if (!powered) continue;
    grid.kw[node]! += cooler.kw;
    kw += cooler.kw;
  }
  grid.mechanicalKwh += (kw * dtS) / 3600;
}

/** What each node carries goes on to its supply, from the last node to the first. */
function carry(plant: Plant, dtS: number): void {
  const { grid } = plant;
  for (let at = grid.ids.length - 1; at >= 0; at--) {
    const kw = grid.kw[at]!;
    grid.energyKwh[at]! += (kw * dtS) / 3600;
    const demandKw = grid.kind[at] === kindOf.ups ? throughUps(plant, at, dtS) : kw;
    if (grid.isShared[at] === 1) share(grid, at, demandKw);
    else {
      const supply = grid.feeding[at]!;
      if (supply < 0) continue;
      grid.kw[supply]! += demandKw;
      if (grid.surging) grid.surgeKw[supply]! += grid.surgeKw[at]!;
    }
  }
}

/** What a UPS takes from its input for what it gives, its battery doing its part. */
function throughUps(plant: Plant, at: number, dtS: number): number {
  const { grid } = plant;
  const ups = plant.ups[grid.place[at]!]!;
  const battery = plant.batteries[ups.battery];
  ups.chargeStopped = isChargeStopped(plant, battery);
  loadUps(ups, grid.kw[at]!);
  if (battery) {
    battery.onCharger = ups.mode === "online" && !ups.rectifierFailed && !ups.chargeStopped;
    battery.chargerKw = chargerKw(ups);
    runBattery(battery, ups.batteryKw, dtS);
  }
  countUps(ups, battery ? battery.kw : 0, dtS);
  // An inverter limits what rushes; only what is on the bypass, or is a fault, gets through.
  if (grid.surging && ups.mode !== "bypass" && !(grid.shorts.length > 0 && ups.sees.bypassGood)) grid.surgeKw[at] = 0;
  return ups.inputKw;
}

/** Whether the relay that is wired to a bank's charger is on. */
const isChargeStopped = ({ contacts }: Plant, battery: Plant["batteries"][number] | undefined): boolean =>
  contacts.get(battery?.chargeStop ?? "") === 1;

/** Paralleled supplies take their parts by their ratings. */
function share(grid: Grid, at: number, kw: number): void {
  const { firstSupply, supplies, live, ratedKw } = grid;
  let whole = 0;
  for (let i = firstSupply[at]!; i < firstSupply[at + 1]!; i++) {
    if (live[supplies[i]!] === 1) whole += ratedKw[supplies[i]!]!;
  }
  if (whole === 0) return;
  for (let i = firstSupply[at]!; i < firstSupply[at + 1]!; i++) {
    const supply = supplies[i]!;
    if (live[supply] !== 1) continue;
    const part = ratedKw[supply]! / whole;
    grid.kw[supply]! += kw * part;
    if (grid.surging) grid.surgeKw[supply]! += grid.surgeKw[at]! * part;
  }
}

/** Every breaker under what its node carries. */
function guard(grid: Grid, dtS: number): void {
  const { breakers } = grid;
  warmingOf(breakers, dtS);
  for (let at = 0; at < grid.ids.length; at++) {
    const trips = runBreaker(breakers, at, grid.kw[at]!, grid.surging ? grid.surgeKw[at]! : 0);
    if (trips || breakers.magnetS[at]! > 0 || grid.kw[at]! > breakers.ratedKw[at]!) grid.moving = true;
  }
}
