/**
 * Abnormal while a battery feeds its load and will be empty too soon. What is left is worked out twice. From the design:
 * rated runtime, load, charge, health and warmth, each of which is known within bounds only. And from what is seen: how
 * fast charge, or a lead-acid battery's voltage, has fallen of late; that holds whatever is wrong with the design, and
 * once it is known it alone counts. Both are intervals, and the alarm goes by their early end. A UPS's own figure
 * counts where it is lower and where it moves: some tell the same for ever, or 0 while the mains are there.
 */
import { z } from "zod";
import { durationSchema } from "../duration.ts";
import type { PointId, Reading } from "../reading.ts";
import { valueOf } from "../reading.ts";
import type { Instant } from "../time.ts";
import { elapsed } from "../time.ts";
import type { Verdict } from "../vote.ts";
import { conditionSchema, inputOf, meets } from "./condition.ts";
import type { Detector, Weighed } from "./detector.ts";
import type { Bounds, Design, Interval, Standing } from "./discharge.ts";
import { byCharge, byDesign, byVoltage, nominalS } from "./discharge.ts";
import type { DetectorKind, Input } from "./kind.ts";
import { pointSchema } from "./kind.ts";

const settings = z.strictObject({
  below: durationSchema,
  onBattery: conditionSchema,
  chemistry: z.enum(["lithium", "lead"]),
  /** What it was built for: so long at this load, in the unit of the channel's own point. */
  rated: z.strictObject({ lasts: durationSchema, load: z.number().positive() }),
  charge: pointSchema.optional(),
  /** Of a lead-acid battery whole, and the voltage at which its UPS lets go of it. */
  voltage: z.strictObject({ point: pointSchema, empty: z.number().positive() }).optional(),
  temperature: pointSchema.optional(),
  /** What of its capacity is left, %: a point, or what the last test of it gave. */
  health: z.union([pointSchema, z.number().min(10).max(100)]).optional(),
  /** The UPS's own figure. */
  told: pointSchema.optional(),
  /** Whether a battery that would not last is abnormal while nothing is asked of it. */
  onMains: z.boolean().default(false),
});

export type RuntimeSpec = z.output<typeof settings>;

/** Moments of a discharge that are kept, one for each half per cent of the nominal runtime: its last eighth. */
const momentsMax = 25;
const momentShare = 0.005;
/** By then the voltage has come down from its float to where the load draws it. */
const settledShare = 0.02;
/** A load that has changed by more has moved the voltage by itself. */
const sameLoad = 0.05;
/** What has been too little must be so much more before it is enough. */
const recovered = 1.2;
/** A battery room's, where nobody measures; batteries are replaced at 80 % of their capacity (IEEE 1188). */
const usualC: Bounds = { low: 15, high: 25 };
const usualHealth: Bounds = { low: 80, high: 100 };

const quantities = ["load", "charge", "voltage", "temperature", "health", "told"] as const;
type Quantity = (typeof quantities)[number];

/** [share of the nominal runtime that has gone by, charge, voltage, load] */
type Moment = [share: number, charge: number | null, voltage: number | null, load: number];

interface RuntimeMemory {
  onBattery: Verdict;
  /** The last word of each, and of what nothing has been heard since. */
  last: Record<Quantity, number | null>;
  silent: Record<Quantity, boolean>;
  /** What the UPS told when the discharge began, and whether it has told anything else since. */
  toldFirst: number | null;
  toldMoves: boolean;
  /** Of this discharge: until when, and what has gone by of the nominal runtime. */
  at: Instant | null;
  share: number;
  moments: Moment[];
  short: boolean;
}

export const runtime: DetectorKind<RuntimeSpec, RuntimeMemory> = {
  settings,
  own: "number",
  inputs: (spec) => [inputOf(["onBattery"], spec.onBattery), ...measuresOf(spec)],
  wrong: ({ chemistry, charge, voltage }) => {
    if (chemistry === "lithium" && voltage)
      return {
        path: ["voltage"],
        message: "the voltage of a lithium battery says little until it is empty: give charge",
      };
    if (charge !== undefined || voltage) return null;
    return { path: [], message: `needs charge${chemistry === "lead" ? " or voltage" : ""}: how full the battery is` };
  },
  make: watched,
};

function measuresOf({ charge, voltage, temperature, health, told }: RuntimeSpec): readonly Input[] {
  const measures: readonly [path: readonly string[], point: PointId | number | undefined][] = [
    [["charge"], charge],
    [["voltage", "point"], voltage?.point],
    [["temperature"], temperature],
    [["health"], health],
    [["told"], told],
  ];
  return measures.flatMap(([path, point]) =>
    typeof point === "string" ? [{ path, point, is: "number" as const }] : [],
  );
}

