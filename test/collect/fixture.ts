import { createServer, type Server, type Socket } from "node:net";
import { type IServiceVector, ServerTCP } from "modbus-serial";
import { crcOf } from "../../bench/damage.ts";
import type { CollectClock } from "../../src/collect/clock.ts";
import type { Sink } from "../../src/collect/device.ts";
import { pause } from "../../src/collect/pause.ts";
import type { Reading } from "../../src/core/reading.ts";
import { instant, ms } from "../../src/core/time.ts";
import type { DeviceLink } from "../../src/profiles/link.ts";
import type { DeviceModel, LinkRules, ModbusAddress, PointModel, SnmpAddress } from "../../src/profiles/model.ts";

export const HOST = "127.0.0.1";

/** Shared by all tests that need no stop. */
export const running = (): AbortSignal => new AbortController().signal;

const plain: Omit<PointModel, "name" | "at"> = {
  unit: "V",
  states: null,
  range: [-1e9, 1e9],
  scan: "safety",
  period: ms(50),
  scale: 1,
  offset: 0,
  invalid: [],
  map: null,
};

export const modbusPoint = (name: string, addr: number, over: Partial<PointModel> = {}): PointModel => ({
  ...plain,
  name,
  at: modbusAt(addr),
  ...over,
});

export const modbusAt = (addr: number, over: Partial<ModbusAddress> = {}): ModbusAddress => ({
  protocol: "modbus",
  table: "holding",
  addr,
  count: 1,
  type: "u16",
  words: "msw",
  bit: 0,
  mask: 0xffff,
  scaleAt: null,
  model: null,
  ...over,
});

export const snmpPoint = (
  name: string,
  oid: string,
  over: Partial<PointModel> = {},
  type: SnmpAddress["type"] = "integer",
): PointModel => ({ ...plain, name, at: { protocol: "snmp", oid, type }, ...over });

type Figures = { readonly [K in Exclude<keyof LinkRules, "zeroFilled">]?: number } & Pick<LinkRules, "zeroFilled">;

export const rules = (over: Figures = {}): LinkRules =>
  ({
    timeout: 150,
    retries: 0,
    turnaround: 20,
    gap: 0,
    afterConnect: 0,
    maxWords: 100,
    maxGap: 8,
    oids: 20,
    ...over,
  }) as unknown as LinkRules;

export function device(
  id: string,
  port: number,
  points: readonly PointModel[],
  over: Parameters<typeof rules>[0] = {},
): DeviceLink {
  const protocol = points[0]?.at.protocol ?? "modbus";
  const model: DeviceModel = {
    profile: "test/device",
    class: "ups",
    protocol,
    link: rules(over),
    points,
    commands: [],
  };
  return { id, model, address: { host: HOST, port } };
}

/** Plant time at `speed` times the machine's, from instant 0. */
export function clockAt(speed = 1): CollectClock {
  const startMs = performance.now();
  return {
    now: () => instant((performance.now() - startMs) * speed),
    wait: (wait, stop) => pause(Math.max(1, wait / speed), stop),
  };
}

/** Plant time that only `wait` moves: a poll takes none of it. */
export function steppedClock(): CollectClock & { step(lateMs: number): void } {
  let nowMs = 0;
  return {
    now: () => instant(nowMs),
    async wait(wait, stop) {
      await pause(1, stop);
      nowMs += wait;
    },
    step(lateMs) {
      nowMs += lateMs;
    },
  };
}

/** A TCP server whose every request is answered by the test; it is told the request and its number. */
export interface Peer {
  readonly port: number;
  readonly sockets: ReadonlySet<Socket>;
  connections: number;
  requests: number;
  close(): Promise<void>;
}

export async function peer(
  answer: (request: Buffer, socket: Socket, number: number) => void,
  greet: (socket: Socket, peer: Peer) => void = () => {},
): Promise<Peer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    state.connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => sockets.delete(socket));
    socket.on("data", (request: Buffer) => {
      state.requests += 1;
      answer(request, socket, state.requests);
    });
    greet(socket, state);
  });
  const port = await listening(server);
  const state: Peer = { port, sockets, connections: 0, requests: 0, close: () => closed(server, sockets) };
  return state;
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, HOST, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });

const closed = (server: Server, sockets: ReadonlySet<Socket>): Promise<void> =>
  new Promise((resolve) => {
    for (const socket of sockets) socket.destroy();
    server.close(() => resolve());
  });

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await closed(server, new Set());
  return port;
}

/** The answer to a register read, built from the request, with what a test changes. */
export function reply(
  request: Buffer,
  words: readonly number[],
  over: { transaction?: number; protocol?: number; unit?: number; code?: number; bytes?: number } = {},
): Buffer {
  const frame = Buffer.alloc(9 + words.length * 2);
  frame.writeUInt16BE(over.transaction ?? request.readUInt16BE(0), 0);
  frame.writeUInt16BE(over.protocol ?? 0, 2);
  frame.writeUInt16BE(3 + words.length * 2, 4);
  frame.writeUInt8(over.unit ?? request.readUInt8(6), 6);
  frame.writeUInt8(over.code ?? request.readUInt8(7), 7);
  frame.writeUInt8(over.bytes ?? words.length * 2, 8);
  for (const [index, word] of words.entries()) frame.writeUInt16BE(word, 9 + index * 2);
  return frame;
}

export function exception(request: Buffer, code: number): Buffer {
  const frame = Buffer.from([...request.subarray(0, 4), 0, 3, request[6]!, request[7]! | 0x80, code]);
  return frame;
}

/** A real modbus-serial server on a port of the system's choosing. */
export async function modbusServer(vector: IServiceVector): Promise<{ port: number; close(): Promise<void> }> {
  const port = await freePort();
  const server = new ServerTCP(vector, { host: HOST, port, unitID: 255 });
  await new Promise<void>((resolve) => server.on("initialized", () => resolve()));
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Takes batches until `enough` says so, then stops; what was read is returned. */
export async function take(
  collect: (stop: AbortSignal, sink: Sink) => Promise<void>,
  enough: (readings: readonly Reading[]) => boolean,
): Promise<readonly Reading[]> {
  const stop = new AbortController();
  const readings: Reading[] = [];
  await collect(stop.signal, (batch) => {
    readings.push(...batch);
    if (enough(readings)) stop.abort();
  });
  return readings;
}

export const of = (readings: readonly Reading[], point: string): readonly Reading[] =>
  readings.filter((reading) => reading.point === point);

/** Bytes with their checksum behind them. */
export const sealed = (...bytes: readonly number[]): Buffer => {
  const crc = crcOf(Uint8Array.from(bytes));
  return Buffer.from([...bytes, crc & 0xff, crc >> 8]);
};

/** The answer to a register read on a serial line, built from the request. */
export const rtuReply = (request: Buffer, words: readonly number[]): Buffer =>
  sealed(request[0]!, request[1]!, words.length * 2, ...words.flatMap((word) => [word >> 8, word & 0xff]));

export const rtuException = (request: Buffer, code: number): Buffer => sealed(request[0]!, request[1]! | 0x80, code);
