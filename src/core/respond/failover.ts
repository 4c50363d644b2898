/** A failover under way: steps in the order of their needs, each confirmed before those that need it begin. */
import type { Outlook } from "./campaign.ts";
import type { FailoverAction, FailoverStep } from "./response.ts";
import type { StepStates } from "./steps.ts";
import { attemptsOf, isCalled, isOver, readySteps, statesOf } from "./steps.ts";
import type { Turn } from "./turn.ts";
import { enter, issue, say } from "./turn.ts";

export function moveFailover(turn: Turn, { steps }: FailoverAction): void {
  const { campaign } = turn;
  const states = statesOf(steps, campaign);
  const lost = steps.find((step) => step.ifFailed === "stop" && states.get(step.id) === "failed");
  if (lost) {
    say(turn, "stopped", `${lost.id} failed, and what follows needs it`);
    return enter(turn, "stopped", null);
  }
  for (const step of readySteps(steps, states)) send(turn, step);
  campaign.outlook = outlookIn(steps, statesOf(steps, campaign));
  if (steps.some((step) => !isOver(states.get(step.id)))) return;
  say(turn, "done", endOf(steps, states));
  enter(turn, "done", null);
}

/** The first step that is not over. */
export const outlookOfFailover = ({ campaign }: Turn, { steps }: FailoverAction): Outlook | null =>
  outlookIn(steps, statesOf(steps, campaign));

function outlookIn(steps: readonly FailoverStep[], states: StepStates): Outlook | null {
  const next = steps.find((step) => !isOver(states.get(step.id)) && isCalled(steps, step, states));
  return next ? { stage: next.id, kw: null } : null;
}

function endOf(steps: readonly FailoverStep[], states: StepStates): string {
  const failed = steps.filter(({ id }) => states.get(id) === "failed");
  if (failed.length === 0) return "every step is confirmed";
  const inWords = ({ id, fallback }: FailoverStep): string =>
    fallback !== undefined && states.get(fallback) === "confirmed" ? `${id} (${fallback} in its place)` : id;
  return `not confirmed: ${failed.map(inWords).join(", ")}`;
}

/** Orders a step. */
export function send(turn: Turn, step: FailoverStep): void {
  const { id, point, value, within, when } = step;
  const attempt = attemptsOf(turn.campaign, step).length;
  turn.campaign.stage += 1;
  say(turn, "step", attempt === 0 ? id : `${id}, attempt ${attempt + 1}`);
  issue(turn, attempt === 0 ? id : `${id}.${attempt + 1}`, {
    point,
    value,
    why: turn.campaign.startedBy,
    ...(when && { precondition: when }),
    expect: { point, is: "=", value, within },
  });
}
