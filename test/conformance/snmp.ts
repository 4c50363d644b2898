/**
 * `npm run conformance:snmp -- DIR`: serves every recording of a folder as a device, probes it as `haechi probe` does,
 * and holds what was told against what the recording is known to mean. Ends with 1 where too little is right, or
 * anything wrong is called good.
 */
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import { exit, Refusal } from "../../src/cli/exit.ts";
import { formatProblem, loadLibrary } from "../../src/profiles/index.ts";
import { loadDisputed } from "./disputed.ts";
import { figuresOf, printOutcomes } from "./print.ts";
import { loadCases } from "./recordings.ts";
import { byOwn, bySnmpsim, type Outcome, probeAll } from "./run.ts";

interface Words {
  readonly only?: string;
  readonly own?: boolean;
  readonly json?: string;
  readonly disputed: string;
}

/** What has to be right of all that is expected, and of all that is wrong how much may be called good: none. */
const LEAST_RIGHT_PERCENT = 95;

async function conform(folder: string, words: Words): Promise<number> {
  const disputes = loadDisputed(words.disputed);
  const cases = loadCases(folder, words.only);
  const library = loadLibrary();
  for (const problem of library.problems) console.error(formatProblem(problem));
  for (const { name, problems } of cases)
    for (const { line, message } of problems) console.error(`${name}.snmprec:${line}: ${message}`);
  const agents = await (words.own ? byOwn : bySnmpsim)(cases);
  try {
    return report(await probeAll(cases, agents, library, disputes), words);
  } finally {
    await agents.stop();
  }
}

function report(outcomes: readonly Outcome[], { json }: Words): number {
  const figures = figuresOf(outcomes);
  printOutcomes(outcomes);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ figures, outcomes }, null, 2)}\n`);
  console.log(`\n${JSON.stringify({ area: "conformance-snmp", figures })}`);
  return figures.right_percent < LEAST_RIGHT_PERCENT || figures.wrong_but_good > 0 ? exit.failed : exit.done;
}

/** The disputes lie beside the sources; compiled code lies deeper. */
function packagedDisputes(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, "test/conformance/disputed.yaml");
}

const program = new Command("conformance:snmp")
  .argument("<folder>", "recordings NAME.snmprec, each with NAME.expected.json beside it")
  .option("--only <name>", "one recording")
  .option("--own", "serve by our own simulator, not by snmpsimd")
  .option("--json <file>", "write every verdict to a file")
  .option("--disputed <file>", "expectations that are counted apart", packagedDisputes())
  .showHelpAfterError()
  .exitOverride()
  .action(async (folder: string, words: Words) => {
    process.exitCode = await conform(folder, words);
  });

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
