/** A drill as a page that needs nothing else: the plan as it was, what was made, and what that has shown. */
import { lengthOf } from "../../core/respond/path.ts";
import type { Response } from "../../core/respond/response.ts";
import type { Measurements } from "../../drill/durations.ts";
import type { Rehearsed } from "../../drill/rehearse.ts";
import type { DrilledStep, DrillView } from "../../serve/api-drills.ts";
import type { Plan } from "../drill-say.ts";
import { chainWords, inSeconds, marginOf, marginWords } from "../drill-say.ts";
import { measuredLines } from "../drills-file.ts";
import { inXml } from "./in-xml.ts";
import { style } from "./style.ts";

/** What a live drill has shown. */
export interface LiveReport {
  readonly by: string;
  readonly why: string;
  readonly keep: boolean;
  readonly view: DrillView;
  readonly gaveWay: boolean;
  /** The response as it is reckoned with what was measured. */
  readonly after: Response;
  readonly measured: Measurements;
}

export interface DrillReport {
  readonly plan: Plan;
  readonly timezone: string;
  /** Null where nothing was made. */
  readonly live: LiveReport | null;
}

const head = (cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => `<th>${inXml(cell)}</th>`).join("")}</tr>`;
const row = (cells: readonly string[]): string => `<tr>${cells.map((cell) => `<td>${inXml(cell)}</td>`).join("")}</tr>`;
const section = (title: string, rows: readonly string[]): string =>
  rows.length === 0 ? "" : `<section><h2>${inXml(title)}</h2><table>${rows.join("")}</table></section>`;

export function drillPage(report: DrillReport): string {
  const { plan, live } = report;
  const { site, response, rehearsal } = plan;
  const title = `${site.id}: drill of ${response.id}`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${inXml(title)}</title><style>${style}</style></head><body><main><article>`,
    `<header><h1>${inXml(title)}</h1>${badge(report)}</header>`,
    `<p class="about">${inXml(aboutOf(report))}</p>`,
    section("What could not be sent", wrongRows(rehearsal.steps)),
    section(
      "What was made",
      live ? [head(["step", "planned", "measured", "deviation", "back", "detail"]), ...madeRows(plan, live)] : [],
    ),
    section("Longest chain", chainRows(plan, live)),
    section("What drills have shown so far", measuredRows(plan, live)),
    section("The whole plan, rehearsed", [
      head(["step", "begins", "takes", "sends", "waits for", "needs"]),
      ...rehearsal.steps.map(planRow),
    ]),
    "</article><footer>Made by haechi drill. Times are the site's.</footer></main></body></html>",
    "",
  ].join("\n");
}

function badge({ plan, live }: DrillReport): string {
  const unconfirmed = live?.view.steps.filter(({ made }) => made?.state !== "confirmed").length ?? 0;
  const wrong = plan.rehearsal.steps.filter((step) => step.wrong.length > 0).length;
  const [isWell, text] = live
    ? [
        unconfirmed === 0 && !live.gaveWay,
        live.gaveWay ? "gave way" : unconfirmed === 0 ? "confirmed" : `${unconfirmed} not confirmed`,
      ]
    : [wrong === 0, wrong === 0 ? "can be sent" : `${wrong} cannot be sent`];
  return `<span class="badge ${isWell ? "kept" : "broken"}">${text}</span>`;
}

function aboutOf({ live, timezone, plan }: DrillReport): string {
  const asked = plan.url === null ? "Live readings were not looked at." : `Live readings are those of ${plan.url}.`;
  if (!live) return `Rehearsed whole; no output has left. ${asked}`;
  const at = Math.min(...live.view.steps.map(({ made }) => made?.issued ?? Number.POSITIVE_INFINITY));
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "medium" });
  const when = Number.isFinite(at) ? `${format.format(at)} (${timezone})` : "nothing was ordered";
  const made = live.view.steps.map(({ id }) => id).join(", ");
  return `Made for real: ${made}. By ${live.by}: ${live.why}. ${when}. All other steps were only rehearsed. ${asked}`;
}

const wrongRows = (steps: readonly Rehearsed[]): readonly string[] =>
  steps.flatMap(({ stage, wrong }) => wrong.map((why) => row([stage, why])));

const madeRows = ({ rehearsal }: Plan, { view }: LiveReport): readonly string[] =>
  view.steps.map(({ id, made, undone }) => {
    const planned = rehearsal.steps.find(({ stage }) => stage === id)?.lastsMs ?? null;
    const took = tookMs(made);
    return row([
      id,
      planned === null ? "" : inSeconds(planned),
      took === null ? "not ordered" : `${inSeconds(took)}${made?.state === "confirmed" ? "" : ", not confirmed"}`,
      planned === null || took === null ? "" : `${took > planned ? "+" : ""}${inSeconds(took - planned)}`,
      backWords(undone),
      made?.detail ?? "",
    ]);
  });

const tookMs = (step: DrilledStep | null): number | null => (step?.ended == null ? null : step.ended - step.issued);

function backWords(undone: DrilledStep | null): string {
  const took = tookMs(undone);
  if (!undone || took === null) return "stays";
  return undone.state === "confirmed" ? inSeconds(took) : `NOT CONFIRMED after ${inSeconds(took)}`;
}

function chainRows({ response }: Plan, live: LiveReport | null): readonly string[] {
  const { action, after } = response;
  if (action.kind === "shed") return [];
  const rowOf = (name: string, { action: of }: Response): readonly string[] => {
    if (of.kind === "shed") return [];
    const { usual } = lengthOf(of.steps);
    return [row([name, chainWords(usual), marginWords(marginOf(usual, after, action.deadline))])];
  };
  const heads = head(["", "as a rule", "margin against the deadline"]);
  return [heads, ...rowOf(live ? "before" : "", response), ...(live ? rowOf("with this drill", live.after) : [])];
}

const measuredRows = ({ site, response, measured }: Plan, live: LiveReport | null): readonly string[] =>
  measuredLines(site, response.id, live?.measured ?? measured).map((line) => row([line]));

const planRow = ({ stage, startsMs, lastsMs, instead, sends, waitsFor, precondition, notes }: Rehearsed): string =>
  row([
    stage,
    startsMs === null ? `where ${instead.join(" or ")} fails` : inSeconds(startsMs),
    inSeconds(lastsMs),
    sends ?? "",
    waitsFor,
    [...(precondition ? [`${precondition.says}${holdsWords(precondition.holds)}`] : []), ...notes].join("; "),
  ]);

const holdsWords = (holds: boolean | null): string => (holds === null ? "" : holds ? " (holds)" : " (does not hold)");
