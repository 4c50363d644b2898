/**
 * UPS B fails, and UPS A has 133 % of what it is rated for: how long until the last of the loads that are shed is seen to
 * be off. A thousand outlets answer over real SNMP and Modbus on the loopback, one switching device in ten is mute, and
 * the service is whole, its gate a process of its own. Simulator and service share a process: what is measured is a bound.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { advance, demoPlant } from "../../simulators/plant/index.ts";
import { accessTo } from "../../simulators/wire/access.ts";
import { inFolder } from "../../src/cli/in-folder.ts";
import { openScenario } from "../../src/cli/scenario-files.ts";
import { playOnWire } from "../../src/cli/scenario-wire.ts";
import { seconds } from "../../src/core/time.ts";
import type { Run } from "../../src/simulation/recorder.ts";
import { feeds, type Rows, rowsText, switchOf } from "./rows.ts";

const rows = 25;
const racksPerRow = 20;
/** What one UPS has when the other fails, of what it is rated for. */
const overloaded = 1.33;
/** The shed leaves it this much. */
const spared = 0.98;
const mutePart = 0.1;
const stepS = 20;

/** `overload_last_confirm_s` is from the failure to the last order that was seen to work; orders to mute devices are none. */
export async function overloadFigures(): Promise<Record<string, number>> {
  const run = await inFolder("bench", (folder) => {
    writeScenario(folder);
    return playOnWire(openScenario(join(folder, "scenarios", "rows")), { speed: 1, onProgress: () => undefined });
  });
  return figuresOf(run);
}

function writeScenario(folder: string): void {
  const wanted = { rows, racksPerRow };
  // What the racks draw is the plant's own affair: it is asked, and the UPS are made to fit.
  const totalKw = drawnKw(rowsText({ ...wanted, ratedKwOfUps: 10_000, toKw: 10_000 }));
  const ratedKwOfUps = Math.round(totalKw / overloaded);
  const site: Rows = { ...wanted, ratedKwOfUps, toKw: Math.round(ratedKwOfUps * spared) };
  const files = { "sites/rows.yaml": rowsText(site), "scenarios/rows/scenario.yaml": scenarioText(mutes()) };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function drawnKw(text: string): number {
  const plant = demoPlant(1, text);
  advance(plant, seconds(5));
  const access = accessTo(plant);
  return feeds.reduce((sum, feed) => sum + (access.look(`ups-${feed}`, "output.power")() ?? 0), 0);
}

/** One switching device in ten, spread over feeds, rows and protocols. */
function mutes(): readonly string[] {
  const all = feeds.flatMap((feed) => Array.from({ length: rows }, (_, row) => switchOf(feed, row, rows)));
  const every = 1 / mutePart;
  return all.filter((_, at) => at % every === every / 2);
}

const scenarioText = (mute: readonly string[]): string => `
scenario: rows
about: UPS B fails, and UPS A carries all of a thousand outlets.
site: rows
starts: 2026-03-02T09:00:00+00:00
lasts: ${stepS + 20}s
seed: 1
timeline:
${mute.map((device) => `  - { at: 1s, fault: drop, on: ${device} }`).join("\n")}
  - { at: ${stepS}s, label: lost, does: UPS B fails, event: { ups: ups-b, off: true } }
promises: []
`;

function figuresOf({ record }: Run): Record<string, number> {
  const { commands, notices, starts } = record;
  const step = starts + stepS * 1000;
  const confirmed = notices.filter(({ event, at }) => event === "confirmed" && at > step);
  if (confirmed.length === 0 || commands.length === 0) throw new Error("nothing was shed");
  const last = (times: readonly number[]): number => (Math.max(...times) - step) / 1000;
  return {
    overload_last_confirm_s: last(confirmed.map(({ at }) => at)),
    overload_first_order_s: (Math.min(...commands.map(({ issued }) => issued)) - step) / 1000,
    overload_last_write_s: last(record.outcomes.filter(({ result }) => result === "done").map(({ at }) => at)),
    overload_orders: commands.length,
    overload_orders_confirmed: confirmed.length,
    overload_stages: new Set(commands.map(({ issued }) => issued)).size,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await overloadFigures());
