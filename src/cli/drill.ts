/**
 * `haechi drill PLAN SITE`: a response rehearsed whole, with no output at all; and, where steps are named, those made for
 * real by the running service. Nothing in this file can write: a live step is asked of the service, and goes through
 * its gate.
 */
import { writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import type { Reading } from "../core/reading.ts";
import type { Response } from "../core/respond/response.ts";
import type { Instant } from "../core/time.ts";
import { instant } from "../core/time.ts";
import type { Drilled } from "../drill/durations.ts";
import { withMeasured } from "../drill/durations.ts";
import type { Live } from "../drill/rehearse.ts";
import { rehearse } from "../drill/rehearse.ts";
import type { GateState } from "../gate/index.ts";
import type { Site } from "../site/index.ts";
import { assumedReadings } from "../site/index.ts";
import type { LiveDrill } from "./drill-live.ts";
import { drilledLive, drillLive } from "./drill-live.ts";
import type { Plan } from "./drill-say.ts";
import { isSendable, planLines } from "./drill-say.ts";
import type { DrillsWords } from "./drills-file.ts";
import { drillsIn, drillsOf, reckoned } from "./drills-file.ts";
import { exit, Refusal } from "./exit.ts";
import { openSiteFile } from "./open.ts";
import { knock, reach } from "./reach.ts";
import { drillPage } from "./report/drill-page.ts";

export interface DrillWords extends DrillsWords {
  readonly url?: string;
  /** Step ids, apart by commas. */
  readonly live?: string;
  readonly by?: string;
  readonly why?: string;
  readonly keep?: boolean;
  readonly oneWay?: boolean;
  /** What every load is taken to draw where nobody is asked, percent of its rating. */
  readonly load: number;
  readonly html?: string;
  readonly json?: boolean;
}

export async function drill(plan: string, file: string, words: DrillWords): Promise<number> {
  const site = openSiteFile(file);
  const planned = responseOf(site, plan);
  const live = liveWords(words);
  if (live) drilledLive(site, planned, live.steps);
  const kept = drillsIn(words);
  if (live && kept === null)
    throw new Refusal("a live drill needs --drills FILE or --state FOLDER, where what it measures is kept", exit.usage);
  const before = kept === null ? [] : drillsOf(kept);
  const url = words.url ?? (live ? `http://${site.serve.host}:${site.serve.port}` : null);
  const seen = url === null ? null : await look(site, url);
  const rehearsed = planOf(site, plan, { drills: before, words, seen, url, live: live?.steps ?? null });
  if (live && kept !== null && url !== null)
    return await drillLive({
      ...live,
      url,
      kept,
      site,
      plan: rehearsed,
      seen: seen!,
      before,
      html: words.html,
      json: words.json ?? false,
    });
  if (words.html !== undefined)
    writeFileSync(words.html, drillPage({ plan: rehearsed, timezone: site.timezone, live: null }));
  if (words.json) console.log(JSON.stringify(sheetOf(rehearsed), null, 2));
  else for (const line of planLines(rehearsed)) console.log(line);
  return isSendable(rehearsed.rehearsal) ? exit.done : exit.failed;
}

interface Grounds {
  readonly drills: readonly Drilled[];
  readonly words: DrillWords;
  readonly seen: Live | null;
  readonly url: string | null;
  /** The steps that are made; null where none is. */
  readonly live: readonly string[] | null;
}

function planOf(site: Site, id: string, { drills, words, seen, url, live }: Grounds): Plan {
  const known = reckoned(site, drills);
  const written = responseOf(known.site, id);
  const response = live === null ? written : withMeasured([drilledLive(known.site, written, live)], known.measured)[0]!;
  const assumed = assumedReadings(site.model, words.load / 100, instant(0));
  return {
    site: known.site,
    response,
    rehearsal: rehearse(known.site, response, { live: seen, assumed }),
    measured: known.measured,
    url,
  };
}

function responseOf({ model }: Site, id: string): Response {
  const response = model.responses.find((one) => one.id === id);
  if (response) return response;
  throw new Refusal(
    `there is no response "${id}"; there are: ${model.responses.map((one) => one.id).join(", ")}`,
    exit.usage,
  );
}

/** What the command line says of a live drill; null where none is meant. Words of one without the other are refused. */
function liveWords(words: DrillWords): Pick<LiveDrill, "steps" | "by" | "why" | "keep" | "oneWay"> | null {
  const { live, by, why, keep = false, oneWay = false } = words;
  if (live === undefined) {
    const surplus = Object.entries({ by, why, keep: keep || undefined, "one-way": oneWay || undefined });
    const said = surplus.filter(([, value]) => value !== undefined).map(([name]) => `--${name}`);
    if (said.length > 0)
      throw new Refusal(`${said.join(", ")}: only a live drill (--live STEP) takes that`, exit.usage);
    return null;
  }
  const steps = live
    .split(",")
    .map((step) => step.trim())
    .filter((step) => step !== "");
  if (steps.length === 0) throw new Refusal("--live names the steps that are made, apart by commas", exit.usage);
  if (!by || !why) throw new Refusal("a live drill needs --by NAME and --why TEXT", exit.usage);
  return { steps, by, why, keep, oneWay };
}

/** A service that has just begun has read nothing yet. */
const patienceMs = 5000;
const againMs = 250;

/** What a running service knows, which must be of this site. It is only asked. */
async function look(site: Site, url: string): Promise<Live> {
  const giveUpAt = performance.now() + patienceMs;
  const { site: watched } = (await (await reach(url, "/api/v1/snapshot")).json()) as {
    readonly site: { readonly id: string };
  };
  if (watched.id !== site.id) throw new Refusal(`${url} watches the site ${watched.id}, not ${site.id}`, exit.usage);
  for (;;) {
    const answer = await (await reach(url, "/api/v1/readings?since=0")).json();
    const { now, readings } = answer as { readonly now: Instant; readonly readings: readonly Reading[] };
    if (readings.length > 0 || performance.now() > giveUpAt) return { now, readings, gate: await gateAt(url) };
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}

async function gateAt(url: string): Promise<Live["gate"]> {
  const answer = await knock(url, "/api/v1/gate");
  if (answer.ok) return (await answer.json()) as GateState;
  const problem = (await answer.json().catch(() => null)) as { readonly detail?: string } | null;
  return { unknown: problem?.detail ?? `it answers ${answer.status}` };
}

/** A rehearsal as data. */
export const sheetOf = ({ site, response, rehearsal, url }: Plan): object => ({
  site: site.id,
  response: response.id,
  url,
  isSendable: isSendable(rehearsal),
  endsMs: rehearsal.endsMs,
  end: rehearsal.end,
  steps: rehearsal.steps,
});
