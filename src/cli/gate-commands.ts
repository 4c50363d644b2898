/** What the command line says of the gate. */
import type { Command } from "commander";
import type { CommandTools } from "./command-tools.ts";
import { json } from "./command-tools.ts";
import type { GateAsk, GateSaid } from "./gate-say.ts";

/** What is said to the gate of a service on this machine. */
const saidTo = (command: Command): Command =>
  command
    .requiredOption("--state <folder>", "the service's state folder, which the gate listens in")
    .requiredOption("--by <name>", "who says so")
    .requiredOption("--why <text>", "and why");

/** Adds the gate, and what people say to it. */
export function gateCommands(program: Command, { ends, number }: CommandTools): void {
  const sayAt = async (words: GateSaid, request: GateAsk): Promise<void> =>
    ends((await import("./gate-say.ts")).sayAtGate(words, request));

  const atGate = program.command("gate").description("the one process that writes, and what people say to it");

  for (const kind of ["arm", "disarm"] as const)
    saidTo(atGate.command(kind))
      .argument("<response>", "as the site file has it")
      .option("--for <time>", "until it ends by itself, such as 8h; then the site file holds again")
      .option(...json)
      .description(
        kind === "arm"
          ? "take a disarming back; or arm, for a time, what the site file lets people arm"
          : "take a response's leave to write at once, also from what is under way",
      )
      .action(async (response: string, words) => sayAt(words, { kind, response }));

  saidTo(atGate.command("maintenance"))
    .option("--for <time>", "until it ends by itself, such as 2h")
    .option("--end", "end it now")
    .option(...json)
    .description("refuse everything for a time, whatever is armed")
    .action(async (words) => sayAt(words, { kind: "maintenance" }));

  saidTo(atGate.command("yes"))
    .argument("<what>", "what gate.twoPeople names: a response, or what is written to")
    .option(...json)
    .description("say yes to what two people must say yes to; it holds for ten minutes")
    .action(async (what: string, words) => sayAt(words, { kind: "yes", what }));

  atGate
    .command("state")
    .requiredOption("--state <folder>", "the service's state folder, which the gate listens in")
    .option(...json)
    .description("what is armed, disarmed and under way, and until when")
    .action(async (words) => sayAt(words, { kind: "state" }));

  atGate
    .command("serve", { hidden: true, isDefault: true })
    .argument("<site>", "a site file")
    .requiredOption("--state <folder>", "where the ledger and the socket are")
    .option("--speed <factor>", "plant time against wall time", number, 1)
    .option("--since <ms>", "a wall time", number, Date.now())
    .option("--at <ms>", "what plant time it was then", number, Date.now())
    .action(async (site: string, words) => ends((await import("./gate.ts")).gate(site, words)));
}
