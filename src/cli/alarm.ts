import pc from "picocolors";
import type { AlarmRequestKind, AlarmView, TimedView, VoteView } from "../serve/api.ts";
import { exit, Refusal } from "./exit.ts";
import { operatorHeaders } from "./operator.ts";
import { reach } from "./reach.ts";

export interface AlarmWords {
  readonly url: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly why?: string;
  readonly minutes?: number;
  readonly permit?: string;
  readonly channel?: string;
}

/** What may be asked, in the words of the command line, and what each needs beside who and why. */
export const alarmAsks = {
  acknowledge: { kind: "acknowledge", needs: [] },
  reset: { kind: "reset", needs: [] },
  shelve: { kind: "shelve", needs: ["minutes"] },
  unshelve: { kind: "unshelve", needs: [] },
  "out-of-service": { kind: "outOfService", needs: ["minutes", "permit"] },
  "return-to-service": { kind: "returnToService", needs: [] },
  bypass: { kind: "bypass", needs: ["minutes", "channel"] },
  restore: { kind: "restore", needs: [] },
} as const satisfies Record<string, { kind: AlarmRequestKind; needs: readonly ("minutes" | "permit" | "channel")[] }>;

export type AlarmAsk = keyof typeof alarmAsks;

const askWords = ["by", "why", "minutes", "permit", "channel"] as const;
type AskWord = (typeof askWords)[number];

/** A request is heard by the next scan, within its period of 100 ms. */
const lookAgainMs = 100;
/** What has not been granted after so many periods has been refused. */
const patienceMs = 2000;

interface Shown {
  readonly at: number;
  readonly alarm: AlarmView;
}

/** `haechi alarm`: shows an alarm of a running service, or asks something of it and tells what came of that. */
export async function alarm(id: string, ask: AlarmAsk | undefined, words: AlarmWords): Promise<number> {
  const before = await show(id, words);
  if (ask === undefined) return print(before, words);
  await send(id, ask, words);
  const { kind } = alarmAsks[ask];
  const after = await settled(kind, id, words, before);
  print(after, words);
  if (isHeard(kind, before, after)) return exit.done;
  if (after.at <= before.at)
    throw new Refusal("the service has taken the request, and does not scan", exit.unavailable);
  console.error("not granted; the service's log says why");
  return exit.failed;
}

const pathOf = (id: string): string => `/api/v1/alarms/${encodeURIComponent(id)}`;

async function show(id: string, { url }: AlarmWords): Promise<Shown> {
  return (await (await reach(url, pathOf(id))).json()) as Shown;
}

async function send(id: string, ask: AlarmAsk, words: AlarmWords): Promise<void> {
  const headers = operatorHeaders();
  const { kind, needs } = alarmAsks[ask];
  const allowed: readonly AskWord[] = ["by", "why", ...needs];
  const lacking = allowed.filter((name) => words[name] === undefined);
  if (lacking.length > 0)
    throw new Refusal(`${ask} needs ${lacking.map((name) => `--${name}`).join(", ")}`, exit.usage);
  const surplus = askWords.filter((name) => words[name] !== undefined && !allowed.includes(name));
  if (surplus.length > 0) throw new Refusal(`${ask} takes no ${surplus.map((n) => `--${n}`).join(", ")}`, exit.usage);
  await reach(words.url, `${pathOf(id)}/${kind}`, {
    method: "POST",
    headers,
    body: JSON.stringify(Object.fromEntries(allowed.map((name) => [name, words[name]]))),
  });
}

/** The alarm once the request has been heard, or when that is no longer to be expected. */
async function settled(kind: AlarmRequestKind, id: string, words: AlarmWords, before: Shown): Promise<Shown> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const now = await show(id, words);
    if (isHeard(kind, before, now) || Date.now() > giveUpAt) return now;
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}

/** Whether a request of this kind was granted, or waits for a second person. */
function isHeard(kind: AlarmRequestKind, { alarm: before }: Shown, { alarm: now }: Shown): boolean {
  if (now.said[kind]?.at !== before.said[kind]?.at) return true;
  return now.asking?.kind === kind && now.asking.until !== before.asking?.until;
}

function print({ at, alarm: shown }: Shown, { json }: AlarmWords): number {
  if (json) console.log(JSON.stringify({ at, alarm: shown }));
  else for (const line of linesOf(shown)) console.log(line);
  return exit.done;
}

function linesOf(shown: AlarmView): readonly string[] {
  const { id, title, priority, status, blind, flapping, safety, shelved, outOfService, bypassed, asking } = shown;
  const facts = [blind && "cannot be judged", flapping && "flapping", safety && "safety"].filter((f) => f !== false);
  return [
    `${pc.bold(id)}: ${[status, priority, ...facts].join(", ")}`,
    `  ${title["en"]}`,
    ...voteLine(shown.vote),
    ...timedLine("shelved", shelved),
    ...timedLine(`out of service, permit ${outOfService?.permit}`, outOfService),
    ...timedLine(`${bypassed?.channel} bypassed`, bypassed),
    ...timedLine(`waits for a second person to ${asking?.kind} it`, asking),
    ...Object.entries(shown.said).map(([kind, said]) => `  ${kind} ${inWords(said.at)} by ${said.by}: ${said.why}`),
  ];
}

const inWords = (at: number): string => new Date(at).toISOString();

const timedLine = (what: string, timed: TimedView | null): readonly string[] =>
  timed ? [`  ${what} until ${inWords(timed.until)} by ${timed.by}: ${timed.why}`] : [];

function voteLine({ need, of, bad, bypassed, isolated, as }: VoteView): readonly string[] {
  if (bad + bypassed + isolated === 0) return of === 1 ? [] : [`  ${need}oo${of}`];
  const out = [bad > 0 && `${bad} bad`, bypassed > 0 && `${bypassed} bypassed`, isolated > 0 && `${isolated} isolated`];
  const told = as === null ? "cannot be raised" : `left with ${as}`;
  return [`  ${need}oo${of} ${told}: ${out.filter((part) => part !== false).join(", ")}`];
}
