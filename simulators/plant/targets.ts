/**
 * What a site commands beside its devices: name records, workers, nodes, clusters. The plant knows none of their insides;
 * each takes an order, stays in its state for as long as such things take (±20 % by seed), and is then in the one that was
 * ordered. It may be stuck on its way, refuse, or give no answer, which is also so once the tools that serve it are dark.
 */
import type { TargetKindName } from "../../src/core/target.ts";
import { targetKind } from "../../src/core/target.ts";
import type { Dice } from "./dice.ts";
import { between } from "./dice.ts";
import type { Gauges } from "./gauge-table.ts";
import type { LayoutTarget } from "./layout.ts";
import type { Estate } from "./rooms/services.ts";

export const targetConditions = ["sound", "stuck", "refusing", "mute"] as const;

/** A target as it stands. `state` and `to` are places in its states. */
export interface PlantTarget {
  readonly id: string;
  readonly point: string;
  readonly stateCount: number;
  /** How long a change takes, s. */
  readonly takesS: number;
  state: number;
  to: number;
  leftS: number;
  condition: (typeof targetConditions)[number];
}

/** How long a change of each kind takes, s: an assumption of the order of what such things take. */
const usualS: Readonly<Record<TargetKindName, number>> = {
  dns: 2,
  mqtt: 15,
  http: 20,
  kubernetes: 60,
  redfishPower: 120,
  redfishLimit: 3,
  patroni: 12,
  sentinel: 8,
  exec: 20,
};
const spread = 0.2;

/** Targets in the first of their states. */
export const makeTargets = (targets: readonly LayoutTarget[], chance: Dice): readonly PlantTarget[] =>
  targets.map(({ id, kind, stateCount }) => ({
    id,
    point: targetKind(kind).point,
    stateCount,
    takesS: usualS[kind] * between(chance, 1 - spread, 1 + spread),
    state: 0,
    to: 0,
    leftS: 0,
    condition: "sound",
  }));

/** An order to be in a state; false where it is refused. One that comes again changes nothing. */
export function orderState(target: PlantTarget, to: number): boolean {
  if (target.condition === "refusing" || !Number.isInteger(to) || to < 0 || to >= target.stateCount) return false;
  if (to === target.to) return true;
  target.to = to;
  target.leftS = to === target.state ? 0 : target.takesS;
  return true;
}

/** A second. */
export function runTargets(targets: readonly PlantTarget[]): void {
  for (const target of targets) {
    if (target.state === target.to || target.condition === "stuck") continue;
    target.leftS -= 1;
    if (target.leftS <= 0) target.state = target.to;
  }
}

/** What targets stand in: the tools that serve them, and racks for those to stand in. */
interface House {
  readonly estate: Estate;
  readonly racks: readonly unknown[];
}

/** Whether a target gives any answer. */
export const targetAnswers = ({ estate, racks }: House, { condition }: PlantTarget): boolean =>
  condition !== "mute" && (estate.toolSite !== 0 || estate.siteLive || racks.length === 0);

/** The one point of a target; no reading where it does not answer. */
export const targetGauges = (house: House, target: PlantTarget): Gauges => ({
  [target.point]: () => (targetAnswers(house, target) ? target.state : null),
});
