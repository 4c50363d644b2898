/**
 * Abnormal when a point lies apart from its peers: a module from the median of its rack, a cell from
 * its string, a phase from the other two. What warms or loads all of them alike (the room, a
 * discharge) moves the median with it and raises nothing, so that the limit can be far narrower than
 * any absolute one: 5 K over the rack's median is heard hours before a cabinet's own trip at 75 Cel.
 * The median is used because one more peer that fails moves it little. A peer that says nothing may be
 * anywhere: the median then lies between two bounds, and where they lead to different verdicts there is
 * none. So a silence neither raises nor clears; and of half of the peers or fewer nothing follows.
 */
import { z } from "zod";
import type { PointId } from "../reading.ts";
import { valueOf } from "../reading.ts";
import type { Verdict } from "../vote.ts";
import type { Detector, Weighed } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";
import { pointSchema } from "./kind.ts";

/** Peers that a person can still look through; and a median is sorted at every reading. */
const peersMax = 64;
/** Of two, nobody can say which is the one apart. */
const peersMin = 2;

const settings = z.strictObject({
  from: z.array(pointSchema).min(peersMin).max(peersMax),
  /** In the point's unit; one of the two, or both. */
  above: z.number().positive().optional(),
  below: z.number().positive().optional(),
  deadband: z.number().min(0).default(0),
});

type DeviationSpec = z.output<typeof settings>;

interface DeviationMemory {
  own: number | null;
  /** In the order of the settings. */
  peers: (number | null)[];
  beyond: boolean;
}

export const deviation: DetectorKind<DeviationSpec, DeviationMemory> = {
  settings,
  own: "number",
  inputs: ({ from }) => from.map((point, i) => ({ path: ["from", i], point, is: "number" })),
  wrong: ({ above, below }) =>
    above === undefined && below === undefined
      ? { path: [], message: "needs above, below or both: how far from its peers is too far" }
      : null,
  make: judged,
};

function judged(
  spec: DeviationSpec,
  memory: DeviationMemory = { own: null, peers: spec.from.map(() => null), beyond: false },
): Detector<DeviationMemory> {
  const places = new Map<PointId, number>(spec.from.map((point, i) => [point, i]));
  return {
    memory,
    judge(reading, _now, stands) {
      const value = valueOf(reading);
      const place = places.get(reading.point);
      if (place === undefined) memory.own = value;
      else memory.peers[place] = value;
      return verdictOf(spec, memory, stands);
    },
    account: () => accountOf(spec, apartOf(memory)),
  };
}

function verdictOf(spec: DeviationSpec, memory: DeviationMemory, stands: boolean): Verdict {
  const apart = apartOf(memory);
  if (!apart) return "unknown";
  const most = Math.max(excessOf(spec, apart.least), excessOf(spec, apart.most));
  // Between the two limits the excess is least where it is as far from the one as from the other.
  const { above = Number.NEGATIVE_INFINITY, below = Number.NEGATIVE_INFINITY } = spec;
  const middle = spec.above === undefined ? apart.most : spec.below === undefined ? apart.least : (above - below) / 2;
  const least = excessOf(spec, Math.min(apart.most, Math.max(apart.least, middle)));
  const limit = memory.beyond && stands ? -spec.deadband : 0;
  if (least <= limit && most > limit) return "unknown";
  memory.beyond = most > limit;
  return memory.beyond ? "abnormal" : "normal";
}

/** Between what and what the point lies over the median of its peers; null where that is not known. */
function apartOf({ own, peers }: DeviationMemory): { readonly least: number; readonly most: number } | null {
  const known = peers.filter((peer) => peer !== null).sort((a, b) => a - b);
  const silent = peers.length - known.length;
  if (own === null || silent * 2 >= peers.length) return null;
  return { least: own - medianAmong(known, peers.length, 0), most: own - medianAmong(known, peers.length, silent) };
}

/** The median of so many, more than half of which are known, where the others lie above them but for so many, which lie below. */
function medianAmong(known: readonly number[], count: number, below: number): number {
  const [first, second] = [Math.floor((count - 1) / 2) - below, Math.floor(count / 2) - below];
  return (known[first]! + known[second]!) / 2;
}

const excessOf = ({ above, below }: DeviationSpec, apart: number): number =>
  Math.max(
    above === undefined ? Number.NEGATIVE_INFINITY : apart - above,
    below === undefined ? Number.NEGATIVE_INFINITY : -apart - below,
  );

function accountOf(spec: DeviationSpec, apart: ReturnType<typeof apartOf>): readonly Weighed[] {
  const limit = spec.above ?? -spec.below!;
  const one = (name: string, value: number | null): Weighed => ({ name, value, limit });
  const name = "from the median of its peers";
  if (!apart || apart.least === apart.most) return [one(name, apart?.least ?? null)];
  return [one(`${name}, at least`, apart.least), one(`${name}, at most`, apart.most)];
}
