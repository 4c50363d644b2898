/**
 * A drill: some steps of a failover, or some outlets of a shed, made for real while nothing calls for it, each
 * confirmed, and then taken back. It goes the way of every command, so that what it measures is what would be.
 * Nothing of it may stand in the way of the response itself: an alarm that calls for it ends the drill at once.
 * That of a shed ends for any other response as well, because racks lean on one feed meanwhile.
 */
import { imageAt } from "../image.ts";
import type { Plant } from "../plant.ts";
import { listed } from "../topology/subject.ts";
import type { DrillAsk } from "./campaign.ts";
import { isUnderWay, waiting } from "./campaign.ts";
import { send } from "./failover.ts";
import { cannotLean, isRelieved, practiceOf, starving } from "./practice.ts";
import type { FailoverAction, FailoverStep, Response } from "./response.ts";
import { isOver, readySteps, statesOf } from "./steps.ts";
import type { Turn } from "./turn.ts";
import { enter, isCalm, mayAct, say } from "./turn.ts";
import { mayUndo, moveUndo } from "./undo.ts";
import { callFor } from "./witness.ts";

/** Why a response cannot be drilled so now, in words; null where it can. Changes nothing. */
export function cannotDrill(turn: Turn, ask: DrillAsk): string | null {
  const { response, plant } = turn;
  const { mode } = response;
  const action = practiceOf(response.action, plant.site);
  if (mode === "observe") return "it only observes, and writes nothing";
  const other = plant.campaigns.find(isUnderWay);
  if (other) return other === turn.campaign ? "it is under way" : `${other.response} is under way`;
  if (plant.campaigns.some((campaign) => waiting(campaign).length > 0)) return "commands are still out";
  if (response.action.kind === "shed") {
    if (ask.keep || ask.oneWay) return "what is opened of a shed for a drill is closed again: it cannot stay open";
    const called = calledElsewhere(turn);
    if (called) return `${called.id} is called for`;
  }
  if (!isCalm(turn)) return "its alarms are not seen to be clear";
  if (!mayAct(plant)) return "this node does not act now";
  if (!turn.campaign.drill && mayUndo(turn, action)) return "what it did is not undone yet";
  const unknown = ask.steps.find((id) => !action.steps.some((step) => step.id === id));
  if (unknown !== undefined) return noStep(unknown, action);
  if (ask.steps.length === 0) return "no step is named";
  const lacking = chosen(action, ask).flatMap((step) => cannotTake(turn, step, ask) ?? [])[0] ?? null;
  return lacking === null && response.action.kind === "shed" ? cannotLean(turn, response.action, ask.steps) : lacking;
}

/** Another response that its alarms call for, or that is at work by a person's word. */
const calledElsewhere = ({ plant, image, response }: Turn): Response | undefined =>
  plant.site.responses.find(
    (other, i) =>
      other.id !== response.id &&
      other.mode !== "observe" &&
      (isUnderWay(plant.campaigns[i]!) || callFor(plant, image, other).caller !== null),
  );

/** {@link cannotDrill} of a response of a plant, by its id. */
export function drillRefusal(plant: Plant, id: string, ask: DrillAsk): string | null {
  const at = plant.site.responses.findIndex((response) => response.id === id);
  const [response, campaign] = [plant.site.responses[at], plant.campaigns[at]];
  if (!response || !campaign) return `there is no response ${id}`;
  const image = imageAt(plant.newest, plant.site.points, plant.now);
  return cannotDrill({ plant, response, campaign, image, effects: { commands: [], notices: [] } }, ask);
}

/** A shed of a hall has more outlets than anybody reads. */
const namedMax = 20;

/** What is said of a step that is not there. */
export function noStep(id: string, { steps }: FailoverAction): string {
  const names = steps.slice(0, namedMax).map((step) => step.id);
  const more = steps.length > namedMax ? ` and ${steps.length - namedMax} more` : "";
  return `there is no step "${id}"; there are: ${names.join(", ")}${more}`;
}

/** What is moved must be seen, must not be there already, and must come back to where it is, or be meant to stay. */
function cannotTake({ image, plant, response }: Turn, step: FailoverStep, { oneWay }: DrillAsk): string | null {
  const { id, point, value, inverse } = step;
  const words = (n: number): string => plant.site.points.get(point)?.states?.[n] ?? String(n);
  const now = image.valueOf(point);
  if (now === null) return `${id}: ${point} is not seen, and nothing could be told of it`;
  if (now === value) return `${id}: ${point} is ${words(now)} already, and nothing would be measured`;
  if (oneWay) return null;
  if (inverse === undefined && response.action.kind === "shed")
    return `${id}: no command closes ${point}, and it would stay open`;
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

const givesWay = "the drill gives way";

/** Says that a drill makes way for what it is a drill of. What a shed's has opened helps, and stays open. */
export function makeWay(turn: Turn, cause: string | null): void {
  const { campaign, response } = turn;
  const open =
    response.action.kind === "shed" ? `; it leaves to a person to close: ${listed(campaign.drill!.steps)}` : "";
  say(turn, "stopped", `${givesWay}${cause === null ? "" : `: ${cause}`}${open}`);
}

/**
 * Gives up the drill of a shed where another response is called for, or a rack has lost the feed that it leans on: no
 * further outlet is opened, and what is open is closed at once, but not where it would be load on a node that is to
 * be relieved. True where it has ended.
 */
export function yieldDrill(turn: Turn): boolean {
  const { campaign, plant, response } = turn;
  const { drill } = campaign;
  if (!drill || response.action.kind !== "shed" || campaign.undo?.manner === "abort") return false;
  const called = calledElsewhere(turn);
  const dark = starving(turn, response.action, drill.steps);
  if (!called && !dark) return false;
  const why = `${givesWay}: ${called ? `${called.id} is called for` : `${dark!.id} has lost its other feed`}`;
  if (called && isRelieved(plant, response.action, drill.steps, called.action)) {
    say(turn, "stopped", `${why}; a person closes what is open: ${listed(drill.steps)}`);
    enter(turn, "stopped", null);
    return true;
  }
  say(turn, "aborted", why);
  campaign.undo = { manner: "abort", by: why, from: campaign.sent.length };
  return false;
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

/** The steps of the drill that a campaign is at; null where it is at none. */
export const drilledBy = ({ campaign, response, plant }: Turn): FailoverAction | null =>
  (campaign.drill ?? null) === null ? null : practiceOf(response.action, plant.site);
