import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realClock } from "../clock.ts";
import { openService } from "../main.ts";
import { openSimulation } from "../simulation.ts";
import { lineWriter } from "../transcript.ts";
import { exit } from "./exit.ts";
import { simulatedKeys } from "./keys.ts";
import { openSiteFile } from "./open.ts";
import { orRefuse } from "./run.ts";
import { openScenario } from "./scenario-files.ts";
import { untilStopped } from "./until-stopped.ts";

export interface DemoWords {
  readonly scenario: string;
  readonly speed: number;
  readonly port: number;
  readonly json?: boolean;
}

/** The demo's keys: made anew at each start, known to nobody, and good on loopback only. */
const secretNames = ["HAECHI_DEMO_AUTH", "HAECHI_DEMO_PRIV", "HAECHI_DEMO_SECRET"];

/** `haechi demo`: a simulated site on real protocols, watched by the real service; ends with Ctrl-C and leaves nothing. */
export async function demo(words: DemoWords): Promise<number> {
  const scenario = openScenario(words.scenario);
  const { site: simulated, siteText } = scenario;
  for (const name of secretNames) process.env[name] ??= randomBytes(16).toString("hex");
  const keys = simulatedKeys(simulated);
  const folder = mkdtempSync(join(tmpdir(), "haechi-demo-"));
  const since = Date.now();
  const clock = realClock(words.speed, since);
  const simulation = await openSimulation({ site: simulated, siteText, ...keys, clock, scenario, folder });
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
    rmSync(folder, { recursive: true, force: true });
  }
  return exit.done;
}

function greet(words: DemoWords, about: string, url: string): void {
  if (words.json) return console.log(JSON.stringify({ url }));
  console.log(`The wall: ${url}/  (Korean: ${url}/?lang=ko)`);
  console.log(`${words.scenario}, ${words.speed} times real time: ${about}`);
  console.log("Ctrl-C ends it and leaves nothing running.\n");
}
