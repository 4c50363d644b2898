/** A rehearsal in words. */

import type { Chain } from "../core/respond/path.ts";
import { lengthOf } from "../core/respond/path.ts";
import type { Response } from "../core/respond/response.ts";
import type { Measurements } from "../drill/durations.ts";
import { keyOf } from "../drill/durations.ts";
import type { Rehearsal, Rehearsed } from "../drill/rehearse.ts";
import type { Site } from "../site/index.ts";
import { measuredLines, measuredWords } from "./drills-file.ts";

/** What was rehearsed, and what is known of how long it takes. */
export interface Plan {
  readonly site: Site;
  readonly response: Response;
  readonly rehearsal: Rehearsal;
  readonly measured: Measurements;
  /** Where a service was asked; null where nobody was. */
  readonly url: string | null;
}

/** Whether every step of it could be sent. */
export const isSendable = ({ steps }: Rehearsal): boolean => steps.every(({ wrong }) => wrong.length === 0);

export const planLines = (plan: Plan): readonly string[] => {
  const { site, response, rehearsal, measured, url } = plan;
  return [
    `${response.id} of ${site.id}, rehearsed: no output has left`,
    url === null ? "  live readings: not looked at (--url asks a service)" : `  live readings: as ${url} has them`,
    ...rehearsal.steps.flatMap((step) => stepLines(plan, step)),
    ...(rehearsal.steps.length === 0 ? ["  nothing would be sent"] : []),
    `ends ${inSeconds(rehearsal.endsMs)} after the alarm${rehearsal.end === "" ? "" : `: ${rehearsal.end}`}`,
    ...timeLines(response),
    ...(response.action.kind === "shed" ? measuredLines(site, response.id, measured) : []),
  ];
};

function stepLines({ site, response, measured, url }: Plan, step: Rehearsed): readonly string[] {
  const { stage, startsMs, lastsMs, instead, command, sends, waitsFor, precondition, wrong, notes } = step;
  const found = measured.steps.get(keyOf(response.id, stage));
  const when = startsMs === null ? `only where ${instead.join(" or ")} fails` : `at ${inSeconds(startsMs)}`;
  const name = response.action.kind === "shed" ? `stage ${stage}` : stage;
  return [
    `${name}: ${when}, takes ${inSeconds(lastsMs)}${found ? ` (${measuredWords(found, site.timezone)})` : ""}`,
    `  commands ${command.point} = ${command.value}`,
    ...(sends === null ? [] : [`  sends    ${sends}`]),
    `  waits    ${waitsFor}`,
    ...(precondition ? [`  needs    ${precondition.says}: ${holding(precondition.holds, url)}`] : []),
    ...notes.map((note) => `  note     ${note}`),
    ...wrong.map((why) => `  CANNOT BE SENT: ${why}`),
  ];
}

function holding(holds: boolean | null, url: string | null): string {
  if (holds === null || url === null) return "not looked at";
  return holds ? "holds now" : "does not hold now";
}

/** The longest chain as a rule and at worst, each against the deadline. */
function timeLines({ action, after }: Response): readonly string[] {
  if (action.kind === "shed") return action.deadline === undefined ? [] : [`deadline ${inSeconds(action.deadline)}`];
  const { usual, worst } = lengthOf(action.steps);
  return [
    `as a rule ${chainWords(usual)}; ${marginWords(marginOf(usual, after, action.deadline))}`,
    `at worst  ${chainWords(worst)}; ${marginWords(marginOf(worst, after, action.deadline))}`,
  ];
}

export const chainWords = ({ lasts, steps }: Chain): string => `${inSeconds(lasts)} by ${steps.join(" > ")}`;

/** What a deadline leaves, ms; null where there is none. */
export const marginOf = ({ lasts }: Chain, after: number, deadline: number | undefined): number | null =>
  deadline === undefined ? null : deadline - after - lasts;

export function marginWords(marginMs: number | null): string {
  if (marginMs === null) return "no deadline is said";
  return marginMs < 0 ? `${inSeconds(-marginMs)} too late` : `${inSeconds(marginMs)} to spare`;
}

export const inSeconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))} s`;
