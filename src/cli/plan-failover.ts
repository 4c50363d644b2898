import type { Chain } from "../core/respond/path.ts";
import type { Measured } from "../drill/durations.ts";
import { formatPlace } from "../profiles/index.ts";
import type { FailoverPlan, PlanFinding, Plans, Site } from "../site/index.ts";
import { plansOf } from "../site/index.ts";
import type { DrillsWords } from "./drills-file.ts";
import { measuredLines, reckonedBy } from "./drills-file.ts";
import { exit, Refusal } from "./exit.ts";
import { openSiteFile } from "./open.ts";

export interface PlanFailoverWords extends DrillsWords {
  readonly json?: boolean;
}

/**
 * `haechi plan failover SITE [RESPONSE]`: how long failovers take by the site file, or by drills where they are named, and
 * what is found of them; asks nobody and writes nothing.
 */
export function planFailoverOf(file: string, response: string | undefined, words: PlanFailoverWords): number {
  const { site, measured, shown, told } = reckonedBy(openSiteFile(file), words);
  const { failovers, findings } = only(plansOf(site), response);
  if (response !== undefined && !site.model.responses.some(({ id }) => id === response))
    throw new Refusal(
      `there is no response "${response}"; there are: ${site.model.responses.map(({ id }) => id).join(", ")}`,
      exit.usage,
    );
  if (words.json) console.log(JSON.stringify({ site: site.id, failovers, findings, ...shown }, null, 2));
  else
    for (const line of [
      ...failovers.flatMap((plan) => linesOf(site, plan, measured)),
      ...findings.flatMap(linesOfFinding),
      ...told,
    ])
      console.log(line);
  return findings.some(({ kind }) => kind === "late") ? exit.failed : exit.done;
}

const only = ({ failovers, findings }: Plans, response: string | undefined): Plans => ({
  failovers: failovers.filter((plan) => response === undefined || plan.response === response),
  findings: findings.filter((finding) => response === undefined || finding.response === response),
});

function linesOf(
  site: Site,
  { response, mode, afterMs, due, length }: FailoverPlan,
  measured: ReadonlyMap<string, Measured>,
): readonly string[] {
  return [
    `${response} (${mode}): begins ${afterMs / 1000} s after its alarm; ${due ?? "no deadline is said"}`,
    `  as a rule ${inWords(length.usual)}`,
    `  at worst  ${inWords(length.worst)}`,
    ...measuredLines(site, response, measured).map((line) => `  ${line}`),
  ];
}

function inWords({ lasts, steps, assumed }: Chain): string {
  const limits = assumed.length === 0 ? "" : ` (how long ${assumed.join(", ")} takes is not said: all its time counts)`;
  return `${lasts / 1000} s: ${steps.join(" > ")}${limits}`;
}

const linesOfFinding = ({ kind, response, what, todo, ...place }: PlanFinding): readonly string[] => [
  `${formatPlace(place)} ${kind} (${response}): ${what}`,
  `  ${todo}`,
];
