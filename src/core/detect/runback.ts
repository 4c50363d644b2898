/**
 * Abnormal when a machine that ran before a sag or a transfer of power does not run again in time. In Australia East
 * (2023) a sag of a moment stopped five chillers, and their pumps got no signal to run; nobody looked until the water was
 * too warm to start against. So each of the machines (chillers, pumps, valves, fans) is looked at when its time is up,
 * counted from the end of the disturbance, and is missed until it runs. One that stood before is not. A sag is shorter
 * than a poll: where a device counts outages, it is the counter that tells of it (`rises`).
 */
import { z } from "zod";
import { durationSchema } from "../duration.ts";
import type { Reading } from "../reading.ts";
import type { Instant } from "../time.ts";
import { after, elapsed, seconds } from "../time.ts";
import type { Verdict } from "../vote.ts";
import { conditionSchema, inputOf, meets, meetsOwn, ownConditionSchema, ownIs } from "./condition.ts";
import type { Detector, Weighed } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";

/** Machines of one alarm that a person can still look through. */
const machinesMax = 64;
/** Standby units and fans are back in half of this; what is not will not come by itself. */
const usually = seconds(60);
/** The disturbance may be told of so much later than the machines: a slow class's period, and some polls. */
const usualDelay = seconds(90);

const settings = z.strictObject({
  /** The channel's own point: power is away, sags or is being transferred; or a counter of such that goes up. */
  after: z.union([ownConditionSchema, z.strictObject({ rises: z.literal(true) })]),
  /** Each of them runs. */
  machines: z.array(conditionSchema).min(1).max(machinesMax),
  within: durationSchema.default(usually),
  /** A machine that was seen running so long before the disturbance was told of ran when it came. */
  toldWithin: durationSchema.default(usualDelay),
});

type RunbackSpec = z.output<typeof settings>;

interface RunbackMemory {
  /** Whether there is a disturbance now, and what the counter stands at. */
  disturbed: Verdict;
  count: number | null;
  runs: Verdict[];
  /** When each was last seen running. */
  ranAt: (Instant | null)[];
  /** When each has to run again; null for one that need not. */
  due: (Instant | null)[];
  now: Instant | null;
}

export const runback: DetectorKind<RunbackSpec, RunbackMemory> = {
  settings,
  own: ({ after: what }) => ("rises" in what ? "number" : ownIs(what)),
  inputs: ({ machines }) => machines.map((machine, i) => inputOf(["machines", i], machine)),
  make: watched,
};

function watched(spec: RunbackSpec, memory: RunbackMemory = nothingSeen(spec)): Detector<RunbackMemory> {
  const conditions = spec.machines.map((machine) => ({ point: machine.point, verdictOf: meets(machine) }));
  const look = (reading: Reading, now: Instant): boolean => {
    let isMachine = false;
    conditions.forEach(({ point, verdictOf }, i) => {
      if (point !== reading.point) return;
      isMachine = true;
      memory.runs[i] = verdictOf(reading);
      if (memory.runs[i] === "abnormal") memory.ranAt[i] = now;
    });
    return isMachine;
  };
  const isDisturbance = disturbanceOf(spec, memory);
  return {
    memory,
    judge(reading, now) {
      memory.now = now;
      if (!look(reading, now)) hear(spec, memory, isDisturbance(reading), now);
      release(memory, now);
      return verdictOf(memory, now);
    },
    account: () => accountOf(spec, memory),
  };
}

const nothingSeen = ({ machines }: RunbackSpec): RunbackMemory => ({
  disturbed: "unknown",
  count: null,
  runs: machines.map(() => "unknown"),
  ranAt: machines.map(() => null),
  due: machines.map(() => null),
  now: null,
});

/** `isNew`: a disturbance has begun. */
function hear(spec: RunbackSpec, memory: RunbackMemory, isNew: boolean, now: Instant): void {
  if (memory.disturbed !== "abnormal" && !isNew) return;
  const due = after(now, spec.within);
  memory.due.forEach((one, i) => {
    // What is overdue already stays so: another sag is no excuse.
    if (one !== null && one <= now) return;
    const ranAt = memory.ranAt[i] ?? null;
    const ran = isNew && ranAt !== null && elapsed(ranAt, now) <= spec.toldWithin;
    if (one !== null || ran) memory.due[i] = due;
  });
}

/** Takes the channel's own word; true where it tells of a disturbance that has begun. */
function disturbanceOf({ after: what }: RunbackSpec, memory: RunbackMemory): (reading: Reading) => boolean {
  if ("rises" in what) return (reading) => isCounted(memory, reading);
  const isThere = meetsOwn(what);
  return (reading) => {
    const before = memory.disturbed;
    memory.disturbed = isThere(reading);
    return memory.disturbed === "abnormal" && before !== "abnormal";
  };
}

function isCounted(memory: RunbackMemory, reading: Reading): boolean {
  memory.disturbed = reading.quality === "bad" ? "unknown" : "normal";
  if (reading.quality === "bad") return false;
  const isMore = memory.count !== null && reading.value > memory.count;
  memory.count = reading.value;
  return isMore;
}

/** A machine that runs when its time is up, or later, is no longer looked at. */
function release(memory: RunbackMemory, now: Instant): void {
  memory.due.forEach((due, i) => {
    if (due !== null && due <= now && memory.runs[i] === "abnormal") memory.due[i] = null;
  });
}

function verdictOf({ disturbed, runs, due }: RunbackMemory, now: Instant): Verdict {
  const looked = runs.filter((_, i) => due[i] !== null && due[i]! <= now);
  if (looked.includes("normal")) return "abnormal";
  return looked.includes("unknown") || disturbed === "unknown" ? "unknown" : "normal";
}

/** Every machine that is missed, by its point, and for how long already. */
function accountOf({ machines, within }: RunbackSpec, { runs, due, now }: RunbackMemory): readonly Weighed[] {
  return machines.flatMap(({ point }, i) => {
    const dueAt = due[i] ?? null;
    if (dueAt === null || now === null || runs[i] !== "normal") return [];
    const value = (elapsed(dueAt, now) + within) / 1000;
    return [{ name: `${point} has not run for`, value, limit: within / 1000, unit: "s" }];
  });
}
