/**
 * Moves every response on by what this scan brought: starts what its alarms call for, confirms
 * what the plant has shown, gives up what it has not shown in time, and plans the next stage.
 */
import { assert, claimOf } from "../assert.ts";
import type { Command, Outcome, Test } from "../command.ts";
import { passes } from "../command.ts";
import type { Image } from "../image.ts";
import type { Plant, Request } from "../plant.ts";
import { after } from "../time.ts";
import type { Campaign, Sent } from "./campaign.ts";
import { isUnderWay, waiting } from "./campaign.ts";
import { cannotDrill, drilledBy, makeWay, moveDrill, yieldDrill } from "./drill.ts";
import { moveFailover, outlookOfFailover } from "./failover.ts";
import { leftOpen, moveReclose, openedSoFar } from "./reclose.ts";
import { darkByOthers, deedsSoFar } from "./scope.ts";
import { moveShed, outlookOfShed } from "./shedding.ts";
import type { Effects, Turn } from "./turn.ts";
import { deadlineOf, enter, giveUp, isCalm, mayAct, say } from "./turn.ts";
import { mayUndo, moveUndo, unmet } from "./undo.ts";
import type { Caller } from "./witness.ts";
import { callFor, inWords } from "./witness.ts";

export function respond(plant: Plant, image: Image, outcomes: readonly Outcome[], effects: Effects): void {
  plant.site.responses.forEach((response, i) => {
    const campaign = plant.campaigns[i];
    assert(campaign?.response === response.id, "every response has its campaign");
    const turn: Turn = { plant, response, campaign, image, effects };
    unlessFaulty(turn, () => {
      if (campaign.sent.length > 0) hear(turn, outcomes);
      move(turn);
    });
  });
}

/** A failed assertion in one response stops that response, in sight, and no other. */
function unlessFaulty(turn: Turn, act: () => void): void {
  try {
    act();
  } catch (error) {
    const text = claimOf(error);
    const { plant, response, effects } = turn;
    effects.notices.push({ at: plant.now, about: "fault", id: response.id, event: "faulted", text });
    enter(turn, "stopped", null);
  }
}

/** A person starts, approves or stops a response. */
export function ask(turn: Turn, request: Extract<Request, { to: "response" }>): void {
  const { campaign } = turn;
  const { event, by, why: because } = request;
  const answer = { n: (campaign.answer?.n ?? 0) + 1, at: turn.plant.now, ask: event, by, why: because };
  campaign.answer = { ...answer, refused: null };
  const refuse = (why: string): void => {
    campaign.answer = { ...answer, refused: why };
    say(turn, "refused", `${by} asked to ${event}: ${why}`);
  };
  switch (request.event) {
    case "start":
      if (!mayAct(turn.plant)) return refuse("this node does not act now");
      if (isUnderWay(campaign) && campaign.drill) makeWay(turn, null);
      else if (isUnderWay(campaign)) return refuse("it is under way already");
      else if (waiting(campaign).length > 0 && !campaign.drill) return refuse("commands of its last run are still out");
      return unlessFaulty(turn, () => begin(turn, `${request.by}: ${request.why}`, true));
    case "approve":
      return approve(turn, request, refuse);
    case "stop":
      if (!isUnderWay(campaign)) return refuse("it is not under way");
      say(turn, "stopped", `${request.by}: ${request.why}`);
      campaign.undo = null;
      return enter(turn, "stopped", null);
    case "abort":
      return abort(turn, request, refuse);
    case "restore":
      return restore(turn, request, refuse);
    case "evacuate":
      return evacuate(turn, request, refuse);
    case "drill":
      return drill(turn, request, refuse);
  }
}

type Ask = Extract<Request, { to: "response" }>;
type Evacuation = Extract<Ask, { event: "evacuate" }>;
type DrillRequest = Extract<Request, { event: "drill" }>;
type Refuse = (why: string) => void;

/** A yes to a plan that waits for one, or to what is too much with nobody asked. */
function approve(turn: Turn, { by, why }: Ask, refuse: Refuse): void {
  const { campaign, plant } = turn;
  const isHeld = campaign.phase === "running" && (campaign.asks ?? null) !== null;
  if (campaign.phase !== "advised" && !isHeld) return refuse("there is no plan waiting for a yes");
  say(turn, "approved", `${by}: ${why}`);
  campaign.approved = true;
  campaign.asks = null;
  // Only who is asked about the sum has said yes to it.
  if (isHeld) campaign.yesTo = darkByOthers(turn);
  if (!isHeld) return enter(turn, "running", null);
  if (campaign.until !== null) campaign.until = plant.now;
}

