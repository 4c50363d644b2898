/**
 * Abnormal when a loop of water does not carry the heat that is put into it: flow · (return - supply) · 4.19 kJ/(l·K) is
 * less than a share of the load. One file, because no single point shows it: a flow that is good with a return that has
 * grown as cold as the supply (units stopped, their valves shut, water that goes past them), and a difference that is
 * good with no flow, are the same loss. Water takes minutes to come round, so both sides are averaged for as long.
 */
import { z } from "zod";
import { durationSchema } from "../duration.ts";
import type { PointId, Reading } from "../reading.ts";
import { valueOf } from "../reading.ts";
import type { Duration, Instant } from "../time.ts";
import { minutes } from "../time.ts";
import { towards } from "./average.ts";
import type { Detector } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";
import { pointSchema } from "./kind.ts";

/** Heat that a litre of water carries for each kelvin, kJ. */
const waterKjLK = 4.19;
/** Meters that a person can still look through. */
const loadsMax = 32;
/** What was abnormal is so until the loop carries this much more than the share. */
const relief = 1.2;

const settings = z.strictObject({
  supply: pointSchema,
  return: pointSchema,
  /** What puts its heat into the loop, kW each: the rows of racks that it cools. */
  loads: z.array(pointSchema).min(1).max(loadsMax),
  /** The part of the load that it must carry. */
  carries: z.number().positive().max(1).default(0.5),
  /** A load of less than this, kW, is not looked for: meters and sensors are not so exact. */
  least: z.number().positive(),
  /** As long as the water takes to come round. */
  over: durationSchema.refine((over) => over > 0, "must be more than 0").default(minutes(3)),
});

type HeatBalanceSpec = z.output<typeof settings>;

interface HeatBalanceMemory {
  flow: number | null;
  supply: number | null;
  return: number | null;
  /** In the order of the settings. */
  loads: (number | null)[];
  /** Averages, kW, and of when; null before all points have spoken. */
  mean: { carriedKw: number; loadKw: number; at: Instant } | null;
  beyond: boolean;
}

export const heatBalance: DetectorKind<HeatBalanceSpec, HeatBalanceMemory> = {
  settings,
  own: "number",
  inputs: (spec) => [
    { path: ["supply"], point: spec.supply, is: "number" },
    { path: ["return"], point: spec.return, is: "number" },
    ...spec.loads.map((point, i) => ({ path: ["loads", i], point, is: "number" as const })),
  ],
  make: weighing,
};

function weighing(spec: HeatBalanceSpec, memory: HeatBalanceMemory = nothingSeen(spec)): Detector<HeatBalanceMemory> {
  const places = new Map<PointId, number>(spec.loads.map((point, i) => [point, i]));
  return {
    memory,
    judge(reading, now) {
      moveOn(memory, now, spec.over);
      take(spec, memory, reading, places.get(reading.point));
      const heat = heatOf(memory);
      if (heat === null) return "unknown";
      memory.mean ??= { ...heat, at: now };
      const { carriedKw, loadKw } = memory.mean;
      const share = spec.carries * (memory.beyond ? relief : 1);
      memory.beyond = loadKw >= spec.least && carriedKw < share * loadKw;
      return memory.beyond ? "abnormal" : "normal";
    },
    account: () => [
      { name: "carries", value: memory.mean?.carriedKw ?? null, unit: "kW" },
      { name: "of a load of", value: memory.mean?.loadKw ?? null, unit: "kW" },
    ],
  };
}

const nothingSeen = ({ loads }: HeatBalanceSpec): HeatBalanceMemory => ({
  flow: null,
  supply: null,
  return: null,
  loads: loads.map(() => null),
  mean: null,
  beyond: false,
});

function take(spec: HeatBalanceSpec, memory: HeatBalanceMemory, reading: Reading, load: number | undefined): void {
  const value = valueOf(reading);
  if (load !== undefined) memory.loads[load] = value;
  else if (reading.point === spec.supply) memory.supply = value;
  else if (reading.point === spec.return) memory.return = value;
  else memory.flow = value;
}

interface Heat {
  readonly carriedKw: number;
  readonly loadKw: number;
}

/** Both sides of the balance now; null while any of it is not known. */
function heatOf({ flow, supply, return: back, loads }: HeatBalanceMemory): Heat | null {
  if (flow === null || supply === null || back === null) return null;
  let loadKw = 0;
  for (const load of loads) {
    if (load === null) return null;
    loadKw += load;
  }
  return { carriedKw: flow * (back - supply) * waterKjLK, loadKw };
}

/** The averages as of now: what was shown last has been so until now. After a silence as long as the water's way round they begin anew. */
function moveOn(memory: HeatBalanceMemory, now: Instant, over: Duration): void {
  const { mean } = memory;
  const heat = heatOf(memory);
  if (mean === null) return;
  if (heat === null) {
    if (now - mean.at >= over) memory.mean = null;
    return;
  }
  const passed = now - mean.at;
  mean.carriedKw = towards(mean.carriedKw, heat.carriedKw, passed, over);
  mean.loadKw = towards(mean.loadKw, heat.loadKw, passed, over);
  mean.at = now;
}
