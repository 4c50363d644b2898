/**
 * Modbus TCP frames of the four read functions (Modbus Messaging on TCP/IP 1.0b, 3.1.3; Modbus
 * Application Protocol 1.1b3, 6.1 to 6.4 and 7). A reply is judged against the bytes of the request
 * that it claims to answer: transaction, protocol, length, unit, function and byte count all have
 * to be the ones that a proper answer has, and nothing is believed on the word of the reply.
 */
import type { ModbusAddress } from "../../profiles/model.ts";

/** What a request asks for. Every number fits its field: the unit one byte, the others two. */
export interface ReadRequest {
  readonly unit: number;
  readonly table: ModbusAddress["table"];
  readonly addr: number;
  readonly count: number;
}

/** Transaction, protocol and length: what says where a frame ends. */
const HEADER_BYTES = 6;
/** Unit, function and one byte of data, or of an exception code. */
const SHORTEST_BODY_BYTES = 3;
/** A Modbus TCP frame has at most 260 bytes (Modbus Messaging on TCP/IP 1.0b, 4.1). */
const LONGEST_FRAME_BYTES = 260;
const LONGEST_BODY_BYTES = LONGEST_FRAME_BYTES - HEADER_BYTES;
/** A read request is the header, unit, function, address and count. */
export const REQUEST_BYTES = 12;

/** Where fields stand in requests and replies alike. */
const UNIT = 6;
const FUNCTION = 7;
/** The byte count of an answer, or the code of an exception. */
const BYTE_COUNT = 8;
const DATA = 9;
const COUNT = 10;

const EXCEPTION_BIT = 0x80;
const READ_COILS = 1;
const READ_DISCRETE = 2;
const FUNCTIONS: Readonly<Record<ModbusAddress["table"], number>> = {
  coil: READ_COILS,
  discrete: READ_DISCRETE,
  holding: 3,
  input: 4,
};

/** The most that one request may ask for (Modbus Application Protocol 1.1b3, 6.1 to 6.4). */
const MOST_BITS = 2000;
const MOST_WORDS = 125;

/** Words, or bits, that one request may ask for of a table. */
export const mostOf = (table: ModbusAddress["table"]): number => (isOfBits(FUNCTIONS[table]) ? MOST_BITS : MOST_WORDS);

/** The code of the function that reads a table. */
export const functionOf = (table: ModbusAddress["table"]): number => FUNCTIONS[table];

/** The table that a function reads; null of all other functions. */
export const tableOf = (code: number): ModbusAddress["table"] | null => TABLES[code] ?? null;

const TABLES: Readonly<Record<number, ModbusAddress["table"]>> = Object.fromEntries(
  Object.entries(FUNCTIONS).map(([table, code]) => [code, table as ModbusAddress["table"]]),
);

/** Bytes of data that the answer to a request has. */
export const dataBytesOf = (functionCode: number, count: number): number =>
  isOfBits(functionCode) ? Math.ceil(count / 8) : count * 2;

/** Whether a function reads coils or discrete inputs. */
export const isOfBits = (functionCode: number): boolean =>
  functionCode === READ_COILS || functionCode === READ_DISCRETE;

/**
 * Writes a request over the last one, under the transaction number after that one's. `request` has
 * {@link REQUEST_BYTES}, and noughts where nothing was written.
 */
export function encodeRead(request: Uint8Array, asked: ReadRequest): void {
  // All 16 bits are used, so that a late reply meets its number again only 65,536 requests later.
  putWord(request, 0, word(request, 0) + 1);
  request[5] = REQUEST_BYTES - HEADER_BYTES;
  request[UNIT] = asked.unit;
  request[FUNCTION] = FUNCTIONS[asked.table];
  putWord(request, 8, asked.addr);
  putWord(request, COUNT, asked.count);
}

/** Whether a frame bears the transaction of the request; any other one is someone else's. */
export const isTransactionOf = (frame: Uint8Array, request: Uint8Array): boolean =>
  frame[0] === request[0] && frame[1] === request[1];

