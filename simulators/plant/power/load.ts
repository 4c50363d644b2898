/**
 * Racks. One with two live feeds takes half from each; one that loses a feed takes all of its power from the other in
 * the same instant; one with none is dark. Its power supplies bridge 12 to 20 ms (Intel's SR2625UR specification: 12 ms
 * at full load, 20 ms at three quarters), so a static transfer passes unseen and a mechanical one does not. Back under
 * voltage they charge: 40 A peak for a quarter of a cycle at 750 W (the same specification), which is 8 times the rated
 * current, and servers draw again within 2 s. What a rack asks for wanders about three quarters of its rating, 8 % more
 * in the afternoon and less in the night. Servers throttle from 38 °C of inlet air, by 30 % at 45 °C, where they save
 * themselves; they start again below 30 °C.
 */
import type { Dice } from "../dice.ts";
import { wander } from "../dice.ts";

export interface Rack {
  readonly id: string;
  readonly room: number;
  readonly ratedKw: number;
  readonly feeds: readonly Feed[];
  /** What its power supplies bridge, ms, and how long they take to begin, s. */
  readonly holdUpMs: number;
  readonly startS: number;
  /** What its servers would draw on average, kW. */
  meanKw: number;
  wanderKw: number;
  live: boolean;
  /** Dark for good: drenched, blown up, or cut off with its room. */
  dark: boolean;
  /** What heat leaves of its servers' pace, and the time of day of their work: shares of the mean. */
  pace: number;
  daily: number;
  /** Seconds until its power supplies give power again. */
  startingS: number;
  /** How often its servers lost their power. */
  drops: number;
  /** Servers have switched themselves off for heat. */
  tooHot: boolean;
  kw: number;
}

/** One of a rack's cords: an outlet or a contactor on a node of the grid. */
export interface Feed {
  /** Place in the grid; -1 where it hangs on nothing. */
  readonly node: number;
  /** What the switch was last told. */
  ordered: boolean;
  /** Where its contact stands; it follows the order after a moment. */
  closed: boolean;
  lagS: number;
  /** Takes orders and does nothing: a welded contact. */
  stuck: boolean;
  /** Whether there was voltage at its power supplies in the last step. */
  live: boolean;
  kw: number;
  energyKwh: number;
}

/** A contactor's or an outlet relay's own time. */
const contactS = 0.1;
export const usualShare = 0.75;
const serverStopC = 45;
const serverStartC = 30;
const throttleC = 38;
const throttled = 0.3;
const dailySwing = 0.08;
/**
 * Peak of the rush by the rated current, and the share of it that power supplies that start at any point of the wave
 * have together.
 */
const inrush = 8;
const diversity = 0.5;

export const makeFeed = (node: number): Feed => ({
  node,
  ordered: true,
  closed: true,
  lagS: 0,
  stuck: false,
  live: true,
  kw: 0,
  energyKwh: 0,
});

/** What charges behind a feed in the instant when it is live again, as if it were power, kW. */
export const inrushKw = (rack: Rack): number => rack.ratedKw * inrush * diversity;

/** The contact goes where it was told after its own time. */
export function moveContact(feed: Feed, dtS: number): void {
  if (feed.ordered === feed.closed) return;
  feed.lagS += dtS;
  // Steps are tenths of a second, and sums of tenths fall short of their sum by a hair.
  if (feed.stuck || feed.lagS < contactS - 1e-9) return;
  feed.closed = feed.ordered;
  feed.lagS = 0;
}

/**
 * A step of a rack whose feeds' `live` is already that of this step: its draw, shared over the live ones. `gapMs` is
 * the shortest interruption that any of them had within the step. True while something is about to change.
 */
export function runRack(rack: Rack, gapMs: number, dtS: number): boolean {
  let live = 0;
  for (const feed of rack.feeds) if (feed.live) live += 1;
  const supplied = live > 0 && gapMs <= rack.holdUpMs && !rack.dark;
  if (!supplied && rack.live) rack.drops += 1;
  if (!supplied) rack.startingS = rack.startS;
  else if (rack.live || rack.startingS > 0) rack.startingS = Math.max(0, rack.startingS - dtS);
  const changed = rack.live !== supplied;
  rack.live = supplied;
  const draws = supplied && !rack.tooHot && rack.startingS === 0;
  rack.kw = draws ? Math.min(rack.ratedKw, Math.max(0, wantedKw(rack))) : 0;
  for (const feed of rack.feeds) {
    feed.kw = feed.live ? rack.kw / live : 0;
    feed.energyKwh += (feed.kw * dtS) / 3600;
  }
  return changed || (supplied && rack.startingS > 0);
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
