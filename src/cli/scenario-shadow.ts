import { setTimeout } from "node:timers/promises";
import type { Otherwise, Scenario } from "../../simulators/scenario.ts";
import type { Instant } from "../core/time.ts";
import { instant } from "../core/time.ts";
import type { Followed, ShadowRun } from "../simulation/shadow.ts";
import { playInShadow } from "../simulation/shadow.ts";
import { exit, Refusal } from "./exit.ts";
import { openScenario } from "./scenario-files.ts";

export interface ShadowWords {
  readonly url?: string;
  readonly otherwise: Otherwise;
  readonly onProgress: (part: number) => void;
}

/** A live service answers its own machine in milliseconds; one that takes this long does not answer. */
const answerMs = 5000;
/** A service that has just begun has read nothing yet; a second of patience is more than one poll takes, and this is ten. */
const patienceMs = 10_000;
const againMs = 250;

/** A game day beside the live service of a site file: nothing is written, whatever the second core would do. */
export async function playBesideLive(
  name: string,
  siteFile: string,
  { url, otherwise, onProgress }: ShadowWords,
): Promise<{ readonly scenario: Scenario; readonly run: ShadowRun }> {
  const scenario = openScenario(name, { ...otherwise, siteFile, isLive: true });
  const { host, port } = scenario.site.serve;
  const at = url ?? `http://${host}:${port}`;
  const follow = (since: Instant): Promise<Followed> => ask(at, since);
  const { points } = scenario.site.model;
  const isOfSite = ({ readings }: Followed): boolean => readings.some(({ point }) => points.has(point));
  const first = await firstOf(() => follow(instant(0)), isOfSite).catch((error: unknown) => {
    throw new Refusal(`no live service at ${at}: ${(error as Error).message}`, exit.unavailable);
  });
  if (!isOfSite(first))
    throw new Refusal(`${at} watches another site than ${siteFile}: no point is the same`, exit.config);
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once("SIGINT", end);
  try {
    return { scenario, run: await playInShadow({ scenario, follow, stop: stop.signal, onProgress }) };
  } finally {
    process.removeListener("SIGINT", end);
  }
}

/** What a service knows, once it knows anything of what is looked for. */
async function firstOf(follow: () => Promise<Followed>, isKnown: (followed: Followed) => boolean): Promise<Followed> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const first = await follow();
    if (isKnown(first) || performance.now() > until) return first;
    await setTimeout(againMs);
  }
}

async function ask(url: string, since: Instant): Promise<Followed> {
  const response = await fetch(`${url}/api/v1/readings?since=${since}`, { signal: AbortSignal.timeout(answerMs) });
  if (!response.ok) throw new Error(`it answers ${response.status}`);
  return (await response.json()) as Followed;
}
