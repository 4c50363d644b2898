/** What the command line says of drills. */
import type { Command } from "commander";
import type { CommandTools } from "./command-tools.ts";
import { json } from "./command-tools.ts";

/** Adds drills: of a response, and of the service's own chain. */
export function drillCommands(program: Command, { ends, number }: CommandTools): void {
  const atDrill = program.command("drill").description("rehearse a response, and measure how long it takes");

  atDrill
    .command("plan", { isDefault: true })
    .argument("<plan>", "a response of the site: its failover or its shed")
    .argument("<site>", "a site file")
    .option("--url <url>", "a running service: its readings, and how its gate stands; it is only asked")
    .option(
      "--live <steps>",
      "steps that the running service is asked to make for real, or outlets of a shed (rack@node), apart by commas",
    )
    .option("--by <name>", "with --live: who answers for it")
    .option("--why <text>", "with --live: and why")
    .option("--keep", "with --live: what was made stays so, and does not go back")
    .option("--one-way", "with --live: also steps that have no way back")
    .option("--drills <file>", "how long steps took in drills: reckoned with, and with --live added to")
    .option("--state <folder>", "the service's state folder, whose drills.ndjson is meant")
    .option("--load <percent>", "without --url: what every load is taken to draw of its rating", number, 100)
    .option("--html <file>", "write a page of it, in one file")
    .option(...json)
    .description(
      "walk a response through with no output at all; ends with 1 where a step could not be sent, or was not confirmed",
    )
    .action(async (plan: string, site: string, words) => ends((await import("./drill.ts")).drill(plan, site, words)));

  atDrill
    .command("chain")
    .option("--url <url>", "where the service is", "http://127.0.0.1:8080")
    .option(...json)
    .description("have a running service test, a hundred times, how long it takes from a reading to a decision")
    .action(async (words) => ends((await import("./drill-chain.ts")).drillChain(words)));
}
