/** Findings of plans that are too much for a machine alone. */
import type { SiteModel } from "../core/plant.ts";
import { deviceOf } from "../core/reading.ts";
import type { FailoverStep, Response } from "../core/respond/response.ts";
import { acceptedSums } from "../core/respond/scope.ts";
import { listed } from "../core/topology/subject.ts";
import type { PlanFault } from "./plan-finding.ts";
import type { Doer } from "./scope.ts";
import { dimmings, emptyings, shareAtStake } from "./scope.ts";
import type { Site } from "./site.ts";

const todo = "let the last of it advise (mode), or say in its accept why nobody need be asked";
const todoOfSum =
  "let the last of them advise (mode), or say in the accept of one why nobody need be asked about all (accept: { why, with })";

export function scopeFindings({ model, services }: Site): readonly PlanFault[] {
  const movable = new Map(services.map(({ id, group }) => [id, group]));
  const ids = [...movable.keys()];
  const emptied = emptyings(
    model.responses.map((response) => doerOf(model, response, ids)),
    movable,
  );
  const moves = emptied.map(({ alarm, responses, groups }): PlanFault => {
    const all = groups === "all" ? `all ${ids.length} services` : `services of ${listed(groups)}`;
    const cause = alarm === null ? "several alarms between them move" : `${alarm} alone moves`;
    const what = `${cause} ${all} away, by ${listed(responses)}: the last of it is held until a person says yes`;
    return { kind: "scope", response: lastOf(model.responses, responses), what, todo };
  });
  return [...moves, ...darkFindings(model)];
}

/** Of each shed by itself, and of what several of them may darken together. */
function darkFindings({ responses, power }: SiteModel): readonly PlanFault[] {
  const accepted = acceptedSums(responses);
  const sheds = responses.flatMap(({ id, when, mode, action }) =>
    action.kind === "shed" && mode === "act" ? [{ ...action, id, when }] : [],
  );
  const single = sheds.flatMap((shed): readonly PlanFault[] => {
    const share = accepted.some((sum) => sum.includes(shed.id)) ? null : shareAtStake([shed], power);
    if (share === null) return [];
    const what = `may darken ${tooMuch(share)}: what is beyond half is held until a person says yes`;
    return [{ kind: "scope", response: shed.id, what, todo }];
  });
  const sums = dimmings(sheds, power, accepted).map(({ alarm, responses: by, share }): PlanFault => {
    const cause = alarm === null ? "several alarms between them may darken" : `${alarm} alone may darken`;
    const what = `${cause} ${tooMuch(share)}, by ${listed(by)}: what is beyond half is held until a person says yes to the sum`;
    return { kind: "scope", response: lastOf(responses, by), what, todo: todoOfSum };
  });
  return [...single, ...sums];
}

const tooMuch = (share: number): string =>
  `${Math.round(share * 100)} % of what all racks are rated, over more than one feed`;

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
