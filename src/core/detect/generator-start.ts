/**
 * Abnormal when the utility is lost and nothing carries the site in time. NFPA 110's type 10 asks for the load within
 * 10 s, and that is what most sets are built for; batteries that last minutes leave no time to wait longer before load
 * is shed. A set that says that it has failed or tripped ends the waiting at once. While the utility is there nothing is
 * abnormal, so a test run raises nothing, and one with load is held to the same time. What carries has `within` again
 * when it lets go: a switch on its way back to the utility is on neither side for a moment.
 */
import { z } from "zod";
import { durationSchema } from "../duration.ts";
import type { Reading } from "../reading.ts";
import type { Instant } from "../time.ts";
import { elapsed, seconds } from "../time.ts";
import type { Verdict } from "../vote.ts";
import { conditionSchema, inputOf, meets, meetsOwn, ownConditionSchema, ownIs } from "./condition.ts";
import type { Detector } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";

/** NFPA 110, type 10. */
const usually = seconds(10);
/** Sets and their points that a person can still look through. */
const failuresMax = 16;

const settings = z.strictObject({
  /** The channel's own point: the utility is lost. */
  lost: ownConditionSchema,
  /** The generator carries the load, or has the voltage for it. */
  carries: conditionSchema,
  /** No start is to be hoped for any more: any of these says so. */
  failed: z.array(conditionSchema).max(failuresMax).default([]),
  /** For two limits, one to be told and one to shed, there are two alarms. */
  within: durationSchema.default(usually),
});

type GeneratorStartSpec = z.output<typeof settings>;

interface GeneratorStartMemory {
  lost: Verdict;
  carries: Verdict;
  failed: Verdict[];
  /** Since when nothing is known to carry the site; null while something does. */
  darkAt: Instant | null;
  now: Instant | null;
}

export const generatorStart: DetectorKind<GeneratorStartSpec, GeneratorStartMemory> = {
  settings,
  own: ({ lost }) => ownIs(lost),
  inputs: ({ carries, failed }) => [
    inputOf(["carries"], carries),
    ...failed.map((condition, i) => inputOf(["failed", i], condition)),
  ],
  make: watched,
};

function watched(
  spec: GeneratorStartSpec,
  memory: GeneratorStartMemory = nothingSeen(spec),
): Detector<GeneratorStartMemory> {
  const take = takerOf(spec, memory);
  return {
    memory,
    judge(reading, now) {
      take(reading);
      memory.now = now;
      if (memory.lost === "normal" || memory.carries === "abnormal") memory.darkAt = null;
      else if (memory.lost === "abnormal" && memory.darkAt === null) memory.darkAt = now;
      return verdictOf(spec, memory, now);
    },
    account: () => [{ name: "without a supply", value: darkS(memory), limit: spec.within / 1000, unit: "s" }],
  };
}

const nothingSeen = ({ failed }: GeneratorStartSpec): GeneratorStartMemory => ({
  lost: "unknown",
  carries: "unknown",
  failed: failed.map(() => "unknown"),
  darkAt: null,
  now: null,
});

/** What is done with a reading of any of the points. */
function takerOf(spec: GeneratorStartSpec, memory: GeneratorStartMemory): (reading: Reading) => void {
  const [isLost, isCarried] = [meetsOwn(spec.lost), meets(spec.carries)];
  const failures = spec.failed.map((condition) => ({ point: condition.point, verdictOf: meets(condition) }));
  return (reading) => {
    const isCarrying = spec.carries.point === reading.point;
    if (isCarrying) memory.carries = isCarried(reading);
    let isOwn = !isCarrying;
    failures.forEach(({ point, verdictOf }, i) => {
      if (point !== reading.point) return;
      isOwn = false;
      memory.failed[i] = verdictOf(reading);
    });
    if (isOwn) memory.lost = isLost(reading);
  };
}

function verdictOf({ within }: GeneratorStartSpec, memory: GeneratorStartMemory, now: Instant): Verdict {
  const { lost, carries, failed, darkAt } = memory;
  if (lost !== "abnormal") return lost;
  if (failed.includes("abnormal")) return "abnormal";
  if (carries === "abnormal") return failed.includes("unknown") ? "unknown" : "normal";
  if (darkAt !== null && elapsed(darkAt, now) > within && carries === "normal") return "abnormal";
  return carries === "unknown" || failed.includes("unknown") ? "unknown" : "normal";
}

function darkS({ lost, darkAt, now }: GeneratorStartMemory): number | null {
  if (lost !== "abnormal" || now === null) return null;
  return darkAt === null ? 0 : elapsed(darkAt, now) / 1000;
}