/** What is only announced or planned is stopped; what a failover has done is undone. */
function abort(turn: Turn, { by, why }: Ask, refuse: Refuse): void {
  const { campaign, response } = turn;
  if (!isUnderWay(campaign)) return refuse("it is not under way");
  if (campaign.phase !== "running") {
    say(turn, "stopped", `${by}: ${why}`);
    return enter(turn, "stopped", null);
  }
  if (response.action.kind === "shed" && !campaign.drill)
    return refuse("a shed is not undone: load comes back by its release, or by hand");
  if (campaign.undo) return refuse("it is being undone already");
  say(turn, "aborted", `${by}: ${why}`);
  campaign.undo = { manner: "abort", by: `${by}: ${why}`, from: campaign.sent.length };
}

function restore(turn: Turn, { by, why }: Ask, refuse: Refuse): void {
  const { campaign, plant, response } = turn;
  const terms = response.action.restore;
  if (!terms) return refuse("the site file does not say when it may be restored (restore)");
  if (isUnderWay(campaign)) return refuse("it is under way");
  if (!mayRestore(turn)) return refuse("there is nothing to undo");
  if (!mayAct(plant)) return refuse("this node does not act now");
  const missing = [...(isCalm(turn) ? [] : ["its alarms are not seen to be clear"]), ...unmet(turn, terms)];
  if (missing.length > 0) return refuse(missing.join(", "));
  const since = campaign.calmSince ?? null;
  if (since === null || plant.now < after(since, terms.settle))
    return refuse(`all is well, but not yet for ${terms.settle / 1000} s`);
  say(turn, "restoring", `${by}: ${why}`);
  // What a drill of a shed has left open goes back with the rest of it.
  if (response.action.kind === "shed") campaign.drill = null;
  campaign.undo = { manner: "restore", by: `${by}: ${why}`, from: campaign.sent.length };
  enter(turn, "running", null);
}

function drill(turn: Turn, { by, why, drill: asked }: DrillRequest, refuse: Refuse): void {
  const { campaign } = turn;
  const reason = cannotDrill(turn, asked);
  if (reason !== null) return refuse(reason);
  prepare(turn, `drill by ${by}: ${why}`, true);
  campaign.drill = { ...asked, by: campaign.startedBy };
  say(turn, "drill", `${by}: ${why}: ${asked.steps.join(", ")}`);
  enter(turn, "running", null);
}

/** Whether a response that is over has anything that could be put back. */
function mayRestore(turn: Turn): boolean {
  const { action } = turn.response;
  return action.kind === "shed" ? leftOpen(turn).length > 0 : mayUndo(turn, action);
}

/** Keeps how long all is well after a response, and says it once when that is long enough. */
function watchCalm(turn: Turn): void {
  const { campaign, plant, response } = turn;
  const terms = response.action.restore;
  if (!terms || (campaign.sent.length === 0 && (campaign.opened ?? []).length === 0)) return;
  const isWell = isCalm(turn) && unmet(turn, terms).length === 0 && mayRestore(turn);
  const since = campaign.calmSince ?? null;
  // Time in which nobody watched counts for nothing.
  if (!isWell || (since !== null && since < plant.holdUntil)) campaign.calmSince = null;
  if (!isWell) return;
  const due = after(campaign.calmSince ?? plant.now, terms.settle);
  if (campaign.calmSince === null || campaign.calmSince === undefined) {
    campaign.calmSince = plant.now;
    campaign.until = due;
    plant.agenda.add(due, { kind: "response", response: response.id });
  } else if (campaign.until !== null && plant.now >= due) {
    campaign.until = null;
    say(turn, "restorable", "all that it waits for has held for long enough: a person may have it restored");
  }
}

function move(turn: Turn): void {
  const { plant, response, campaign, image } = turn;
  const { caller, lacks } = callFor(plant, image, response);
  const called = caller !== null || campaign.byHand;
  tellLack(turn, called ? null : lacks);
  const wasOver = campaign.phase === "done" || campaign.phase === "stopped";
  moveOn(turn, caller, called);
  campaign.cleared = !caller || (wasOver && campaign.cleared === true);
}

