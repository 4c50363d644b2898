/**
 * What a poll costs the collectors: many Modbus meters on loopback, read by the product's collectors
 * and, in turns with them, by the bare modbus-serial client asking for the same registers at the
 * same pace. The meters run in a process of their own: only the client's CPU is counted.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import modbusSerial from "modbus-serial";
import { realClock } from "../src/clock.ts";
import type { DeviceLink } from "../src/collect/index.ts";
import { collect } from "../src/collect/index.ts";
import { ms } from "../src/core/time.ts";
import type { DeviceModel, ModbusBlock } from "../src/profiles/index.ts";
import { bindDevice, loadLibrary, modbusReadPlan } from "../src/profiles/index.ts";
import { median } from "./median.ts";
import type { Listening } from "./meters.ts";
import { meterProfile } from "./meters.ts";

const ModbusRTU = modbusSerial.default;

const devices = 25;
/** Ten polls a second of each device: ten times the pace of safety points, so that a short run has many. */
const period = ms(100);
const windowMs = 2000;
/** Connecting, and compiling what is new, is over by then. */
const warmUpMs = 1000;
const rounds = 7;

/** What a way of reading took for the polls of one window. */
interface Window {
  readonly polls: number;
  readonly cpuUs: number;
}

/** Medians of interleaved windows; `cpu_to_plain_ratio` compares windows that ran one after the other. */
export async function figures(): Promise<Record<string, number>> {
  const child = fork(fileURLToPath(new URL("./meters.js", import.meta.url)), [String(devices)]);
  try {
    const [{ addresses }] = (await once(child, "message")) as [Listening];
    const model = fastOnly(bindDevice(loadLibrary().profiles.get(meterProfile)!));
    const links = addresses.map(([id, address]): DeviceLink => ({ id, model, address }));
    const blocks = modbusReadPlan(model.points, model.link, new Map());
    const [ours, plain]: [Window[], Window[]] = [[], []];
    for (let n = 0; n < rounds; n += 1) {
      ours.push(await collected(links));
      plain.push(await plainlyRead(links, blocks));
    }
    const cost = ({ cpuUs, polls }: Window): number => cpuUs / polls;
    return {
      devices,
      points_per_poll: model.points.length,
      requests_per_poll: blocks.length,
      polls_per_s: median(ours.map(({ polls }) => (polls * 1000) / windowMs)),
      cpu_us_per_poll: median(ours.map(cost)),
      cpu_us_per_point: median(ours.map(cost)) / model.points.length,
      plain_polls_per_s: median(plain.map(({ polls }) => (polls * 1000) / windowMs)),
      plain_cpu_us_per_poll: median(plain.map(cost)),
      cpu_to_plain_ratio: median(ours.map((one, i) => cost(one) / cost(plain[i]!))),
    };
  } finally {
    child.disconnect();
  }
}

/** The points that are asked for together, at the pace of this benchmark. */
const fastOnly = (model: DeviceModel): DeviceModel => ({
  ...model,
  points: model.points.filter(({ scan }) => scan === "fast").map((point) => ({ ...point, period })),
});

/** Polls, and the CPU that this process spends on them, of a window after the warm-up. */
async function windowOf(polls: () => number): Promise<Window> {
  await sleep(warmUpMs);
  const [before, cpu] = [polls(), process.cpuUsage()];
  await sleep(windowMs);
  const { user, system } = process.cpuUsage(cpu);
  return { polls: polls() - before, cpuUs: user + system };
}

async function collected(links: readonly DeviceLink[]): Promise<Window> {
  let polls = 0;
  const stop = new AbortController();
  const running = collect(links, realClock(), stop.signal, (readings) => {
    // Every poll says once how the link is.
    for (const { point } of readings) if (point.endsWith("/link.state")) polls += 1;
  });
  const window = await windowOf(() => polls);
  stop.abort();
  await running;
  return window;
}

async function plainlyRead(links: readonly DeviceLink[], blocks: readonly ModbusBlock[]): Promise<Window> {
  let polls = 0;
  const stop = new AbortController();
  const running = links.map((link, n) =>
    readPlainly(link, blocks, { n, stop: stop.signal, polled: () => (polls += 1) }),
  );
  const window = await windowOf(() => polls);
  stop.abort();
  await Promise.all(running);
  return window;
}

interface Reading {
  /** Spreads the devices over the period. */
  readonly n: number;
  readonly stop: AbortSignal;
  readonly polled: () => void;
}

async function readPlainly(
  { address }: DeviceLink,
  blocks: readonly ModbusBlock[],
  { n, stop, polled }: Reading,
): Promise<void> {
  const client = new ModbusRTU();
  await client.connectTCP(address.host, { port: address.port });
  client.setID(address.unit ?? 1);
  client.setTimeout(1000);
  let due = performance.now() + (n / devices) * period;
  while (!stop.aborted) {
    await sleep(due - performance.now());
    for (const { addr, count } of blocks) await client.readHoldingRegisters(addr, count);
    polled();
    due = Math.max(due + period, performance.now());
  }
  await new Promise<void>((closed) => client.close(() => closed()));
}

const sleep = (waitMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs)));
