import { join } from "node:path";
import type { Scenario } from "../../simulators/scenario.ts";
import { realClock } from "../clock.ts";
import { openService } from "../main.ts";
import { lineWriter } from "../record/transcript.ts";
import { openSimulation } from "../simulation/scenario-on-wire.ts";
import { exit } from "./exit.ts";
import { inFolder } from "./in-folder.ts";
import { openSiteFile } from "./open.ts";
import { orRefuse } from "./run.ts";
import { openScenario } from "./scenario-files.ts";
import { readyScenario } from "./simulate-ready.ts";
import { untilStopped } from "./until-stopped.ts";

export interface DemoWords {
  readonly scenario: string;
  readonly speed: number;
  readonly port: number;
  readonly json?: boolean;
}

/** `haechi demo`: a simulated site on real protocols, watched by the real service; ends with Ctrl-C and leaves nothing. */
export async function demo(words: DemoWords): Promise<number> {
  const scenario = openScenario(words.scenario);
  return inFolder("demo", (folder) => watched(scenario, words, folder));
}

async function watched(scenario: Scenario, words: DemoWords, folder: string): Promise<number> {
  const { made, ...ready } = await readyScenario(scenario, folder);
  const since = Date.now();
  const clock = realClock(words.speed, since);
  const simulation = await openSimulation({ ...ready, siteText: made.text, clock, scenario, folder });
  try {
    const site = openSiteFile(simulation.siteFile);
    const line = lineWriter(site.timezone);
    const onTold = (told: Parameters<typeof line>[0]): void =>
      console.log(words.json ? JSON.stringify(told) : line(told));
    const opening = { site, siteFile: simulation.siteFile, stateDir: join(folder, "state"), onTold };
    const service = await orRefuse(openService({ ...opening, speed: words.speed, since, port: words.port }));
    greet(words, scenario.about, service.url);
    simulation.play({
      told: onTold,
      ask: (request) => service.ask(request),
      arm: ({ kind, response, by, why }) => service.arm(kind, response, by, why),
    });
    await untilStopped();
    await service.stop();
  } finally {
    await simulation.stop();
  }
  return exit.done;
}

function greet(words: DemoWords, about: string, url: string): void {
  if (words.json) return console.log(JSON.stringify({ url }));
  console.log(`The wall: ${url}/  (Korean: ${url}/?lang=ko)`);
  console.log(`${words.scenario}, ${words.speed} times real time: ${about}`);
  console.log("Ctrl-C ends it and leaves nothing running.\n");
}
