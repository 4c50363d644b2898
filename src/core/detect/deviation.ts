/**
 * Abnormal when a point lies apart from its peers: a module from the median of its rack, a cell from
 * its string, a phase from the other two. What warms or loads all of them alike (the room, a
 * discharge) moves the median with it and raises nothing, so that the limit can be far narrower than
 * any absolute one: 5 K over the rack's median is heard hours before a cabinet's own trip at 75 Cel.
 * The median is used because one more peer that fails moves it little. Peers that say nothing are
 * left out; of fewer than half of them no median is believed.
 */
import { z } from "zod";
import type { PointId } from "../reading.ts";
import { medianOf } from "./average.ts";
import type { Detector } from "./detector.ts";
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
    judge(reading) {
      const value = reading.quality === "bad" ? null : reading.value;
      const place = places.get(reading.point);
      if (place === undefined) memory.own = value;
      else memory.peers[place] = value;
      const apart = apartOf(memory);
      if (apart === null) return "unknown";
      memory.beyond = excessOf(spec, apart) > (memory.beyond ? -spec.deadband : 0);
      return memory.beyond ? "abnormal" : "normal";
    },
    account: () => [{ name: "from the median of its peers", value: apartOf(memory), ...limitOf(spec) }],
  };
}

/** How far the point lies over the median of its peers; null where either is not known. */
function apartOf({ own, peers }: DeviationMemory): number | null {
  const known = peers.filter((peer) => peer !== null);
  if (own === null || known.length < peersMin || known.length * 2 < peers.length) return null;
  return own - medianOf(known)!;
}

const excessOf = ({ above, below }: DeviationSpec, apart: number): number =>
  Math.max(
    above === undefined ? Number.NEGATIVE_INFINITY : apart - above,
    below === undefined ? Number.NEGATIVE_INFINITY : -apart - below,
  );

const limitOf = ({ above, below }: DeviationSpec): { readonly limit?: number } => {
  const limit = above ?? (below === undefined ? undefined : -below);
  return limit === undefined ? {} : { limit };
};
