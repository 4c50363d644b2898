/**
 * A lithium rack on its way to fire, told by signs that do not hang together: its hottest module against the others, its
 * lowest cell against the others, off-gas, smoke, and the silence of its management while a neighbour answers. They weigh
 * 1 (look), 2 (stop charging) or 3 (it happens), and more together. No sign is a vendor's trip limit, which comes when it
 * is too late, and hydrogen is none at all: in Sandia's tests it came with the runaway, where off-gas came 6.4 minutes
 * before it (DNV). `level` says from which weight it is abnormal, so that three alarms of rising
 * priority have one form. A sign that cannot be read may be anything, and the verdict is unknown while that matters.
 */
import { z } from "zod";
import type { PointId, Reading } from "../reading.ts";
import { pointNameOf, valueOf } from "../reading.ts";
import type { Instant } from "../time.ts";
import { seconds } from "../time.ts";
import type { Verdict } from "../vote.ts";
import type { CellsMemory } from "./cells.ts";
import { areCellsSeen, cellsSchema, gradeOfCells, noCells, underOf, weighCell } from "./cells.ts";
import type { Condition } from "./condition.ts";
import { conditionSchema, inputOf, meets } from "./condition.ts";
import type { Detector, Weighed } from "./detector.ts";
import type { DetectorKind, Input } from "./kind.ts";
import { pointSchema } from "./kind.ts";
import type { WarmthMemory } from "./warmth.ts";
import { climb, coldStart, excessOf, slopeOf, warmthSchema, weighWarmth } from "./warmth.ts";

const levels = ["warning", "charge-stop", "critical"] as const;
/** Sensors and neighbours that a person can still look through. */
const listMax = 32;
/** Fewer signs than this are one sensor's word. */
const signsMin = 2;
/** A rack asked less often than every ten seconds is not watched (the rule of Korea's ministry since 2023). */
const askedWithin = seconds(30);
/** Smoke, gas or heat this long before the silence belongs to it. */
const coincident = seconds(60);
/** When it was we or the network that heard nothing, all racks were silent, and all are heard again within a poll or two. */
const heldUp = seconds(2);

const settings = z.strictObject({
  /** From where it is abnormal. */
  level: z.enum(levels),
  /** The channel's own point is the hottest module or cell. */
  heat: warmthSchema.optional(),
  cells: cellsSchema.optional(),
  /** Sensors of electrolyte vapour. */
  offGas: z.array(conditionSchema).min(1).max(listMax).optional(),
  /** Smoke and flame. */
  smoke: z.array(conditionSchema).min(1).max(listMax).optional(),
  /** Points of other racks that answer by the same way: with them, silence of this one is a sign beside another. */
  neighbours: z.array(pointSchema).min(1).max(listMax).optional(),
});

type RunawaySpec = z.output<typeof settings>;

interface RunawayMemory {
  /** Whether the rack's management answers; null before it was asked. */
  answers: boolean | null;
  heat: WarmthMemory | null;
  cells: CellsMemory | null;
  offGas: Verdict[];
  smoke: Verdict[];
  /** Since when each neighbour answers. */
  alive: (Instant | null)[];
  /** When heat, gas, smoke or a step was last seen, and when the rack fell silent. */
  seenAt: Instant | null;
  lostAt: Instant | null;
}

/** What signs weigh at the least or, where one cannot be read and may be anything, at the most. */
type Bound = "least" | "most";

export const runaway: DetectorKind<RunawaySpec, RunawayMemory> = {
  settings,
  own: "number",
  inputs: ({ heat, cells, offGas = [], smoke = [], neighbours = [] }) => [
    ...(heat?.than ?? []).map((point, i): Input => ({ path: ["heat", "than", i], point, is: "number" })),
    ...(cells ? (["lowest", "than"] as const) : []).map(
      (which): Input => ({ path: ["cells", which], point: cells![which], is: "number" }),
    ),
    ...offGas.map((one, i) => inputOf(["offGas", i], one)),
    ...smoke.map((one, i) => inputOf(["smoke", i], one)),
    ...neighbours.map((point, i): Input => ({ path: ["neighbours", i], point, is: "any" })),
  ],
  window: () => ({ path: ["level"], lasts: askedWithin }),
  wrong: (spec) => hydrogenIn(spec) ?? tooFew(spec),
  make: watched,
};

