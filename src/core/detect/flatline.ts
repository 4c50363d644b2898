/**
 * Abnormal when a live value stands still: a frozen sensor, or a card that repeats its last answer,
 * looks healthy. It speaks of the instrument; that a value cannot stand still may be known in two ways.
 *
 * Somebody knows it: `window` and `band` alone. Or it is `learned`: the share of readings that move
 * is followed, and the standstill counts once so long a one would come about by chance less than once
 * in a million. A channel that seldom moves is quiet and not dead: of it nothing is said. With
 * `peers`, one of them must go on moving meanwhile, or it is the plant that stands still.
 *
 * Traps. A silence is no standstill: nobody saw it. A meter behind an open breaker stands at 0: say
 * where it `rests`. A value that is noisy by day and rests by night looks dead every evening: give it
 * peers, or hours of window. A display in whole degrees moves too
 * seldom to be learned. What the maker says can never stand still is `frozenAfter` in the profile,
 * which takes the value away; this raises an alarm and leaves the value where it is.
 */
import { z } from "zod";
import type { PointId, Reading } from "../reading.ts";
import { valueOf } from "../reading.ts";
import { hours } from "../time.ts";
import type { Verdict } from "../vote.ts";
import type { Detector, Weighed } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";
import { pointSchema, stretchSchema } from "./kind.ts";

const peersMax = 16;
const restsMax = 8;
/** A few readings alike are no standstill; and a count that nobody lives to see is a slip. */
const pollsMin = 3;
const pollsMax = 100_000;

const settings = z.strictObject({
  /** How long it stands still, or how many readings in a row repeat the one before them; one of the two. */
  window: stretchSchema(hours(24)).optional(),
  polls: z.int().min(pollsMin).max(pollsMax).optional(),
  /** In the point's unit; movement within it is none. 0 is the last bit. */
  band: z.number().min(0).default(0),
  /** Values at which it may well stand: the 0 of a meter behind an open breaker. */
  rests: z.array(z.number()).min(1).max(restsMax).optional(),
  learned: z.literal(true).optional(),
  peers: z.array(pointSchema).min(1).max(peersMax).optional(),
});

type FlatlineSpec = z.output<typeof settings>;

interface FlatlineMemory {
  /** Where it stands; null while it is silent. */
  anchor: number | null;
  since: number;
  until: number;
  /** Readings that repeated the anchor. */
  repeats: number;
  /** The share of readings that moved, over the last hundreds. */
  moving: number;
  isLively: boolean;
  /** What the peers said last, in the order of the settings, and how often one moved since the point did. */
  peers: (number | null)[];
  peerMoves: number;
  found: boolean;
}

/** What a reading weighs in the share of those that moved: the last 200 are what it knows. */
const weight = 1 / 200;
/** From this share on a channel is noisy, and below the other no longer. A channel is noisy after 140 readings that all move. */
const livelyFrom = 0.5;
const livelyTo = 0.25;
/** ln of one in a million. */
const chanceMax = Math.log(1e-6);
/** One move of a peer may have been under way. */
const peerMovesMin = 3;

export const flatline: DetectorKind<FlatlineSpec, FlatlineMemory> = {
  settings,
  own: "number",
  inputs: ({ peers = [] }) => peers.map((point, i) => ({ path: ["peers", i], point, is: "number" })),
  window: ({ window }) => (window === undefined ? null : { path: ["window"], lasts: window }),
  wrong: ({ window, polls }) =>
    (window === undefined) === (polls === undefined)
      ? { path: [], message: "needs window or polls, one of the two: how long a standstill is too long" }
      : null,
  isOfInstrument: true,
  make: watched,
};

