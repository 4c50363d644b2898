/**
 * How far the hottest module of a rack stands above the others, and how fast it leaves them. Room and load warm all of
 * them: the room alike, a load in proportion, so that a rack which has been discharged may be more uneven by a share of
 * what it has warmed. Cabinets trip at 75 Cel and at 40 K between modules (Schneider 990-55224); 5 K is found hours
 * before. Three readings are looked at together, so that one that is wrong says nothing, and a slope is that of two
 * averages: a sensor that speaks in whole kelvins does not climb by speaking.
 */
import { z } from "zod";
import { minutes, seconds } from "../time.ts";
import { medianOf, towards } from "./average.ts";
import { pointSchema } from "./kind.ts";

/** Peers that a person can still look through. */
const peersMax = 64;

export const warmthSchema = z.strictObject({
  /** The rack's mean, or other modules of it, whose median is taken. */
  than: z.array(pointSchema).min(1).max(peersMax),
  /** K above the others. */
  warning: z.number().positive().default(5),
  stop: z.number().positive().default(10),
});

export type WarmthSpec = z.output<typeof warmthSchema>;

export interface WarmthMemory {
  own: number | null;
  /** In the order of the settings. */
  than: (number | null)[];
  /** The last excesses, K. */
  recent: number[];
  /** Quick and slow averages of the excess and of the others; null before the first. */
  trend: { excess: [number, number]; others: [number, number]; usual: number; at: number } | null;
  warm: boolean;
  hot: boolean;
  climbing: boolean;
}

const quick = seconds(20);
const slow = minutes(2);
/** What a rack is used to: longer than a discharge with its recharge, shorter than a season. */
const usual = minutes(12 * 60);
/** After a longer silence nobody knows what the values did. */
const silence = minutes(10);
/** K a minute over the others: self-heating that no fan keeps up with. */
export const climb = 1;
/** What load has warmed is uneven by this share: cells differ in resistance by about as much, and the air is warmer at the top. */
const uneven = 0.3;
/** K; the deadband of a cell's temperature. */
const deadband = 1;

export const coldStart = ({ than }: WarmthSpec): WarmthMemory => ({
  own: null,
  than: than.map(() => null),
  recent: [],
  trend: null,
  warm: false,
  hot: false,
  climbing: false,
});

/** How far the hottest stands above the others, K; null where either is not known. */
export function excessOf({ own, than }: WarmthMemory): number | null {
  const others = medianOf(than);
  return own === null || others === null ? null : own - others;
}

/** Takes in a reading of the hottest, which is in the memory already. */
export function weighWarmth(spec: WarmthSpec, memory: WarmthMemory, at: number): void {
  const [excess, others] = [excessOf(memory), medianOf(memory.than)];
  if (excess === null || others === null) return;
  memory.recent.push(excess);
  if (memory.recent.length > 3) memory.recent.shift();
  const steady = medianOf(memory.recent)!;
  memory.trend = follow(memory.trend, steady, others, at);
  const allowed = uneven * Math.max(0, others - memory.trend.usual);
  memory.warm = steady - allowed > spec.warning - (memory.warm ? deadband : 0);
  memory.hot = steady - allowed > spec.stop - (memory.hot ? deadband : 0);
  const perMinute = slopeOf(memory.trend.excess);
  // A module that heats itself leaves the others behind; a load takes all of them along.
  memory.climbing = perMinute > Math.max(climb, slopeOf(memory.trend.others)) * (memory.climbing ? 0.5 : 1);
}

function follow(trend: WarmthMemory["trend"], excess: number, others: number, at: number): NonNullable<typeof trend> {
  const passed = trend === null ? Number.POSITIVE_INFINITY : at - trend.at;
  if (trend === null || passed > silence)
    return { excess: [excess, excess], others: [others, others], usual: others, at };
  return {
    excess: both(trend.excess, excess, passed),
    others: both(trend.others, others, passed),
    usual: towards(trend.usual, others, passed, usual),
    at,
  };
}

const both = ([fast, lagging]: readonly [number, number], value: number, passed: number): [number, number] => [
  towards(fast, value, passed, quick),
  towards(lagging, value, passed, slow),
];

/** A ramp leaves the two averages apart by their time constants, K a minute. */
export const slopeOf = ([fast, lagging]: readonly [number, number]): number =>
  ((fast - lagging) / (slow - quick)) * 60_000;
