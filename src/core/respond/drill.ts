/**
 * A drill: some steps of a failover made for real while nothing calls for it, each confirmed, and then taken
 * back. It goes the way of every command, so that what it measures is what would be. Nothing of it may stand
 * in the way of the failover itself: an alarm that calls for it ends the drill at once.
 */
import { imageAt } from "../image.ts";
import type { Plant } from "../plant.ts";
import type { Campaign, DrillAsk } from "./campaign.ts";
import { isUnderWay, waiting } from "./campaign.ts";
import { send } from "./failover.ts";
import type { Action, FailoverAction, FailoverStep } from "./response.ts";
import { isOver, readySteps, statesOf } from "./steps.ts";
import type { Turn } from "./turn.ts";
import { enter, isCalm, mayAct, say } from "./turn.ts";
import { mayUndo, moveUndo } from "./undo.ts";

/** Why a response cannot be drilled so now, in words; null where it can. Changes nothing. */
export function cannotDrill(turn: Turn, ask: DrillAsk): string | null {
  const { response, plant } = turn;
  const { action, mode } = response;
  if (action.kind === "shed") return "a shed is only rehearsed: no load is darkened for a drill";
  if (mode === "observe") return "it only observes, and writes nothing";
  const other = plant.campaigns.find(isUnderWay);
  if (other) return other === turn.campaign ? "it is under way" : `${other.response} is under way`;
  if (plant.campaigns.some((campaign) => waiting(campaign).length > 0)) return "commands are still out";
  if (!isCalm(turn)) return "its alarms are not seen to be clear";
  if (!mayAct(plant)) return "this node does not act now";
  if (!turn.campaign.drill && mayUndo(turn, action)) return "what it did is not undone yet";
  const unknown = ask.steps.find((id) => !action.steps.some((step) => step.id === id));
  if (unknown !== undefined) return noStep(unknown, action);
  if (ask.steps.length === 0) return "no step is named";
  return chosen(action, ask).flatMap((step) => cannotTake(turn, step, ask) ?? [])[0] ?? null;
}

/** {@link cannotDrill} of a response of a plant, by its id. */
export function drillRefusal(plant: Plant, id: string, ask: DrillAsk): string | null {
  const at = plant.site.responses.findIndex((response) => response.id === id);
  const [response, campaign] = [plant.site.responses[at], plant.campaigns[at]];
  if (!response || !campaign) return `there is no response ${id}`;
  const image = imageAt(plant.newest, plant.site.points, plant.now);
  return cannotDrill({ plant, response, campaign, image, effects: { commands: [], notices: [] } }, ask);
}

const noStep = (id: string, { steps }: FailoverAction): string =>
  `there is no step "${id}"; there are: ${steps.map((step) => step.id).join(", ")}`;

/** What is moved must be seen, must not be there already, and must come back to where it is, or be meant to stay. */
function cannotTake({ image, plant }: Turn, step: FailoverStep, { oneWay }: DrillAsk): string | null {
  const { id, point, value, inverse } = step;
  const words = (n: number): string => plant.site.points.get(point)?.states?.[n] ?? String(n);
  const now = image.valueOf(point);
  if (now === null) return `${id}: ${point} is not seen, and nothing could be told of it`;
  if (now === value) return `${id}: ${point} is ${words(now)} already, and nothing would be measured`;
  if (oneWay) return null;
  if (inverse === undefined)
    return `${id} has no inverse: it would stay ${words(value)}, which must be wanted (one-way)`;
  if (inverse !== now)
    return `${id}: its inverse is ${words(inverse)}, and ${point} is ${words(now)}: it would not come back`;
  return null;
}

/** The steps of a drill: those that were chosen, in the plan's order, once each and nothing in their place. */
export function chosen({ steps }: FailoverAction, { steps: ids }: Pick<DrillAsk, "steps">): readonly FailoverStep[] {
  return steps
    .filter(({ id }) => ids.includes(id))
    .map((step) => {
      const { fallback: _, ...own } = step;
      return { ...own, needs: step.needs.filter((id) => ids.includes(id)), retries: 0 };
    });
}

/** The next of a drill. A step that fails ends it; what it has done goes back all the same. */
export function moveDrill(turn: Turn, action: FailoverAction): void {
  const { campaign } = turn;
  const drill = campaign.drill!;
  const steps = chosen(action, drill);
  const states = statesOf(steps, campaign);
  const failed = steps.filter(({ id }) => states.get(id) === "failed");
  if (failed.length === 0) for (const step of readySteps(steps, states)) send(turn, step);
  const left = steps.filter(({ id }) => !isOver(statesOf(steps, campaign).get(id)));
  campaign.outlook = left[0] ? { stage: left[0].id, kw: null } : null;
  if (waiting(campaign).length > 0) return;
  if (drill.keep || !mayUndo(turn, action)) return end(turn, failed);
  say(turn, "drill", failed.length === 0 ? "every step is confirmed; it goes back" : `${endOf(failed)}; it goes back`);
  campaign.undo = { manner: "restore", by: drill.by, from: campaign.sent.length };
  moveUndo(turn, action);
}

function end(turn: Turn, failed: readonly FailoverStep[]): void {
  say(turn, "done", failed.length === 0 ? "every step of the drill is confirmed" : endOf(failed));
  enter(turn, "done", null);
}

const endOf = (failed: readonly FailoverStep[]): string => `not confirmed: ${failed.map(({ id }) => id).join(", ")}`;

/** Whether it is a drill of a failover that a campaign is at. */
export const isDrill = (campaign: Campaign, action: Action): action is FailoverAction =>
  action.kind === "failover" && (campaign.drill ?? null) !== null;
