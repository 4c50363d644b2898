/**
 * Abnormal before a UPS trips by overload, early enough for a response. What is borne is an integral: each second at a
 * load uses up 1 / (time for which that load is borne) of the tolerance, and rest gives it back. The alarm comes while
 * there is still time for the response (`before`) and for a poll, and a share (`left`) of the tolerance after it; where
 * the curve has less than that, in the moment in which the overload is seen. With a class of 10 s, 8 s to shed and a
 * fifth left that is at once: whoever loses one of four UPS at 3/4 of their load has 133 % on the others.
 */
import { z } from "zod";
import { durationSchema } from "../duration.ts";
import type { Reading } from "../reading.ts";
import type { Duration, Instant } from "../time.ts";
import { elapsed, minutes, ms, seconds } from "../time.ts";
import type { Verdict } from "../vote.ts";
import type { Detector, Weighed } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";
import { pointSchema } from "./kind.ts";
import { borneS, isOver, toleranceSchema } from "./tolerance.ts";

/** How long a shed takes, from the alarm to the last confirmed outlet. */
const shedding = seconds(8);
/** The share of the tolerance that a shed must leave. */
const leftShare = 0.2;
/** Rest that a device needs where its maker does not say. */
const rest = minutes(10);
/** A gap between two readings beyond this is a silence and no period of polls. */
const periodMax = seconds(10);

const settings = z.strictObject({
  /** The device's own curve; that of its profile where it has one. */
  tolerates: toleranceSchema.optional(),
  /** What must be left when the response is done, 0 to 1. */
  left: z.number().min(0).max(0.9).default(leftShare),
  before: durationSchema.default(shedding),
  /** Air at the device, Cel. */
  ambient: pointSchema.optional(),
});

type OverloadSpec = z.output<typeof settings>;

interface OverloadMemory {
  /** The last load that was heard, %, and whether it is still heard. */
  load: number | null;
  heard: boolean;
  at: Instant | null;
  /** From one reading to the next, ms. */
  period: Duration;
  /** The share of the tolerance that is used up, 0 to 1. */
  used: number;
  /** The last that was heard of the air: it does not cool in the time of a silence. */
  airC: number | null;
}

export const overload: DetectorKind<OverloadSpec, OverloadMemory> = {
  settings,
  own: "number",
  inputs: ({ ambient }) => (ambient === undefined ? [] : [{ path: ["ambient"], point: ambient, is: "number" }]),
  usual: (spec, { overload: tolerates }) => (tolerates && !spec.tolerates ? { ...spec, tolerates } : spec),
  wrong: ({ tolerates }) =>
    tolerates === undefined
      ? { path: [], message: "needs tolerates: which load is borne for how long; the device's profile does not say" }
      : null,
  make: watched,
};

function watched(spec: OverloadSpec, memory: OverloadMemory = unseen()): Detector<OverloadMemory> {
  return {
    memory,
    judge(reading, now) {
      if (reading.point !== spec.ambient) take(spec, memory, reading, now);
      else if (reading.quality !== "bad") memory.airC = reading.value;
      return verdictOf(spec, memory);
    },
    account: () => accountOf(spec, memory),
  };
}

const unseen = (): OverloadMemory => ({ load: null, heard: false, at: null, period: ms(0), used: 0, airC: null });

function take(spec: OverloadSpec, memory: OverloadMemory, reading: Reading, now: Instant): void {
  memory.heard = reading.quality !== "bad";
  if (reading.quality === "bad") return;
  const since = memory.at === null ? ms(0) : elapsed(memory.at, now);
  // Nobody saw when in between the load changed: it may have been at once, or still to come.
  wear(spec, memory, Math.max(memory.load ?? 0, reading.value), since);
  memory.load = reading.value;
  memory.at = now;
  if (since > 0) memory.period = ms(Math.min(since, periodMax));
}

function wear({ tolerates }: OverloadSpec, memory: OverloadMemory, load: number, since: Duration): void {
  if (!tolerates || since === 0) return;
  const { used } = memory;
  const now = isOver(tolerates, load)
    ? used + since / 1000 / borneS(tolerates, load, isHot(tolerates, memory) ?? false)
    : used - since / (tolerates.recovers ?? rest);
  memory.used = Math.min(1, Math.max(0, now));
}

/** Whether the air is so warm that less is borne; null where nobody has said yet. */
function isHot({ hot }: NonNullable<OverloadSpec["tolerates"]>, { airC }: OverloadMemory): boolean | null {
  if (!hot) return false;
  return airC === null ? null : airC > hot.above;
}

function verdictOf(spec: OverloadSpec, memory: OverloadMemory): Verdict {
  const { tolerates } = spec;
  const { load, heard } = memory;
  if (!tolerates || load === null || !heard) return "unknown";
  if (!isOver(tolerates, load)) return "normal";
  const hot = spec.ambient === undefined ? false : isHot(tolerates, memory);
  const verdicts = (hot === null ? [false, true] : [hot]).map((one) =>
    isShort(spec, memory, borneS(tolerates, load, one)),
  );
  if (verdicts.every((one) => one)) return "abnormal";
  return verdicts.some((one) => one) ? "unknown" : "normal";
}

/** Whether less is left than the response and the next poll take, with the share that must remain. */
function isShort({ left, before }: OverloadSpec, { used, period }: OverloadMemory, bearsS: number): boolean {
  return (1 - used - left) * bearsS * 1000 < before + period;
}

function accountOf({ tolerates, left, before }: OverloadSpec, memory: OverloadMemory): readonly Weighed[] {
  const { used, load } = memory;
  if (!tolerates) return [];
  const isOverloaded = load !== null && isOver(tolerates, load);
  const untilTrip = isOverloaded ? (1 - used) * borneS(tolerates, load, isHot(tolerates, memory) ?? false) : null;
  return [
    { name: "used of its overload tolerance", value: used * 100, limit: (1 - left) * 100, unit: "%" },
    { name: "to its trip at this load", value: untilTrip, limit: before / 1000, unit: "s" },
  ];
}
