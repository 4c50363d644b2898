/** The page of incidents: a table over all of them, and for each what is known, what is assumed, and its runs. */

import type { Record } from "../../simulators/promises/index.ts";
import { assert } from "../../src/core/assert.ts";
import { isRaising } from "../../src/core/plant.ts";
import type { Duration, Instant } from "../../src/core/time.ts";
import { elapsed, minutes } from "../../src/core/time.ts";
import type { Incident, IncidentRun } from "./incident.ts";

const intro = `# Incidents

What happened in the world, played on simulated sites with the detectors and responses that there are today. The sites are small and their services invented; the physics is the simulators' own (simulators/plant). Where a real minute is not known the scenario assumes one, and says so. Each is a scenario that anybody can play: \`haechi scenario run NAME\`.

Minutes are counted from the beginning of the trouble, which is the first labelled entry of the scenario's timeline; those before it have a minus. This page is written by the runs themselves (\`UPDATE_DOCS=1 npx vitest run test/docs/incidents.test.ts\`) and compared with them.

An operator's yes after five minutes is a guess at people, and a poll a minute is what many building systems do. "Never" is not in the time that is played.

| date | incident | what happened | first alarm | first order | what came of it | alarms in the first 10 min | left to itself |
|---|---|---|---|---|---|---|---|
`;

/** What the page says of an incident's run as its file has it: the beginning of its row, and its section's lines. */
export const linesOf = (incident: Incident): readonly string[] => [
  rowOf(incident).split(" | ").slice(0, -1).join(" | "),
  ...sectionOf(incident).trim().split("\n"),
];

/** The whole page, of incidents that were played in all their runs. */
export const pageOf = (incidents: readonly Incident[]): string =>
  `${intro}${incidents.map(rowOf).join("")}\n${incidents.map(sectionOf).join("\n")}`;

function rowOf({ scenario, begins, runs }: Incident): string {
  const { history, name } = scenario;
  const [told] = runs;
  assert(history !== undefined && told !== undefined, "a history was played");
  const { record } = told;
  // What was seen or ordered before the trouble is what matters most.
  const first = raised(record, record.starts)[0];
  const title = first && record.site.alarms.find(({ id }) => id === first.alarm)?.title["en"];
  const [order] = record.commands;
  const cells = [
    history.date,
    `[${name}](#${name})`,
    opening(history.happened),
    first ? `${title ?? first.alarm}, ${since(begins, first.at)}` : "none",
    order ? since(begins, order.issued) : "none",
    cameOf(history.outcome, told, begins, (outcome) => / (moved|confirmed)$/.test(outcome)),
    String(raised(record, begins).filter(({ at }) => elapsed(begins, at) <= minutes(10)).length),
    leftAlone(history.outcome, runs, begins),
  ];
  return `| ${cells.map(inCell).join(" | ")} |\n`;
}

/** The first two sentences of a text. */
const opening = (text: string): string =>
  text
    .trim()
    .split(/(?<=\.) (?=[A-Z0-9])/)
    .slice(0, 2)
    .join(" ");

/** Alarms put before people after a time, in order. */
const raised = ({ transitions }: Record, from: Instant) => transitions.filter((t) => isRaising(t) && t.at >= from);

/** What came true of some outcomes, and when. */
function cameOf(
  outcomes: readonly string[],
  { came }: IncidentRun,
  begins: Instant,
  isMeant: (outcome: string) => boolean,
): string {
  const said = outcomes.flatMap((outcome, i) => {
    const at = came[i];
    return isMeant(outcome) && at ? `${plain(outcome)} ${since(begins, at)}` : [];
  });
  return said.length > 0 ? said.join("; ") : "nothing";
}

function leftAlone(outcomes: readonly string[], runs: readonly IncidentRun[], begins: Instant): string {
  const run = runs.find(({ isObserved }) => isObserved);
  if (!run) return "see below";
  return cameOf(outcomes, run, begins, (outcome) => outcome.startsWith("point "));
}

const plain = (outcome: string): string => outcome.replace(/^(service|point|alarm) /, "");

/** "+1:05 min" from one instant to another; "-0:10 min" before it. */
function since(from: Instant, to: Instant): string {
  const wait: Duration = elapsed(from, to);
  const s = Math.floor(Math.abs(wait) / 1000);
  return `${wait < 0 ? "-" : "+"}${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

const inCell = (text: string): string => text.replaceAll("|", "\\|");

function sectionOf({ scenario, source, begins, runs }: Incident): string {
  const { history, name } = scenario;
  assert(history !== undefined, "a history was played");
  const facts = [
    ["What happened", history.happened],
    ["Not known", history.unknown],
    ["Assumed", history.assumed],
    ["Lesson", history.lesson],
    ["Sources", source.sources ?? "see the scenario"],
  ] as const;
  return [
    `## ${name}`,
    "",
    source.about.trim(),
    "",
    ...facts.map(([title, text]) => `- **${title}.** ${text.trim()}`),
    "",
    `| run | ${history.outcome.map((outcome) => inCell(plain(outcome))).join(" | ")} |`,
    `|---|${history.outcome.map(() => "---|").join("")}`,
    ...runs.map(({ says, came }) => {
      const cells = came.map((at) => (at ? since(begins, at) : "never"));
      return `| ${inCell(says)} | ${cells.join(" | ")} |`;
    }),
    "",
  ].join("\n");
}