function watched(spec: RuntimeSpec, memory: RuntimeMemory = nothingKnown()): Detector<RuntimeMemory> {
  const { charge, voltage, temperature, health, told, onBattery } = spec;
  const places: Readonly<Partial<Record<Quantity, unknown>>> = {
    charge,
    voltage: voltage?.point,
    temperature,
    health,
    told,
  };
  const namedAt = new Map<unknown, Quantity[]>();
  for (const quantity of quantities) {
    const place = places[quantity];
    if (place !== undefined) namedAt.set(place, [...(namedAt.get(place) ?? []), quantity]);
  }
  const verdictIn = meets(onBattery);
  return {
    memory,
    judge(reading, now) {
      goOn(spec, memory, now);
      const named = namedAt.get(reading.point);
      if (reading.point === onBattery.point) turn(memory, verdictIn(reading), now);
      else if (!named) hear(memory, "load", reading);
      for (const quantity of named ?? []) hear(memory, quantity, reading);
      remember(memory);
      return verdictOf(spec, memory);
    },
    account: () => accountOf(spec, memory),
  };
}

const every = <T>(value: T): Record<Quantity, T> => ({
  load: value,
  charge: value,
  voltage: value,
  temperature: value,
  health: value,
  told: value,
});

const nothingKnown = (): RuntimeMemory => ({
  onBattery: "unknown",
  last: every<number | null>(null),
  silent: every(true),
  toldFirst: null,
  toldMoves: false,
  at: null,
  share: 0,
  moments: [],
  short: false,
});

/** The discharge until now, at the load that was heard last: through a silence as well, for it goes on meanwhile. */
function goOn(spec: RuntimeSpec, memory: RuntimeMemory, now: Instant): void {
  const { load } = memory.last;
  const isUnderWay = memory.onBattery === "abnormal" || (memory.onBattery === "unknown" && memory.at !== null);
  if (!isUnderWay || load === null) return;
  if (memory.at !== null) memory.share += elapsed(memory.at, now) / 1000 / nominalS(designOf(spec), load);
  memory.at = now;
}

/** A discharge is counted from the turn to battery on; on the mains it is over, and what was seen of it is forgotten. */
function turn(memory: RuntimeMemory, onBattery: Verdict, now: Instant): void {
  memory.onBattery = onBattery;
  if (onBattery === "abnormal") memory.at ??= now;
  if (onBattery !== "normal") return;
  Object.assign(memory, { at: null, share: 0, moments: [], toldFirst: memory.last.told, toldMoves: false });
}

const isSameLoad = (one: number, other: number): boolean => Math.abs(one - other) <= sameLoad * other;

function hear(memory: RuntimeMemory, quantity: Quantity, reading: Reading): void {
  const value = valueOf(reading);
  memory.silent[quantity] = value === null;
  if (value === null) return;
  const { last } = memory;
  // The voltage that was heard before is that of another load.
  if (quantity === "load" && last.load !== null && !isSameLoad(last.load, value)) last.voltage = null;
  last[quantity] = value;
  if (quantity !== "told") return;
  if (memory.toldFirst === null || memory.onBattery === "normal") memory.toldFirst = value;
  else if (memory.onBattery === "abnormal" && value !== memory.toldFirst) memory.toldMoves = true;
}

function remember({ onBattery, share, moments, last }: RuntimeMemory): void {
  if (onBattery !== "abnormal" || last.load === null) return;
  const before = moments.at(-1);
  if (before && share - before[0] < momentShare) return;
  moments.push([share, last.charge, last.voltage, last.load]);
  if (moments.length > momentsMax) moments.shift();
}

const designOf = ({ chemistry, rated }: RuntimeSpec): Design => ({
  chemistry,
  ratedS: rated.lasts / 1000,
  load: rated.load,
});

/** What is not measured is known within bounds; what has fallen silent is as it was: neither moves within minutes. */
function standingOf({ health, temperature }: RuntimeSpec, { last }: RuntimeMemory, load: number): Standing {
  const known = typeof health === "number" ? health : last.health;
  const warmC = temperature === undefined ? null : last.temperature;
  return {
    load,
    health: known === null ? usualHealth : { low: known, high: known },
    warmC: warmC === null ? usualC : { low: warmC, high: warmC },
  };
}

