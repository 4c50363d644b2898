/**
 * Which member of a PostgreSQL cluster leads, by Patroni's REST API: GET /cluster tells, POST /switchover orders.
 * Every member can be asked, so that the one that burns need not answer. The order names who leads
 * now: where that is no longer so, Patroni refuses it, and nothing is switched twice.
 */
import { z } from "zod";
import type { Actuator, Declaration, Order, StateLink, WriteOutcome } from "./actuator.ts";
import { placeIn, turnByTurn } from "./actuator.ts";
import type { WebAnswer, WebRequest } from "./web.ts";
import { askWeb, basicAuth, outcomeOfWeb, saidBy } from "./web.ts";

export interface PatroniSettings {
  /** By member: the address of its REST API. */
  readonly members: Readonly<Record<string, string>>;
  /** A PEM text of the authorities to trust in place of the system's. */
  readonly ca?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** A member answers how the cluster stands from memory. Real time. */
const lookMs = 3000;
/** Patroni answers a switchover when it is done: within two of its turns of ten seconds, or not. */
const switchMs = 30_000;
const answerMaxBytes = 256 * 1024;
const leading: readonly string[] = ["leader", "master", "primary"];

const clusterSchema = z.object({
  members: z.array(z.object({ name: z.string(), role: z.string(), state: z.string() })),
});

export const patroniDeclaration: Declaration = {
  writes: "Patroni POST /switchover with leader and candidate",
  twice: "once: the order names who leads, and Patroni refuses one that is no longer true",
  timeoutMs: switchMs,
  confirmed: "GET /cluster gives the member as running leader",
};

/** The actuator of one cluster. Its states are its members. */
export function patroniActuator(link: StateLink<PatroniSettings>): Actuator {
  return turnByTurn({
    has: (point) => point === link.point,
    read: async (stop) => placeIn(link.states, (await leaderOf(link, stop))?.leader),
    write: (order, stop) => switchOver(link, order, stop),
  });
}

interface Seen {
  readonly leader: string;
  /** The address that told it. */
  readonly url: string;
}

/** Who leads, by the first member that answers; null where none does, or none leads. */
async function leaderOf({ settings }: StateLink<PatroniSettings>, stop: AbortSignal): Promise<Seen | null> {
  for (const url of Object.values(settings.members)) {
    const answer = await ask(settings, url, { method: "GET", path: "/cluster" }, { stop, timeoutMs: lookMs });
    const said = saidBy(answer, clusterSchema);
    if (said === null) continue;
    const leader = said.members.find(({ role, state }) => leading.includes(role) && state === "running");
    return leader ? { leader: leader.name, url } : null;
  }
  return null;
}

async function switchOver(link: StateLink<PatroniSettings>, order: Order, stop: AbortSignal): Promise<WriteOutcome> {
  const candidate = link.states[order.value];
  if (order.point !== link.point || candidate === undefined) return { result: "refused", detail: "no such member" };
  const seen = await leaderOf(link, stop);
  if (seen === null) return { result: "again", detail: "no member says that one leads" };
  if (seen.leader === candidate) return { result: "accepted" };
  const body = { leader: seen.leader, candidate };
  const request = { method: "POST", path: "/switchover", body } as const;
  return outcomeOf(await ask(link.settings, seen.url, request, { stop, timeoutMs: switchMs }));
}

/** Patroni says in words why a switchover did not come about. */
function outcomeOf(answer: WebAnswer): WriteOutcome {
  const outcome = outcomeOfWeb(answer);
  if (outcome.result === "accepted" || !("status" in answer)) return outcome;
  return { ...outcome, detail: `${outcome.detail}: ${answer.body.slice(0, wordsMax).replaceAll(/[^ -~]+/g, " ")}` };
}

/** What of an answer's text is worth keeping. */
const wordsMax = 200;

function ask(
  { ca, user, password = "" }: PatroniSettings,
  url: string,
  request: WebRequest,
  { stop, timeoutMs }: { readonly stop: AbortSignal; readonly timeoutMs: number },
): Promise<WebAnswer> {
  const headers = user === undefined ? {} : basicAuth(user, password);
  return askWeb({ url, ca, headers, timeoutMs, answerMaxBytes }, request, stop);
}
