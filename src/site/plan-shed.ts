/** Sheds held against the site before they are needed: how long they take with every load at its rating, and whether devices write fast enough. */
import type { Length } from "../core/respond/path.ts";
import type { Mode, Response, ShedAction } from "../core/respond/response.ts";
import { excesses } from "../core/respond/scene.ts";
import type { ShedPlan } from "../core/respond/shed.ts";
import { planShed, writesWithin } from "../core/respond/shed.ts";
import { lengthOfShed } from "../core/respond/shed-length.ts";
import type { Duration } from "../core/time.ts";
import type { NodeId } from "../core/topology/power.ts";
import { listed } from "../core/topology/subject.ts";
import { assumedImage } from "./assumed.ts";
import type { PlanFault } from "./plan-finding.ts";
import { inSeconds, overtime } from "./plan-time.ts";
import type { Site } from "./site.ts";

/** A shed as it would go with every load at its rating. */
export interface ShedForecast {
  readonly response: string;
  readonly mode: Mode;
  /** The announced wait before it, ms. */
  readonly afterMs: number;
  /** Counted from its beginning; null where none is said. */
  readonly deadlineMs: number | null;
  readonly outlets: number;
  readonly length: Length;
}

export const shedForecasts = (site: Site): readonly ShedForecast[] =>
  site.model.responses.flatMap(({ id, mode, after, action }) => {
    if (action.kind === "failover") return [];
    const plan = planAtRating(site, action, action.deadline ?? null);
    const outlets = plan.deeds.reduce((sum, { opens }) => sum + opens.length, 0);
    const length = lengthOfShed(plan, action, site.model.power);
    return [{ response: id, mode, afterMs: after, deadlineMs: action.deadline ?? null, outlets, length }];
  });

interface PlanAtRating extends ShedPlan {
  /** What is still too much on each node that is to be relieved, kW. */
  readonly short: ReadonlyMap<NodeId, number>;
}

/** `leftMs` is the time in which devices write; null where all that they can write counts. */
function planAtRating({ model }: Site, action: ShedAction, leftMs: Duration | null): PlanAtRating {
  const image = assumedImage(model, 1);
  const tree = model.power;
  const writesOf = leftMs === null ? null : (device: string): number => writesWithin(tree, device, leftMs);
  const plan = planShed({ tree, image, taken: new Set(), mute: new Set(), writesOf }, action);
  const over = [...excesses({ tree, image }, action)].filter(([, kw]) => kw > 0);
  return { ...plan, short: new Map(over.map(([node], i) => [node, plan.shortKw[i] ?? 0])) };
}

/** Outlets that are given up sooner than they usually show, and what takes longer than its deadline. */
export function shedFindings(site: Site, { id, action }: Response): readonly PlanFault[] {
  if (action.kind === "failover") return [];
  return [...impatience(id, action), ...(action.deadline === undefined ? [] : lateness(site, id, action))];
}

function impatience(response: string, { within, usual }: ShedAction): readonly PlanFault[] {
  if (usual === undefined || usual <= within) return [];
  const what = `an outlet is given up after ${inSeconds(within)}; as a rule it takes ${inSeconds(usual)}`;
  return [{ kind: "impatient", response, what, todo: "give it more time (within), or measure it again" }];
}

const late =
  "spread its racks over more devices, measure what a write takes (writeTime), or give it more time (deadline)";
const tight = "give outlets (within) and meters (settle) less time, or all of it more (deadline)";

function lateness(site: Site, response: string, action: ShedAction): readonly PlanFault[] {
  const deadline = action.deadline!;
  const words = `its deadline is ${inSeconds(deadline)}`;
  const plan = planAtRating(site, action, deadline);
  const unwritten = heldBack(plan, planAtRating(site, action, null));
  if (unwritten.length > 0) {
    const what = `its devices write too slowly to take ${listed(unwritten)} as well; ${words}`;
    return [{ kind: "late", response, what, todo: late }];
  }
  const length = { ...lengthOfShed(plan, action, site.model.power), waitMs: 0 };
  return overtime(response, length, { lasts: deadline, words }, { late, tight });
}

/** Less is the rounding of sums, kW. */
const heldMin = 0.05;

/** What stays on only because nobody writes it off in time. */
const heldBack = (timed: PlanAtRating, ever: PlanAtRating): readonly string[] =>
  [...timed.short].flatMap(([node, kw]) => {
    const held = kw - (ever.short.get(node) ?? 0);
    return held > heldMin ? [`${held.toFixed(1)} kW off ${node}`] : [];
  });