function moveOn(turn: Turn, caller: Caller | null, called: boolean): void {
  const { plant, campaign } = turn;
  switch (campaign.phase) {
    case "idle":
      if (caller && mayAct(plant)) return begin(turn, causeOf(turn, caller), false);
      return watchCalm(turn);
    case "done":
    case "stopped":
      if (caller && isNews(campaign) && mayAct(plant)) return begin(turn, causeOf(turn, caller), false);
      if (!caller && waiting(campaign).length === 0) enter(turn, "idle", null);
      return;
    case "counting":
      if (!called) return giveUp(turn);
      if (plant.now >= (campaign.until ?? plant.now) && mayAct(plant)) go(turn);
      return;
    case "advised":
      if (!called) giveUp(turn);
      return;
    case "running":
      if (!mayAct(plant)) return;
      if (caller && campaign.drill) return beginInEarnest(turn, causeOf(turn, caller));
      if (caller && campaign.undo?.manner === "restore") return beginAgain(turn, causeOf(turn, caller));
      run(turn, called);
  }
}

/** Whether an alarm calls for more than what is over: a drill is no reason to leave undone what it was for. */
const isNews = (campaign: Campaign): boolean =>
  (campaign.drill ?? null) !== null || (campaign.cleared === true && waiting(campaign).length === 0);

/** The alarm, and who bears witness where it is blind. */
const causeOf = ({ plant }: Turn, { alarm, witness }: Caller): string =>
  witness ? `${alarm} is blind, and ${inWords(witness, plant.site.points)}` : alarm;

/** Says once what is lacking to act for a blind alarm, and anew when it is something else. */
function tellLack(turn: Turn, lacks: string | null): void {
  const { campaign } = turn;
  if ((campaign.lacks ?? null) === lacks) return;
  campaign.lacks = lacks;
  if (lacks !== null) say(turn, "unwitnessed", `nothing is done: ${lacks}`);
}

/** What is being restored is called for again: nothing more goes back, and when it is known what became of what is out, all begins anew. */
function beginAgain(turn: Turn, cause: string): void {
  if (waiting(turn.campaign).length > 0) return;
  say(turn, "stopped", `restored no further: ${cause}`);
  begin(turn, cause, false);
}

/** A person's announcement of a cut is the yes, and ends the wait; one that comes earlier than said is held against what is left. */
function evacuate(turn: Turn, { cutAt, by, why }: Evacuation, refuse: Refuse): void {
  const { campaign, plant, response } = turn;
  if (response.action.kind !== "failover") return refuse("it moves nothing");
  // A drill gives way to it, whatever of it is out or on its way back.
  const isDrilled = isUnderWay(campaign) && (campaign.drill ?? null) !== null;
  const isGoing = isUnderWay(campaign) && !isDrilled;
  if (campaign.undo && !isDrilled) return refuse("it is being undone");
  if (cutAt === null) {
    campaign.cutAt = null;
    return say(turn, "cutWithdrawn", `${by}: ${why}`);
  }
  // What a drill has moved goes back by itself: it is only gone when the drill has given way.
  const isOver = !isGoing && !isDrilled;
  if (isOver && waiting(campaign).length > 0) return refuse("commands of its last run are still out");
  if (!mayAct(plant)) return refuse("this node does not act now");
  const isGone = response.action.steps.every(({ point, value }) => turn.image.valueOf(point) === value);
  const rest = isGone && isOver ? "; all that it moves is gone already" : "";
  say(turn, "cutAnnounced", `${by}: ${why}; power is cut in ${((cutAt - plant.now) / 1000).toFixed(1)} s${rest}`);
  if (rest !== "") return;
  if (isDrilled) makeWay(turn, null);
  unlessFaulty(turn, () => {
    if (!isGoing) prepare(turn, `${by}: ${why}`, true);
    campaign.cutAt = cutAt;
    if (response.mode === "observe") return go(turn);
    campaign.approved = true;
    if (campaign.phase !== "running") enter(turn, "running", null);
  });
}

/** What is drilled is called for. What is out is not waited for: what is ordered now takes its place at the gate. */
function beginInEarnest(turn: Turn, cause: string): void {
  makeWay(turn, cause);
  begin(turn, cause, false);
}

