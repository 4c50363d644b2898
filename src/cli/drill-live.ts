/**
 * Steps of a failover, or outlets of a shed, made for practice: asked of the running service, whose core orders them
 * and whose gate makes them. What could not be sent is refused before anything is asked. Every step is followed until
 * it is over, and what it took is kept.
 */
import { writeFileSync } from "node:fs";
import { deviceOf } from "../core/reading.ts";
import { noStep } from "../core/respond/drill.ts";
import { practiceOf } from "../core/respond/practice.ts";
import type { Response } from "../core/respond/response.ts";
import type { Drilled } from "../drill/durations.ts";
import { addDrills } from "../drill/durations.ts";
import type { Live } from "../drill/rehearse.ts";
import type { DrilledStep, DrillView } from "../serve/api-drills.ts";
import type { Site } from "../site/index.ts";
import type { Plan } from "./drill-say.ts";
import { inSeconds } from "./drill-say.ts";
import { measuredSheet, reckoned } from "./drills-file.ts";
import { exit, Refusal } from "./exit.ts";
import { operatorHeaders } from "./operator.ts";
import { reach } from "./reach.ts";
import type { LiveReport } from "./report/drill-page.ts";
import { drillPage } from "./report/drill-page.ts";

export interface LiveDrill {
  readonly steps: readonly string[];
  readonly by: string;
  readonly why: string;
  readonly keep: boolean;
  readonly oneWay: boolean;
  readonly url: string;
  /** Where what is measured is kept. */
  readonly kept: string;
  readonly site: Site;
  readonly plan: Plan;
  readonly seen: Live;
  /** Drills of before. */
  readonly before: readonly Drilled[];
  readonly html: string | undefined;
  readonly json: boolean;
}

const lookAgainMs = 100;
/** A service that is started again is back by then; after it nobody knows from here what became of the drill. */
const lostMs = 60_000;
/** A service that has taken a request has scanned it long before. */
const startMs = 5000;

export async function drillLive(live: LiveDrill): Promise<number> {
  refuseUnsendable(live);
  const path = `/api/v1/responses/${encodeURIComponent(live.plan.response.id)}`;
  const { by, why, steps, keep, oneWay } = live;
  const headers = operatorHeaders();
  const asked = await reach(live.url, `${path}/drill`, {
    method: "POST",
    headers,
    body: JSON.stringify({ by, why, steps, keep, oneWay }),
  });
  const { run } = (await asked.json()) as { readonly run: number };
  const abort = (): void => {
    say(live, "Ctrl-C: what is done goes back");
    const body = JSON.stringify({ by, why: "the drill was broken off" });
    void reach(live.url, `${path}/abort`, { method: "POST", headers, body }).catch((error: Error) =>
      console.error(error.message),
    );
  };
  process.once("SIGINT", abort);
  try {
    return conclude(live, await followed(live, `${path}/drill`, run));
  } finally {
    process.removeListener("SIGINT", abort);
  }
}

/** A response as it is drilled live, a shed by the outlets that are named. Refuses steps that are not there. */
export function drilledLive(site: Site, response: Response, steps: readonly string[]): Response {
  const action = practiceOf(response.action, site.model);
  const stranger = steps.find((id) => !action.steps.some((step) => step.id === id));
  if (stranger !== undefined) throw new Refusal(`${response.id}: ${noStep(stranger, action)}`, exit.usage);
  if (response.action.kind === "failover") return response;
  return { ...response, action: { ...action, steps: action.steps.filter(({ id }) => steps.includes(id)) } };
}

/** Refuses steps that could not be sent, or for which people have still something to do. */
function refuseUnsendable({ steps, plan, seen }: LiveDrill): void {
  const { response, rehearsal } = plan;
  const gate = "unknown" in seen.gate ? null : seen.gate;
  const chosen = rehearsal.steps.filter(({ stage }) => steps.includes(stage));
  const lacking = (gate?.twoPeople ?? []).filter(({ yes }) => yes.length < 2).map(({ what }) => what);
  const wrong = chosen.flatMap(({ stage, wrong: own, command }) => [
    ...own.map((why) => `${stage} cannot be sent: ${why}`),
    ...[response.id, deviceOf(command.point)]
      .filter((what) => lacking.includes(what))
      .map((what) => `${stage} cannot be sent: ${what} needs the yes of two people (haechi gate yes)`),
    ...(gate && !gate.armed.includes(response.id) ? [`${stage} cannot be sent: ${response.id} is not armed`] : []),
  ]);
  if (wrong.length > 0)
    throw new Refusal([...new Set(wrong), "nothing was asked of the service"].join("\n"), exit.failed);
}

