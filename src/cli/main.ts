#!/usr/bin/env node
/** The command line: one file a command beside this one. */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { check } from "./check.ts";
import { exit, Refusal } from "./exit.ts";
import { gate } from "./gate.ts";
import { simulate } from "./simulate.ts";

const program = new Command("haechi")
  .description("Watches a data centre's power, batteries, cooling and fire sensors, and acts before they take it down.")
  .version("0.1.0")
  .showHelpAfterError()
  .exitOverride();

const json = ["--json", "print JSON"] as const;

function number(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("a number above 0 is meant");
  return value;
}

const ends = async (code: number | Promise<number>): Promise<void> => {
  process.exitCode = await code;
};

program
  .command("check")
  .argument("<site>", "a site file")
  .option(...json)
  .description("say every mistake of a site file at once; opens nothing")
  .action((site: string, words) => ends(check(site, words)));

program
  .command("simulate")
  .argument("<scenario>", "a scenario's name or folder")
  .option(...json)
  .option("--out <file>", "write the transcript to a file as well")
  .description("play a scenario in virtual time and keep it to its promises")
  .action((name: string, words) => ends(simulate(name, words)));

program
  .command("gate", { hidden: true })
  .argument("<site>", "a site file")
  .requiredOption("--state <folder>", "where the ledger and the socket are")
  .option("--speed <factor>", "plant time against wall time", number, 1)
  .option("--since <ms>", "when plant time was wall time", number, Date.now())
  .action((site: string, words) => ends(gate(site, words)));

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exit.done : exit.usage;
  else if (error instanceof Refusal) {
    console.error(error.message);
    process.exitCode = error.code;
  } else {
    console.error(error);
    process.exitCode = exit.internal;
  }
});
