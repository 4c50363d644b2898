/** What the command line says of a site's answers: what is lost with what, and what would be done. */
import type { Command } from "commander";
import type { CommandTools } from "./command-tools.ts";
import { json } from "./command-tools.ts";

const drills = ["--drills <file>", "how long steps took in drills, in place of what the site file says"] as const;
const drillsState = ["--state <folder>", "the service's state folder, whose drills.ndjson is meant"] as const;
const live = ["--url <url>", "where a service is that watches the site: as it stands, not as its file has it"] as const;

/** Adds the questions that a site answers, and the plans that are made before they are needed. */
export function answerCommands(program: Command, { ends, number }: CommandTools): void {
  program
    .command("blast")
    .argument("<site>", "a site file")
    .argument("<what>", "a space, node, cooling loop, route, compartment or plenum of it, or site for all of it")
    .option(...live)
    .option(...json)
    .description("what is lost with a part of a site: UPS, feeds, racks, coolers, services")
    .action(async (site: string, what: string, words) => ends((await import("./blast.ts")).blast(site, what, words)));

  program
    .command("audit")
    .argument("<site>", "a site file")
    .option(...live)
    .option(...drills)
    .option(...drillsState)
    .option(...json)
    .description("what looks doubled in a site and is not, and what nobody can know of it")
    .action(async (site: string, words) => ends((await import("./audit.ts")).audit(site, words)));

  program
    .command("margin")
    .argument("<site>", "a site file")
    .requiredOption(live[0], "where a service is that watches the site: margins are of what is carried now")
    .option(...json)
    .description("whether each group of UPS and each cooling loop carries its load without its largest; 1 where not")
    .action(async (site: string, words) => ends((await import("./margin.ts")).margin(site, words)));

  program
    .command("cut")
    .argument("<site>", "a site file")
    .argument("<space>", "a room of it; the rooms of its compartment are cut with it")
    .option(...live)
    .option(...drills)
    .option(...drillsState)
    .option(...json)
    .description("what is lost when power to a zone is cut, and when the services in it will have moved")
    .action(async (site: string, space: string, words) => ends((await import("./cut.ts")).cut(site, space, words)));

  program
    .command("isolate")
    .argument("<site>", "a site file")
    .argument("<space>", "a room of it; the rooms of its compartment are isolated with it")
    .option(...json)
    .description("how a zone is made dead: what to open, in which order, and what is lost; to be printed")
    .action(async (site: string, space: string, words) =>
      ends((await import("./isolate.ts")).isolate(site, space, words)),
    );

  program
    .command("water")
    .argument("<site>", "a site file")
    .argument("<space>", "a room of it; the rooms of its compartment go with it")
    .option(...live)
    .option("--cut-in <minutes>", "announce that power is cut in so many minutes: what can move leaves before", number)
    .option("--withdraw", "take such an announcement back")
    .option("--by <name>", "who announces it")
    .option("--why <text>", "why")
    .option(...json)
    .description("whether water may be used in a zone, and what shows it; ends with 1 where it is not ready")
    .action(async (site: string, space: string, words) => ends((await import("./water.ts")).water(site, space, words)));

  planCommands(program, { ends, number });
}

function planCommands(program: Command, { ends, number }: CommandTools): void {
  const plan = program.command("plan").description("what would be done, before it is needed; writes nothing");

  plan
    .command("failover")
    .argument("<site>", "a site file")
    .argument("[response]", "one of its failovers or sheds; without it all of them")
    .option(...drills)
    .option(...drillsState)
    .option(...json)
    .description("how long failovers and sheds take, and what is found of them; ends with 1 where one comes too late")
    .action(async (site: string, response: string | undefined, words) =>
      ends((await import("./plan-failover.ts")).planFailoverOf(site, response, words)),
    );

  plan
    .command("shed")
    .argument("<site>", "a site file")
    .argument("<node>", "a node of its power tree")
    .argument("<kw>", "how much of what it carries is to be freed", number)
    .option("--within <time>", "in what time, such as 90s: what devices cannot write until then is not counted on")
    .option("--url <url>", "a running service, by whose readings it is planned")
    .option("--load <percent>", "without one: what every load is taken to draw of its rating", number, 100)
    .option(...drills)
    .option(...drillsState)
    .option(...json)
    .description(
      "the loads whose moving or darkening frees a node with the least harm; ends with 1 where it falls short",
    )
    .action(async (site: string, node: string, kw: number, words) =>
      ends((await import("./plan-shed.ts")).planShedOf(site, { node, kw }, words)),
    );
}
