/** Advice on steps: on those that change name records, which a resolver keeps for their time whatever the primary says, and on those with no way back. */
import type { PointId } from "../core/reading.ts";
import { deviceOf } from "../core/reading.ts";
import type { StepSource } from "./responses.ts";
import type { Survey } from "./survey.ts";

/** How much of a step's time may pass before the old records are forgotten everywhere. */
const TTL_SHARE_MAX = 0.5;

export function adviseOnSteps(survey: Survey): void {
  adviseOnRecords(survey);
  adviseOnFinality(survey);
}

/** What a machine orders by itself and nobody can take back is worth two people's yes. */
function adviseOnFinality({ source, findings }: Survey): void {
  const { twoPeople } = source.gate;
  for (const [id, { mode, failover }] of Object.entries(source.responses)) {
    if (mode !== "act" || twoPeople.includes(id)) continue;
    for (const [i, { id: step, pointOfNoReturn, service, target, point }] of (failover?.steps ?? []).entries()) {
      const owner = service ?? target ?? deviceOf(point as PointId);
      const isAsked = twoPeople.includes(owner);
      if (pointOfNoReturn === true && !isAsked)
        findings.advise(
          ["responses", id, "failover", "steps", i, "pointOfNoReturn"],
          `${step} is ordered by itself and cannot be taken back: name ${id} or ${owner} in gate.twoPeople, or let it advise`,
        );
    }
  }
}

function adviseOnRecords({ source, findings }: Survey): void {
  for (const [id, { failover }] of Object.entries(source.responses))
    for (const [i, step] of (failover?.steps ?? []).entries()) {
      const ttlMs = 1000 * keptSeconds(source, step);
      if (ttlMs > TTL_SHARE_MAX * step.within)
        findings.advise(
          ["responses", id, "failover", "steps", i, "within"],
          `old records are kept for up to ${ttlMs / 1000} s (ttl), more than half of the ${step.within / 1000} s that the step has`,
        );
    }
}

/** How long records that a step changes are kept by whoever has asked for them; 0 where it changes none. */
function keptSeconds({ targets, services }: Survey["source"], { service, target }: StepSource): number {
  const move = service === undefined ? undefined : services[service]?.move;
  const by = target ?? (move && "target" in move ? move.target : undefined);
  const sets = (by === undefined ? undefined : targets[by])?.dns?.sets ?? {};
  return Math.max(0, ...Object.values(sets).flatMap((records) => records.map(({ ttl }) => ttl)));
}