function watched(spec: FlatlineSpec, memory: FlatlineMemory = nothingSeen(spec)): Detector<FlatlineMemory> {
  const places = new Map<PointId, number>(spec.peers?.map((point, i) => [point, i]));
  return {
    memory,
    judge(reading) {
      const place = places.get(reading.point);
      if (place !== undefined) seePeer(memory, place, reading);
      else if (reading.quality !== "bad") see(spec, memory, reading);
      else loseSight(memory);
      return verdictOf(spec, memory);
    },
    account: () => accountOf(spec, memory),
  };
}

const nothingSeen = ({ peers = [] }: FlatlineSpec): FlatlineMemory => ({
  anchor: null,
  since: 0,
  until: 0,
  repeats: 0,
  moving: 0,
  isLively: false,
  peers: peers.map(() => null),
  peerMoves: 0,
  found: false,
});

function loseSight(memory: FlatlineMemory): void {
  memory.anchor = null;
}

function see(spec: FlatlineSpec, memory: FlatlineMemory, { value, at }: Extract<Reading, { value: number }>): void {
  const hasMoved = memory.anchor === null || Math.abs(value - memory.anchor) > spec.band;
  if (hasMoved) {
    if (memory.anchor !== null) learn(memory);
    Object.assign(memory, { anchor: value, since: at, repeats: 0, peerMoves: 0, found: false });
  } else if (at > memory.until && !isResting(spec, memory)) memory.repeats += 1;
  memory.until = at;
}

/** A standstill is learned from when it is over: then it was rest. One that a silence ends may have been either. */
function learn(memory: FlatlineMemory): void {
  memory.moving = memory.moving * Math.exp((memory.repeats + 1) * Math.log(1 - weight)) + weight;
  memory.isLively = memory.moving >= (memory.isLively ? livelyTo : livelyFrom);
}

function seePeer(memory: FlatlineMemory, place: number, reading: Reading): void {
  const before = memory.peers[place] ?? null;
  const value = valueOf(reading);
  if (before !== null && value !== null && value !== before) memory.peerMoves += 1;
  memory.peers[place] = value;
}

function verdictOf(spec: FlatlineSpec, memory: FlatlineMemory): Verdict {
  if (memory.anchor === null || (spec.learned && !memory.isLively)) return "unknown";
  if (isResting(spec, memory) || !isStill(spec, memory)) return "normal";
  if (!memory.found && spec.peers && memory.peers.every((peer) => peer === null)) return "unknown";
  // Once found it stays so until it moves, whatever the peers do meanwhile.
  memory.found ||= isTelling(spec, memory);
  return memory.found ? "abnormal" : "normal";
}

const isResting = ({ rests }: FlatlineSpec, { anchor }: FlatlineMemory): boolean =>
  anchor !== null && (rests ?? []).includes(anchor);

function isStill({ window, polls }: FlatlineSpec, { since, until, repeats }: FlatlineMemory): boolean {
  return window === undefined ? repeats >= (polls ?? Number.POSITIVE_INFINITY) : until - since >= window;
}

/** Whether a standstill is more than rest. */
function isTelling({ learned, peers }: FlatlineSpec, { repeats, moving, peerMoves }: FlatlineMemory): boolean {
  // A value that comes up with chance q repeats with chance q, and q times q is at most the share that does not move.
  const isChance = learned === true && (repeats / 2) * Math.log(1 - moving) > chanceMax;
  return !isChance && (peers === undefined || peerMoves >= peerMovesMin);
}

function accountOf({ window, polls, learned }: FlatlineSpec, memory: FlatlineMemory): readonly Weighed[] {
  const { anchor, since, until, repeats, moving } = memory;
  const still: Weighed =
    window === undefined
      ? { name: "readings that repeat it", value: anchor === null ? null : repeats, ...(polls ? { limit: polls } : {}) }
      : {
          name: "stands still for",
          value: anchor === null ? null : (until - since) / 1000,
          limit: window / 1000,
          unit: "s",
        };
  return learned
    ? [still, { name: "usually moves in", value: moving * 100, limit: livelyTo * 100, unit: "%" }]
    : [still];
}
