/**
 * Abnormal when a device falls silent while something else is wrong near it: a rack's battery
 * management that stops answering within a minute of smoke, off-gas or heat has most likely burned.
 * At McMicken (2019) communication was lost within the first minute, and at Pangyo (2022) the curves
 * were flat until it was. Silence alone raises nothing: an anomaly must be seen by a sensor that
 * speaks, and a neighbour must still answer, or it is the network that is lost and not the rack.
 */
import { z } from "zod";
import { durationSchema } from "../duration.ts";
import type { PointId, Reading } from "../reading.ts";
import type { Instant } from "../time.ts";
import { seconds } from "../time.ts";
import type { Verdict } from "../vote.ts";
import { conditionSchema, inputOf, meets } from "./condition.ts";
import type { Detector } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";
import { pointSchema } from "./kind.ts";

/** Neighbours and anomalies that a person can still look through. */
const listMax = 32;

const settings = z.strictObject({
  /** Points that answer by the same way and are not in the same place: while none does, nothing is known. */
  neighbours: z.array(pointSchema).min(1).max(listMax),
  anomalies: z.array(conditionSchema).min(1).max(listMax),
  /** An anomaly that has gone counts for this long. */
  within: durationSchema.default(seconds(60)),
});

type LostWithSpec = z.output<typeof settings>;

interface LostWithMemory {
  /** Whether the device is silent; null before it has been asked. */
  lost: boolean | null;
  alive: boolean[];
  anomalies: Verdict[];
  /** When an anomaly was last seen. */
  seenAt: Instant | null;
}

export const lostWith: DetectorKind<LostWithSpec, LostWithMemory> = {
  settings,
  own: "any",
  inputs: ({ neighbours, anomalies }) => [
    ...neighbours.map((point, i) => ({ path: ["neighbours", i], point, is: "any" as const })),
    ...anomalies.map((anomaly, i) => inputOf(["anomalies", i], anomaly)),
  ],
  make: watched,
};

function watched(spec: LostWithSpec, memory: LostWithMemory = nothingSeen(spec)): Detector<LostWithMemory> {
  const neighbourAt = new Map<PointId, number>(spec.neighbours.map((point, i) => [point, i]));
  const conditions = spec.anomalies.map((anomaly) => ({ point: anomaly.point, verdictOf: meets(anomaly) }));
  const take = (reading: Reading, now: Instant): void => {
    const neighbour = neighbourAt.get(reading.point);
    if (neighbour !== undefined) memory.alive[neighbour] = reading.quality !== "bad";
    let isAnomaly = false;
    conditions.forEach(({ point, verdictOf }, i) => {
      if (point !== reading.point) return;
      isAnomaly = true;
      memory.anomalies[i] = verdictOf(reading);
    });
    if (memory.anomalies.includes("abnormal")) memory.seenAt = now;
    if (neighbour === undefined && !isAnomaly) memory.lost = reading.quality === "bad";
  };
  return {
    memory,
    judge(reading, now) {
      take(reading, now);
      return verdictOf(spec, memory, now);
    },
  };
}

const nothingSeen = ({ neighbours, anomalies }: LostWithSpec): LostWithMemory => ({
  lost: null,
  alive: neighbours.map(() => false),
  anomalies: anomalies.map(() => "unknown"),
  seenAt: null,
});

function verdictOf(
  { within }: LostWithSpec,
  { lost, alive, anomalies, seenAt }: LostWithMemory,
  now: Instant,
): Verdict {
  if (lost === false) return "normal";
  if (lost === null || !alive.includes(true)) return "unknown";
  if (seenAt !== null && now - seenAt <= within) return "abnormal";
  return anomalies.includes("unknown") ? "unknown" : "normal";
}
