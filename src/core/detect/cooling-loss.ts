/**
 * Abnormal when the air at racks' inlets will reach its limit before cooling can be back. Without cooling the first
 * servers stop after 3 min 09 s at 5 kW a rack and within a minute at 10 kW and more, where a unit takes 2 to 3 min and a
 * chiller 4 to 8 to start again (Opengate 2007): a limit alone is heard too late. The climb is fitted as climb.ts tells,
 * from four readings on, and the pessimistic end of the time that is left is what counts. A changeover of units, a moved
 * set-point, a step of load or a door make short climbs that end by themselves: less than `rise` is none. Of several
 * inlets each is a channel of its own, and two must agree: one that lies then raises nothing.
 */
import { z } from "zod";
import { durationSchema } from "../duration.ts";
import type { Reading } from "../reading.ts";
import type { Duration, Instant } from "../time.ts";
import { hours, minutes, seconds } from "../time.ts";
import { medianOf } from "./average.ts";
import type { Climb, Sample } from "./climb.ts";
import { climbIn } from "./climb.ts";
import type { Detector, Weighed } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";

/** Less than this between two readings is kept out, and for so long every other one is kept. */
const apart = seconds(1);
const dense = seconds(60);
/** What is older is thinned, and what is older still is forgotten: ASHRAE counts a climb by the quarter of an hour. */
const thinned = seconds(10);
const remembered = minutes(15);
/** Of so many readings the middle one is taken, at the middle one's time: a single wrong one is none. */
const median = 3;
/** The usual is what the air had on average for about so long: a climb of half an hour is still one above it. */
const usually = hours(1);
/** A fall of this part of `rise` ends a climb. */
const fallShare = 0.2;
/** What was abnormal is so until the time that is left has grown by this. */
const relief = 1.5;
/** A slope is to be had from so short a stretch. */
const first = seconds(30);

const settings = z.strictObject({
  /** What the air at the inlets must not reach, in the point's unit. */
  limit: z.number(),
  /** How long cooling takes to come back: 2 to 3 min for a unit with a compressor of its own, 4 to 8 for a chiller. */
  restore: durationSchema,
  /** How long what has to be done before the limit takes, where that is longer. */
  within: durationSchema.optional(),
  /**
   * How far the air must be above its usual, in the point's unit: by default what ASHRAE lets it move in a quarter of an hour.
   * A changeover of units without overlap takes it up by 4 K.
   */
  rise: z.number().positive().default(5),
});

type CoolingLossSpec = z.output<typeof settings>;

interface CoolingLossMemory {
  /** The newest readings as they came, for their median. */
  newest: Sample[];
  samples: Sample[];
  /** What the air usually has: a slow average. */
  usual: number | null;
  beyond: boolean;
}

export const coolingLoss: DetectorKind<CoolingLossSpec, CoolingLossMemory> = {
  settings,
  own: "number",
  window: () => ({ path: [], lasts: first }),
  make: watched,
};

function watched(
  spec: CoolingLossSpec,
  memory: CoolingLossMemory = { newest: [], samples: [], usual: null, beyond: false },
): Detector<CoolingLossMemory> {
  const climb = (): Climb | null => {
    const now = memory.newest.at(-1)?.[0];
    return now === undefined ? null : climbIn(memory.samples, { limit: spec.limit, band: spec.rise * fallShare, now });
  };
  return {
    memory,
    judge(reading, now) {
      if (reading.quality === "bad") return "unknown";
      take(memory, reading, now);
      memory.beyond = isTooSoon(spec, memory, climb);
      return memory.beyond ? "abnormal" : "normal";
    },
    account: () => weighed(spec, climb()),
  };
}

function take(memory: CoolingLossMemory, reading: Extract<Reading, { value: number }>, now: Instant): void {
  memory.newest = [...memory.newest.slice(1 - median), [reading.at, reading.value]];
  const last = memory.samples.at(-1);
  const at = memory.newest.at(-2)?.[0];
  if (at === undefined || memory.newest.length < median || (last && at - last[0] < apart)) return;
  const middle = medianOf(memory.newest.map(([, value]) => value))!;
  const stays = last && memory.usual !== null ? Math.exp((last[0] - at) / usually) : 0;
  memory.usual = middle + ((memory.usual ?? middle) - middle) * stays;
  const samples: readonly Sample[] = [...memory.samples, [at, middle]];
  memory.samples = samples.filter(([then], i) => {
    const age = now - then;
    if (age > remembered) return false;
    return age <= dense || i === 0 || then - samples[i - 1]![0] >= thinned;
  });
}

/** The longer of how long cooling takes and how long the site takes. */
const neededBy = ({ restore, within }: CoolingLossSpec): number => Math.max(restore, within ?? 0);

/** The climb is fitted only where the air is far enough above its usual: that is what it costs to judge a reading. */
function isTooSoon(
  spec: CoolingLossSpec,
  { samples, usual, beyond }: CoolingLossMemory,
  climb: () => Climb | null,
): boolean {
  const value = samples.at(-1)?.[1];
  if (value === undefined || usual === null) return false;
  if (value >= spec.limit) return true;
  if (value - usual < spec.rise) return false;
  const soonest = climb()?.soonest ?? null;
  return soonest !== null && soonest < neededBy(spec) * (beyond ? relief : 1);
}

function weighed(spec: CoolingLossSpec, climb: Climb | null): readonly Weighed[] {
  const inSeconds = (wait: Duration | null | undefined) => (wait === null || wait === undefined ? null : wait / 1000);
  return [
    { name: "climbs by", value: climb?.perMinute ?? null, unit: "K/min" },
    { name: "limit in at least", value: inSeconds(climb?.soonest), limit: neededBy(spec) / 1000, unit: "s" },
    { name: "limit in at most", value: inSeconds(climb?.latest), unit: "s" },
  ];
}
