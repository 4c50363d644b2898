/** A failover under way: steps in the order of their needs, each confirmed before those that need it begin. */
import type { Campaign, Outlook, Sent } from "./campaign.ts";
import type { FailoverAction, FailoverStep } from "./response.ts";
import type { Turn } from "./turn.ts";
import { enter, issue, say } from "./turn.ts";

export function moveFailover(turn: Turn, action: FailoverAction): void {
  const { campaign } = turn;
  const states = new Map(action.steps.map((step) => [step.id, stateOf(campaign, step)]));
  const lost = action.steps.find((step) => step.ifFailed === "stop" && states.get(step.id) === "failed");
  if (lost) {
    say(turn, "stopped", `${lost.id} failed, and what follows needs it`);
    return enter(turn, "stopped", null);
  }
  for (const step of action.steps) {
    if (states.get(step.id) === "open" && isReady(step, states)) send(turn, step);
  }
  campaign.outlook = outlookOfFailover(turn, action);
  if (action.steps.some((step) => !isOver(states.get(step.id)))) return;
  const failed = action.steps.filter((step) => states.get(step.id) === "failed");
  say(
    turn,
    "done",
    failed.length === 0 ? "every step is confirmed" : `not confirmed: ${failed.map((s) => s.id).join(", ")}`,
  );
  enter(turn, "done", null);
}

/** The first step that is not over. */
export function outlookOfFailover(turn: Turn, action: FailoverAction): Outlook | null {
  const next = action.steps.find((step) => !isOver(stateOf(turn.campaign, step)));
  return next ? { stage: next.id, kw: null } : null;
}

type StepState = "open" | "waiting" | "confirmed" | "failed";

const attemptsOf = (campaign: Campaign, step: FailoverStep): readonly Sent[] =>
  campaign.sent.filter((s) => s.stage.split(".")[0] === step.id);

function stateOf(campaign: Campaign, step: FailoverStep): StepState {
  const attempts = attemptsOf(campaign, step);
  const last = attempts.at(-1);
  if (!last) return "open";
  if (last.state !== "failed") return last.state;
  return attempts.length <= step.retries ? "open" : "failed";
}

const isOver = (state: StepState | undefined): boolean => state === "confirmed" || state === "failed";

const isReady = (step: FailoverStep, states: ReadonlyMap<string, StepState>): boolean =>
  step.needs.every((id) => isOver(states.get(id)));

function send(turn: Turn, step: FailoverStep): void {
  const attempt = attemptsOf(turn.campaign, step).length;
  turn.campaign.stage += 1;
  say(turn, "step", attempt === 0 ? step.id : `${step.id}, attempt ${attempt + 1}`);
  issue(turn, attempt === 0 ? step.id : `${step.id}.${attempt + 1}`, {
    point: step.point,
    value: step.value,
    why: turn.campaign.startedBy,
    expect: { point: step.point, is: "=", value: step.value, within: step.within },
  });
}
