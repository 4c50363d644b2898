/** What a spool keeps in one record: lines for a database, or the note of a gap; packed, with when it was put. */

import { promisify } from "node:util";
import { deflateRaw, inflateRawSync } from "node:zlib";
import type { Lines } from "./lines.ts";

/** Lines that wait to be sent. */
export interface LineBatch {
  readonly kind: "lines";
  readonly at: number;
  readonly lines: Lines;
}

/** Lines that were given up, because there was no room for them, they were too old, or the disk lost them. */
export interface Gap {
  readonly kind: "gap";
  /** When the newest of them was put, ms since the Unix epoch. */
  readonly at: number;
  /** How many; of damaged records the number is not known and not counted. */
  readonly lines: number;
  readonly damaged: number;
}

export type Batch = LineBatch | Gap;

/** A batch as bytes, in parts. */
export type Packed = readonly Buffer[];

const deflate = promisify(deflateRaw);
/** Speed counts here: level 1 already packs line protocol to an eighth. */
const level = 1;
/** The usual 16 kB would have a record of the largest site packed in a dozen turns. */
const chunkSize = 64 * 1024;
const headBytes = 13;
/** `plain`: lines that are not deflated. */
const kinds = { lines: 1, gap: 2, plain: 3 } as const;

/** Packs a batch as it is: for lines that leave the disk at once, deflating them would cost more than they take there. */
export const plainBatch = ({ at, lines }: LineBatch): Packed => [headOf(kinds.plain, at, lines.count), lines.bytes];

/** Packs a batch small, off the main thread. */
export async function packBatch(batch: Batch): Promise<Packed> {
  const isLines = batch.kind === "lines";
  const head = headOf(kinds[batch.kind], batch.at, isLines ? batch.lines.count : batch.lines);
  const text = isLines ? batch.lines.bytes : String(batch.damaged);
  return [head, await deflate(text, { level, chunkSize })];
}

function headOf(kind: number, at: number, lines: number): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(kind, 0);
  head.writeDoubleBE(at, 1);
  head.writeUInt32BE(lines, 9);
  return head;
}

/** What a packed batch is, when it was put and how many lines it tells of, without unpacking it. */
export function batchHead(packed: Buffer): Pick<Batch, "kind" | "at"> & { readonly lines: number } {
  const kind = packed.readUInt8(0) === kinds.gap ? "gap" : "lines";
  return { kind, at: packed.readDoubleBE(1), lines: packed.readUInt32BE(9) };
}

/** The batch again. Throws where it cannot be unpacked. */
export function unpackBatch(packed: Buffer): Batch {
  const { kind, at, lines } = batchHead(packed);
  const rest = packed.subarray(headBytes);
  const bytes = packed.readUInt8(0) === kinds.plain ? rest : inflateRawSync(rest);
  if (kind === "lines") return { kind, at, lines: { bytes, count: lines } };
  return { kind, at, lines, damaged: Number(bytes.toString("utf8")) };
}

/** One gap in place of two. */
export const mergeGaps = (a: Gap, b: Gap): Gap => ({
  kind: "gap",
  at: Math.max(a.at, b.at),
  lines: a.lines + b.lines,
  damaged: a.damaged + b.damaged,
});
