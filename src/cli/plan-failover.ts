import type { Chain, Length } from "../core/respond/path.ts";
import { formatPlace } from "../profiles/index.ts";
import type { FailoverPlan, PlanFinding, ShedForecast } from "../site/index.ts";
import { plansOf, shedForecasts } from "../site/index.ts";
import type { DrillsWords } from "./drills-file.ts";
import { measuredLines, reckonedBy } from "./drills-file.ts";
import { exit, Refusal } from "./exit.ts";
import { openSiteFile } from "./open.ts";

export interface PlanFailoverWords extends DrillsWords {
  readonly json?: boolean;
}

/**
 * `haechi plan failover SITE [RESPONSE]`: how long failovers and sheds take by the site file, or by drills where they are
 * named, and what is found of them; asks nobody and writes nothing.
 */
export function planFailoverOf(file: string, response: string | undefined, words: PlanFailoverWords): number {
  const { site, measured, shown, told } = reckonedBy(openSiteFile(file), words);
  const isMeant = (one: { readonly response: string }): boolean => response === undefined || one.response === response;
  const plans = plansOf(site);
  const failovers = plans.failovers.filter(isMeant);
  const findings = plans.findings.filter(isMeant);
  const sheds = shedForecasts(site).filter(isMeant);
  const measuredOf = (one: { readonly response: string }): readonly string[] =>
    measuredLines(site, one.response, measured).map((line) => `  ${line}`);
  if (response !== undefined && !site.model.responses.some(({ id }) => id === response))
    throw new Refusal(
      `there is no response "${response}"; there are: ${site.model.responses.map(({ id }) => id).join(", ")}`,
      exit.usage,
    );
  if (words.json) console.log(JSON.stringify({ site: site.id, failovers, sheds, findings, ...shown }, null, 2));
  else
    for (const line of [
      ...failovers.flatMap((plan) => [...linesOf(plan), ...measuredOf(plan)]),
      ...sheds.flatMap((shed) => [...linesOfShed(shed), ...measuredOf(shed)]),
      ...findings.flatMap(linesOfFinding),
      ...told,
    ])
      console.log(line);
  return findings.some(({ kind }) => kind === "late") ? exit.failed : exit.done;
}

const linesOf = ({ response, mode, afterMs, due, length }: FailoverPlan): readonly string[] => [
  `${response} (${mode}): begins ${afterMs / 1000} s after its alarm; ${due ?? "no deadline is said"}`,
  ...linesOfLength(length),
];

function linesOfShed({ response, mode, afterMs, deadlineMs, outlets, length }: ShedForecast): readonly string[] {
  const due = deadlineMs === null ? "no deadline is said" : `its deadline is ${deadlineMs / 1000} s from then`;
  return [
    `${response} (${mode}): begins ${afterMs / 1000} s after its alarm; ${due}`,
    ...(outlets === 0
      ? ["  nothing is too much with every load at its rating"]
      : [`  opens ${outlets} outlets with every load at its rating`, ...linesOfLength(length)]),
  ];
}

const linesOfLength = ({ usual, worst }: Length): readonly string[] => [
  `  as a rule ${inWords(usual)}`,
  `  at worst  ${inWords(worst)}`,
];

function inWords({ lasts, steps, assumed }: Chain): string {
  const limits = assumed.length === 0 ? "" : ` (how long ${assumed.join(", ")} takes is not said: all its time counts)`;
  return `${lasts / 1000} s: ${steps.join(" > ")}${limits}`;
}

const linesOfFinding = ({ kind, response, what, todo, ...place }: PlanFinding): readonly string[] => [
  `${formatPlace(place)} ${kind} (${response}): ${what}`,
  `  ${todo}`,
];
