/** A large simulated site in a process of its own, so that what it costs is its own and nobody else's. */
import { demoPlant } from "../../simulators/plant/index.ts";
import { realClock } from "../../src/clock.ts";
import { type DeviceAddress, loadLibrary } from "../../src/profiles/index.ts";
import { fetchKeys } from "../../src/secrets.ts";
import { openPlantOnWire } from "../../src/simulation/plant-on-wire.ts";
import { parseSite } from "../../src/site/index.ts";
import { siteText } from "./site-text.ts";

/** What is to be simulated. */
export interface SimulatorWanted {
  readonly devices: number;
}

/** Where it is. */
export interface SimulatorAt {
  readonly addresses: readonly (readonly [string, DeviceAddress])[];
}

/** What has come to pass since the last mark. */
export interface SimulatorMark {
  readonly cpuUs: number;
  readonly wallMs: number;
  readonly answers: number;
  readonly rssMb: number;
}

async function open({ devices }: SimulatorWanted) {
  const text = siteText(devices);
  const { profiles, ...library } = loadLibrary();
  const loaded = parseSite("bench.yaml", text, { profiles, ...library });
  if ("problems" in loaded) throw new Error(loaded.problems[0]!.message);
  const keys = fetchKeys(loaded.site, {});
  if ("missing" in keys) throw new Error(keys.missing.join());
  const plant = demoPlant(1, text);
  const rest = { profiles, keys, clock: realClock(), seed: 1, rows: 3, ports: "free" } as const;
  return await openPlantOnWire({ site: loaded.site, plant, ...rest });
}

if (process.send) {
  const { served } = await open(JSON.parse(process.argv[2]!) as SimulatorWanted);
  process.send({ addresses: [...served.addresses] } satisfies SimulatorAt);
  let [cpu, wall, answers] = [process.cpuUsage(), performance.now(), served.answers()];
  process.on("message", () => {
    const { user, system } = process.cpuUsage(cpu);
    const mark: SimulatorMark = {
      cpuUs: user + system,
      wallMs: performance.now() - wall,
      answers: served.answers() - answers,
      rssMb: process.memoryUsage().rss / 2 ** 20,
    };
    [cpu, wall, answers] = [process.cpuUsage(), performance.now(), served.answers()];
    process.send?.(mark);
  });
  process.once("disconnect", () => process.exit());
}
