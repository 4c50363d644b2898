/**
 * A strict TCP port for modbus-serial. The library's own port takes any protocol id, believes the
 * byte count a reply claims and numbers transactions by one byte; this one lets through only the
 * reply to the request in flight, and ends the connection on anything that cannot be one. It hands
 * frames on in the serial form (with a checksum) that the library works in.
 */
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";

/** MBAP header without the unit id: transaction, protocol, length. */
const HEADER_BYTES = 6;
/** A Modbus TCP frame has at most 260 bytes (Modbus Messaging on TCP/IP, 4.1): 254 after the header. */
const LONGEST_BODY_BYTES = 254;
/** Unit id, function code and one byte. */
const SHORTEST_BODY_BYTES = 3;
const CRC_BYTES = 2;
const EXCEPTION_BIT = 0x80;
/** Transaction numbers use all 16 bits, so that a late reply meets its number again only 65,536 requests later. */
const TRANSACTIONS = 0x1_0000;
/** Functions 1 and 2 answer in bits, 3 and 4 in words. */
const WORD_FUNCTIONS: readonly number[] = [3, 4];

interface Pending {
  readonly transaction: number;
  readonly unit: number;
  readonly functionCode: number;
  /** Data bytes that a proper answer has. */
  readonly dataBytes: number;
}

export class StrictPort extends EventEmitter {
  /** The library files requests under these; one is in flight at a time, so one place is enough. */
  readonly _transactionIdRead = 1;
  readonly _transactionIdWrite = 1;
  /** Replies that answered no request in flight and were discarded. */
  strays = 0;
  /** Why the connection ended, once it has. */
  ending = "closed by the device";
  readonly #socket: Socket;
  #transaction = 0;
  #pending: Pending | null = null;
  #received: Buffer = Buffer.alloc(0);

  /** Takes over a connected socket. Emits "data" for each proper reply and "close" once. */
  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("error", (error) => {
      this.ending = error.message;
    });
    socket.on("close", () => this.emit("close"));
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  open(opened: () => void): void {
    opened();
  }

  close(closed?: () => void): void {
    this.destroy();
    closed?.();
  }

  destroy(): void {
    this.#pending = null;
    this.#socket.destroy();
  }

  /** Sends a read request given in serial form: unit, function, address, count, checksum. */
  write(request: Buffer): void {
    const body = request.subarray(0, -CRC_BYTES);
    this.#transaction = (this.#transaction + 1) % TRANSACTIONS;
    this.#pending = {
      transaction: this.#transaction,
      unit: body.readUInt8(0),
      functionCode: body.readUInt8(1),
      dataBytes: dataBytes(body.readUInt8(1), body.readUInt16BE(4)),
    };
    const frame = Buffer.alloc(HEADER_BYTES + body.length);
    frame.writeUInt16BE(this.#transaction, 0);
    frame.writeUInt16BE(body.length, 4);
    body.copy(frame, HEADER_BYTES);
    this.#socket.write(frame);
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    while (this.isOpen && this.#received.length >= HEADER_BYTES) {
      const length = this.#received.readUInt16BE(4);
      if (this.#received.readUInt16BE(2) !== 0) return this.#violation("a frame that is not Modbus");
      if (length < SHORTEST_BODY_BYTES || length > LONGEST_BODY_BYTES) {
        return this.#violation(`a frame of ${length} bytes`);
      }
      if (this.#received.length < HEADER_BYTES + length) return;
      const frame = this.#received.subarray(0, HEADER_BYTES + length);
      this.#received = this.#received.subarray(HEADER_BYTES + length);
      this.#frame(frame);
    }
  }

  #frame(frame: Buffer): void {
    const pending = this.#pending;
    if (pending?.transaction !== frame.readUInt16BE(0)) {
      this.strays += 1;
      return;
    }
    const body = frame.subarray(HEADER_BYTES);
    const wrong = wrongness(body, pending);
    if (wrong) return this.#violation(wrong);
    this.#pending = null;
    this.emit("data", withChecksum(body));
  }

  #violation(what: string): void {
    this.ending = `the device sent ${what}`;
    this.destroy();
  }
}

const dataBytes = (functionCode: number, count: number): number =>
  WORD_FUNCTIONS.includes(functionCode) ? count * 2 : Math.ceil(count / 8);

function wrongness(body: Buffer, pending: Pending): string | null {
  const functionCode = body.readUInt8(1);
  if (body.readUInt8(0) !== pending.unit) return `an answer of unit ${body.readUInt8(0)}`;
  if (functionCode === (pending.functionCode | EXCEPTION_BIT)) {
    return body.length === SHORTEST_BODY_BYTES ? null : `an exception of ${body.length} bytes`;
  }
  if (functionCode !== pending.functionCode) return `an answer to function ${functionCode}`;
  const fits = body.readUInt8(2) === pending.dataBytes && body.length === SHORTEST_BODY_BYTES + pending.dataBytes;
  return fits ? null : "more or less data than was asked for";
}

function withChecksum(body: Buffer): Buffer {
  const serial = Buffer.alloc(body.length + CRC_BYTES);
  body.copy(serial);
  serial.writeUInt16LE(crc16(body), body.length);
  return serial;
}

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

function crc16(bytes: Buffer): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = (crc >> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff]!;
  return crc;
}
