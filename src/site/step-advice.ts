/** Advice on steps that change name records: what a resolver has kept goes on for its time, whatever the primary says. */
import type { StepSource } from "./responses.ts";
import type { Survey } from "./survey.ts";

/** How much of a step's time may pass before the old records are forgotten everywhere. */
const TTL_SHARE_MAX = 0.5;

export function adviseOnSteps({ source, findings }: Survey): void {
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
