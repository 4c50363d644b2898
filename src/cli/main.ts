#!/usr/bin/env node
/** The command line: one file a command beside this one, loaded when it is meant, so that the gate holds no code but its own. */
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { privProtocols } from "../profiles/index.ts";
import { addressForms, authProtocols, tables } from "./address.ts";
import { answerCommands } from "./answer-commands.ts";
import { json } from "./command-tools.ts";
import { drillCommands } from "./drill-commands.ts";
import { exit, Refusal } from "./exit.ts";
import { gateCommands } from "./gate-commands.ts";
import { rangeForms } from "./range.ts";
import { responseCommands } from "./response-commands.ts";

function seed(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("a seed is a whole number from 0");
  return value;
}

const program = new Command("haechi")
  .description("Watches a data centre's power, batteries, cooling and fire sensors, and acts before they take it down.")
  .version("0.1.0")
  .showHelpAfterError()
  .exitOverride();

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

function unit(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 247) throw new InvalidArgumentError("a unit is 1 to 247");
  return value;
}

function register(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError("a register is 0 to 65535");
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
  .option("--drills <file>", "how long steps took in drills, in place of what the site file says")
  .option("--state <folder>", "the service's state folder, whose drills.ndjson is meant")
  .option(...json)
  .description("say every mistake of a site file at once; opens nothing")
  .action(async (site: string, words) => ends((await import("./check.ts")).check(site, words)));

program
  .command("matrix")
  .argument("<site>", "a site file")
  .option("--csv", "print it for a spreadsheet")
  .option(...json)
  .description("the cause-and-effect matrix: which alarm starts which response, by what vote, when and how")
  .action(async (site: string, words) => ends((await import("./matrix.ts")).matrix(site, words)));

answerCommands(program, { ends, number });

program
  .command("simulate")
  .argument("<site>", "a site file, or the folder of a recorded scenario")
  .option("--out <file>", "where the site file to watch it by is written (default: a temporary one)")
  .option(
    "--port-base <number>",
    "the first of the ports that devices are served at (default: any that are free)",
    port,
  )
  .option("--seed <number>", "what the plant, the values and the chance of faults follow from", seed)
  .option("--speed <factor>", "plant time against wall time", number, 1)
  .option("--rows <count>", "rows of each table that only a device can fill", number, 3)
  .option("--faults <file|seed>", "a file of faults, or a number that a swarm of them follows from")
  .option("--fault-rate <number>", "of a swarm: faults that begin in an hour", number, 60)
  .option("--scenario <name>", "a scenario whose events befall the site")
  .option("--loop", "of a recorded site: begin anew at its end")
  .option("--broker <url>", "where devices publish that speak MQTT, in place of the site file's")
  .option(...json)
  .description("every device of a site on its real protocol on this machine, physics or a recording behind them")
  .action(async (site: string, words) => ends((await import("./simulate-site.ts")).simulateSite(site, words)));

const several = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

const scenario = program
  .command("scenario")
  .description("rehearse a site: play scenarios and keep them to their promises");

scenario
  .command("run")
  .argument("<scenario...>", "names, folders or files, or all; with --on shadow one of them, and the live site's file")
  .addOption(
    new Option("--on <stand>", "core: virtual time; wire: the whole service over the wire; shadow: beside a live site")
      .choices(["core", "wire", "shadow"])
      .default("core"),
  )
  .option("--speed <factor>", "with --on wire: plant time against wall time", number, 1)
  .option("--inject", "with --on shadow: lay the scenario's readings over those of the live site, for a second core")
  .option("--url <url>", "with --on shadow: where the live service is, in place of the site file's word")
  .option("--set <name=value>", "a parameter of the scenario, in place of its file's", several)
  .option("--seed <number>", "in place of the file's", seed)
  .option("--seeds <range>", "run from many seeds, such as 1..100, and tell how many kept each promise")
  .option(...json)
  .option("--out <file>", "write the transcript to a file as well")
  .option("--junit <file>", "write the promises as JUnit's XML")
  .option("--html <file>", "write a page of what happened, in one file")
  .description("play scenarios; ends with 1 where a promise is broken")
  .action(async (names: string[], words) => ends((await import("./scenario-run.ts")).scenarioRun(names, words)));

scenario
  .command("list")
  .option(...json)
  .description("the scenarios that come with the product")
  .action(async (words) => ends((await import("./scenario-list.ts")).scenarioList(words)));

scenario
  .command("record")
  .argument("<journal>", "a journal's folder, or the state folder that it is in")
  .requiredOption("--site <file>", "the site file of what is recorded")
  .requiredOption("--out <folder>", "where the scenario is written")
  .option("--from <instant>", "such as 2026-03-02T09:00:00+09:00; default: from where the journal begins")
  .option("--to <instant>", "default: to where it ends")
  .option(...json)
  .description("make a scenario of what a site's journal holds: its readings, its site file, and promises to be kept")
  .action(async (journal: string, words) =>
    ends((await import("./scenario-record.ts")).scenarioRecord(journal, words)),
  );

program
  .command("test-rules")
  .argument("<file...>", "files of rule tests")
  .option("--coverage", "say which alarms no test has shown to work, and end with 1 where there are any")
  .option("--junit <file>", "write the results as JUnit's XML")
  .option(...json)
  .description("test a site's or a profile's alarms: what their points say, and what must come of it")
  .action(async (files: string[], words) => ends((await import("./test-rules.ts")).testRules(files, words)));

program
  .command("hindcast")
  .argument("[source]", "a journal's folder, the state folder that it is in, or a history.duckdb")
  .requiredOption("--rules <site>", "the site file with the new rules")
  .option("--site <file>", "the site file with the old rules (default: those that the journal was written by)")
  .option("--from <instant>", "such as 2026-03-02T09:00:00+09:00; default: from where the source begins")
  .option("--to <instant>", "default: to where it ends")
  .option("--influx1 <url>", "read a copy in InfluxDB 1.x; the user is that of the old site file's store.influx1")
  .option("--database <name>", "of InfluxDB 1.x (default: the old site file's)")
  .option("--influx2 <url>", "read a copy in InfluxDB 2.x; the token is that of the old site file's store.influx2")
  .option("--bucket <name>", "of InfluxDB 2.x (default: the old site file's)")
  .option("--org <name>", "of InfluxDB 2.x (default: the old site file's)")
  .option(...json)
  .description("what new rules would have said of what has been, beside the old ones")
  .action(async (source: string | undefined, words) => ends((await import("./hindcast.ts")).hindcast(source, words)));

program
  .command("report")
  .argument("<journal>", "a journal's folder, one segment of it, or the state folder that it is in")
  .option("--from <instant>", "such as 2026-03-02T09:00:00+09:00; default: from where the journal begins")
  .option("--to <instant>", "default: to where it ends")
  .option("--html <file>", "write a page as well")
  .option(...json)
  .description("how the alarms have served their people, against the figures of EEMUA 191 and ISA-18.2")
  .action(async (path: string, words) => ends((await import("./report.ts")).report(path, words)));

program
  .command("replay")
  .argument("<journal>", "a journal's folder, or one segment of it")
  .option(...json)
  .description("scan a journal again and hold the outputs to those recorded, to the byte")
  .action(async (path: string, words) => ends((await import("./replay.ts")).replay(path, words)));

program
  .command("ledger")
  .description("what the gate has written down of its own deeds")
  .command("verify")
  .argument("<state>", "the state folder that it is in")
  .option("--holds <seal>", "a seal noted earlier, which the chain must hold")
  .option(...json)
  .description("whether the ledger is as it was written; ends with 1 where lines are edited, missing or put in")
  .action(async (state: string, words) => ends((await import("./ledger.ts")).ledgerVerify(state, words)));

/** How a device is to be spoken to; pass phrases are taken from the environment. */
const withAccess = (command: Command): Command =>
  command
    .option("--community <text>", "SNMP version 1 or 2c community", "public")
    .option("--v1", "speak SNMP version 1")
    .option("--v3 <user>", "speak SNMP version 3 as this user")
    .addOption(new Option("--auth <protocol>", "of the user; its key is in HAECHI_AUTH_KEY").choices(authProtocols))
    .addOption(new Option("--priv <protocol>", "of the user; its key is in HAECHI_PRIV_KEY").choices(privProtocols))
    .option("--ca <file>", "Modbus over TLS: the authorities that are trusted, PEM")
    .option("--cert <file>", "Modbus over TLS: our certificate, PEM")
    .option("--key <file>", "Modbus over TLS: its key, PEM")
    .option("--name <text>", "Modbus over TLS: the name that the device's certificate bears, if not its host");

withAccess(program.command("probe"))
  .argument("<address>", addressForms)
  .option("--profile <id>", "the device's profile, such as ups/ietf-ups-mib; auto: the one it fits", "auto")
  .option("--fitted <count>", "instances that are fitted of what the profile repeats", number)
  .option(...json)
  .description("what a device is, and every point of it, raw and in engineering units; writes nothing")
  .action(async (address: string, words) => ends((await import("./probe.ts")).probe(address, words)));

/** Which addresses are looked at, and how many of them at a time. */
const withSearch = (command: Command): Command =>
  withAccess(command)
    .option("--units <list>", "Modbus units to try behind each address: 1, 1-5 or 1,3,247", "1")
    .option("--at-once <number>", "addresses that are asked at a time", number, 64);

withSearch(program.command("discover"))
  .argument("<protocol>", "snmp or modbus")
  .argument("<range>", rangeForms)
  .option("--port <number>", "in place of 161 or 502", port)
  .option(...json)
  .description("which devices of a range answer, and what they are; writes nothing to them")
  .action(async (protocol: string, range: string, words) =>
    ends((await import("./discover.ts")).discover(protocol, range, words)),
  );

withSearch(program.command("init"))
  .argument("<file>", "the site file to write")
  .option("--snmp <range>", `where to look for SNMP agents: ${rangeForms}`)
  .option("--modbus <range>", "where to look for Modbus devices")
  .option("--snmp-port <number>", "in place of 161", port)
  .option("--modbus-port <number>", "in place of 502", port)
  .description("write a commented site file of the devices that answer")
  .action(async (file: string, words) => ends((await import("./init.ts")).init(file, words)));

program
  .command("import")
  .addArgument(new Argument("<form>", "what the file is").choices(["csv", "netbox"]))
  .argument("<file>", "a sheet of spaces, nodes and loads; or NetBox's racks, power panels, power feeds and devices")
  .description("print rooms, power tree and racks of a file as a piece of a site file, with what is left to say")
  .action(async (form: "csv" | "netbox", file: string) => ends((await import("./import.ts")).importFile(form, file)));

withAccess(program.command("read"))
  .argument("<address>", addressForms)
  .argument("[oid]", "the object to read over SNMP")
  .addOption(new Option("--table <name>", "the Modbus table").choices(tables).default("holding"))
  .option("--addr <number>", "the first register, counted from 0 as on the wire", register)
  .option("--count <number>", "registers to read", number, 2)
  .option(...json)
  .description("one place as it stands on the wire, registers in every byte order; writes nothing")
  .action(async (address: string, oid: string | undefined, words) =>
    ends((await import("./read.ts")).read(address, oid, words)),
  );

withAccess(program.command("simulate-device"))
  .argument("[profile]", "the device's profile, such as meter/schneider-iem3000")
  .option("--list", "say which profiles there are, and what they speak")
  .option("--recording <file>", "serve a recorded SNMP agent instead: snmpsim's text form, oid|tag|value a line")
  .addOption(new Option("--protocol <name>", "where the profile knows two").choices(["modbus", "snmp"]))
  .option("--port <number>", "where to listen on the loopback; 0: any that is free", port, 0)
  .option("--unit <number>", "answer as this Modbus unit only", unit)
  .option("--rows <count>", "rows of each table that the profile walks", number, 3)
  .option("--firmware <version>", "what the device says its firmware is, where its profile knows where it does")
  .option("--seed <number>", "what the values and the chance of faults follow from", number, 1)
  .option("--fault <form>", 'what goes wrong on the wire, such as drop=0.1 or reset@30s; "?" says all forms', several)
  .option("--traps-to <host:port>", "where a storm of traps goes (default: 127.0.0.1:162)")
  .option(...json)
  .description("one device over its real protocol, from its profile alone; takes POINT=VALUE lines on standard input")
  .action(async (profile: string | undefined, words) =>
    ends((await import("./simulate-device.ts")).simulateDevice(profile, words)),
  );

program
  .command("tail")
  .option("--url <url>", "where the service is", "http://127.0.0.1:8080")
  .option(...json)
  .description("follow a running service")
  .action(async (words) => ends((await import("./tail.ts")).tail(words)));

program
  .command("alarm")
  .argument("<id>", "of a running service, as its site file has it")
  .addArgument(
    new Argument("[ask]", "what to ask of it; without one it is shown").choices([
      "acknowledge",
      "reset",
      "shelve",
      "unshelve",
      "out-of-service",
      "return-to-service",
      "bypass",
      "restore",
    ]),
  )
  .option("--by <name>", "who asks")
  .option("--why <text>", "and why")
  .option("--minutes <number>", "until it ends by itself: shelve, bypass (to 480), out-of-service (to 1440)", number)
  .option("--permit <text>", "for out-of-service: the permit to work")
  .option("--channel <point>", "for bypass: which of its sensors")
  .option("--url <url>", "where the service is", "http://127.0.0.1:8080")
  .option(...json)
  .description("show an alarm, or ask something of it; the operator's token is taken from HAECHI_TOKEN")
  .action(async (id: string, ask, words) => ends((await import("./alarm.ts")).alarm(id, ask, words)));

program
  .command("explain")
  .argument("<alarm>", "the alarm's id")
  .option("--url <url>", "where the service is", "http://127.0.0.1:8080")
  .option(...json)
  .description("why an alarm stands as it does, what would change it, and what comes next")
  .action(async (alarm: string, words) => ends((await import("./explain.ts")).explainAlarm(alarm, words)));

drillCommands(program, { ends, number });
gateCommands(program, { ends, number });
responseCommands(program, { ends, number });

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