/** How long it lasts by all that is heard now; null where that is too little. */
function intervalOf(spec: RuntimeSpec, memory: RuntimeMemory): Interval | null {
  const { last, silent, onBattery } = memory;
  if (last.load === null || silent.load) return null;
  const standing = standingOf(spec, memory, last.load);
  const seen = onBattery === "normal" ? [] : seenOf(spec, memory, standing);
  if (seen.length > 0) {
    return {
      leastS: Math.min(...seen.map(({ leastS }) => leastS)),
      mostS: Math.max(...seen.map(({ mostS }) => mostS)),
    };
  }
  if (isMeasureSilent(spec, memory)) return null;
  const charge = chargeOf(spec, memory);
  return charge === null ? null : byDesign(designOf(spec), standing, charge);
}

/** Whether a measure of how full it is says nothing now. What the others say can be enough to raise, and never to clear. */
const isMeasureSilent = ({ charge, voltage }: RuntimeSpec, { silent }: RuntimeMemory): boolean =>
  (charge !== undefined && silent.charge) || (voltage !== undefined && silent.voltage);

/** Without a measure of charge, a battery was full when the mains went, and has given what its load took since. */
function chargeOf({ charge }: RuntimeSpec, { last, share }: RuntimeMemory): number | null {
  return charge === undefined ? 100 * Math.max(0, 1 - share) : last.charge;
}

function seenOf(spec: RuntimeSpec, { last, silent, share, moments }: RuntimeMemory, standing: Standing): Interval[] {
  const design = designOf(spec);
  const { voltage } = spec;
  const first = moments.find(([, charge]) => charge !== null);
  const loaded = moments.find(
    ([from, , volts, load]) => volts !== null && from >= settledShare && isSameLoad(load, standing.load),
  );
  const charge = silent.charge ? null : last.charge;
  const byFall =
    first && charge !== null
      ? byCharge(design, standing, { from: first[1]!, to: charge, share: share - first[0] })
      : null;
  const volts = silent.voltage ? null : last.voltage;
  const bySag =
    voltage && loaded && volts !== null
      ? byVoltage(design, standing.load, { from: loaded[2]!, to: volts, share: share - loaded[0] }, voltage.empty)
      : null;
  return [byFall, bySag].filter((interval) => interval !== null);
}

function verdictOf(spec: RuntimeSpec, memory: RuntimeMemory): Verdict {
  const { onBattery, toldMoves, last, silent } = memory;
  if (onBattery === "unknown") return "unknown";
  if (onBattery === "normal" && !spec.onMains) {
    memory.short = false;
    return "normal";
  }
  const left = intervalOf(spec, memory);
  const isTold = onBattery === "abnormal" && toldMoves;
  const told = isTold && !silent.told ? last.told : null;
  const leastS = Math.min(left?.leastS ?? Number.POSITIVE_INFINITY, told ?? Number.POSITIVE_INFINITY);
  const isShort = leastS * 1000 < spec.below * (memory.short ? recovered : 1);
  if (!isShort && (left === null || isMeasureSilent(spec, memory) || (isTold && silent.told))) return "unknown";
  memory.short = isShort;
  return isShort ? "abnormal" : "normal";
}

/** How long the battery lasts by the early end, ms, counted from the last reading; null where nobody knows. `memory` is a runtime detector's own. */
export function timeToEmpty(spec: RuntimeSpec, memory: unknown, now: Instant): number | "onMains" | null {
  const known = memory as RuntimeMemory;
  if (known.onBattery === "normal") return "onMains";
  const leastS = known.onBattery === "unknown" ? null : leastLeft(spec, known);
  return leastS === null ? null : 1000 * leastS - (known.at === null ? 0 : elapsed(known.at, now));
}

/** The early end by all that is heard, s: the UPS's own figure where it moves and is lower; null where nobody knows. */
function leastLeft(spec: RuntimeSpec, memory: RuntimeMemory): number | null {
  const told = memory.toldMoves && !memory.silent.told ? memory.last.told : null;
  const ends = [intervalOf(spec, memory)?.leastS ?? null, told].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** How long a full battery lasts at a load by what the site file says of it. */
export function runtimeByDesign(spec: RuntimeSpec, load: number): Interval {
  const { health } = spec;
  const known = typeof health === "number" ? { low: health, high: health } : usualHealth;
  return byDesign(designOf(spec), { load, health: known, warmC: usualC }, 100);
}

function accountOf(spec: RuntimeSpec, memory: RuntimeMemory): readonly Weighed[] {
  const left = intervalOf(spec, memory);
  const { told } = memory.last;
  return [
    { name: "lasts at least", value: left?.leastS ?? null, limit: spec.below / 1000, unit: "s" },
    { name: "lasts at most", value: left?.mostS ?? null, unit: "s" },
    ...(spec.told === undefined ? [] : [{ name: "the UPS says", value: memory.silent.told ? null : told, unit: "s" }]),
  ];
}
