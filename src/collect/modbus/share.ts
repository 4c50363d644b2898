/**
 * A port of this machine's loopback at which others read a Modbus endpoint through the one
 * connection to it: building management and commissioning tools need not compete for a device that
 * takes a single client. What is asked here waits for all that the service asks itself, nothing but
 * a read is ever forwarded, and what is not forwarded is answered with the exception that says why.
 */
import { createServer, type Server, type Socket } from "node:net";
import { LineFault } from "../line.ts";
import { ModbusException } from "./client.ts";
import { FrameCutter, mostOf, type ReadRequest, tableOf } from "./frame.ts";
import type { Trunks } from "./trunk.ts";
import type { ModbusTarget } from "./wire.ts";

/** Tools that may be connected at once. */
const CLIENTS_MOST = 8;
/** Requests of one client that may wait; a tool has one in flight, and few have more. */
const WAITING_MOST = 4;
/** A client that says nothing for this long makes room for another. */
const IDLE_MS = 300_000;
/** Answers that a client has not taken; one that takes none is let go. */
const UNREAD_BYTES_MOST = 16 * 1024;
const LOOPBACK = "127.0.0.1";
/** A unit and a function: what a request has at least. */
const SHORTEST_BODY_BYTES = 2;
const READ_BODY_BYTES = 6;

/** Exceptions that this port gives itself (Modbus Application Protocol 1.1b3, section 7). */
const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const ILLEGAL_VALUE = 3;
const BUSY = 6;
const NO_PATH = 10;
const NO_ANSWER = 11;

/** An endpoint to share, and how each of its units wants to be spoken to. */
export interface Shared {
  readonly port: number;
  readonly target: ModbusTarget;
  readonly units: ReadonlyMap<number, { readonly timeoutMs: number; readonly gapMs: number }>;
}

/** A port that is open. */
export interface SharePort {
  readonly port: number;
  /** Closes it, and the connections of those who read there. */
  close(): Promise<void>;
}

/** Opens the port; rejects where that is not possible. */
export async function openShare(shared: Shared, trunks: Trunks): Promise<SharePort> {
  const stop = new AbortController();
  const guests = new Set<Socket>();
  const server = createServer((socket) =>
    admit(socket, guests, new Guest(socket, { shared, trunks, stop: stop.signal })),
  );
  server.maxConnections = CLIENTS_MOST;
  const port = await listening(server, shared.port);
  return {
    port,
    close() {
      stop.abort();
      for (const guest of guests) guest.destroy();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, LOOPBACK, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

function admit(socket: Socket, guests: Set<Socket>, guest: Guest): void {
  guests.add(socket);
  socket.setNoDelay(true).setTimeout(IDLE_MS, () => socket.destroy());
  socket.once("close", () => guests.delete(socket));
  // A guest that goes away is no fault.
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => guest.receive(chunk));
}

interface House {
  readonly shared: Shared;
  readonly trunks: Trunks;
  readonly stop: AbortSignal;
}

/** One client of the port. Its requests are answered in their order. */
class Guest {
  readonly #socket: Socket;
  readonly #house: House;
  readonly #cutter = new FrameCutter(SHORTEST_BODY_BYTES);
  #waiting = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(socket: Socket, house: House) {
    this.#socket = socket;
    this.#house = house;
  }

  receive(chunk: Buffer): void {
    const flaw = this.#cutter.cut(chunk, chunk.length, (frame) => this.#asked(Buffer.from(frame)));
    if (flaw !== null) this.#socket.destroy();
  }

  #asked(frame: Buffer): void {
    if (this.#waiting >= WAITING_MOST) return this.#say(exceptionTo(frame, BUSY));
    this.#waiting += 1;
    this.#tail = this.#tail.then(async () => {
      const answer = await answerTo(frame, this.#house);
      this.#waiting -= 1;
      this.#say(answer);
    });
  }

  #say(answer: Buffer): void {
    if (this.#socket.destroyed) return;
    this.#socket.write(answer);
    if (this.#socket.writableLength > UNREAD_BYTES_MOST) this.#socket.destroy();
  }
}

async function answerTo(frame: Buffer, { shared, trunks, stop }: House): Promise<Buffer> {
  const asked = readIn(frame);
  if (typeof asked === "number") return exceptionTo(frame, asked);
  const rules = shared.units.get(asked.unit);
  if (rules === undefined) return exceptionTo(frame, NO_PATH);
  try {
    const use = await trunks.acquire(shared.target, stop);
    try {
      // Our own polls find out when it is back; each guest's try would cost the other units a time-out.
      if (use.client.isSilent(asked.unit)) return exceptionTo(frame, NO_ANSWER);
      const { words } = await use.client.read({ ...asked, ...rules, urgency: "guest" });
      return dataFor(frame, asked, words);
    } finally {
      use.release();
    }
  } catch (error) {
    if (error instanceof ModbusException) return exceptionTo(frame, error.code);
    if (error instanceof LineFault) return exceptionTo(frame, NO_ANSWER);
    throw error;
  }
}

/** The read that a frame asks for, or the exception that it gets. */
function readIn(frame: Buffer): ReadRequest | number {
  const table = tableOf(frame[7]!);
  if (table === null) return ILLEGAL_FUNCTION;
  if (frame.readUInt16BE(4) !== READ_BODY_BYTES) return ILLEGAL_VALUE;
  const [unit, addr, count] = [frame[6]!, frame.readUInt16BE(8), frame.readUInt16BE(10)];
  if (count < 1 || count > mostOf(table)) return ILLEGAL_VALUE;
  return addr + count > 0x1_0000 ? ILLEGAL_ADDRESS : { unit, table, addr, count };
}

function exceptionTo(frame: Buffer, code: number): Buffer {
  return Buffer.from([...frame.subarray(0, 4), 0, 3, frame[6]!, frame[7]! | 0x80, code]);
}

function dataFor(frame: Buffer, { table }: ReadRequest, words: readonly number[]): Buffer {
  const data =
    table === "coil" || table === "discrete" ? packed(words) : Buffer.from(words.flatMap((w) => [w >> 8, w & 0xff]));
  return Buffer.concat([
    frame.subarray(0, 4),
    Buffer.from([0, 3 + data.length, frame[6]!, frame[7]!, data.length]),
    data,
  ]);
}

function packed(bits: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  for (const [at, bit] of bits.entries()) bytes[at >> 3]! |= bit << (at & 7);
  return bytes;
}
