/** What the command line asks of a response of a running service. */
import type { Command } from "commander";
import type { ResponseAsk } from "../core/plant.ts";
import type { CommandTools } from "./command-tools.ts";
import { json } from "./command-tools.ts";

/** Every verb and what it does, as its help says it. */
const verbs: Readonly<Record<ResponseAsk, string>> = {
  start: "start a response by hand; it still goes by its mode",
  approve: "say yes to a plan that waits for it",
  stop: "send nothing more, and leave all as it is",
  abort: "undo what a failover under way has done so far, the last step first",
  restore: "undo a failover that is over, when all that its site file waits for has held for long enough",
};

/** Adds `start`, `approve`, `stop`, `abort` and `restore`. */
export function responseCommands(program: Command, { ends }: CommandTools): void {
  for (const [verb, does] of Object.entries(verbs) as [ResponseAsk, string][])
    program
      .command(verb)
      .argument("<response>", "of a running service, as its site file has it")
      .requiredOption("--by <name>", "who asks")
      .requiredOption("--why <text>", "and why")
      .option("--url <url>", "where the service is", "http://127.0.0.1:8080")
      .option(...json)
      .description(`${does}; the operator's token is taken from HAECHI_TOKEN`)
      .action(async (id: string, words) => ends((await import("./response.ts")).askResponse(id, verb, words)));
}
