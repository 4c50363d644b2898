/**
 * What a thousand simulated devices cost: a whole site on real Modbus and SNMP in one process, read every second, every
 * point of it, by the product's own collectors. Only the CPU of the simulating process is counted.
 */
import { fileURLToPath } from "node:url";
import { realClock } from "../../src/clock.ts";
import { collect } from "../../src/collect/index.ts";
import { loadLibrary } from "../../src/profiles/index.ts";
import { parseSite } from "../../src/site/index.ts";
import { sleep, startChild } from "../collect/process.ts";
import type { SimulatorAt, SimulatorMark } from "./simulator.ts";
import { siteText } from "./site-text.ts";

const devices = Number(process.env["HAECHI_BENCH_DEVICES"] ?? 1000);
const warmUpMs = 10_000;
const windowMs = 20_000;

/**
 * `devices1000_core_percent` is of one core. `devices1000_pace` says which part of a poll of every device each second the
 * collectors kept up: below 0.95 it was the machine that was measured, and not the simulator.
 */
export async function devicesFigures(): Promise<Record<string, number>> {
  const child = await startChild<SimulatorAt>("../simulate/simulator", { devices }, true);
  const stop = new AbortController();
  const reading = collected(child.first, stop.signal);
  try {
    await sleep(warmUpMs);
    await child.ask<SimulatorMark>();
    const before = { ...reading.counts };
    await sleep(windowMs);
    const { cpuUs, wallMs, answers, rssMb } = await child.ask<SimulatorMark>();
    const [values, polls] = [reading.counts.values - before.values, reading.counts.polls - before.polls];
    return {
      devices1000_core_percent: cpuUs / wallMs / 10,
      devices1000_us_per_answer: cpuUs / answers,
      devices1000_answers_per_poll: answers / polls,
      devices1000_values_per_poll: values / polls,
      devices1000_pace: (polls * 1000) / wallMs / devices,
      devices1000_rss_mb: rssMb,
    };
  } finally {
    stop.abort();
    await reading.ended;
    await child.end();
  }
}

function collected({ addresses }: SimulatorAt, stop: AbortSignal) {
  const loaded = parseSite("bench.yaml", siteText(devices), loadLibrary());
  if ("problems" in loaded) throw new Error(loaded.problems[0]!.message);
  const at = new Map(addresses);
  const links = loaded.site.devices.map(({ id, model }) => ({ id, model, address: at.get(id)! }));
  const counts = { values: 0, polls: 0 };
  const ended = collect({ links }, realClock(), stop, (batch) => {
    for (const { quality, point } of batch) {
      if (point.endsWith("/link.state")) counts.polls += 1;
      else if (quality === "good" && !point.includes("/link.")) counts.values += 1;
    }
  });
  return { counts, ended };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await devicesFigures());