function begin(turn: Turn, cause: string, byHand: boolean): void {
  const { response } = turn;
  prepare(turn, cause, byHand);
  if (response.after === 0) return go(turn);
  enter(turn, "counting", response.after);
  say(turn, "counting", `${cause}: begins in ${response.after / 1000} s`);
}

/** A new run, of which nothing is ordered yet. */
function prepare(turn: Turn, cause: string, byHand: boolean): void {
  const { campaign, response, plant } = turn;
  // First of all: what fails in here is not begun again in every scan.
  campaign.cleared = false;
  campaign.earlier = deedsSoFar(turn);
  campaign.opened = response.action.kind === "shed" ? openedSoFar(turn) : [];
  campaign.asks = null;
  campaign.approved = false;
  campaign.yesTo = [];
  campaign.begun = plant.now;
  campaign.cutAt = null;
  campaign.blindSince = {};
  campaign.race = null;
  campaign.skipped = [];
  campaign.run += 1;
  campaign.stage = 0;
  campaign.sent = [];
  campaign.startedBy = cause;
  campaign.byHand = byHand;
  campaign.hold = null;
  campaign.undo = null;
  campaign.drill = null;
  campaign.calmSince = null;
  campaign.outlook =
    response.action.kind === "shed" ? outlookOfShed(turn, response.action) : outlookOfFailover(turn, response.action);
}

function go(turn: Turn): void {
  const { mode } = turn.response;
  const plan = turn.campaign.outlook ? planInWords(turn.campaign.outlook) : "nothing to do";
  if (mode === "observe") {
    say(turn, "observed", `would have begun: ${plan}`);
    return enter(turn, "done", null);
  }
  if (mode === "advise") {
    say(turn, "advised", `waits for a yes: ${plan}`);
    return enter(turn, "advised", null);
  }
  enter(turn, "running", null);
  run(turn, true);
}

function run(turn: Turn, isCalled: boolean): void {
  const { action } = turn.response;
  const drilled = drilledBy(turn);
  if (drilled) {
    if (yieldDrill(turn)) return;
    if (turn.campaign.undo) moveUndo(turn, drilled);
    else moveDrill(turn, drilled);
  } else if (action.kind === "shed" && action.restore && turn.campaign.undo) moveReclose(turn, action, action.restore);
  else if (action.kind === "shed") moveShed(turn, action, { isCalled, isCalm: isCalm(turn) });
  else if (turn.campaign.undo) moveUndo(turn, action);
  else moveFailover(turn, action, isCalled);
}

function hear(turn: Turn, outcomes: readonly Outcome[]): void {
  for (const sent of waiting(turn.campaign)) {
    const outcome = outcomes.find((o) => o.command === sent.command.id);
    if (outcome && outcome.result !== "done") close(turn, sent, "failed", outcome.detail);
    else if (isShown(turn, sent, outcome)) close(turn, sent, "confirmed", shownAs(sent));
    else if (turn.plant.now >= Math.max(deadlineOf(sent.command), turn.plant.holdUntil))
      close(turn, sent, "failed", "the plant showed no effect in time");
  }
}

/** Whether the plant has shown the effect since the command was issued, and what must be seen beside it: by readings, or by what the gate read back. */
function isShown(turn: Turn, { command, shows }: Sent, outcome: Outcome | undefined): boolean {
  const { expect } = command;
  if (shows && !isSeenSince(turn, shows, command)) return false;
  if (outcome?.readBack !== undefined && expect.point === command.point && passes(expect, outcome.readBack))
    return true;
  return isSeenSince(turn, expect, command);
}

function isSeenSince({ image }: Turn, test: Test, command: Pick<Command, "issued">): boolean {
  const reading = image.readingOf(test.point);
  return reading.quality !== "bad" && reading.at > command.issued && passes(test, reading.value);
}

const shownAs = ({ command: { expect }, shows }: Sent): string =>
  [expect, ...(shows ? [shows] : [])].map(({ point, is, value }) => `${point} ${is} ${value}`).join(", ");

function close(turn: Turn, sent: Sent, state: "confirmed" | "failed", detail: string): void {
  sent.state = state;
  sent.detail = detail;
  sent.ended = turn.plant.now;
  say(turn, state, `${sent.command.point} := ${sent.command.value}: ${detail}`);
}

const planInWords = ({ stage, kw }: NonNullable<Campaign["outlook"]>): string =>
  kw === null ? stage : `${stage}, ${kw.toFixed(1)} kW`;
