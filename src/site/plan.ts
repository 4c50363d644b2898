/**
 * Responses held against the site before they are needed: whether there is time, whether what a plan
 * moves has somewhere to go and all that it needs, whether the plan takes away what carries it out, and
 * whether it is too much for a machine alone. Nothing here makes a site file wrong: it is found, and said.
 */
import type { Length } from "../core/respond/path.ts";
import { lengthOf } from "../core/respond/path.ts";
import type { FailoverAction, FailoverStep, Mode, Response } from "../core/respond/response.ts";
import type { Tenant } from "../core/topology/premises.ts";
import { fateFindings } from "./plan-fate.ts";
import type { PlanFault, PlanFinding } from "./plan-finding.ts";
import { scopeFindings } from "./plan-scope.ts";
import { shedFindings } from "./plan-shed.ts";
import { inSeconds, overtime, timeOf } from "./plan-time.ts";
import type { Site } from "./site.ts";

/** A failover as it would go. */
export interface FailoverPlan {
  readonly response: string;
  readonly mode: Mode;
  /** The announced wait before it, ms. */
  readonly afterMs: number;
  /** Counted from the alarm, or for as long as a battery lasts; null where none is said or nobody knows. */
  readonly deadlineMs: number | null;
  /** Of which time that is, in words; null where there is none. */
  readonly due: string | null;
  readonly length: Length;
}

export interface Plans {
  readonly failovers: readonly FailoverPlan[];
  /** Of failovers and sheds alike. */
  readonly findings: readonly PlanFinding[];
}

export function plansOf(site: Site): Plans {
  const { responses } = site.model;
  const failovers = responses.flatMap((response) => planOf(site, response) ?? []);
  const faults = responses.flatMap((response) => [
    ...(response.action.kind === "failover" ? failoverFindings(site, response, response.action) : []),
    ...shedFindings(site, response),
    ...fateFindings(site, response),
  ]);
  const all = [...faults, ...scopeFindings(site)];
  return { failovers, findings: all.map((fault) => ({ ...site.responsePlaces.get(fault.response)!, ...fault })) };
}

function planOf(site: Site, { id, mode, after, action }: Response): FailoverPlan | null {
  if (action.kind !== "failover") return null;
  const time = timeOf(site, action);
  const deadlineMs = time && "lasts" in time ? time.lasts : null;
  const due = time && ("lasts" in time ? time.words : `not known: ${time.unknown}`);
  return { response: id, mode, afterMs: after, deadlineMs, due, length: lengthOf(action.steps) };
}

const failoverFindings = (site: Site, response: Response, action: FailoverAction): readonly PlanFault[] => [
  ...timeFindings(site, response, action),
  ...impatient(site, response, action),
  ...leftBehind(site, response, action),
  ...roomFindings(site, response, action),
];

function timeFindings(site: Site, { id, after }: Response, action: FailoverAction): readonly PlanFault[] {
  const time = timeOf(site, action);
  if (time === null) return [];
  if ("unknown" in time)
    return [{ kind: "unsaid", response: id, what: time.unknown, todo: "let the alarm judge the load in kW or %" }];
  return overtime(id, { ...lengthOf(action.steps), waitMs: after }, time, {
    late: "let steps of that chain begin at once, shorten the wait before it, or move less",
    tight: "allow fewer retries or less time (within) on that chain, or begin sooner",
  });
}

/** Steps that are given up before drills were over. */
function impatient({ premises }: Site, { id }: Response, { steps }: FailoverAction): readonly PlanFault[] {
  return steps.flatMap((step) => {
    const { p95 = null } = serviceOf(premises.services, step) ?? {};
    if (p95 === null || p95 <= step.within) return [];
    const what = `step ${step.id} is given up after ${inSeconds(step.within)}; in drills it took up to ${inSeconds(p95)}`;
    return [{ kind: "impatient", response: id, what, todo: "give it more time (within), or measure it again" }];
  });
}

const serviceOf = (services: readonly Tenant[], { point }: FailoverStep): Tenant | undefined =>
  services.find(({ move }) => move?.point === point);

/** Services that are moved away from what they need. */
function leftBehind(site: Site, response: Response, { steps }: FailoverAction): readonly PlanFault[] {
  const { services } = site.premises;
  const before = steps.concat(movedBefore(site, response));
  return steps.flatMap((step) => {
    const service = serviceOf(services, step);
    const needs = (service?.needs ?? []).flatMap((id) => services.find((other) => other.id === id) ?? []);
    const isInTime = (other: FailoverStep): boolean => !steps.includes(other) || !waitsFor(steps, other, step.id);
    const left = needs.filter(
      ({ move }) =>
        !before.some((other) => other.point === move?.point && other.value === step.value && isInTime(other)),
    );
    return left.map(({ id }) => ({
      kind: "left-behind" as const,
      response: response.id,
      what: `step ${step.id} moves ${service!.id} to ${site.sites[step.value]}, and ${id}, which it needs, does not move there with it or before it`,
      todo: `move ${id} in a step that ${step.id} needs, or in a response that the same alarms start sooner`,
    }));
  });
}

/** Steps of responses that act and that the same alarms have started by then. */
const movedBefore = ({ model }: Site, { id, when, after }: Response): readonly FailoverStep[] =>
  model.responses.flatMap((other) => {
    const isSooner = other.id !== id && other.after <= after && other.mode === "act";
    if (!isSooner || other.action.kind !== "failover" || !when.every((alarm) => other.when.includes(alarm))) return [];
    return other.action.steps;
  });

/** Whether a step needs another, at once or through others. */
function waitsFor(steps: readonly FailoverStep[], { needs }: FailoverStep, id: string): boolean {
  const all = new Set(needs);
  for (const need of all) for (const further of steps.find((step) => step.id === need)?.needs ?? []) all.add(further);
  return all.has(id);
}

/** Whether each site can take what one plan brings it. Racks count once, by their rating. */
function roomFindings({ premises, sites }: Site, { id }: Response, { steps }: FailoverAction): readonly PlanFault[] {
  const rated = new Map(premises.power.loads.map((load) => [load.id, load.ratedKw]));
  const arrivals = new Map<string, Set<Tenant>>();
  for (const step of steps) {
    const service = serviceOf(premises.services, step);
    const site = sites[step.value];
    if (service && site !== undefined) arrivals.set(site, (arrivals.get(site) ?? new Set()).add(service));
  }
  return [...arrivals].flatMap(([site, coming]): readonly PlanFault[] => {
    const kw = [...new Set([...coming].flatMap(({ loads }) => loads))].reduce((sum, load) => sum + rated.get(load)!, 0);
    const spare = premises.spareKw.get(site);
    const short = [...coming].filter(
      ({ targets }) => (targets.find((target) => target.site === site)?.sharePct ?? 100) < 100,
    );
    const over: PlanFault = {
      kind: "no-room",
      response: id,
      what: `brings ${site} ${kw} kW; it has ${spare} kW to spare`,
      todo: "move less, some of it elsewhere, or make room there first",
    };
    const part = short.map(
      (service): PlanFault => ({
        kind: "no-room",
        response: id,
        what: `${site} can carry ${service.targets.find((target) => target.site === site)!.sharePct} % of ${service.id}`,
        todo: "shrink it before it moves, or make room there",
      }),
    );
    return [...(typeof spare === "number" && kw > spare ? [over] : []), ...part];
  });
}