/** What keeps a whole frame from being the answer to the request, in words; null when it is the answer. */
export function wrongness(frame: Uint8Array, request: Uint8Array): string | null {
  const bodyBytes = word(frame, 4);
  const asked = request[FUNCTION]!;
  if (frame[UNIT] !== request[UNIT]) return `an answer of unit ${frame[UNIT]}`;
  if (frame[FUNCTION] === (asked | EXCEPTION_BIT)) {
    return bodyBytes === SHORTEST_BODY_BYTES ? null : `an exception of ${bodyBytes} bytes`;
  }
  if (frame[FUNCTION] !== asked) return `an answer to function ${frame[FUNCTION]}`;
  const dataBytes = dataBytesOf(asked, word(request, COUNT));
  const fits = frame[BYTE_COUNT] === dataBytes && bodyBytes === SHORTEST_BODY_BYTES + dataBytes;
  return fits ? null : "more or less data than was asked for";
}

/** The code of a proper answer that is an exception, or null. */
export const exceptionIn = (frame: Uint8Array): number | null =>
  (frame[FUNCTION]! & EXCEPTION_BIT) === 0 ? null : frame[BYTE_COUNT]!;

/** The words of a proper answer; of the bit tables 0 or 1 each. */
export const wordsIn = (frame: Uint8Array, request: Uint8Array): readonly number[] =>
  isOfBits(request[FUNCTION]!) ? bitsAt(frame, DATA, word(request, COUNT)) : wordsAt(frame, DATA, word(request, COUNT));

/** Words out of bytes, the high one first. */
export function wordsAt(bytes: Uint8Array, from: number, count: number): readonly number[] {
  // Written in place: growing an array of this length word by word costs more than filling it.
  const words: number[] = [];
  words.length = count;
  for (let i = 0; i < count; i += 1) words[i] = word(bytes, from + 2 * i);
  return words;
}

/** Bits out of bytes, from the lowest of the first on. */
export function bitsAt(bytes: Uint8Array, from: number, count: number): readonly number[] {
  const bits: number[] = [];
  for (let i = 0; i < count; i += 1) bits.push((bytes[from + (i >> 3)]! >> (i & 7)) & 1);
  return bits;
}

/**
 * Cuts a stream into frames, wherever it was split or joined on its way. It holds one frame and no
 * more, however much comes.
 */
export class FrameCutter {
  readonly #frame = new Uint8Array(LONGEST_FRAME_BYTES);
  readonly #shortestBody: number;
  #held = 0;
  #wanted = HEADER_BYTES;

  /** A body is a unit, a function and, in every answer, something more. */
  constructor(shortestBody = SHORTEST_BODY_BYTES) {
    this.#shortestBody = shortestBody;
  }

  /** True between the first and the last byte of a frame. */
  get partial(): boolean {
    return this.#held > 0;
  }

  /**
   * Takes the first `length` bytes of `chunk` and shows each frame that they complete; the frame is
   * written over afterwards. Gives in words what cannot be a frame, and is not to be used after that.
   */
  cut(chunk: Uint8Array, length: number, whole: (frame: Uint8Array) => void): string | null {
    let at = 0;
    while (at < length) {
      at = this.#take(chunk, at, length);
      if (this.#held < this.#wanted) return null;
      if (this.#wanted === HEADER_BYTES) {
        const flaw = headerFlaw(this.#frame, this.#shortestBody);
        if (flaw !== null) return flaw;
        this.#wanted += word(this.#frame, 4);
      } else {
        this.#held = 0;
        this.#wanted = HEADER_BYTES;
        whole(this.#frame);
      }
    }
    return null;
  }

  /** Takes bytes up to the end of the header, or of the frame; gives where the next ones stand. */
  #take(chunk: Uint8Array, from: number, length: number): number {
    const end = Math.min(length, from + this.#wanted - this.#held);
    // A call that copies costs more than these few bytes do.
    for (let at = from; at < end; at += 1) this.#frame[this.#held++] = chunk[at]!;
    return end;
  }
}

function headerFlaw(frame: Uint8Array, shortestBody: number): string | null {
  const bodyBytes = word(frame, 4);
  if (word(frame, 2) !== 0) return "a frame that is not Modbus";
  return bodyBytes < shortestBody || bodyBytes > LONGEST_BODY_BYTES ? `a frame of ${bodyBytes} bytes` : null;
}

/** An array of bytes keeps the lowest eight bits of what it is given. */
function putWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

const word = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
