/**
 * How long from a change at a sensor to the first write that it leads to, over real Modbus: contacts close at times that
 * know nothing of the polls, each calls a shed of one load, and the simulated relay says when it was written to. The
 * service is whole, its gate a process of its own; simulator and service share a process, so what is measured is a bound.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { furnish } from "../../simulators/device/index.ts";
import { between, dice } from "../../simulators/plant/dice.ts";
import { advance, demoPlant } from "../../simulators/plant/index.ts";
import type { PlantAccess } from "../../simulators/wire/index.ts";
import { inFolder } from "../../src/cli/in-folder.ts";
import { realClock, sleep } from "../../src/clock.ts";
import { ms, seconds } from "../../src/core/time.ts";
import { openService } from "../../src/main.ts";
import { packagedLibrary } from "../../src/profiles/index.ts";
import { fetchKeys } from "../../src/secrets.ts";
import { withPlaces } from "../../src/simulation/simulated-site.ts";
import { openSiteOnWire, withKeys } from "../../src/simulation/site-on-wire.ts";
import { parseSite } from "../../src/site/index.ts";

const devices = 8;
const perDevice = 32;
const trials = devices * perDevice;
/** The scan class of the contacts: `safety` of their profile. */
const interval = seconds(1);
/** Trials begin one after the other, this far apart. */
const apartMs = [100, 300] as const;
const settleMs = 8_000;
const lastMs = 5_000;
const seed = 1;

/** Of all trials; a trial that led to no write is an error. */
export const latencyFigures = (): Promise<Record<string, number>> =>
  inFolder("bench", async (folder) => {
    const taken = (await trialsIn(folder)).toSorted((a, b) => a - b);
    const over = (part: number): number => taken[Math.ceil(part * taken.length) - 1]! - interval;
    return {
      sensor_to_write_over_interval_p99_ms: over(0.99),
      sensor_to_write_over_interval_p50_ms: over(0.5),
      sensor_to_write_trials: taken.length,
    };
  });

async function trialsIn(folder: string): Promise<readonly number[]> {
  const wire = await openWire();
  const siteFile = join(folder, "site.yaml");
  const text = withPlaces(siteText, site, wire);
  writeFileSync(siteFile, text);
  const loaded = siteOf(siteFile, text);
  const service = await openService({
    site: loaded,
    siteFile,
    stateDir: join(folder, "state"),
    port: 0,
    onTold: () => undefined,
  });
  try {
    await sleep(ms(settleMs));
    const chance = dice(seed);
    const closed: number[] = [];
    for (let trial = 0; trial < trials; trial += 1) {
      await sleep(ms(between(chance, ...apartMs)));
      closed.push(performance.now());
      if (!wire.set(`in-${trial % devices}`, `contact[${Math.floor(trial / devices)}].state`, 1))
        throw new Error("a contact that nobody has");
    }
    await sleep(ms(lastMs));
    return closed.map((at, trial) => {
      const written = wire.written.get(`out-${trial % devices}/relay[${Math.floor(trial / devices)}].state`);
      if (written === undefined) throw new Error(`trial ${trial} led to no write`);
      return written - at;
    });
  } finally {
    await service.stop();
    await wire.stop();
  }
}

async function openWire() {
  const keys = fetchKeys(site, {});
  if ("missing" in keys) throw new Error(keys.missing.join());
  const plant = demoPlant(seed, siteText);
  const { profiles } = packagedLibrary();
  const furnished = furnish(withKeys(site, keys), plant, { profiles, seed, rows: 0 });
  for (const device of deviceNumbers)
    for (let n = 0; n < perDevice; n += 1) furnished.set(`in-${device}`, `contact[${n}].state`, 0);
  const written = new Map<string, number>();
  const access: PlantAccess = {
    ...furnished.access,
    actuate(device, point, value) {
      written.set(`${device}/${point}`, performance.now());
      return furnished.access.actuate(device, point, value);
    },
  };
  const behind = {
    devices: furnished.devices,
    access,
    move: (by: Parameters<typeof advance>[1]) => advance(plant, by),
  };
  const wire = await openSiteOnWire({ site, keys, clock: realClock(), seed, ports: "free" }, behind);
  return { ...wire, written, set: (...told: Parameters<typeof furnished.set>) => furnished.set(...told) };
}

function siteOf(file: string, text: string) {
  const loaded = parseSite(file, text, packagedLibrary());
  if ("problems" in loaded) throw new Error(loaded.problems[0]!.message);
  return loaded.site;
}

const deviceNumbers = Array.from({ length: devices }, (_, d) => d);
const each = (line: (device: number, n: number) => string): readonly string[] =>
  deviceNumbers.flatMap((device) => Array.from({ length: perDevice }, (_, n) => line(device, n)));

const siteText = [
  "version: 1",
  "site: { id: contacts, name: { en: Contacts }, timezone: UTC }",
  "profileAlarms: none",
  "spaces: { hall: { kind: hall, name: { en: Hall } } }",
  "devices:",
  ...deviceNumbers.flatMap((d) => [
    `  in-${d}: { profile: remote-io/wago-750, space: hall, modbus: { host: in-${d}.invalid }, fitted: { c: ${perDevice}, r: 1 } }`,
    `  out-${d}: { profile: remote-io/wago-750, space: hall, modbus: { host: out-${d}.invalid }, fitted: { c: ${perDevice}, r: ${perDevice} } }`,
  ]),
  "power:",
  `  utility: { kind: utility, ratedKw: ${trials * 10} }`,
  ...deviceNumbers.map((d) => `  row-${d}: { kind: pdu, feed: A, from: [utility], ratedKw: ${perDevice * 5} }`),
  "loads:",
  ...each(
    (d, n) =>
      `  r${d}-${n}: { space: hall, ratedKw: 4, importance: batch, feeds: [{ node: row-${d}, outlet: "out-${d}/relay[${n}].state", closed: "out-${d}/contact[${n}].state" }] }`,
  ),
  "alarms:",
  ...each(
    (d, n) =>
      `  a${d}-${n}: { title: { en: Contact }, space: hall, priority: critical, point: "in-${d}/contact[${n}].state", at: [closed], onDelay: 0s, offDelay: 10s, cause: A contact has closed., consequence: None., response: { en: None. } }`,
  ),
  "responses:",
  ...each(
    (d, n) =>
      `  s${d}-${n}: { title: { en: Shed }, when: [a${d}-${n}], accept: It is a benchmark., ifBlind: hold, mode: act, after: 0s, shed: { relieve: [{ node: row-${d}, toKw: 0 }], order: [r${d}-${n}], within: 5s, settle: 2s } }`,
  ),
  "gate:",
  `  allow: [${deviceNumbers.map((d) => `out-${d}`).join(", ")}]`,
  `  armed: [${each((d, n) => `s${d}-${n}`).join(", ")}]`,
  "  writesPerMinute: 600",
  "serve: { host: 127.0.0.1, port: 0 }",
].join("\n");

const site = siteOf("contacts.yaml", siteText);

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await latencyFigures());
