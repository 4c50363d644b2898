/** What people say to a running gate, as the user that the service runs as. */

import type { ResponseId } from "../core/command.ts";
import { parseDuration } from "../core/duration.ts";
import type { GateClient, GateState, Saying } from "../gate/index.ts";
import { connectGate, gateSocket } from "../gate/index.ts";
import { exit, Refusal } from "./exit.ts";

export interface GateSaid {
  readonly state: string;
  readonly by: string;
  readonly why: string;
  readonly for?: string;
  readonly end?: boolean;
  readonly json?: boolean;
}

/** What is asked of the gate; who, why and for how long are among the words. */
export type GateAsk =
  | { readonly kind: "arm" | "disarm"; readonly response: string }
  | { readonly kind: "yes"; readonly what: string }
  | { readonly kind: "maintenance" }
  | { readonly kind: "state" };

/** A gate that runs takes a connection at once. */
const patienceMs = 2000;
const lookAgainMs = 20;

/** `haechi gate arm | disarm | maintenance | yes | state`: says it, and prints how the gate stands then. */
export async function sayAtGate(words: GateSaid, ask: GateAsk): Promise<number> {
  const saying = ask.kind === "state" ? null : sayingOf(words, ask);
  const gate = connectGate(gateSocket(words.state));
  try {
    await connected(gate, words.state);
    const said = await (saying === null ? gate.state() : gate.say(saying)).catch((error: unknown) => {
      throw new Refusal(error instanceof Error ? error.message : String(error), exit.failed);
    });
    print(said, words);
    return exit.done;
  } finally {
    gate.close();
  }
}

function sayingOf(words: GateSaid, ask: Exclude<GateAsk, { readonly kind: "state" }>): Saying {
  const { by, why } = words;
  const forMs = forOf(words);
  if (ask.kind === "maintenance") {
    if ((forMs === undefined) !== (words.end === true))
      throw new Refusal("maintenance takes --for a time, or --end", exit.usage);
    return { kind: "maintenance", by, why, forMs: forMs ?? 0 };
  }
  if (ask.kind === "yes") return { kind: "yes", what: ask.what, by, why };
  const response = ask.response as ResponseId;
  return { kind: ask.kind, response, by, why, ...(forMs === undefined ? {} : { forMs }) };
}

function forOf({ for: text }: GateSaid): number | undefined {
  if (text === undefined) return undefined;
  const wait = parseDuration(text);
  if (wait === null || wait <= 0) throw new Refusal(`--for ${text} is no time such as 30min or 8h`, exit.usage);
  return wait;
}

async function connected(gate: GateClient, state: string): Promise<void> {
  for (const giveUpAt = Date.now() + patienceMs; !gate.connected(); ) {
    if (Date.now() > giveUpAt) throw new Refusal(`no gate listens in ${state}`, exit.unavailable);
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}

function print(state: GateState, { json }: GateSaid): void {
  if (json) console.log(JSON.stringify(state));
  else for (const line of linesOf(state)) console.log(line);
}

const untilWords = (until: number | undefined): string =>
  until === undefined ? "" : ` until ${new Date(until).toISOString()}`;

function linesOf(state: GateState): readonly string[] {
  const { twoPeople, maintenance, armed, armable, armedFor, disarmed, open, broken } = state;
  const ways = [...armable].filter((response) => !armed.includes(response));
  return [
    ...(broken === null ? [] : [`nothing can be written: ${broken}`]),
    ...(maintenance ? [`maintenance${untilWords(maintenance.until)} by ${maintenance.by}: ${maintenance.why}`] : []),
    ...armed.map((response) => {
      const said = armedFor.find((one) => one.response === response);
      return said ? `${response} armed${untilWords(said.until)} by ${said.by}: ${said.why}` : `${response} armed`;
    }),
    ...disarmed.map(({ response, by, why, until }) => `${response} disarmed${untilWords(until)} by ${by}: ${why}`),
    ...ways.map((response) => `${response} can be armed for a time`),
    ...twoPeople.map(({ what, yes }) => {
      const names = yes.map(({ by }) => by).join(", ");
      return `${what} needs the yes of two people: ${names === "" ? "nobody has said it" : `said by ${names}`}`;
    }),
    ...open.map(({ id, point, value }) => `under way: ${id}, ${point} to ${value}`),
  ];
}
