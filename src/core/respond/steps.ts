/**
 * How far each step of a failover is, worked out from what was sent. A fallback waits until a step that
 * names it has failed; when none of them has, it is spared. What needs a step that failed waits for its
 * fallback as well.
 */
import type { Campaign, Sent } from "./campaign.ts";
import type { FailoverStep } from "./response.ts";

/** spared: a fallback that nobody needed. */
export type StepState = "open" | "waiting" | "confirmed" | "failed" | "spared";

export type StepStates = ReadonlyMap<string, StepState>;

export const attemptsOf = ({ sent }: Pick<Campaign, "sent">, { id }: Pick<FailoverStep, "id">): readonly Sent[] =>
  sent.filter(({ stage }) => stage.split(".")[0] === id);

export function statesOf(steps: readonly FailoverStep[], campaign: Pick<Campaign, "sent" | "skipped">): StepStates {
  const states = new Map<string, StepState>();
  const callers = new Map<string, FailoverStep[]>();
  for (const step of steps)
    if (step.fallback !== undefined) callers.set(step.fallback, [...(callers.get(step.fallback) ?? []), step]);
  const visit = (step: FailoverStep): StepState => {
    const known = states.get(step.id);
    if (known) return known;
    const isSkipped = campaign.skipped?.includes(step.id) ?? false;
    const ordered = stateOf(step, attemptsOf(campaign, step), isSkipped);
    // Until it is known it counts as open, so that a circle, which no site file may hold, still ends.
    states.set(step.id, ordered);
    const calling = ordered === "open" ? (callers.get(step.id) ?? []).map(visit) : [];
    const state = calling.length > 0 && calling.every(isUncalled) ? "spared" : ordered;
    states.set(step.id, state);
    return state;
  };
  for (const step of steps) visit(step);
  return states;
}

const isUncalled = (state: StepState): boolean => state === "confirmed" || state === "spared";

/** What is left out counts as failed, so that what its plan says of that comes next. */
function stateOf({ retries }: FailoverStep, attempts: readonly Sent[], isSkipped: boolean): StepState {
  const last = attempts.at(-1);
  if (last && last.state !== "failed") return last.state;
  if (isSkipped) return "failed";
  return attempts.length <= retries ? "open" : "failed";
}

export const isOver = (state: StepState | undefined): boolean =>
  state === "confirmed" || state === "failed" || state === "spared";

/** Steps that may be ordered now. */
export function readySteps(steps: readonly FailoverStep[], states: StepStates): readonly FailoverStep[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  return steps.filter(
    (step) =>
      states.get(step.id) === "open" &&
      isCalled(steps, step, states) &&
      step.needs.every((id) => isSettled(byId, states, id, step.id)),
  );
}

/** Whether a step is to be taken at all, as far as is known: a fallback only when a step that names it has failed. */
export function isCalled(steps: readonly FailoverStep[], { id }: FailoverStep, states: StepStates): boolean {
  const callers = steps.filter(({ fallback }) => fallback === id);
  return callers.length === 0 || callers.some((caller) => states.get(caller.id) === "failed");
}

/** Whether a step that is needed is over, and what is taken in its place too; nothing waits for itself. */
function isSettled(byId: ReadonlyMap<string, FailoverStep>, states: StepStates, id: string, asker: string): boolean {
  const state = states.get(id);
  const fallback = byId.get(id)?.fallback;
  if (state !== "failed" || fallback === undefined || fallback === asker) return isOver(state);
  return isSettled(byId, states, fallback, asker);
}