interface Followed {
  readonly view: DrillView;
  /** The response itself began in the middle of it. */
  readonly gaveWay: boolean;
}

/** Looks until the drill is over, and says what is new. */
async function followed(live: LiveDrill, path: string, run: number): Promise<Followed> {
  let last: DrillView | null = null;
  const giveUpAt = Date.now() + startMs;
  let heardAt = Date.now();
  for (;;) {
    const answer = await fetch(`${live.url}${path}`).catch(() => null);
    const view = answer?.ok ? ((await answer.json()) as DrillView) : null;
    if (answer) heardAt = Date.now();
    else if (Date.now() - heardAt > lostMs)
      throw new Refusal(
        `${live.url} answers no more: what became of the drill is in its log and its ledger`,
        exit.unavailable,
      );
    const isOurs = view?.run === run;
    if (view && isOurs) tellNews(live, last, view);
    if (view && isOurs) last = view;
    if (last?.isOver) return { view: last, gaveWay: false };
    const isGone = (answer?.status === 404 || (view !== null && !isOurs)) && last !== null;
    if (isGone && last) return { view: last, gaveWay: true };
    if (last === null && Date.now() > giveUpAt)
      throw new Refusal("the service has taken the drill and not begun it: see its notices (haechi tail)", exit.failed);
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}

function tellNews(live: LiveDrill, before: DrillView | null, now: DrillView): void {
  for (const { id, made, undone } of now.steps) {
    const old = before?.steps.find((step) => step.id === id);
    if (made && made.state !== old?.made?.state) say(live, `${id}: ${stateWords(made)}`);
    if (undone && undone.state !== old?.undone?.state) say(live, `${id} back: ${stateWords(undone)}`);
  }
}

const say = ({ json }: LiveDrill, text: string): void => (json ? undefined : console.log(text));

/** "confirmed after 4.2 s: login/service.site = 1" */
export function stateWords({ state, issued, ended, detail }: DrilledStep): string {
  if (ended === null || state === "waiting") return "ordered";
  return `${state === "failed" ? "NOT CONFIRMED" : state} after ${inSeconds(ended - issued)}${detail === "" ? "" : `: ${detail}`}`;
}

function conclude(live: LiveDrill, { view, gaveWay }: Followed): number {
  const { site, plan, kept, before, by, why } = live;
  const measured = view.steps.flatMap(({ id, made }): readonly Drilled[] =>
    made?.ended == null
      ? []
      : [
          {
            site: site.id,
            response: plan.response.id,
            step: id,
            seconds: (made.ended - made.issued) / 1000,
            at: made.issued,
            by,
            isConfirmed: made.state === "confirmed",
          },
        ],
  );
  addDrills(kept, measured);
  const after = reckoned(site, [...before, ...measured]);
  const report: LiveReport = {
    by,
    why,
    keep: live.keep,
    view,
    gaveWay,
    after: afterwards(after.site, plan),
    measured: after.measured,
  };
  if (live.html !== undefined) writeFileSync(live.html, drillPage({ plan, timezone: site.timezone, live: report }));
  const isWell = !gaveWay && view.steps.every((step) => isRight(live, step));
  if (live.json)
    console.log(
      JSON.stringify(
        { site: site.id, response: plan.response.id, ...report, ...measuredSheet(after.measured), isWell },
        null,
        2,
      ),
    );
  if (gaveWay) say(live, "THE RESPONSE ITSELF HAS BEGUN: the drill gave way, and takes nothing back");
  say(live, `${measured.length} measured, kept in ${kept}`);
  return isWell ? exit.done : exit.failed;
}

const afterwards = ({ model }: Site, { response }: Plan): Plan["response"] =>
  model.responses.find(({ id }) => id === response.id)!;

/** Made and confirmed, and back again where it was to go back. */
function isRight({ keep, oneWay, plan }: LiveDrill, { id, made, undone }: DrillView["steps"][number]): boolean {
  if (made?.state !== "confirmed") return false;
  const { action } = plan.response;
  const step = action.kind === "failover" ? action.steps.find((one) => one.id === id) : undefined;
  return keep || undone?.state === "confirmed" || (oneWay && step?.inverse === undefined);
}
