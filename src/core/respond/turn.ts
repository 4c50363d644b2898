/** One response's turn in a scan, and the few things that a turn may do. */
import { assert } from "../assert.ts";
import type { Command, CommandId } from "../command.ts";
import type { Image } from "../image.ts";
import type { Notice, Plant } from "../plant.ts";
import type { Duration, Instant } from "../time.ts";
import { after, seconds } from "../time.ts";
import type { Campaign, Phase, Sent } from "./campaign.ts";
import { sentAs } from "./campaign.ts";
import type { Response } from "./response.ts";

/** What a scan's responses have to say to the world. */
export interface Effects {
  readonly commands: Command[];
  readonly notices: Notice[];
}

/** A response, its campaign and all that its next move may look at. */
export interface Turn {
  readonly plant: Plant;
  readonly response: Response;
  readonly campaign: Campaign;
  readonly image: Image;
  readonly effects: Effects;
}

/** Whether this node may plan anything now. */
export const mayAct = (plant: Plant): boolean => plant.leads && plant.now >= plant.holdUntil;

/** Whether every alarm that may call for a response is in service, seen and normal. */
export const isCalm = ({ plant, response }: Turn): boolean =>
  response.when.every((id) => {
    const { active, blind, outOfService } = plant.alarms[plant.index.alarmAt.get(id)!]!.alarm;
    return !active && !blind && outOfService === null;
  });

/** The gate may take this much longer than a command's own time to say what became of it. */
export const graceForOutcome = seconds(3);

/** Enters a phase; with a wait, the response is looked at again when it is over. */
export function enter(turn: Turn, phase: Phase, wait: Duration | null): void {
  const { campaign, plant, response } = turn;
  campaign.phase = phase;
  campaign.since = plant.now;
  wakeAfter(turn, wait);
  if (phase !== "running") Object.assign(campaign, { asks: null, race: null });
  if (phase !== "counting" && phase !== "advised" && phase !== "running") campaign.outlook = null;
  assert(campaign.response === response.id, "a campaign belongs to its response");
}

/** Has the response looked at again after a wait; null ends any wait. */
export function wakeAfter(turn: Turn, wait: Duration | null): void {
  const { campaign, plant, response } = turn;
  campaign.until = wait === null ? null : after(plant.now, wait);
  if (campaign.until !== null) plant.agenda.add(campaign.until, { kind: "response", response: response.id });
}

export function say(turn: Turn, event: string, text: string): void {
  turn.effects.notices.push({ at: turn.plant.now, about: "response", id: turn.response.id, event, text });
}

/** Ends a response that nothing calls for any more. */
export function giveUp(turn: Turn): void {
  say(turn, "stopped", "its cause has gone; nothing more is done");
  enter(turn, "stopped", null);
}

interface Order
  extends Pick<Command, "point" | "value" | "why" | "due" | "precondition" | "expect">,
    Pick<Sent, "darkens" | "shows"> {}

/** Issues a command of this campaign under an id that the same decision would always get. */
export function issue(turn: Turn, stage: string, { darkens, shows, ...command }: Order): void {
  const { campaign, plant, response } = turn;
  const id = `${response.id}#${campaign.run}/${stage}/${command.point}=${command.value}` as CommandId;
  assert(sentAs(campaign, id) === undefined, `${id} is commanded once`);
  const expires = after(plant.now, command.expect.within);
  const full: Command = { ...command, id, response: response.id, issued: plant.now, expires };
  campaign.sent.push({
    command: full,
    stage,
    state: "waiting",
    detail: "",
    ...(darkens !== undefined && { darkens }),
    ...(shows && { shows }),
  });
  turn.effects.commands.push(full);
  plant.agenda.add(deadlineOf(full), { kind: "response", response: response.id });
}

/** When a command that has shown no effect is given up. */
export const deadlineOf = (command: Command): Instant => after(command.expires, graceForOutcome);
