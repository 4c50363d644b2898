/**
 * A failover undone: the inverses of what is done, those last that were first, each through the gate and
 * confirmed before what it needed goes back. A point of no return that was ordered stays, and so does
 * what has no inverse or cannot be undone; and what a step that stays needed stays with it.
 */
import { passes } from "../command.ts";
import { valueInWords } from "../image.ts";
import { after } from "../time.ts";
import type { Sent } from "./campaign.ts";
import type { FailoverAction, FailoverStep, Restore } from "./response.ts";
import type { StepStates } from "./steps.ts";
import { attemptsOf, statesOf } from "./steps.ts";
import type { Turn } from "./turn.ts";
import { enter, issue, say, wakeAfter } from "./turn.ts";
import { inWords } from "./witness.ts";

/** The next of a failover that is being undone. */
export function moveUndo(turn: Turn, action: FailoverAction): void {
  const { campaign } = turn;
  const { steps } = action;
  const undo = campaign.undo!;
  const progress = progressOf(turn, steps);
  const isOut = campaign.sent.some(({ state }) => state === "waiting");
  // What was ordered before cannot be recalled: until it is known what became of it, what it needed stays.
  const ready = progress.left.filter((step) => !progress.holding.some(({ needs }) => needs.includes(step.id)));
  if (undo.manner === "abort") for (const step of ready) send(turn, step);
  else if (!isOut) putBack(turn, action.restore, ready.at(-1));
  const last = progress.left.at(-1);
  campaign.outlook = last ? { stage: last.id, kw: null } : null;
  if (progress.left.length > 0 || isOut) return;
  const stays = progress.kept.map(({ id }) => id);
  const undone = progress.undone.map(({ id }) => id).toReversed();
  const text = `undone: ${undone.join(", ") || "nothing"}${stays.length > 0 ? `; stays: ${stays.join(", ")}` : ""}`;
  campaign.undo = null;
  const end = undo.manner === "abort" ? "stopped" : "done";
  say(turn, end, text);
  enter(turn, end, null);
}

/** One at a time, and each so long after the one before: what starts draws more than what runs. */
function putBack(turn: Turn, terms: Restore | undefined, step: FailoverStep | undefined): void {
  const { campaign, plant } = turn;
  const undo = campaign.undo!;
  if (!step || (undo.notBefore !== undefined && plant.now < undo.notBefore)) return;
  if (terms?.every !== undefined) {
    campaign.undo = { ...undo, notBefore: after(plant.now, terms.every) };
    wakeAfter(turn, terms.every);
  }
  send(turn, step);
}

/** Whether any step is done that could be undone. */
export const mayUndo = (turn: Turn, { steps }: FailoverAction): boolean => progressOf(turn, steps).left.length > 0;

/** What a failover that is over waits for before it may be restored and is not seen to hold, in words; empty when it holds. */
export const unmet = ({ plant, image }: Pick<Turn, "plant" | "image">, { when }: Restore): readonly string[] =>
  when.flatMap((test) => {
    const rules = plant.site.points;
    const seen = image.valueOf(test.point);
    if (seen !== null && passes(test, seen)) return [];
    const is = seen === null ? "not seen" : `it is ${valueInWords(seen, rules.get(test.point))}`;
    return [`${inWords(test, rules)} (${is})`];
  });

interface Progress {
  /** Still to be undone. */
  readonly left: readonly FailoverStep[];
  readonly undone: readonly FailoverStep[];
  readonly kept: readonly FailoverStep[];
  /** What is done or on its way, one way or the other, so that what it needs has to wait. */
  readonly holding: readonly FailoverStep[];
}

function progressOf(turn: Turn, steps: readonly FailoverStep[]): Progress {
  const { campaign } = turn;
  const states = statesOf(steps, campaign);
  const attempts = new Map(steps.map((step) => [step.id, undoesOf(turn, step)]));
  const lastOf = ({ id }: FailoverStep): Sent["state"] | undefined => attempts.get(id)!.at(-1)?.state;
  const done = steps.filter((step) => isDone(turn, step, states));
  const undone = done.filter((step) => lastOf(step) === "confirmed");
  const isLost = (step: FailoverStep): boolean =>
    lastOf(step) === "failed" && triesOf(turn, step).length > step.retries;
  const fixed = steps.filter(
    (step) =>
      (step.isFinal === true && attemptsOf(campaign, step).length > 0) ||
      (done.includes(step) && (step.inverse === undefined || isLost(step))),
  );
  const keeping = withNeeds(steps, fixed);
  const kept = steps.filter(
    (step) => keeping.has(step.id) && !undone.includes(step) && (done.includes(step) || fixed.includes(step)),
  );
  const todo = done.filter((step) => !undone.includes(step) && !kept.includes(step));
  const left = todo.filter((step) => lastOf(step) !== "waiting");
  const onTheWay = steps.filter((step) => states.get(step.id) === "waiting");
  return { left, undone, kept, holding: [...todo, ...onTheWay] };
}

/** Confirmed, or given up and seen to be there all the same. */
function isDone({ image, campaign }: Turn, step: FailoverStep, states: StepStates): boolean {
  const state = states.get(step.id);
  if (state === "confirmed") return true;
  return attemptsOf(campaign, step).length > 0 && state !== "waiting" && image.valueOf(step.point) === step.value;
}

/** Steps with all that they needed, at once and through others. */
function withNeeds(steps: readonly FailoverStep[], some: readonly FailoverStep[]): ReadonlySet<string> {
  const all = new Set(some.map(({ id }) => id));
  for (const id of all) for (const need of steps.find((step) => step.id === id)?.needs ?? []) all.add(need);
  return all;
}

const stageOf = ({ id }: FailoverStep): string => `${id}/undo`;

const undoesOf = ({ campaign }: Turn, step: FailoverStep): readonly Sent[] =>
  campaign.sent.filter(({ stage }) => stage.split(".")[0] === stageOf(step));

/** Attempts since this undoing began: one that was asked for again begins anew. */
const triesOf = (turn: Turn, step: FailoverStep): readonly Sent[] => {
  const from = turn.campaign.undo?.from ?? turn.campaign.sent.length;
  return turn.campaign.sent.slice(from).filter(({ stage }) => stage.split(".")[0] === stageOf(step));
};

function send(turn: Turn, step: FailoverStep): void {
  const { id, point, within, inverse } = step;
  const attempt = undoesOf(turn, step).length;
  say(turn, "undo", attempt === 0 ? id : `${id}, attempt ${attempt + 1}`);
  issue(turn, attempt === 0 ? stageOf(step) : `${stageOf(step)}.${attempt + 1}`, {
    point,
    value: inverse!,
    why: turn.campaign.undo!.by,
    expect: { point, is: "=", value: inverse!, within },
  });
}
