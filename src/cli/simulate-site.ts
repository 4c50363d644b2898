import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { isRecorded, type Recording, recordedFiles } from "../../simulators/recording/index.ts";
import { withPlaces } from "../simulation/simulated-site.ts";
import type { SiteOnWire } from "../simulation/site-on-wire.ts";
import { exit, Refusal } from "./exit.ts";
import { inFolder } from "./in-folder.ts";
import { openFolder } from "./recorded.ts";
import { openScenario, scenarioNames } from "./scenario-files.ts";
import { greet, sayer } from "./simulate-greeting.ts";
import { takeLines } from "./simulate-play.ts";
import { type Ready, readyFrom } from "./simulate-ready.ts";
import { openPlant, openRecorded } from "./simulate-stage.ts";
import type { SimulateSiteWords } from "./simulate-words.ts";
import { untilStopped } from "./until-stopped.ts";

/** The first words of every file that this command writes: by them it knows what it may write over. */
const mark = "# Written by haechi simulate";

/**
 * `haechi simulate SITE`: every device of a site on its real protocol on the loopback, until it is told to stop. Physics
 * stands behind it; behind the folder of a recorded scenario what was recorded does, until its end. Writes the site file
 * by which Haechi watches it.
 */
export async function simulateSite(path: string, words: SimulateSiteWords): Promise<number> {
  const recording = recordingIn(path, words);
  const file = recording ? join(path, recordedFiles.site) : path;
  const ready = readyFrom(file);
  const scenario = words.scenario === undefined ? null : openScenario(words.scenario);
  const out = outFile(file, words);
  // Before there is anything that could be left behind.
  const stopped = untilStopped();
  return inFolder("simulate", async (folder) => {
    const site = await ready({ folder, broker: words.broker });
    const stage = await (recording ? openRecorded(site, words, recording) : openPlant(site, words, scenario));
    try {
      const siteFile = out ?? join(folder, "site.yaml");
      writeFileSync(siteFile, writtenText(file, site, stage.wire));
      const say = sayer(words);
      greet({ ...site, ...stage, siteFile }, words);
      stage.begin(say);
      const input = takeLines(stage.wire.board, stage.plant, say);
      const ended = stage.over.then(() => say("end", "the recording is over"));
      await Promise.race([stopped, ended]);
      input.close();
      process.stdin.destroy();
    } finally {
      await stage.close();
    }
    return exit.done;
  });
}

/** The recording that a path means; null for a site file. Refuses what does not go together, and scenarios of plants. */
function recordingIn(path: string, { scenario, loop }: SimulateSiteWords): Recording | null {
  if (isRecorded(path)) {
    if (scenario !== undefined) throw new Refusal("what was recorded stands: no --scenario befalls it", exit.usage);
    return openFolder(path).recording;
  }
  if (loop) throw new Refusal("--loop is for recorded sites: a plant has no end", exit.usage);
  const isFolder = existsSync(join(path, "scenario.yaml"));
  if (!isFolder && (existsSync(path) || !scenarioNames().includes(basename(path)))) return null;
  throw new Refusal(`${path} is a scenario, and a site is simulated: haechi scenario run ${path}`, exit.usage);
}

/** What is not ours is not written over. */
function outFile(file: string, { out }: SimulateSiteWords): string | null {
  if (out === undefined) return null;
  const isForeign = existsSync(out) && !readFileSync(out, "utf8").startsWith(mark);
  if (resolve(out) === resolve(file) || isForeign)
    throw new Refusal(`${out} is there already and was not written by haechi simulate`, exit.usage);
  return resolve(out);
}

const writtenText = (file: string, { site, made }: Ready, wire: SiteOnWire): string =>
  `${mark} from ${file}: the same site, with its devices on the loopback. It is good while they are simulated.\n` +
  withPlaces(made.text, site, wire);
