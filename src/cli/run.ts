import { join, resolve } from "node:path";
import pino from "pino";
import { LeadershipTaken } from "../cluster/index.ts";
import { fitHeap } from "../heap.ts";
import type { Service } from "../main.ts";
import { openService, SecretsMissing } from "../main.ts";
import type { Told } from "../record/transcript.ts";
import { exit, Refusal } from "./exit.ts";
import { openSiteFile } from "./open.ts";
import { orTaken } from "./or-taken.ts";
import { untilStopped } from "./until-stopped.ts";

export interface RunWords {
  readonly json?: boolean;
  readonly state?: string;
  readonly port?: number;
}

/** `haechi run SITE`: watches a site until it is told to stop. What happens goes to standard error as JSON lines. */
export async function run(file: string, words: RunWords): Promise<number> {
  fitHeap();
  const site = openSiteFile(file);
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  const onTold = ({ at, kind, text }: Told): void => log.info({ kind, plant: new Date(at).toISOString() }, text);
  const stateDir = resolve(words.state ?? process.env["STATE_DIRECTORY"] ?? join("var", site.id));
  const port = words.port === undefined ? {} : { port: words.port };
  const service = await orRefuse(openService({ site, siteFile: resolve(file), stateDir, onTold, ...port }));
  if (words.json)
    console.log(JSON.stringify({ url: service.url, stateDir, pid: process.pid, gatePid: service.gatePid }));
  else console.log(`${site.name["en"]}: ${service.url}  (state in ${stateDir}; Ctrl-C ends it)`);
  await untilStopped();
  await service.stop();
  return exit.done;
}

/** Turns what a user can mend into a refusal with its exit code. */
export async function orRefuse(opening: Promise<Service>): Promise<Service> {
  try {
    return await orTaken(opening, ({ message }) => message);
  } catch (error) {
    if (error instanceof LeadershipTaken) throw new Refusal(error.message, exit.running);
    if (error instanceof SecretsMissing) throw new Refusal(`${error.message}\nnothing was opened`, exit.config);
    throw error;
  }
}
