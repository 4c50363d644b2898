import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { demoPlant } from "../../simulators/plant/index.ts";
import type { Scenario } from "../../simulators/scenario.ts";
import { freePort } from "../../simulators/wire/port.ts";
import { realClock } from "../clock.ts";
import { openPlantOnWire, type PlantOnWire } from "../plant-on-wire.ts";
import { formatProblem, type Library, loadLibrary } from "../profiles/index.ts";
import type { Keys } from "../secrets.ts";
import { fetchKeys, fetchTraps } from "../secrets.ts";
import { type PreparedSite, prepareSite, withPlaces } from "../simulated-site.ts";
import { loadSite, type Site } from "../site/index.ts";
import { exit, Refusal } from "./exit.ts";
import { countOf } from "./open.ts";
import { openScenario, scenarioNames } from "./scenario-files.ts";
import { faultsAskedFor } from "./simulate-faults.ts";
import { plantText, playOn, takeLines } from "./simulate-play.ts";
import { openPublishing, type Unpublished } from "./simulate-publish.ts";
import { untilStopped } from "./until-stopped.ts";

export interface SimulateSiteWords {
  readonly json?: boolean;
  readonly out?: string;
  readonly portBase?: number;
  readonly seed?: number;
  readonly speed: number;
  readonly rows: number;
  readonly faults?: string;
  readonly faultRate: number;
  readonly scenario?: string;
  readonly broker?: string;
}

/** The first words of every file that this command writes: by them it knows what it may write over. */
const mark = "# Written by haechi simulate";
const usualSeed = 1;

/**
 * `haechi simulate SITE`: every device of a site on its real protocol on the loopback, physics behind it, until it is told
 * to stop. Writes the site file by which Haechi watches it.
 */
