/**
 * The frames of a serial line (Modbus over Serial Line 1.02, 2.5.1), on one or over TCP. They have
 * no transaction number: an answer is known by its unit, function and length, by its checksum, and
 * by the silence after it. While a reply to an earlier request may still come, a unit is first asked
 * something to which that reply would be no answer; a serial device answers in turn, so that an
 * answer to this proves that nothing older is to come.
 */
import { Stopwatch } from "../stopwatch.ts";
import { bitsAt, dataBytesOf, functionOf, isOfBits, type ReadRequest, wordsAt } from "./frame.ts";
import type { Asker, Framing } from "./framing.ts";
import { Owed } from "./owed.ts";

/** A frame on a serial line has at most 256 bytes. */
const LONGEST_FRAME_BYTES = 256;
/** Unit, function, address, count and checksum. */
const REQUEST_BYTES = 8;
const CRC_BYTES = 2;
/** Unit, function, and the byte count or the exception's code. */
const HEAD_BYTES = 3;
const EXCEPTION_BIT = 0x80;
const POLYNOMIAL = 0xa001;

const CRC_OF_BYTE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ POLYNOMIAL : crc >> 1;
  return crc;
});

/** The checksum of the first `length` bytes; its low byte goes first on the line. */
export function crc16(bytes: Uint8Array, length: number): number {
  let crc = 0xffff;
  for (let at = 0; at < length; at += 1) crc = (crc >> 8) ^ CRC_OF_BYTE[(crc ^ bytes[at]!) & 0xff]!;
  return crc;
}

/** Writes a request over the last one. `request` has eight bytes. */
function encodeRtu(request: Uint8Array, { unit, table, addr, count }: ReadRequest): void {
  request.set([unit, functionOf(table), addr >> 8, addr & 0xff, count >> 8, count & 0xff]);
  const crc = crc16(request, REQUEST_BYTES - CRC_BYTES);
  request.set([crc & 0xff, crc >> 8], REQUEST_BYTES - CRC_BYTES);
}

export class RtuFraming implements Framing {
  strays = 0;
  freeMs = 0;
  settling = false;
  readonly #asker: Asker;
  /** A frame ends with this silence, and none begins before it is over. */
  readonly #silenceMs: number;
  readonly #frame = new Uint8Array(LONGEST_FRAME_BYTES);
  #held = 0;
  readonly #request = new Uint8Array(REQUEST_BYTES);
  readonly #owed = new Owed();
  /** What is on the line; null when nothing is asked. */
  #sent: ReadRequest | null = null;
  /** Whether that is only meant to show that nothing older is to come. */
  #proving = false;
  #silence: NodeJS.Timeout | undefined;

  constructor(asker: Asker, silenceMs: number) {
    this.#asker = asker;
    this.#silenceMs = silenceMs;
  }

  ask(asked: ReadRequest): Uint8Array {
    const sent = this.#owed.unmistakable(asked);
    this.#proving = sent !== asked;
    this.#sent = sent;
    this.#held = 0;
    encodeRtu(this.#request, sent);
    return this.#request;
  }

  take(chunk: Uint8Array, length: number): string | null {
    const nowMs = Stopwatch.nowMs();
    // What lies before a silence and is no whole frame never becomes one.
    if (this.#sent === null && nowMs > this.freeMs) this.#held = 0;
    this.freeMs = nowMs + this.#silenceMs;
    for (let at = 0; at < length; at += 1) {
      if (this.settling) {
        this.#refuse("more data than was asked for");
        return null;
      }
      this.#frame[this.#held++] = chunk[at]!;
      if (this.#isWhole() && !this.#judge()) return null;
    }
    return null;
  }

  giveUp(): string | null {
    this.#drop();
    return null;
  }

  close(): void {
    clearTimeout(this.#silence);
    this.#sent = null;
    this.settling = false;
  }

  /** Whether what is held is a frame, or can no longer become one. */
  #isWhole(): boolean {
    if (this.#held < HEAD_BYTES) return false;
    return this.#held >= Math.min(lengthOf(this.#frame), LONGEST_FRAME_BYTES);
  }

  /** False when the rest of what came is not to be looked at. */
  #judge(): boolean {
    const frame = this.#frame;
    const body = this.#held - CRC_BYTES;
    const isSound = lengthOf(frame) === this.#held && crc16(frame, body) === (frame[body]! | (frame[body + 1]! << 8));
    if (isSound && this.#sent && isAnswerTo(frame, this.#sent)) {
      this.settling = true;
      this.#silence = setTimeout(this.#settle, this.#silenceMs);
      return true;
    }
    if (!isSound) return this.#refuse("a frame with a wrong checksum");
    if (!this.#owed.settle(frame)) return this.#refuse(`an answer of unit ${frame[0]} to function ${frame[1]}`);
    this.strays += 1;
    this.#held = 0;
    return true;
  }

  #refuse(what: string): false {
    const isAsked = this.#sent !== null;
    this.strays += 1;
    this.#drop();
    if (isAsked) this.#asker.wrong(what);
    return false;
  }

  /** What was asked may still be answered, or what came was the answer, damaged: nobody can tell. */
  #drop(): void {
    clearTimeout(this.#silence);
    if (this.#sent) this.#owed.add(this.#sent);
    this.#sent = null;
    this.settling = false;
    this.#held = 0;
    this.freeMs = Math.max(this.freeMs, Stopwatch.nowMs() + this.#silenceMs);
  }

  /** The silence after an answer was kept: it is one. */
  readonly #settle = (): void => {
    const sent = this.#sent!;
    const code = (this.#frame[1]! & EXCEPTION_BIT) === 0 ? null : this.#frame[2]!;
    if (code !== null && this.#owed.mayBeOf(sent)) {
      this.#refuse("an exception that an earlier request may have had");
      return;
    }
    this.#sent = null;
    this.settling = false;
    this.#held = 0;
    this.#owed.clear(sent.unit);
    if (this.#proving) this.#asker.again();
    else if (code !== null) this.#asker.exception(code);
    else this.#asker.words(this.#wordsOf(sent));
  };

  #wordsOf({ table, count }: ReadRequest): readonly number[] {
    return isOfBits(functionOf(table))
      ? bitsAt(this.#frame, HEAD_BYTES, count)
      : wordsAt(this.#frame, HEAD_BYTES, count);
  }
}

/** The length that a frame's head gives it; a head that no answer has gives it none but its own. */
function lengthOf(frame: Uint8Array): number {
  const code = frame[1]!;
  if (code & EXCEPTION_BIT) return HEAD_BYTES + CRC_BYTES;
  return code >= 1 && code <= 4 ? HEAD_BYTES + frame[2]! + CRC_BYTES : HEAD_BYTES;
}

function isAnswerTo(frame: Uint8Array, { unit, table, count }: ReadRequest): boolean {
  const code = functionOf(table);
  if (frame[0] !== unit) return false;
  return frame[1] === (code | EXCEPTION_BIT) || (frame[1] === code && frame[2] === dataBytesOf(code, count));
}
