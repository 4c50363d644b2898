/**
 * What a Modbus transaction costs the client, and what it costs modbus-serial as it comes (promises,
 * a timeout set) or a client in C that does nothing else: the same reads of the same server, one in
 * flight on each connection, in turns. The server runs in a process of its own: only the client's CPU
 * is counted.
 */
import { execFile, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import modbusSerial from "modbus-serial";
import { ModbusClient } from "../src/collect/modbus/client.ts";
import { median } from "./median.ts";
import type { Serving } from "./registers.ts";

const ModbusRTU = modbusSerial.default;

const host = "127.0.0.1";
const connections = 100;
/** A few registers of a meter, and nearly the most that one answer holds. */
const [fewWords, manyWords] = [10, 120];
/** A second's work or so: what starting and compiling cost is lost in it. */
const readsEach = 200;
const rounds = 11;
/** Never reached on loopback, but set, as it is in use. */
const timeoutMs = 1000;

/** Reads once. */
type Read = (count: number) => Promise<unknown>;

const run = promisify(execFile);
/** As it stands beside this file's source. */
const floorSource = fileURLToPath(new URL("../../bench/collect/floor.c", import.meta.url));

/** Medians of interleaved rounds; ratios compare rounds that ran one after the other. */
export async function figures(): Promise<Record<string, number>> {
  const child = fork(fileURLToPath(new URL("./registers.js", import.meta.url)));
  const closers: (() => void)[] = [];
  try {
    const [{ port }] = (await once(child, "message")) as [Serving];
    const ours = await times(connections, () => leanReader(port, closers));
    const stock = await times(connections, () => stockReader(port, closers));
    const few = await compared(ours, stock, fewWords);
    const many = await compared(ours, stock, manyWords);
    const floor = await floorCompared(ours, port);
    return {
      ...floor,
      modbus_transport_cpu_vs_stock: many.ratio,
      modbus_transport_cpu_us: many.ourUs,
      modbus_transport_stock_cpu_us: many.stockUs,
      modbus_transport_10_words_cpu_vs_stock: few.ratio,
      modbus_transport_10_words_cpu_us: few.ourUs,
      modbus_transport_10_words_stock_cpu_us: few.stockUs,
    };
  } finally {
    for (const close of closers) close();
    child.disconnect();
  }
}

async function times<T>(count: number, make: () => Promise<T>): Promise<readonly T[]> {
  return await Promise.all(Array.from({ length: count }, make));
}

async function leanReader(port: number, closers: (() => void)[]): Promise<Read> {
  const stop = new AbortController();
  const client = await ModbusClient.connect({ host, port, timeoutMs, afterConnectMs: 0 }, stop.signal);
  closers.push(() => client.close());
  return (count) => client.read({ unit: 1, table: "holding", addr: 100, count, timeoutMs, gapMs: 0 });
}

async function stockReader(port: number, closers: (() => void)[]): Promise<Read> {
  const client = new ModbusRTU();
  await client.connectTCP(host, { port });
  client.setID(1);
  client.setTimeout(timeoutMs);
  closers.push(() => client.destroy(() => {}));
  return (count) => client.readHoldingRegisters(100, count);
}

interface Compared {
  readonly ratio: number;
  readonly ourUs: number;
  readonly stockUs: number;
}

async function compared(ours: readonly Read[], stock: readonly Read[], count: number): Promise<Compared> {
  const [ourUs, stockUs]: [number[], number[]] = [[], []];
  // The first round of each is for the compiler.
  await cpuUsPerRead(ours, count);
  await cpuUsPerRead(stock, count);
  for (let n = 0; n < rounds; n += 1) {
    ourUs.push(await cpuUsPerRead(ours, count));
    stockUs.push(await cpuUsPerRead(stock, count));
  }
  const ratio = median(ourUs.map((one, i) => one / stockUs[i]!));
  return { ratio, ourUs: median(ourUs), stockUs: median(stockUs) };
}

/** Against the client in C; nothing, and a line that says why, where it cannot be compiled. */
async function floorCompared(ours: readonly Read[], port: number): Promise<Record<string, number>> {
  const dir = mkdtempSync(join(tmpdir(), "haechi-floor-"));
  try {
    const program = join(dir, "floor");
    const { error, status, stderr } = spawnSync("gcc", ["-O2", "-o", program, floorSource], { encoding: "utf8" });
    if (error || status !== 0) {
      console.error(`not measured, for want of gcc: a client in C (${error?.message ?? stderr.trim()})`);
      return {};
    }
    return await floorFigures(ours, port, program);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function floorFigures(ours: readonly Read[], port: number, program: string): Promise<Record<string, number>> {
  const [ourUs, floorUs]: [number[], number[]] = [[], []];
  for (let n = 0; n < rounds; n += 1) {
    ourUs.push(await cpuUsPerRead(ours, manyWords));
    const args = [port, connections, manyWords, readsEach].map(String);
    floorUs.push(Number((await run(program, args)).stdout));
  }
  return {
    modbus_transport_cpu_vs_c: median(ourUs.map((one, i) => one / floorUs[i]!)),
    modbus_transport_c_cpu_us: median(floorUs),
  };
}

async function cpuUsPerRead(readers: readonly Read[], count: number): Promise<number> {
  const cpu = process.cpuUsage();
  await Promise.all(
    readers.map(async (read) => {
      for (let n = 0; n < readsEach; n += 1) await read(count);
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / (readers.length * readsEach);
}
