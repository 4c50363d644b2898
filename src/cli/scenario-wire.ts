/**
 * A scenario against the whole service over the wire: the simulated site answers on loopback over its real protocols,
 * and the service watches it as it would watch a real one, its gate a process of its own. Nobody is told and no database
 * is written to: those a site file names are real.
 */
import { join } from "node:path";
import type { Scenario } from "../../simulators/scenario.ts";
import type { Clock } from "../clock.ts";
import { realClock, sleep } from "../clock.ts";
import type { Plant } from "../core/plant.ts";
import { instant, ms } from "../core/time.ts";
import { openService } from "../main.ts";
import type { Recorder, Run } from "../simulation/recorder.ts";
import { openRecorder } from "../simulation/recorder.ts";
import type { Simulation } from "../simulation/scenario-on-wire.ts";
import { openSimulation } from "../simulation/scenario-on-wire.ts";
import { exit, Refusal } from "./exit.ts";
import { inFolder } from "./in-folder.ts";
import { openSiteFile } from "./open.ts";
import { orRefuse } from "./run.ts";
import { readyScenario } from "./simulate-ready.ts";
import { untilStopped } from "./until-stopped.ts";

export interface WireWords {
  readonly speed: number;
  readonly onProgress: (part: number) => void;
}

const stepMs = 100;
/** A service that has not heard of every judged point by then is played to as it is: silence may be what is rehearsed. */
const settleMaxMs = 30_000;

export const playOnWire = (scenario: Scenario, words: WireWords): Promise<Run> =>
  inFolder("scenario", async (folder) => {
    const isStopped = stopping();
    const { made, ...ready } = await readyScenario(scenario, folder);
    const since = Date.now();
    const clock = realClock(words.speed, since);
    const simulation = await openSimulation({ ...ready, siteText: made.text, clock, scenario, folder });
    try {
      return await watchOver(scenario, { simulation, clock, since, folder, words, isStopped });
    } finally {
      await simulation.stop();
    }
  });

interface Staged {
  readonly simulation: Simulation;
  readonly clock: Clock;
  readonly since: number;
  readonly folder: string;
  readonly words: WireWords;
  readonly isStopped: () => boolean;
}

async function watchOver(scenario: Scenario, staged: Staged): Promise<Run> {
  const { simulation, clock, since, folder, words, isStopped } = staged;
  const step = async (): Promise<void> => {
    if (isStopped()) throw new Refusal(`${scenario.name}: stopped before its end`, exit.failed);
    await sleep(ms(stepMs));
  };
  const site = openSiteFile(simulation.siteFile);
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
    for (let waited = 0; waited < settleMaxMs && !hasSeenAll(plant); waited += stepMs) await step();
    const playing = simulation.play({
      told: (line) => recorder?.tell({ ...line, at: instant(line.at - shiftMs) }),
      ask: (request) => service.ask(request),
      arm: ({ kind, response, by, why }) => service.arm(kind, response, by, why),
    });
    const { shiftMs } = playing;
    recorder = openRecorder({ scenario, site: site.model, alarms: (plant as Plant | null)?.alarms ?? [], shiftMs });
    while (!playing.isOver) {
      await step();
      words.onProgress((clock.now() - shiftMs - scenario.starts) / (scenario.ends - scenario.starts));
    }
    return recorder.end();
  } finally {
    await service.stop();
  }
}

/** Whether somebody has asked for an end, from now on. */
function stopping(): () => boolean {
  let isStopped = false;
  void untilStopped().then(() => {
    isStopped = true;
  });
  return () => isStopped;
}

/** Whether every point that an alarm is judged by has said something. */
function hasSeenAll(plant: Plant | null): boolean {
  if (!plant) return false;
  return plant.site.alarms.every(({ channels }) =>
    channels.every(({ point }) => plant.newest.get(point) !== undefined),
  );
}
