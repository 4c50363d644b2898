/** A shed under way: stage after stage, each confirmed by the plant before the next is planned. */
import type { Image } from "../image.ts";
import type { PointId } from "../reading.ts";
import type { NodeId, PowerTree } from "../topology/power.ts";
import { drawnKw, under } from "../topology/power.ts";
import type { Outlook } from "./campaign.ts";
import { waiting } from "./campaign.ts";
import type { ShedAction } from "./response.ts";
import type { ShedStage } from "./shed.ts";
import { excesses, nextStage } from "./shed.ts";
import type { Turn } from "./turn.ts";
import { enter, issue, say, wakeAfter } from "./turn.ts";

export function moveShed(turn: Turn, action: ShedAction): void {
  const { campaign, plant } = turn;
  if (waiting(campaign).length > 0) return;
  if (campaign.until !== null && plant.now < campaign.until) return;
  if (campaign.stage > 0 && campaign.until === null) return settle(turn, action);
  const stage = planned(turn, action);
  if (stage) return send(turn, action, stage);
  say(turn, "done", summary(turn, action));
  enter(turn, "done", null);
}

/** What the next stage would be: shown before it happens. */
export function outlookOfShed(turn: Turn, action: ShedAction): Outlook | null {
  const stage = planned(turn, action);
  return stage && { stage: stage.name, kw: stage.freedKw };
}

const planned = (turn: Turn, action: ShedAction): ShedStage | null =>
  nextStage(turn.plant.site.power, allowingFor(turn, action), turn.image, spokenFor(turn));

/** What another response's commands are about to free is not freed a second time: the meters have only not shown it yet. */
function allowingFor({ plant, campaign, image }: Turn, action: ShedAction): ShedAction {
  const others = plant.campaigns.filter((c) => c !== campaign);
  const leaving = new Set(others.flatMap((c) => waiting(c).map(({ command }) => command.point)));
  if (leaving.size === 0) return action;
  const { power } = plant.site;
  const relieve = action.relieve.map(({ node, toKw }) => ({
    node,
    toKw: toKw + drawnOver(power, node, leaving, image),
  }));
  return { ...action, relieve };
}

/** What a node carries through these outlets, kW. */
function drawnOver(tree: PowerTree, node: NodeId, outlets: ReadonlySet<PointId>, image: Image): number {
  const below = under(tree, node);
  let sum = 0;
  for (const load of tree.loads) {
    for (const feed of load.feeds) {
      if (feed.outlet !== null && outlets.has(feed.outlet) && below.has(feed.node)) sum += drawnKw(load, feed, image);
    }
  }
  return sum;
}

/** Outlets that a command of any response is or was about, as long as that response is at work: none is commanded twice. */
function spokenFor(turn: Turn): ReadonlySet<PointId> {
  const active = turn.plant.campaigns.filter((c) => c.phase === "running" || waiting(c).length > 0);
  return new Set(active.flatMap((c) => c.sent.map((s) => s.command.point)));
}

function send(turn: Turn, action: ShedAction, stage: ShedStage): void {
  const { campaign } = turn;
  campaign.stage += 1;
  campaign.until = null;
  say(
    turn,
    "stage",
    `${campaign.stage}: ${stage.name}, ${stage.freedKw.toFixed(1)} kW over ${stage.cuts.length} outlets`,
  );
  for (const cut of stage.cuts) {
    const expect = { ...cut.expect, within: action.within };
    issue(turn, String(campaign.stage), { point: cut.outlet, value: 0, why: cut.why, expect });
  }
  campaign.outlook = null;
}

/** All commands of the stage are accounted for: the meters get time to show the new load. */
function settle(turn: Turn, action: ShedAction): void {
  wakeAfter(turn, action.settle);
  turn.campaign.outlook = outlookOfShed(turn, action);
}

function summary(turn: Turn, action: ShedAction): string {
  const left = [...excesses(turn.plant.site.power, action, turn.image)].filter(([, kw]) => kw > 0);
  if (left.length === 0) return "every supply is relieved";
  const short = left.map(([node, kw]) => `${node} by ${kw.toFixed(1)} kW`).join(", ");
  return `nothing is left that may be opened; still too much: ${short}`;
}
