/** A failover under way: steps in the order of their needs, each confirmed before those that need it begin. */
import type { Command } from "../command.ts";
import type { Outlook } from "./campaign.ts";
import { waiting } from "./campaign.ts";
import { fits, keepTime, leaveOut } from "./race.ts";
import type { FailoverAction, FailoverStep } from "./response.ts";
import { askFor, beyondScope } from "./scope.ts";
import type { StepStates } from "./steps.ts";
import { attemptsOf, isCalled, isOver, readySteps, statesOf } from "./steps.ts";
import type { Turn } from "./turn.ts";
import { enter, giveUp, issue, say } from "./turn.ts";

export function moveFailover(turn: Turn, action: FailoverAction, isWanted: boolean): void {
  const { campaign } = turn;
  const { steps } = action;
  const states = inTime(turn, action);
  const lost = steps.find((step) => step.ifFailed === "stop" && states.get(step.id) === "failed");
  if (lost) {
    say(turn, "stopped", `${lost.id} failed, and what follows needs it`);
    return enter(turn, "stopped", null);
  }
  const held = readySteps(steps, states).flatMap((step) => beyondScope(turn, step) ?? sentAway(turn, step));
  if (held.length > 0 && !isWanted && waiting(campaign).length === 0) return giveUp(turn);
  askFor(turn, held.length > 0 ? held.join("; ") : null);
  campaign.outlook = outlookIn(steps, statesOf(steps, campaign));
  if (steps.some((step) => !isOver(states.get(step.id)))) return;
  say(turn, "done", endOf(steps, states, campaign.skipped ?? []));
  enter(turn, "done", null);
}

/** How far its steps are, those left out that would come too late: one that is makes room for what is taken in its place. */
function inTime(turn: Turn, action: FailoverAction): StepStates {
  const { campaign } = turn;
  const { steps, ifLate } = action;
  const states = statesOf(steps, campaign);
  const leftMs = keepTime(turn, action, states);
  if (leftMs === null || ifLate !== "skip") return states;
  const late = readySteps(steps, states).filter((step) => !fits(step, leftMs));
  for (const step of late) leaveOut(turn, step, leftMs);
  return late.length > 0 ? inTime(turn, action) : states;
}

/** The first step that is not over. */
export const outlookOfFailover = ({ campaign }: Turn, { steps }: FailoverAction): Outlook | null =>
  outlookIn(steps, statesOf(steps, campaign));

function outlookIn(steps: readonly FailoverStep[], states: StepStates): Outlook | null {
  const next = steps.find((step) => !isOver(states.get(step.id)) && isCalled(steps, step, states));
  return next ? { stage: next.id, kw: null } : null;
}

function endOf(steps: readonly FailoverStep[], states: StepStates, skipped: readonly string[]): string {
  const failed = steps.filter(({ id }) => states.get(id) === "failed" && !skipped.includes(id));
  const out = skipped.length > 0 ? `left out: ${skipped.join(", ")}` : "";
  if (failed.length === 0) return out || "every step is confirmed";
  const inWords = ({ id, fallback }: FailoverStep): string =>
    fallback !== undefined && states.get(fallback) === "confirmed" ? `${id} (${fallback} in its place)` : id;
  return [`not confirmed: ${failed.map(inWords).join(", ")}`, ...(out ? [out] : [])].join("; ");
}

/** Orders a step: nothing of it is held. */
function sentAway(turn: Turn, step: FailoverStep): readonly string[] {
  send(turn, step);
  return [];
}

/** What moves is told by when it has to be gone. */
const dueOf = ({ campaign: { cutAt = null } }: Turn): Pick<Command, "due"> => (cutAt === null ? {} : { due: cutAt });

/** Orders a step. */
export function send(turn: Turn, step: FailoverStep): void {
  const { id, point, value, within, when, shows } = step;
  const attempt = attemptsOf(turn.campaign, step).length;
  turn.campaign.stage += 1;
  say(turn, "step", attempt === 0 ? id : `${id}, attempt ${attempt + 1}`);
  issue(turn, attempt === 0 ? id : `${id}.${attempt + 1}`, {
    point,
    value,
    why: turn.campaign.startedBy,
    ...(when && { precondition: when }),
    ...dueOf(turn),
    expect: { point, is: "=", value, within },
    ...(shows && { shows }),
  });
}
