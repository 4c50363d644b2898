/**
 * A port that speaks Modbus TCP: frames in, frames out, for one device or for the units behind a gateway. It is lean
 * (one buffer a frame, no promise, no timer), so that a thousand of them fit into one process.
 */
import { createServer, type Socket } from "node:net";
import { assert } from "../../src/core/assert.ts";
import type { Faults } from "./faults.ts";
import { noMishap } from "./faults.ts";
import { sendSpoiled } from "./spoil.ts";

/** A device that is asked. */
export interface ModbusUnit {
  /** The answer to a request, each from its function code on; null is silence. */
  answer(request: Buffer): Buffer | null;
  readonly faults?: Faults;
}

/** The MBAP header: transaction, protocol, length, unit. */
const headerBytes = 7;
const lengthAt = 4;
const unitAt = 6;
/** Bytes up to the end of the length. */
const untilLength = 6;
/** A unit, and at most 253 bytes of function and data. */
const longest = 254;

/** Listens; port 0 is any that is free. Whom a unit's number means is for `unitOf` to say. Rejects where the port is taken. */
export function openModbusPort(
  { host, port }: { readonly host: string; readonly port: number },
  unitOf: (unit: number) => ModbusUnit | undefined,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // A client that goes away in the middle of an answer is nothing to a device.
    socket.on("error", () => socket.destroy());
    hear(socket, unitOf);
  });
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed());
      for (const socket of sockets) socket.destroy();
    });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: 128 }, () => {
      const at = server.address();
      assert(at !== null && typeof at === "object", "a listening server has an address");
      resolve({ port: at.port, close });
    });
  });
}

function hear(socket: Socket, unitOf: (unit: number) => ModbusUnit | undefined): void {
  let pending: Buffer | null = null;
  socket.on("data", (chunk: Buffer) => {
    let bytes: Buffer = pending ? Buffer.concat([pending, chunk]) : chunk;
    while (bytes.length >= headerBytes) {
      const length = bytes.readUInt16BE(lengthAt);
      // What is no Modbus, or has lost its place in it, is not listened to any more.
      if (bytes.readUInt16BE(2) !== 0 || length < 2 || length > longest) return void socket.destroy();
      if (bytes.length < untilLength + length) break;
      take(socket, bytes.subarray(0, untilLength + length), unitOf);
      bytes = bytes.subarray(untilLength + length);
    }
    pending = bytes.length > 0 ? bytes : null;
  });
}

function take(socket: Socket, request: Buffer, unitOf: (unit: number) => ModbusUnit | undefined): void {
  const unit = unitOf(request[unitAt]!);
  const answer = unit?.answer(request.subarray(headerBytes));
  if (!unit || !answer || socket.destroyed) return;
  const frame = Buffer.allocUnsafe(headerBytes + answer.length);
  request.copy(frame, 0, 0, lengthAt);
  frame.writeUInt16BE(answer.length + 1, lengthAt);
  frame[unitAt] = request[unitAt]!;
  answer.copy(frame, headerBytes);
  const mishap = unit.faults?.next() ?? noMishap;
  if (mishap === noMishap) socket.write(frame);
  else sendSpoiled(socket, frame, mishap);
}