export async function simulateSite(file: string, words: SimulateSiteWords): Promise<number> {
  refuseScenario(file);
  const library = loadLibrary();
  siteIn(file, library);
  const scenario = words.scenario === undefined ? null : openScenario(words.scenario);
  const out = outFile(file, words);
  // Before there is anything that could be left behind.
  const stopped = untilStopped();
  const folder = mkdtempSync(join(tmpdir(), "haechi-simulate-"));
  try {
    const site = await prepared(file, library, { folder, words });
    const opened = await orTaken(open(site, words, scenario));
    try {
      const siteFile = out ?? join(folder, "site.yaml");
      writeFileSync(siteFile, writtenText(file, site, opened.wire));
      const say = sayer(words);
      greet({ site, siteFile, opened, words });
      if (scenario) playOn(opened.wire, opened.plant, scenario, say);
      opened.wire.onMoved(() => {
        for (const text of opened.wire.board.move()) say("fault", text);
      });
      const input = takeLines(opened.wire, opened.plant, say);
      await stopped;
      input.close();
      process.stdin.destroy();
    } finally {
      await opened.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return exit.done;
}

function refuseScenario(file: string): void {
  const isFolder = existsSync(join(file, "scenario.yaml"));
  if (!isFolder && (existsSync(file) || !scenarioNames().includes(basename(file)))) return;
  throw new Refusal(`${file} is a scenario, and a site is simulated: haechi scenario run ${file}`, exit.usage);
}

/** What is not ours is not written over. */
function outFile(file: string, { out }: SimulateSiteWords): string | null {
  if (out === undefined) return null;
  const isForeign = existsSync(out) && !readFileSync(out, "utf8").startsWith(mark);
  if (resolve(out) === resolve(file) || isForeign)
    throw new Refusal(`${out} is there already and was not written by haechi simulate`, exit.usage);
  return resolve(out);
}

/** A site that may be simulated, with every key to it. */
interface Ready {
  readonly site: Site;
  readonly made: PreparedSite;
  readonly keys: Keys;
  readonly profiles: Library["profiles"];
  readonly trapCommunity: string | null;
}

async function prepared(
  file: string,
  library: Library,
  { folder, words }: { readonly folder: string; readonly words: SimulateSiteWords },
): Promise<Ready> {
  const made = prepareSite(readFileSync(file, "utf8"), {
    env: process.env,
    keysFolder: join(folder, "keys"),
    trapPort: await freePort("snmp"),
    broker: words.broker ?? null,
  });
  const copy = join(folder, "prepared.yaml");
  writeFileSync(copy, made.text);
  // What is prepared is a good site file still; if it is not, that is said as of any other.
  const site = siteIn(copy, library);
  const keys = fetchKeys(site, process.env);
  const traps = fetchTraps(site.traps, process.env);
  if ("missing" in keys) throw new Refusal(keys.missing.join("\n"), exit.config);
  if ("missing" in traps) throw new Refusal(traps.missing.join("\n"), exit.config);
  return { site, made, keys, profiles: library.profiles, trapCommunity: traps.traps?.community ?? null };
}

/** The site of a file; refuses with every problem of it at once, as haechi check says them. */
function siteIn(file: string, library: Library): Site {
  if (!existsSync(file)) throw new Refusal(`${file}: there is no such file`, exit.config);
  const loaded = library.problems.length > 0 ? { problems: library.problems } : loadSite(file, library);
  if ("site" in loaded) return loaded.site;
  const { problems } = loaded;
  throw new Refusal([...problems.map(formatProblem), countOf(problems)].join("\n"), exit.config);
}

/** A site on the wire. */
interface Opened {
  readonly wire: PlantOnWire;
  readonly plant: ReturnType<typeof demoPlant>;
  readonly unpublished: readonly Unpublished[];
  close(): Promise<void>;
}

async function open(
  { site, made, keys, profiles, trapCommunity }: Ready,
  words: SimulateSiteWords,
  scenario: Scenario | null,
): Promise<Opened> {
  const seed = words.seed ?? scenario?.seed ?? usualSeed;
  const plant = demoPlant(seed, plantText(made.text));
  const clock = realClock(words.speed);
  const { traps } = site;
  const to = traps && {
    host: traps.bind,
    port: traps.port,
    ...(trapCommunity === null ? {} : { community: trapCommunity }),
  };
  const ports = words.portBase === undefined ? "free" : { from: words.portBase };
  const { rows } = words;
  const wire = await openPlantOnWire({
    site,
    plant,
    profiles,
    keys,
    clock,
    seed,
    rows,
    ports,
    ...(to ? { traps: to } : {}),
  });
  try {
    if (words.faults !== undefined) wire.board.plan(faultsAskedFor(words.faults, wire.board.devices, words));
    const publishing = await openPublishing(site, wire, { keys, clock });
    const close = async (): Promise<void> => {
      await publishing.close();
      await wire.stop();
    };
    return { wire, plant, unpublished: publishing.unpublished, close };
  } catch (error) {
    await wire.stop();
    throw error;
  }
}

async function orTaken(opening: Promise<Opened>): Promise<Opened> {
  try {
    return await opening;
  } catch (error) {
    const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" || code === "EACCES")
      throw new Refusal(`${(error as Error).message}: ${code}`, exit.unavailable);
    throw error;
  }
}

const writtenText = (file: string, { site, made }: Ready, wire: PlantOnWire): string =>
  `${mark} from ${file}: the same site, with its devices on the loopback. It is good while they are simulated.\n` +
  withPlaces(made.text, site, wire);

interface Greeting {
  readonly site: Ready;
  readonly siteFile: string;
  readonly opened: Opened;
  readonly words: SimulateSiteWords;
}

/** A state of its own: the real site's history is not to be mixed with this. */
function greet({ site: { site, made }, siteFile, opened, words }: Greeting): void {
  const { known, thoughtUp } = opened.wire.furnished.counts;
  const run = `haechi run ${siteFile} --state ${join("var", `${site.id}-simulated`)}`;
  const devices = opened.wire.served.addresses.size;
  if (words.json) {
    const addresses = Object.fromEntries(
      [...opened.wire.served.addresses].map(([id, { host, port, unit }]) => [
        id,
        { host, port, ...(unit === undefined ? {} : { unit }) },
      ]),
    );
    const { leftOut, madeUp } = made;
    const told = { site: site.id, siteFile, run, pid: process.pid, devices: addresses, points: { known, thoughtUp } };
    return console.log(JSON.stringify({ ...told, leftOut, madeUp, notSimulated: opened.unpublished }));
  }
  console.log(
    `${site.id}: ${devices} devices on 127.0.0.1; the plant knows ${known} of their points, ${thoughtUp} are thought up`,
  );
  for (const { device, why } of opened.unpublished) console.log(`not simulated: ${device}: ${why}`);
  if (made.leftOut.length > 0)
    console.log(`left out, for nobody is to be told of a simulation: ${made.leftOut.join(", ")}`);
  if (made.madeUp.length > 0) console.log(`made up, for they are not at hand: ${made.madeUp.join(", ")}`);
  console.log(`watch it: ${run}`);
  console.log("DEVICE/POINT=VALUE sets a point, {utility: fail} lets something happen; Ctrl-C ends it\n");
}

const sayer =
  ({ json }: SimulateSiteWords) =>
  (kind: string, text: string): void =>
    console.log(json ? JSON.stringify({ kind, text }) : `${kind}: ${text}`);
