/**
 * A response walked through from its beginning to its end, in time that is only counted: the core itself, over a
 * plant of its own, orders what it would order. Every command is answered as done, after as long as it usually
 * takes. Nothing that happens here reaches anything outside of it.
 */
import type { Command, Outcome, Test } from "../core/command.ts";
import type { Plant, Request, SiteModel } from "../core/plant.ts";
import { start } from "../core/plant.ts";
import type { PointId, Reading } from "../core/reading.ts";
import { deviceOf } from "../core/reading.ts";
import type { Sent } from "../core/respond/campaign.ts";
import type { FailoverStep, Response } from "../core/respond/response.ts";
import { writesLast } from "../core/respond/shed-length.ts";
import { nextDue, scan } from "../core/scan.ts";
import type { Duration, Instant } from "../core/time.ts";
import { after, elapsed, instant } from "../core/time.ts";
import { redrawn } from "./redrawn.ts";

/** One command as it would be given. */
export interface Walked {
  /** The step of a failover, or the stage of a shed. */
  readonly stage: string;
  /** From the alarm on, the announced wait in it, ms. */
  readonly startsMs: number;
  readonly lastsMs: number;
  readonly command: Command;
}

export interface Walk {
  readonly commands: readonly Walked[];
  /** From the alarm to the end, ms. */
  readonly endsMs: number;
  /** What the core said at its end. */
  readonly end: string;
}

export interface WalkOptions {
  /** What is read of the site while it lasts. */
  readonly readings: readonly Reading[];
  /** How long a step takes. */
  readonly lasts: (step: FailoverStep) => Duration;
}

/** A response that has not ended after so many scans goes in a circle that nobody has seen. */
const scansMax = 100_000;

/** Walks a response through, whatever its mode is. */
export function walk(site: SiteModel, response: Response, { readings, lasts }: WalkOptions): Walk {
  const at = readings.reduce((latest, reading) => Math.max(latest, reading.at), 0);
  const began = instant(at);
  const plant = start({ ...site, responses: [{ ...response, mode: "act" }] }, began);
  const shown = new Map(readings.map((reading) => [reading.point, reading]));
  const going: Going = { plant, began, shown, pending: [], commands: [], end: "", lasts };
  turn(going, began, [{ to: "response", response: response.id, event: "start", by: "a drill", why: "rehearsed" }]);
  for (let scans = 0; isAtWork(plant) && scans < scansMax; scans += 1) {
    const due = Math.min(nextDue(plant) ?? Number.POSITIVE_INFINITY, going.pending[0]?.at ?? Number.POSITIVE_INFINITY);
    if (due === Number.POSITIVE_INFINITY) break;
    turn(going, instant(Math.max(due, plant.now)), []);
  }
  return { commands: going.commands, endsMs: elapsed(began, plant.now), end: going.end };
}

interface Going {
  readonly plant: Plant;
  readonly began: Instant;
  readonly shown: Map<PointId, Reading>;
  /** Outcomes that are to come, the first of them first. */
  readonly pending: (Outcome & { readonly of: Command })[];
  readonly commands: Walked[];
  end: string;
  readonly lasts: WalkOptions["lasts"];
}

/** A shed that holds what it has opened has nothing more to order. */
const isAtWork = ({ campaigns }: Plant): boolean =>
  campaigns.some(({ phase, hold }) => (phase === "counting" || phase === "running") && !hold);

function turn(going: Going, at: Instant, requests: readonly Request[]): void {
  const { plant, shown, pending, began } = going;
  const outcomes = pending.splice(0, pending.findLastIndex((outcome) => outcome.at <= at) + 1);
  for (const { of } of outcomes) show(going, of, at);
  // Read anew in every scan: that time is counted here is no silence.
  const readings = [...shown.values()].map((reading) => ({ ...reading, at }));
  const output = scan(plant, { at, readings, requests, outcomes: outcomes.map(plain), leads: true });
  for (const command of output.commands) {
    const lastsMs = lastsOf(going, command);
    going.commands.push({ stage: sentOf(plant, command)?.stage ?? "", startsMs: elapsed(began, at), lastsMs, command });
    const ends = after(at, lastsMs);
    pending.push({
      command: command.id,
      at: ends,
      result: "done",
      detail: "rehearsed",
      readBack: command.value,
      of: command,
    });
  }
  pending.sort((a, b) => a.at - b.at);
  for (const { about, event, text } of output.notices)
    if (about === "response" && (event === "done" || event === "stopped" || event === "holding")) going.end = text;
}

function plain(pending: Outcome & { readonly of: Command }): Outcome {
  const { of: _, ...outcome } = pending;
  return outcome;
}

/** A value that passes a test. */
const passing = ({ is, value }: Test): number => (is === "=" ? value : is === "<" ? value - 1 : value + 1);

const sentOf = ({ campaigns }: Plant, { id }: Command): Sent | undefined =>
  campaigns.flatMap(({ sent }) => sent).find(({ command }) => command.id === id);

/** A step takes what it usually does; an outlet as well, but no less than its device takes for its write, after those that it has still to do. */
function lastsOf({ plant, pending, lasts }: Going, { point, value, expect }: Command): Duration {
  const { action } = plant.site.responses[0]!;
  if (action.kind === "failover") {
    const step = action.steps.find((one) => one.point === point && one.value === value);
    return step ? lasts(step) : expect.within;
  }
  const device = deviceOf(point);
  const before = pending.filter(({ of }) => deviceOf(of.point) === device).length;
  return writesLast(action, plant.site.power, device, before + 1) ?? expect.within;
}

/** What a command does to what is read: its own point, of an outlet the meters that its load goes through, and of a step what is to show beside it. */
function show({ plant, shown }: Going, command: Command, at: Instant): void {
  const { point, value } = command;
  const changed = value === 0 ? [...redrawn(plant.site.power, point, shown)] : [];
  const { shows } = sentOf(plant, command) ?? {};
  if (shows) changed.push([shows.point, passing(shows)]);
  for (const [id, now] of [...changed, [point, value] as const])
    shown.set(id, { point: id, at, quality: "good", value: now });
}
