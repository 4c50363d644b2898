/** Findings of plans that are too much for a machine alone. */
import type { SiteModel } from "../core/plant.ts";
import { deviceOf } from "../core/reading.ts";
import type { FailoverStep, Response } from "../core/respond/response.ts";
import { listed } from "../core/topology/subject.ts";
import type { PlanFinding } from "./plan-finding.ts";
import type { Doer } from "./scope.ts";
import { emptyings, shareAtStake } from "./scope.ts";
import type { Site } from "./site.ts";

const todo = "let the last of it advise (mode), or say in its accept why nobody need be asked";

export function scopeFindings({ model, services }: Site): readonly PlanFinding[] {
  const movable = new Map(services.map(({ id, group }) => [id, group]));
  const ids = [...movable.keys()];
  const emptied = emptyings(
    model.responses.map((response) => doerOf(model, response, ids)),
    movable,
  );
  const moves = emptied.map(({ alarm, responses, groups }): PlanFinding => {
    const all = groups === "all" ? `all ${ids.length} services` : `services of ${listed(groups)}`;
    const cause = alarm === null ? "several alarms between them move" : `${alarm} alone moves`;
    const what = `${cause} ${all} away, by ${listed(responses)}: the last of it is held until a person says yes`;
    return { kind: "scope", response: lastOf(model.responses, responses), what, todo };
  });
  const sheds = model.responses.flatMap(({ id, mode, action, accept }): readonly PlanFinding[] => {
    if (action.kind !== "shed" || mode !== "act" || accept !== undefined) return [];
    const share = shareAtStake(action, model.power);
    if (share === null) return [];
    const what = `may darken ${Math.round(share * 100)} % of what all racks are rated, over more than one feed: what is beyond half is held until a person says yes`;
    return [{ kind: "scope", response: id, what, todo }];
  });
  return [...moves, ...sheds];
}

function doerOf(
  { touching = [] }: SiteModel,
  { id, when, mode, action, accept }: Response,
  movable: readonly string[],
): Doer {
  const takes = ({ point, value }: FailoverStep): readonly string[] => {
    const touched = touching.find((target) => target.point === point && target.home !== value);
    return [point, ...(touched?.services ?? [])].map(deviceOf);
  };
  const taken = new Set(action.kind === "failover" ? action.steps.flatMap(takes) : []);
  return { id, when, mode, moves: movable.filter((service) => taken.has(service)), accept };
}

/** The one that begins last. */
const lastOf = (responses: readonly Response[], ids: readonly string[]): string =>
  responses.filter(({ id }) => ids.includes(id)).reduce((last, next) => (next.after >= last.after ? next : last)).id;
