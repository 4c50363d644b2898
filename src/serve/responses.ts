/** The responses that are at work or have been, and how far each one is. */
import { imageAt } from "../core/image.ts";
import type { Plant } from "../core/plant.ts";
import type { Campaign, Sent } from "../core/respond/campaign.ts";
import type { FailoverAction, Response } from "../core/respond/response.ts";
import { attemptsOf, isCalled, statesOf } from "../core/respond/steps.ts";
import { unmet } from "../core/respond/undo.ts";
import type { NodeState, ResponseDetail, ResponseView, SiteMode, StepView } from "./api.ts";

/** Every response that is not idle, in the site's order. */
export function responseViews(plant: Plant): readonly ResponseView[] {
  return plant.site.responses.flatMap((response, i) => {
    const campaign = plant.campaigns[i]!;
    return campaign.phase === "idle" ? [] : [viewOf(response, campaign)];
  });
}

/** One response, whatever its phase; null where there is none of this id. */
export function responseDetail(plant: Plant, id: string): ResponseDetail | null {
  const at = plant.site.responses.findIndex((response) => response.id === id);
  const [response, campaign] = [plant.site.responses[at], plant.campaigns[at]];
  if (!response || !campaign) return null;
  const image = imageAt(plant.newest, plant.site.points, plant.now);
  const terms = response.action.restore;
  return {
    ...viewOf(response, campaign),
    answer: campaign.answer ?? null,
    undoing: campaign.undo?.manner ?? null,
    unmet: terms ? unmet({ plant, image }, terms) : [],
  };
}

function viewOf(response: Response, campaign: Campaign): ResponseView {
  const { id, title, mode, action } = response;
  const { phase, since, until, outlook, startedBy } = campaign;
  const steps = action.kind === "failover" ? stepsOf(action, campaign) : stagesOf(campaign);
  const asks = campaign.asks ? { asks: campaign.asks } : {};
  const race = campaign.race ? { race: campaign.race.is } : {};
  const drill = campaign.drill ? { drill: true as const } : {};
  return {
    id,
    title,
    kind: action.kind,
    mode,
    phase,
    since,
    until,
    next: outlook,
    steps,
    startedBy,
    ...asks,
    ...race,
    ...drill,
  };
}

/** The steps in their order; a fallback is one of them once it is called for. */
function stepsOf({ steps }: FailoverAction, campaign: Campaign): readonly StepView[] {
  const states = statesOf(steps, campaign);
  return steps.flatMap((step): readonly StepView[] => {
    const state = states.get(step.id) ?? "open";
    if (state === "spared" || !isCalled(steps, step, states)) return [];
    if (campaign.drill && !campaign.drill.steps.includes(step.id)) return [];
    const last = attemptsOf(campaign, step).at(-1);
    return [{ id: step.id, title: step.title, state, ...progressOf(last ? [last] : []) }];
  });
}

/** A shed's stages are known as they begin: each is planned from what the one before it has brought. */
function stagesOf({ sent }: Campaign): readonly StepView[] {
  const stages = new Map<string, Sent[]>();
  for (const one of sent) {
    const stage = stages.get(one.stage);
    if (stage) stage.push(one);
    else stages.set(one.stage, [one]);
  }
  return [...stages].map(([id, commands]) => ({
    id,
    title: {},
    state: stateOfStage(commands),
    ...progressOf(commands),
  }));
}

function stateOfStage(commands: readonly Sent[]): StepView["state"] {
  if (commands.some((sent) => sent.state === "waiting")) return "waiting";
  return commands.some((sent) => sent.state === "failed") ? "failed" : "confirmed";
}

function progressOf(commands: readonly Sent[]): Pick<StepView, "due" | "sent" | "confirmed"> {
  const waiting = commands.filter((sent) => sent.state === "waiting").map((sent) => sent.command.expires);
  const confirmed = commands.filter((sent) => sent.state === "confirmed").length;
  return { due: waiting.length === 0 ? null : Math.max(...waiting), sent: commands.length, confirmed };
}

/** Announced, or waiting for a yes, is not done yet; a drill is none of it. */
const isInEffect = ({ phase, mode, drill }: ResponseView): boolean =>
  drill !== true && mode !== "observe" && (phase === "running" || phase === "done");

/** What the site is in: the worst that holds. */
export function modeOf(
  responses: readonly ResponseView[],
  nodes: Readonly<Record<string, NodeState>>,
  urgent: boolean,
): SiteMode {
  const kinds = new Set(responses.filter(isInEffect).map(({ kind }) => kind));
  const modes = new Set(Object.values(nodes).map(({ mode }) => mode));
  if (kinds.has("failover")) return "failover";
  if (kinds.has("shed")) return "shed";
  if (modes.has("battery")) return "battery";
  if (modes.has("generator")) return "generator";
  return urgent ? "alarm" : "normal";
}
