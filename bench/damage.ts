/** Replies that were damaged on their way, the same ones for the same seed, and what a stream truly says to a request. */

/** A number of 32 bits after another (mulberry32): fast, and the same on every machine. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number below `sides`. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.roll(256)));
  }
}

/** Longest of what is put in, cut out or made up. */
const [spliceMost, garbageMost, headBytes] = [16, 300, 9];

const damages: readonly ((stream: Buffer, dice: Dice) => Buffer)[] = [
  // A byte anywhere, and where the fields stand, because there it tells.
  (stream, dice) => overwritten(stream, dice.roll(Math.max(1, stream.length)), dice.roll(256)),
  (stream, dice) => overwritten(stream, dice.roll(headBytes), dice.roll(256)),
  (stream, dice) => overwritten(stream, dice.roll(headBytes), dice.roll(4)),
  (stream, dice) => stream.subarray(0, dice.roll(stream.length + 1)),
  (stream, dice) => spliced(stream, dice.roll(stream.length + 1), 0, dice.bytes(1 + dice.roll(spliceMost))),
  (stream, dice) => spliced(stream, dice.roll(stream.length + 1), 1 + dice.roll(4), Buffer.alloc(0)),
  (stream) => Buffer.concat([stream, stream]),
  (_, dice) => dice.bytes(dice.roll(garbageMost)),
];

/** One to three things that happen to a stream; now and then none. */
export function damaged(whole: Buffer, dice: Dice): Buffer {
  let stream = whole;
  for (let left = dice.roll(4); left > 0; left -= 1) stream = damages[dice.roll(damages.length)]!(stream, dice);
  return stream;
}

/** The pieces in which a stream comes. */
export function pieces(stream: Buffer, dice: Dice): readonly Buffer[] {
  if (dice.roll(3) === 0 || stream.length < 2) return [stream];
  const at = 1 + dice.roll(stream.length - 1);
  return [stream.subarray(0, at), stream.subarray(at)];
}

function overwritten(stream: Buffer, at: number, to: number): Buffer {
  const copy = Buffer.from(stream);
  if (at < copy.length) copy[at] = to;
  return copy;
}

const spliced = (stream: Buffer, at: number, gone: number, bytes: Buffer): Buffer =>
  Buffer.concat([stream.subarray(0, at), bytes, stream.subarray(at + gone)]);

/**
 * What a Modbus TCP stream says to a read of registers, by the letter of the specification and not by the client's
 * code: frames one after the other, the first of this transaction being the answer, or no answer at all.
 */
export function meaningOverTcp(stream: Buffer, request: Buffer): string {
  for (let rest = stream; rest.length >= 6; rest = rest.subarray(6 + rest.readUInt16BE(4))) {
    const length = rest.readUInt16BE(4);
    if (rest.readUInt16BE(2) !== 0 || length < 3 || length > 254 || rest.length < 6 + length) return nothing;
    if (rest.readUInt16BE(0) === request.readUInt16BE(0))
      return answerIn(rest.subarray(6, 6 + length), request.subarray(6));
  }
  return nothing;
}

/** The same on a serial line: one whole frame with its checksum, and silence behind it. */
export function meaningOnLine(stream: Buffer, request: Buffer): string {
  if (stream.length < 5) return nothing;
  const body = stream.subarray(0, -2);
  return crcOf(body) === stream.readUInt16LE(stream.length - 2) ? answerIn(body, request) : nothing;
}

/** What a stream says that says nothing. */
export const nothing = "nothing";

function answerIn(body: Buffer, request: Buffer): string {
  const [unit, code, third] = body;
  if (unit !== request[0]) return nothing;
  if (code === request[1]! + 128) return body.length === 3 ? `exception ${third}` : nothing;
  const words = request.readUInt16BE(4);
  if (code !== request[1] || third !== words * 2 || body.length !== 3 + words * 2) return nothing;
  return `words ${Array.from({ length: words }, (_, i) => body.readUInt16BE(3 + i * 2)).join(" ")}`;
}

/** Bit by bit, as the specification tells it. */
export function crcOf(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
