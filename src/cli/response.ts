import pc from "picocolors";
import type { ResponseAsk } from "../core/plant.ts";
import type { ResponseDetail } from "../serve/api.ts";
import { exit, Refusal } from "./exit.ts";
import { reach } from "./reach.ts";

export interface ResponseWords {
  readonly url: string;
  readonly by: string;
  readonly why: string;
  readonly json?: boolean;
}

/** The environment variable with the operator's token: a token on a command line is seen by everybody. */
const tokenName = "HAECHI_TOKEN";
/** A request is heard by the next scan, within its period of 100 ms. */
const lookAgainMs = 100;
/** What has not been answered after so many periods is not going to be. */
const patienceMs = 2000;

interface Shown {
  readonly at: number;
  readonly response: ResponseDetail;
}

/** Asks something of a response of a running service, and tells what came of that; ends with 1 where it was refused. */
export async function askResponse(id: string, ask: ResponseAsk, words: ResponseWords): Promise<number> {
  const before = await show(id, words);
  await send(id, ask, words);
  const after = await answered(id, words, before);
  const { answer } = after.response;
  if (answer === null || answer.n === before.response.answer?.n)
    throw new Refusal("the service has taken the request, and does not scan", exit.unavailable);
  if (words.json) console.log(JSON.stringify(after));
  else for (const line of linesOf(after.response)) console.log(line);
  if (answer.refused === null) return exit.done;
  console.error(`refused: ${answer.refused}`);
  return exit.failed;
}

const pathOf = (id: string): string => `/api/v1/responses/${encodeURIComponent(id)}`;

async function show(id: string, { url }: ResponseWords): Promise<Shown> {
  return (await (await reach(url, pathOf(id))).json()) as Shown;
}

async function send(id: string, ask: ResponseAsk, { url, by, why }: ResponseWords): Promise<void> {
  const token = process.env[tokenName];
  if (token === undefined || token === "")
    throw new Refusal(`asking needs the operator's token in ${tokenName}`, exit.usage);
  await reach(url, `${pathOf(id)}/${ask}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ by, why }),
  });
}

async function answered(id: string, words: ResponseWords, before: Shown): Promise<Shown> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const now = await show(id, words);
    if (now.response.answer?.n !== before.response.answer?.n || Date.now() > giveUpAt) return now;
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}

function linesOf({ id, title, phase, mode, undoing, unmet, steps }: ResponseDetail): readonly string[] {
  const facts = [phase, mode, ...(undoing === null ? [] : [`being undone (${undoing})`])];
  const first = `${pc.bold(id)}: ${facts.join(", ")}`;
  const stands = steps.map((step) => `  ${step.id}: ${step.state}`);
  return [first, `  ${title["en"] ?? id}`, ...stands, ...unmet.map((what) => `  a restore waits for ${what}`)];
}
