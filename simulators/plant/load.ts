/**
 * Racks. One with two live feeds takes half from each; one that loses a feed takes all of its power from the
 * other in the same instant; one with none is dark. What a rack asks for wanders about three quarters of its
 * rating, 8 % more in the afternoon and less in the night. Servers throttle from 38 °C of inlet air, by 30 % at
 * 45 °C, where they save themselves; they start again below 30 °C.
 */
import type { Dice } from "./dice.ts";
import { wander } from "./dice.ts";

export interface Rack {
  readonly id: string;
  readonly room: number;
  readonly ratedKw: number;
  readonly feeds: readonly Feed[];
  /** What its servers would draw on average, kW. */
  meanKw: number;
  wanderKw: number;
  live: boolean;
  /** Dark for good: drenched, blown up, or cut off with its room. */
  dark: boolean;
  /** What heat leaves of its servers' pace, and the time of day of their work: shares of the mean. */
  pace: number;
  daily: number;
  /** Servers have switched themselves off for heat. */
  tooHot: boolean;
  kw: number;
}

/** One of a rack's cords: an outlet or a contactor on a row. */
export interface Feed {
  readonly row: number;
  /** What the switch was last told. */
  ordered: boolean;
  /** Where its contact stands; it follows the order after a moment. */
  closed: boolean;
  lagS: number;
  /** Takes orders and does nothing: a welded contact. */
  stuck: boolean;
  kw: number;
}

/** A contactor's or an outlet relay's own time. */
const contactS = 0.1;
export const usualShare = 0.75;
const serverStopC = 45;
const serverStartC = 30;
const throttleC = 38;
const throttled = 0.3;
const dailySwing = 0.08;

export const makeFeed = (row: number): Feed => ({ row, ordered: true, closed: true, lagS: 0, stuck: false, kw: 0 });

/** The contact goes where it was told after its own time. */
export function moveContact(feed: Feed, dtS: number): void {
  if (feed.ordered === feed.closed) return;
  feed.lagS += dtS;
  // Steps are tenths of a second, and sums of tenths fall short of their sum by a hair.
  if (feed.stuck || feed.lagS < contactS - 1e-9) return;
  feed.closed = feed.ordered;
  feed.lagS = 0;
}

/** A rack's draw, shared over the feeds that are live. `rowLive` says which rows are. */
export function runRack(rack: Rack, rowLive: readonly boolean[]): void {
  let live = 0;
  for (const feed of rack.feeds) if (feed.closed && rowLive[feed.row] === true) live += 1;
  rack.live = live > 0 && !rack.dark;
  rack.kw = rack.live && !rack.tooHot ? Math.min(rack.ratedKw, Math.max(0, wantedKw(rack))) : 0;
  for (const feed of rack.feeds) feed.kw = feed.closed && rowLive[feed.row] === true ? rack.kw / live : 0;
}

const wantedKw = ({ meanKw, wanderKw, pace, daily }: Rack): number => (meanKw * daily + wanderKw) * pace;

/**
 * The slow wandering of its work, and its servers' care for themselves; once a second. `swing` is the time of day, from -1 at
 * night to 1 in the afternoon.
 */
export function driftRack(rack: Rack, inletC: number, chance: Dice, swing: number): void {
  rack.daily = 1 + dailySwing * swing;
  rack.pace = 1 - throttled * Math.min(1, Math.max(0, (inletC - throttleC) / (serverStopC - throttleC)));
  rack.wanderKw = wander(rack.wanderKw, chance, rack.ratedKw * 0.004, 0.01);
  if (inletC >= serverStopC) rack.tooHot = true;
  else if (inletC <= serverStartC) rack.tooHot = false;
}
