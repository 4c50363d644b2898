/**
 * A shed, stage by stage. The whole of it is planned each time, and a stage is as much of the plan as
 * is the least harmful class of it: what is dearer is planned anew from what the meters say after
 * this. Only where a deadline leaves no time for another look is all of the plan one stage. A stage
 * holds no more writes than each device can make while outlets are waited for.
 */
import type { Test } from "../command.ts";
import type { PointId } from "../reading.ts";
import { deviceOf, pointId } from "../reading.ts";
import type { Duration } from "../time.ts";
import { ms } from "../time.ts";
import type { Importance, LoadFeed, PowerTree } from "../topology/power.ts";
import { deadKw } from "../topology/power.ts";
import type { Choice } from "./draft.ts";
import type { Solution } from "./planner.ts";
import { solve } from "./planner.ts";
import { prospectOf, writesIn } from "./prospect.ts";
import type { ShedAction } from "./response.ts";
import type { Deed, Scene, View } from "./scene.ts";
import { viewOf } from "./scene.ts";

/** One outlet to open, and the physical effect that confirms it. */
export interface Cut {
  readonly load: string;
  readonly outlet: PointId;
  readonly expect: Test;
  readonly why: string;
  /** Its load goes dark by it, and does not only lean on its other feed. */
  readonly isDark: boolean;
}

export interface ShedStage {
  /** "move batch": loads go over to their other feed. "drop batch": loads go dark. */
  readonly name: string;
  readonly cuts: readonly Cut[];
  /** What the endangered supplies are freed of, kW. */
  readonly freedKw: number;
  /** Loads that would have to go dark and may not with nobody asked. A stage may hold nothing else. */
  readonly beyond: readonly string[];
}

/** What is to be done to each load, the least harmful first, and how good that is. */
export interface ShedPlan extends Omit<Solution, "picked"> {
  readonly deeds: readonly PlannedDeed[];
  /** It rests on devices that do not answer or loads that are not seen to draw anything. */
  readonly isLastResort: boolean;
}

export interface PlannedDeed extends Deed {
  readonly freedKw: number;
}

/** A write to a device of which nothing is known: the gate's look before it, the write and the card's own pace. */
export const usualWrite = ms(500);
/** Polls in a row without an answer after which a device is not counted on; its link's alarm says so as well. */
const missedMax = 3;

/** The least-harm plan as things stand; what is not seen to help is in it only where nothing else is left. */
export function planShed(scene: Scene, action: ShedAction): ShedPlan {
  const view = viewOf(scene, action);
  const plan = planBy(view, action, "seen");
  return plan.deeds.length > 0 || view.over.size === 0 ? plan : planBy(view, action, "last");
}

function planBy(view: View, action: ShedAction, resort: "seen" | "last"): ShedPlan {
  const { problem, deedOf } = prospectOf(view, action, resort);
  const { picked, ...solution } = solve(problem);
  const inOrder = problem.isListed ? picked : picked.toSorted(gentlestFirst);
  const planned = inOrder.map((choice) => ({ ...deedOf(choice), freedKw: choice.kw }));
  return { ...solution, deeds: planned, isLastResort: resort === "last" };
}

/** Equal ones stay by their loads' numbers. */
const gentlestFirst = (a: Choice, b: Choice): number => a.rank - b.rank || b.kw - a.kw;

/** The next stage, or null when every supply is relieved or nothing is left that may be opened. `leftMs` is what a deadline leaves. */
export function nextStage(scene: Scene, action: ShedAction, leftMs: number | null = null): ShedStage | null {
  const { within: deeds, beyond } = withinScope(planShed(scene, action).deeds, scene.darkLeftKw ?? null);
  const made = stageOf(deeds, action, scene.tree, leftMs);
  if (made.length === 0 && beyond.length === 0) return null;
  const cuts = made.flatMap((deed) => deed.opens.map((feed) => cutOf(scene, deed, feed)));
  return { name: nameOf(made), cuts, freedKw: made.reduce((sum, { freedKw }) => sum + freedKw, 0), beyond };
}

/** As many of these deeds as are one stage. */
function stageOf(
  deeds: readonly PlannedDeed[],
  action: ShedAction,
  tree: PowerTree,
  leftMs: number | null,
): readonly PlannedDeed[] {
  const isLate = leftMs !== null && leftMs < 2 * (action.within + action.settle);
  return withinWrites(isLate || action.order !== undefined ? deeds : ofOneClass(deeds), action.within, tree);
}