type Wrong = ReturnType<NonNullable<DetectorKind["wrong"]>>;

function tooFew({ heat, cells, offGas, smoke }: RunawaySpec): Wrong {
  const given = [heat, cells, offGas, smoke].filter((sign) => sign !== undefined);
  if (given.length >= signsMin) return null;
  return { path: [], message: "one sign alone is no runaway: needs two of heat, cells, offGas and smoke" };
}

function hydrogenIn({ offGas = [], smoke = [] }: RunawaySpec): Wrong {
  const list = offGas.some(isHydrogen) ? offGas : smoke;
  const at = list.findIndex(isHydrogen);
  if (at < 0) return null;
  const message = "hydrogen comes with a lithium runaway and not before it: name a sensor of electrolyte vapour";
  return { path: [list === offGas ? "offGas" : "smoke", at, "point"], message };
}

const isHydrogen = ({ point }: Condition): boolean => pointNameOf(point).includes("hydrogen");

const nothingSeen = ({ heat, cells, offGas = [], smoke = [], neighbours = [] }: RunawaySpec): RunawayMemory => ({
  answers: null,
  heat: heat ? coldStart(heat) : null,
  cells: cells ? noCells() : null,
  offGas: offGas.map(() => "unknown"),
  smoke: smoke.map(() => "unknown"),
  alive: neighbours.map(() => null),
  seenAt: null,
  lostAt: null,
});

function watched(spec: RunawaySpec, memory: RunawayMemory = nothingSeen(spec)): Detector<RunawayMemory> {
  const takers = takersOf(spec, memory);
  return {
    memory,
    judge(reading, now) {
      const of = takers.get(reading.point);
      if (of) for (const take of of) take(reading, now);
      else takeOwn(spec, memory, reading);
      noteSilence(memory, reading, now);
      return verdictOf(spec, memory, now);
    },
    account: () => accountOf(spec, memory),
  };
}

type Take = (reading: Reading, now: Instant) => void;

/** What is done with a reading of each point beside the channel's own. */
function takersOf(spec: RunawaySpec, memory: RunawayMemory): ReadonlyMap<PointId, readonly Take[]> {
  const takers = new Map<PointId, Take[]>();
  const on = (point: PointId, take: Take): void => void takers.set(point, [...(takers.get(point) ?? []), take]);
  spec.heat?.than.forEach((point, i) => {
    on(point, (reading) => {
      memory.heat!.than[i] = valueOf(reading);
    });
  });
  for (const which of spec.cells ? (["lowest", "than"] as const) : [])
    on(spec.cells![which], (reading) =>
      weighCell(spec.cells!, memory.cells!, which, { value: valueOf(reading), at: reading.at }),
    );
  for (const list of ["offGas", "smoke"] as const)
    spec[list]?.forEach((condition, i) => {
      const judge = meets(condition);
      on(condition.point, (reading) => {
        memory[list][i] = judge(reading);
      });
    });
  spec.neighbours?.forEach((point, i) => {
    on(point, (reading, now) => {
      memory.alive[i] = reading.quality === "bad" ? null : (memory.alive[i] ?? now);
    });
  });
  return takers;
}

function takeOwn({ heat }: RunawaySpec, memory: RunawayMemory, reading: Reading): void {
  memory.answers = answersIn(reading);
  if (!heat || !memory.heat) return;
  memory.heat.own = valueOf(reading);
  if (reading.quality !== "bad") weighWarmth(heat, memory.heat, reading.at);
}

/** A sensor that has failed is told of by a management that answers. */
function answersIn(reading: Reading): boolean | null {
  if (reading.quality !== "bad") return true;
  if (reading.reason === "waitingForFirst") return null;
  return reading.reason !== "noCommunication" && reading.reason !== "stale";
}

