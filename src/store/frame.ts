/**
 * How records lie in a file: mark (4 bytes), length (u32), CRC-32 of length and payload (u32), all
 * big-endian, then the payload. The mark's bytes never occur in UTF-8 text, so that after damage
 * the next whole record can be found again. What follows the last whole record is a torn tail.
 */
import { crc32 } from "node:zlib";
import { assert } from "../core/assert.ts";

const mark = 0xff48c1fe;
const markBytes = Buffer.from([0xff, 0x48, 0xc1, 0xfe]);
const headBytes = 12;

/** The checkpoint of the largest site (200,000 points) takes about half of this; anything longer is damage. */
export const payloadMax = 64 * 1024 * 1024;

/** A record as it was found: its payload and where the next one begins. */
export interface Frame {
  readonly payload: Buffer;
  readonly end: number;
}

/** What a stretch of a file holds. `end` is where the last whole record ends; what lies behind it is torn. */
export interface Frames {
  readonly frames: readonly Frame[];
  /** Damaged stretches between whole records, passed over. */
  readonly damaged: number;
  readonly end: number;
}

/** The bytes of one record. */
export function encodeFrame(payload: string): Buffer {
  const length = Buffer.byteLength(payload);
  const frame = Buffer.allocUnsafe(headBytes + length);
  frame.write(payload, headBytes, "utf8");
  headFor([frame.subarray(headBytes)]).copy(frame);
  return frame;
}

/** How many bytes parts have together. */
export const bytesOf = (parts: readonly Buffer[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** A record whose payload lies in parts, as parts: large ones are not copied. */
export const frameOf = (payload: readonly Buffer[]): readonly Buffer[] => [headFor(payload), ...payload];

function headFor(payload: readonly Buffer[]): Buffer {
  const length = bytesOf(payload);
  assert(length <= payloadMax, `a record of ${length} bytes is too long to be written`);
  const head = Buffer.allocUnsafe(headBytes);
  head.writeUInt32BE(mark, 0);
  head.writeUInt32BE(length, 4);
  let sum = crc32(head.subarray(4, 8));
  for (const part of payload) sum = crc32(part, sum);
  head.writeUInt32BE(sum, 8);
  return head;
}

/** Every whole record of a stretch that begins at a record's edge. */
export function decodeFrames(bytes: Buffer): Frames {
  const frames: Frame[] = [];
  let damaged = 0;
  let end = 0;
  for (let at = 0; at < bytes.length; ) {
    const frame = frameAt(bytes, at);
    if (frame) {
      if (at !== end) damaged++;
      frames.push(frame);
      at = end = frame.end;
    } else {
      const next = bytes.indexOf(markBytes, at + 1);
      at = next < 0 ? bytes.length : next;
    }
  }
  return { frames, damaged, end };
}

function frameAt(bytes: Buffer, at: number): Frame | null {
  if (bytes.length - at < headBytes || bytes.readUInt32BE(at) !== mark) return null;
  const length = bytes.readUInt32BE(at + 4);
  const end = at + headBytes + length;
  if (length > payloadMax || end > bytes.length) return null;
  if (bytes.readUInt32BE(at + 8) !== checksum(bytes, at, length)) return null;
  return { payload: bytes.subarray(at + headBytes, end), end };
}

function checksum(bytes: Buffer, at: number, length: number): number {
  const ofLength = crc32(bytes.subarray(at + 4, at + 8));
  return crc32(bytes.subarray(at + headBytes, at + headBytes + length), ofLength);
}
