/**
 * A failover held against its time while it runs: what is left until its deadline, until a battery is
 * empty by the early end of what it may last, or until a cut that a person has announced, against the
 * longest chain of steps that are not over. Silence says nothing here: a time that nobody knows makes
 * nothing late, and is told.
 */
import type { AlarmId } from "../alarm/definition.ts";
import { timeToEmpty } from "../detect/runtime.ts";
import type { Plant } from "../plant.ts";
import type { Instant } from "../time.ts";
import { after, elapsed, instant, seconds } from "../time.ts";
import type { Campaign, Race } from "./campaign.ts";
import type { Chain } from "./path.ts";
import { remainingOf } from "./path.ts";
import type { FailoverAction, FailoverStep, RuntimeLimit } from "./response.ts";
import type { StepStates } from "./steps.ts";
import { attemptsOf, isCalled } from "./steps.ts";
import type { Turn } from "./turn.ts";
import { say } from "./turn.ts";

/** What is late by one reading and in time by the next would be told again and again. */
const slack = seconds(5);

/** By when all must be over, and what says so; `at` is null where that is not known. */
interface Due {
  readonly at: Instant | null;
  readonly by: string;
}

/** Takes the time anew, tells when it has become too short, long enough or unknown, and gives back what is left, ms; null where nothing presses or nobody knows. */
export function keepTime(turn: Turn, action: FailoverAction, states: StepStates): number | null {
  const { campaign, plant } = turn;
  const due = dueOf(turn, action);
  const was = campaign.race?.is ?? "inTime";
  campaign.race = null;
  if (due === null) return null;
  const needs = remainingChain(action.steps, states, campaign, plant.now);
  const leftMs = due.at === null ? null : due.at - plant.now;
  const race: Race = { is: standing(leftMs, needs.lasts, was), dueAt: due.at, needsMs: needs.lasts };
  campaign.race = race;
  const isOver = needs.steps.length === 0;
  if (race.is !== was && !isOver) say(turn, race.is, inWords(due, leftMs, needs));
  return leftMs;
}

function standing(leftMs: number | null, needsMs: number, was: Race["is"]): Race["is"] {
  if (leftMs === null) return "timeUnknown";
  return leftMs < needsMs + (was === "late" ? slack : 0) ? "late" : "inTime";
}

function inWords({ by }: Due, leftMs: number | null, { lasts, steps }: Chain): string {
  const needs = `needs ${inSeconds(lasts)} by ${steps.join(" > ")}`;
  return leftMs === null ? `${needs}; how long ${by} lasts is not known` : `${needs}; ${by}: ${inSeconds(leftMs)} left`;
}

const inSeconds = (timeMs: number): string => `${(timeMs / 1000).toFixed(1)} s`;

/** What ends first, of all that is known; null where nothing presses. */
function dueOf({ plant, campaign }: Turn, { deadline, runtime }: FailoverAction): Due | null {
  const begun = campaign.begun ?? null;
  const all: readonly (Due | null)[] = [
    deadline === undefined || begun === null ? null : { at: after(begun, deadline), by: "its deadline" },
    (campaign.cutAt ?? null) === null ? null : { at: campaign.cutAt!, by: "the announced cut" },
    runtime ? emptyAt(plant, runtime) : null,
  ];
  const dues = all.filter((due) => due !== null);
  const known = dues.filter(({ at }) => at !== null).toSorted((a, b) => a.at! - b.at!);
  return known[0] ?? dues[0] ?? null;
}

/** When a battery is empty at the earliest; null while it is not asked for anything. */
function emptyAt(plant: Plant, { node, alarm, channel }: RuntimeLimit): Due | null {
  const left = leftIn(plant, alarm, channel);
  if (left === "onMains") return null;
  return { at: left === null ? null : instant(plant.now + Math.floor(left)), by: node };
}

function leftIn({ index, alarms, site, now }: Plant, alarm: AlarmId, channel: number): number | "onMains" | null {
  const at = index.alarmAt.get(alarm);
  const detect = at === undefined ? undefined : site.alarms[at]!.channels[channel]?.detect;
  if (at === undefined || detect?.kind !== "runtime") return null;
  return timeToEmpty(detect, alarms[at]!.detectors[channel]!.memory, now);
}

function remainingChain(steps: readonly FailoverStep[], states: StepStates, campaign: Campaign, now: Instant): Chain {
  const lasts = (step: FailoverStep): number => {
    const out = states.get(step.id) === "waiting" ? attemptsOf(campaign, step).at(-1) : undefined;
    const usual = step.usual ?? step.within;
    if (!out) return usual;
    const leftMs = usual - elapsed(out.command.issued, now);
    // What takes longer than it usually does may take all the time that it has.
    return Math.max(0, leftMs > 0 ? leftMs : out.command.expires - now);
  };
  return remainingOf(steps, { isLeft: (step) => isLeft(steps, states, step), lasts });
}

function isLeft(steps: readonly FailoverStep[], states: StepStates, step: FailoverStep): boolean {
  const state = states.get(step.id);
  return state === "waiting" || (state === "open" && isCalled(steps, step, states));
}

/** Leaves a step out of this run that would not be over in time, as if it had failed: what its `ifFailed` says comes next. */
export function leaveOut(turn: Turn, { id, usual, within }: FailoverStep, leftMs: number): void {
  const { campaign } = turn;
  campaign.skipped = [...(campaign.skipped ?? []), id];
  say(turn, "skipped", `${id} takes ${inSeconds(usual ?? within)}, and ${inSeconds(Math.max(0, leftMs))} are left`);
}

/** Whether a step that is begun now would be over in time. */
export const fits = ({ usual, within }: FailoverStep, leftMs: number): boolean => (usual ?? within) <= leftMs;
