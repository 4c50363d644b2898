#!/usr/bin/env node
/** The command line: one file a command beside this one, loaded when it is meant, so that the gate holds no code but its own. */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { exit, Refusal } from "./exit.ts";

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

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError("a port is 0 to 65535");
  return value;
}

const ends = async (code: number | Promise<number>): Promise<void> => {
  process.exitCode = await code;
};

program
  .command("demo")
  .option("--scenario <name>", "what befalls the simulated site", "power-then-fire")
  .option("--speed <factor>", "plant time against wall time; beyond about 20, polling cannot keep up", number, 1)
  .option("--port <number>", "the wall's port", port, 8080)
  .option(...json)
  .description("watch a simulated site; needs no server and leaves nothing running")
  .action(async (words) => ends((await import("./demo.ts")).demo(words)));

program
  .command("run")
  .argument("<site>", "a site file")
  .option("--state <folder>", "where journal, history and ledger are kept (default: var/<site>)")
  .option("--port <number>", "the wall's port, in place of the site file's", port)
  .option(...json)
  .description("watch a site")
  .action(async (site: string, words) => ends((await import("./run.ts")).run(site, words)));

program
  .command("check")
  .argument("<site>", "a site file")
  .option(...json)
  .description("say every mistake of a site file at once; opens nothing")
  .action(async (site: string, words) => ends((await import("./check.ts")).check(site, words)));

program
  .command("simulate")
  .argument("<scenario>", "a scenario's name or folder")
  .option(...json)
  .option("--out <file>", "write the transcript to a file as well")
  .description("play a scenario in virtual time and keep it to its promises")
  .action(async (name: string, words) => ends((await import("./simulate.ts")).simulate(name, words)));

program
  .command("replay")
  .argument("<journal>", "a journal's folder, or one segment of it")
  .option(...json)
  .description("scan a journal again and hold the outputs to those recorded, to the byte")
  .action(async (path: string, words) => ends((await import("./replay.ts")).replay(path, words)));

program
  .command("read")
  .argument("<address>", "modbus://HOST[:PORT][/UNIT] or snmp://HOST[:PORT]")
  .requiredOption("--profile <id>", "the device's profile, such as ups/ietf-ups-mib")
  .option("--community <text>", "SNMP version 2c community", "public")
  .option("--fitted <count>", "instances that are fitted of what the profile repeats", number)
  .option(...json)
  .description("every point of one device, raw and in engineering units; writes nothing")
  .action(async (address: string, words) => ends((await import("./read.ts")).read(address, words)));

program
  .command("tail")
  .option("--url <url>", "where the service is", "http://127.0.0.1:8080")
  .option(...json)
  .description("follow a running service")
  .action(async (words) => ends((await import("./tail.ts")).tail(words)));

program
  .command("gate", { hidden: true })
  .argument("<site>", "a site file")
  .requiredOption("--state <folder>", "where the ledger and the socket are")
  .option("--speed <factor>", "plant time against wall time", number, 1)
  .option("--since <ms>", "when plant time was wall time", number, Date.now())
  .action(async (site: string, words) => ends((await import("./gate.ts")).gate(site, words)));

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
