/**
 * How long a shed takes: its plan by what meters show at its beginning, stage after stage. Devices write
 * side by side, each one outlet after the other, and a stage is over when its slowest device is. As a
 * rule that is what was said or measured; at worst every outlet shows it in its last moment. What is
 * not confirmed, and planned anew with other outlets, comes on top.
 */
import type { Duration } from "../time.ts";
import { ms } from "../time.ts";
import type { PowerTree } from "../topology/power.ts";
import type { Chain, Length } from "./path.ts";
import type { ShedAction } from "./response.ts";
import type { ShedPlan, StageAhead } from "./shed.ts";
import { stagesAhead, usualWrite } from "./shed.ts";
import { graceForOutcome } from "./turn.ts";

/** The length of a plan, its stages as steps, each with the device that it waits for longest. */
export function lengthOfShed({ deeds }: Pick<ShedPlan, "deeds">, action: ShedAction, tree: PowerTree): Length {
  const slowestOf = (stage: StageAhead): Slowest => slowestIn(stage, action, tree);
  const stages = stagesAhead(deeds, action, tree, (stage) => slowestOf(stage).lastsMs + action.settle);
  const slowest = stages.map(slowestOf);
  const settling = action.settle * Math.max(0, stages.length - 1);
  const usualMs = slowest.reduce((sum, { lastsMs }) => sum + lastsMs, settling);
  const steps = stages.map(({ name }, i) => `${name} (${slowest[i]!.what})`);
  const assumed = new Set(slowest.flatMap(({ device, isAssumed }) => (isAssumed ? [device] : [])));
  const worst: Chain = {
    lasts: ms(stages.length * (action.within + graceForOutcome) + settling),
    steps: stages.map(({ name }) => name),
    assumed: [],
  };
  return { usual: { lasts: ms(usualMs), steps, assumed: [...assumed] }, worst };
}

interface Slowest {
  readonly device: string;
  /** "pdu-a1: 7 writes" */
  readonly what: string;
  readonly lastsMs: number;
  /** Nothing is known of it: it counts with all the time that an outlet has. */
  readonly isAssumed: boolean;
}

/** How long a device takes until so many outlets show that they are open, ordered in one moment; null where nothing is known of either. */
export function writesLast(
  { usual }: ShedAction,
  { writeTimes }: PowerTree,
  device: string,
  count: number,
): Duration | null {
  const pace = writeTimes?.get(device);
  if (pace === undefined && usual === undefined) return null;
  return ms(Math.max(count * (pace ?? usualWrite), usual ?? 0));
}

function slowestIn({ writes }: StageAhead, action: ShedAction, tree: PowerTree): Slowest {
  const all = [...writes].map(([device, count]): Slowest => {
    const known = writesLast(action, tree, device, count);
    const what = `${device}: ${count === 1 ? "1 write" : `${count} writes`}`;
    return { device, what, lastsMs: known ?? action.within, isAssumed: known === null };
  });
  return all.reduce((slowest, next) => (next.lastsMs > slowest.lastsMs ? next : slowest));
}
