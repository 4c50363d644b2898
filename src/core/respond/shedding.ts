/** A shed under way: stage after stage, each confirmed by the plant before the next is planned. */
import type { Image } from "../image.ts";
import type { PointId } from "../reading.ts";
import { deviceOf } from "../reading.ts";
import { elapsed } from "../time.ts";
import type { NodeId, PowerTree } from "../topology/power.ts";
import { carriedKw, drawnKw, under } from "../topology/power.ts";
import { listed } from "../topology/subject.ts";
import type { Outlook } from "./campaign.ts";
import { waiting } from "./campaign.ts";
import { beginHold, isHeld, look, mayHold, moveHold } from "./release.ts";
import type { Relief, ShedAction } from "./response.ts";
import type { Scene } from "./scene.ts";
import { excesses } from "./scene.ts";
import { askFor, darkByOthers, darkLeftKw } from "./scope.ts";
import type { ShedStage } from "./shed.ts";
import { muteDevices, nextStage, writesWithin } from "./shed.ts";
import type { Turn } from "./turn.ts";
import { enter, giveUp, issue, say, wakeAfter } from "./turn.ts";

/** What a shed's alarms say: one calls for it; none does, and all of them are seen. */
export interface Call {
  readonly isCalled: boolean;
  readonly isCalm: boolean;
}

export function moveShed(turn: Turn, action: ShedAction, call: Call): void {
  const { campaign, plant } = turn;
  if (waiting(campaign).length > 0) return;
  const isWaiting = campaign.until !== null && plant.now < campaign.until;
  if (isHeld(campaign)) {
    if (!isWaiting && moveHold(turn, action, call.isCalm)) shedAgain(turn, action);
    return;
  }
  if (!call.isCalled) return mayHold(turn, action) ? beginHold(turn, "its cause has gone") : giveUp(turn);
  if (isWaiting) return;
  if (campaign.stage > 0 && campaign.until === null) return settle(turn, action);
  const stage = planned(turn, action);
  if (stage) return goOn(turn, action, stage);
  if (mayHold(turn, action)) return beginHold(turn, summary(turn, action));
  say(turn, "done", summary(turn, action));
  enter(turn, "done", null);
}

/** Sends a stage; what is too much of it with nobody asked waits for a person. */
function goOn(turn: Turn, action: ShedAction, stage: ShedStage): void {
  askFor(turn, tooMuch(turn, stage));
  if (stage.cuts.length > 0) return send(turn, action, stage);
  turn.campaign.outlook = null;
  wakeAfter(turn, look);
}

function tooMuch(turn: Turn, { beyond }: ShedStage): string | null {
  if (beyond.length === 0) return null;
  const others = darkByOthers(turn);
  const sum = others.length > 0 ? `, together with what ${listed(others)} darkened` : "";
  return `with ${listed(beyond)} more than half of what all racks are rated would be dark, over more than one feed${sum}`;
}

/** What is held has come over its cap: a new stage where there is one, else it stays held. */
function shedAgain(turn: Turn, action: ShedAction): void {
  const stage = planned(turn, action);
  askFor(turn, stage && tooMuch(turn, stage));
  if (!stage || stage.cuts.length === 0) return;
  const blind = Object.keys(turn.campaign.blindSince ?? {});
  if (blind.length > 0) say(turn, "tighten", `${listed(blind)} not seen for too long: it counts with all on it`);
  turn.campaign.hold = null;
  send(turn, action, stage);
}

/** What the next stage would be: shown before it happens. */
export function outlookOfShed(turn: Turn, action: ShedAction): Outlook | null {
  const stage = planned(turn, action);
  return stage && stage.cuts.length > 0 ? { stage: stage.name, kw: stage.freedKw } : null;
}

function planned(turn: Turn, action: ShedAction): ShedStage | null {
  const { campaign, plant, image } = turn;
  // Between its cap and what it is shed to, a node is left alone until something has gone over its cap.
  const isOver = ({ node, toKw, capKw = toKw }: Relief): boolean => carriedKw(plant.site.power, node, image) > capKw;
  if (campaign.stage === 0 && !action.relieve.some(isOver)) return null;
  const leftMs = action.deadline === undefined ? null : timeLeft(turn, action.deadline);
  return nextStage(sceneOf(turn, action, leftMs), allowingFor(turn, action), leftMs);
}

/** What a deadline leaves, ms; null when it has passed and is no reason any more to leave something undone. */
function timeLeft({ campaign, plant }: Turn, deadline: number): number | null {
  const isUnderWay = campaign.phase === "running" && !isHeld(campaign);
  const left = deadline - (isUnderWay ? elapsed(campaign.since, plant.now) : 0);
  return left > 0 ? left : null;
}

function sceneOf(turn: Turn, action: ShedAction, leftMs: number | null): Scene {
  const { campaign, plant, image } = turn;
  const tree = plant.site.power;
  const failed = campaign.sent.filter(({ state }) => state === "failed").map(({ command }) => deviceOf(command.point));
  const mute = new Set([...muteDevices({ tree, image }), ...failed]);
  const writesOf = leftMs === null ? null : (device: string): number => writesWithin(tree, device, leftMs);
  return { tree, image, taken: spokenFor(turn), mute, writesOf, darkLeftKw: darkLeftKw(turn, action) };
}

/** What another response's commands are about to free is not freed a second time: the meters have only not shown it yet. */
function allowingFor({ plant, campaign, image }: Turn, action: ShedAction): ShedAction {
  const others = plant.campaigns.filter((c) => c !== campaign);
  const leaving = new Set(others.flatMap((c) => waiting(c).map(({ command }) => command.point)));
  if (leaving.size === 0) return action;
  const { power } = plant.site;
  const relieve = action.relieve.map((relief) => ({
    ...relief,
    toKw: relief.toKw + drawnOver(power, relief.node, leaving, image),
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
    const order = { point: cut.outlet, value: 0, why: cut.why, expect };
    issue(turn, String(campaign.stage), cut.isDark ? { ...order, darkens: cut.load } : order);
  }
  campaign.outlook = null;
}

/** All commands of the stage are accounted for: the meters get time to show the new load. */
function settle(turn: Turn, action: ShedAction): void {
  wakeAfter(turn, action.settle);
  turn.campaign.outlook = outlookOfShed(turn, action);
}

function summary({ plant, image }: Turn, action: ShedAction): string {
  const left = [...excesses({ tree: plant.site.power, image }, action)].filter(([, kw]) => kw > 0);
  if (left.length === 0) return "every supply is relieved";
  const short = left.map(([node, kw]) => `${node} by ${kw.toFixed(1)} kW`).join(", ");
  return `nothing is left that may be opened; still too much: ${short}`;
}
