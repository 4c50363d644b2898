/**
 * A scenario against the whole service over the wire: the simulated site answers on loopback over its real protocols,
 * and the service watches it as it would watch a real one, its gate a process of its own. Nobody is told and no database
 * is written to: those a site file names are real.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scenario } from "../../simulators/scenario.ts";
import type { Clock } from "../clock.ts";
import { realClock, sleep } from "../clock.ts";
import type { Plant } from "../core/plant.ts";
import { instant, ms } from "../core/time.ts";
import { openService } from "../main.ts";
import type { Recorder, Run } from "../recorder.ts";
import { openRecorder } from "../recorder.ts";
import type { Simulation } from "../simulation.ts";
import { openSimulation } from "../simulation.ts";
import type { Site } from "../site/index.ts";
import { simulatedKeys } from "./keys.ts";
import { openSiteFile } from "./open.ts";
import { orRefuse } from "./run.ts";

export interface WireWords {
  readonly speed: number;
  readonly onProgress: (part: number) => void;
}

const stepMs = 100;
/** A service that has not heard of every judged point by then is played to as it is: silence may be what is rehearsed. */
const settleMaxMs = 30_000;

export async function playOnWire(scenario: Scenario, words: WireWords): Promise<Run> {
  inventSecrets(scenario.siteText);
  const keys = simulatedKeys(scenario.site);
  const folder = mkdtempSync(join(tmpdir(), "haechi-scenario-"));
  const since = Date.now();
  const clock = realClock(words.speed, since);
  const { site, siteText } = scenario;
  const simulation = await openSimulation({ site, siteText, ...keys, clock, scenario, folder });
  try {
    return await watchOver(scenario, { simulation, clock, since, folder, words });
  } finally {
    await simulation.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Staged {
  readonly simulation: Simulation;
  readonly clock: Clock;
  readonly since: number;
  readonly folder: string;
  readonly words: WireWords;
}

async function watchOver(scenario: Scenario, { simulation, clock, since, folder, words }: Staged): Promise<Run> {
  const site = untold(openSiteFile(simulation.siteFile));
  let plant: Plant | null = null;
  let recorder: Recorder | null = null;
  const service = await orRefuse(
    openService({
      site,
      siteFile: simulation.siteFile,
      stateDir: join(folder, "state"),
      speed: words.speed,
      since,
      port: 0,
      onTold: () => undefined,
      onScan: (now, input, output) => {
        plant = now;
        recorder?.take(input, output);
      },
    }),
  );
  try {
    for (let waited = 0; waited < settleMaxMs && !hasSeenAll(plant); waited += stepMs) await sleep(ms(stepMs));
    const playing = simulation.play({
      told: (line) => recorder?.tell({ ...line, at: instant(line.at - shiftMs) }),
      ask: (request) => service.ask(request),
      arm: ({ kind, response, by, why }) => service.arm(kind, response, by, why),
    });
    const { shiftMs } = playing;
    recorder = openRecorder({ scenario, site: site.model, alarms: (plant as Plant | null)?.alarms ?? [], shiftMs });
    while (!playing.isOver) {
      await sleep(ms(stepMs));
      words.onProgress((clock.now() - shiftMs - scenario.starts) / (scenario.ends - scenario.starts));
    }
    return recorder.end();
  } finally {
    await service.stop();
  }
}

/** The site without whom it tells and where it copies to. */
function untold(site: Site): Site {
  const { influx1: _1, influx2: _2, ...store } = site.store;
  const { operatorToken: _3, ...serve } = site.serve;
  return { ...site, notify: { webhooks: [] }, store, serve };
}

/** Both ends of the wire are ours: a key that nobody has given is made up, and is good until the run is over. */
function inventSecrets(siteText: string): void {
  for (const [, name] of siteText.matchAll(/\$\{env:(\w+)\}/g)) process.env[name!] ??= randomBytes(16).toString("hex");
}

/** Whether every point that an alarm is judged by has said something. */
function hasSeenAll(plant: Plant | null): boolean {
  if (!plant) return false;
  return plant.site.alarms.every(({ channels }) =>
    channels.every(({ point }) => plant.newest.get(point) !== undefined),
  );
}