/** A rack is silent when none of what it says of itself comes any more. */
function noteSilence(memory: RunawayMemory, reading: Reading, now: Instant): void {
  const { answers, cells } = memory;
  const isSilent = answers === false && (cells === null || (cells.lowest === null && cells.than === null));
  memory.lostAt = isSilent ? (memory.lostAt ?? now) : null;
  // What a rack that is silent said last is not seen again with every reading of something else.
  if (reading.quality !== "bad" && isAnomalous(memory)) memory.seenAt = now;
}

function isAnomalous({ answers, heat, cells, offGas, smoke }: RunawayMemory): boolean {
  if (offGas.includes("abnormal") || smoke.includes("abnormal")) return true;
  if (answers !== true) return false;
  const isWarm = heat !== null && excessOf(heat) !== null && gradeOfHeat(heat) > 0;
  return isWarm || (cells !== null && cells.step?.isSure === true && areCellsSeen(cells));
}

const gradeOfHeat = ({ warm, hot, climbing }: WarmthMemory): number =>
  hot || (warm && climbing) ? 2 : warm || climbing ? 1 : 0;

function verdictOf({ level }: RunawaySpec, memory: RunawayMemory, now: Instant): Verdict {
  if (isGone(memory, now)) return "abnormal";
  const needed = levels.indexOf(level) + 1;
  if (together(memory, "least") >= needed) return "abnormal";
  return together(memory, "most") >= needed ? "unknown" : "normal";
}

/** Silent beside a sign, while a neighbour goes on answering. */
function isGone({ lostAt, seenAt, alive }: RunawayMemory, now: Instant): boolean {
  if (lostAt === null || seenAt === null || seenAt < lostAt - coincident) return false;
  return alive.some((since) => since !== null && now - Math.max(since, lostAt) >= heldUp);
}

/**
 * What all signs weigh. Heat and cells that agree weigh more than either; sensors of the room do not say which rack it is,
 * and alone weigh 2, but with any sign of the rack's own it happens there.
 */
function together({ heat, cells, offGas, smoke }: RunawayMemory, bound: Bound): number {
  const [warm, weak] = [heat ? weightOfHeat(heat, bound) : 0, cells ? weightOfCells(cells, bound) : 0];
  const around = Math.max(weightOfRoom(offGas, bound), weightOfRoom(smoke, bound));
  const rack = Math.max(warm, weak, Math.min(warm, weak) > 0 ? Math.min(warm, weak) + 1 : 0);
  return rack > 0 && around > 0 ? 3 : Math.max(rack, around);
}

const weightOfHeat = (heat: WarmthMemory, bound: Bound): number =>
  excessOf(heat) !== null ? gradeOfHeat(heat) : bound === "least" ? 0 : 2;

const weightOfCells = (cells: CellsMemory, bound: Bound): number =>
  areCellsSeen(cells) ? gradeOfCells(cells) : bound === "least" ? 0 : 3;

const weightOfRoom = (verdicts: readonly Verdict[], bound: Bound): number =>
  verdicts.includes("abnormal") || (bound === "most" && verdicts.includes("unknown")) ? 2 : 0;

function accountOf({ heat, cells }: RunawaySpec, memory: RunawayMemory): readonly Weighed[] {
  const { heat: warmth, cells: pairs, offGas, smoke } = memory;
  const shown = (name: string, isSeen: boolean): Weighed => ({ name, value: isSeen ? 1 : null });
  return [
    ...(warmth && heat
      ? [
          { name: "hottest over the others", value: excessOf(warmth), limit: heat.warning, unit: "K" },
          { name: "climbing away", value: warmth.trend && slopeOf(warmth.trend.excess), limit: climb, unit: "K/min" },
        ]
      : []),
    ...(pairs && cells
      ? [{ name: "lowest cell under the others", value: underOf(pairs), limit: cells.warning, unit: "V" }]
      : []),
    shown("off-gas", offGas.includes("abnormal")),
    shown("smoke", smoke.includes("abnormal")),
    shown("silent", memory.lostAt !== null),
  ];
}