/** A stage that is only looked forward to: what it does, and how many writes each device makes for it. */
export interface StageAhead {
  readonly name: string;
  readonly writes: ReadonlyMap<string, number>;
}

/** All stages of a plan, if meters show after each what it was planned for. `lasts` is how long one takes, its settling in it, ms. */
export function stagesAhead(
  deeds: readonly PlannedDeed[],
  action: ShedAction,
  tree: PowerTree,
  lasts: (stage: StageAhead) => number,
): readonly StageAhead[] {
  const stages: StageAhead[] = [];
  let left = deeds;
  let leftMs: number | null = action.deadline ?? null;
  while (left.length > 0) {
    const made = new Set(stageOf(left, action, tree, leftMs));
    const stage = { name: nameOf([...made]), writes: writesIn({ opens: [...made].flatMap(({ opens }) => opens) }) };
    stages.push(stage);
    left = left.filter((deed) => !made.has(deed));
    const remainsMs = (leftMs ?? 0) - lasts(stage);
    leftMs = remainsMs > 0 ? remainsMs : null;
  }
  return stages;
}

/** The deeds that may be done with nobody asked, in their order, and the loads of those that may not. */
function withinScope(
  deeds: readonly PlannedDeed[],
  darkKw: number | null,
): { readonly within: readonly PlannedDeed[]; readonly beyond: readonly string[] } {
  let leftKw = darkKw ?? Number.POSITIVE_INFINITY;
  const within = deeds.filter(({ manner, load: { ratedKw } }) => {
    if (manner === "move") return true;
    if (ratedKw > leftKw) return false;
    leftKw -= ratedKw;
    return true;
  });
  return { within, beyond: deeds.filter((deed) => !within.includes(deed)).map(({ load }) => load.id) };
}

/** All moves, or else the drops of the class that comes first. */
function ofOneClass(deeds: readonly PlannedDeed[]): readonly PlannedDeed[] {
  const [first] = deeds;
  return deeds.filter(
    ({ manner, load }) => manner === first?.manner && (manner === "move" || load.importance === first.load.importance),
  );
}

/** As many as every device can make of them in a time, one write after the other; the first in any case. */
function withinWrites(deeds: readonly PlannedDeed[], within: Duration, tree: PowerTree): readonly PlannedDeed[] {
  const left = new Map<string, number>();
  const leftOf = (device: string): number => left.get(device) ?? writesWithin(tree, device, within);
  return deeds.filter((deed, i) => {
    const writes = [...writesIn(deed)];
    if (i > 0 && writes.some(([device, count]) => count > leftOf(device))) return false;
    for (const [device, count] of writes) left.set(device, leftOf(device) - count);
    return true;
  });
}

/** How many writes a device can make in a time, ms. */
export const writesWithin = ({ writeTimes }: PowerTree, device: string, withinMs: number): number =>
  Math.floor(withinMs / (writeTimes?.get(device) ?? usualWrite));

/** Devices of the tree's outlets that have missed so many polls that nobody counts on them. */
export function muteDevices({ tree, image }: Pick<Scene, "tree" | "image">): ReadonlySet<string> {
  const outlets = tree.loads.flatMap(({ feeds }) => feeds.flatMap(({ outlet }) => outlet ?? []));
  const isMute = (device: string): boolean => (image.valueOf(pointId(device, "link.missed")) ?? 0) >= missedMax;
  return new Set([...new Set(outlets.map(deviceOf))].filter(isMute));
}

function nameOf(deeds: readonly PlannedDeed[]): string {
  const manners = (["move", "drop"] as const).filter((manner) => deeds.some((deed) => deed.manner === manner));
  return manners.map((manner) => `${manner} ${classesIn(deeds.filter((deed) => deed.manner === manner))}`).join("; ");
}

function classesIn(deeds: readonly PlannedDeed[]): string {
  const classes = new Set<Importance>(deeds.map(({ load }) => load.importance));
  return [...classes].join(", ");
}

function cutOf({ image }: Scene, { load, manner }: PlannedDeed, feed: LoadFeed): Cut {
  // A meter that is silent now would leave the cut unconfirmed, whatever the outlet does.
  const isMetered = feed.power !== null && image.valueOf(feed.power) !== null;
  const expect: Test = isMetered
    ? { point: feed.power, is: "<", value: deadKw }
    : { point: feed.closed ?? feed.outlet!, is: "=", value: 0 };
  const why = manner === "move" ? `${load.id} moves to its other feed` : `${load.id} (${load.importance}) goes dark`;
  return { load: load.id, outlet: feed.outlet!, expect, why, isDark: manner === "drop" };
}
