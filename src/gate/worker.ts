/**
 * Asks a worker that answers HTTP: a signed POST orders a state, and a GET of the same address says in which one it is.
 * Orders are laid out and signed as those of services are, by the command's id, so that one that comes twice is one.
 */
import { z } from "zod";
import type { Actuator, Declaration, Order, StateLink, WriteOutcome } from "./actuator.ts";
import { placeIn, turnByTurn } from "./actuator.ts";
import { signedHeaders } from "./http.ts";
import { askWeb, outcomeOfWeb, saidBy } from "./web.ts";

export interface HttpSettings {
  readonly url: string;
  /** A PEM text of the authorities to trust in place of the system's. */
  readonly ca?: string | undefined;
  /** Signs orders, as a service's does. */
  readonly secret: string;
}

/** A worker answers an order at once and does it afterwards. Real time. */
const timeoutMs = 5000;
const answerMaxBytes = 64 * 1024;

const wordSchema = z.object({ state: z.string() });

export const httpDeclaration: Declaration = {
  writes: "HTTP POST, signed as Standard Webhooks: a JSON order of a state",
  twice: "once, of a worker that knows an order by its id; states are absolute",
  timeoutMs,
  confirmed: "GET of the same address gives the state",
};

/** The actuator of one worker. `now` is the wall clock that signatures are dated by. */
export function httpActuator(link: StateLink<HttpSettings>, now: () => number = Date.now): Actuator {
  return turnByTurn({
    has: (point) => point === link.point,
    read: async (stop) => {
      const answer = await askWeb(accessOf(link), { method: "GET", path: pathOf(link) }, stop);
      return placeIn(link.states, saidBy(answer, wordSchema)?.state);
    },
    write: (order, stop) => ask(link, order, { stop, now }),
  });
}

async function ask(
  link: StateLink<HttpSettings>,
  { id, point, value, expires, due }: Order,
  { stop, now }: { readonly stop: AbortSignal; readonly now: () => number },
): Promise<WriteOutcome> {
  const state = link.states[value];
  if (point !== link.point || state === undefined) return { result: "refused", detail: "no such state" };
  const body = { id, target: link.id, state, expires, due };
  const headers = signedHeaders(link.settings.secret, { id, body: JSON.stringify(body) }, now());
  return outcomeOfWeb(await askWeb(accessOf(link), { method: "POST", path: pathOf(link), headers, body }, stop));
}

const accessOf = ({ settings: { url, ca } }: StateLink<HttpSettings>) => ({ url, ca, timeoutMs, answerMaxBytes });

function pathOf({ settings }: StateLink<HttpSettings>): string {
  const { pathname, search } = new URL(settings.url);
  return `${pathname}${search}`;
}
