/** What a spool keeps in one record: lines for a database, or the note of a gap; packed, with when it was put. */

import { promisify } from "node:util";
import { deflateRaw, inflateRawSync } from "node:zlib";

/** Lines that wait to be sent. */
export interface LineBatch {
  readonly kind: "lines";
  readonly at: number;
  readonly lines: readonly string[];
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

const deflate = promisify(deflateRaw);
/** Speed counts here: level 1 already packs line protocol to an eighth. */
const level = 1;
/** The usual 16 kB would have a record of the largest site packed in a dozen turns. */
const chunkSize = 64 * 1024;
const headBytes = 13;
const kinds = { lines: 1, gap: 2 } as const;

/** Packs a batch, off the main thread. */
export async function packBatch(batch: Batch): Promise<Buffer> {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(kinds[batch.kind], 0);
  head.writeDoubleBE(batch.at, 1);
  head.writeUInt32BE(batch.kind === "lines" ? batch.lines.length : batch.lines, 9);
  const text = batch.kind === "lines" ? batch.lines.join("\n") : String(batch.damaged);
  return Buffer.concat([head, await deflate(text, { level, chunkSize })]);
}

/** What a packed batch is, when it was put and how many lines it tells of, without unpacking it. */
export function batchHead(packed: Buffer): Pick<Batch, "kind" | "at"> & { readonly lines: number } {
  const kind = packed.readUInt8(0) === kinds.gap ? "gap" : "lines";
  return { kind, at: packed.readDoubleBE(1), lines: packed.readUInt32BE(9) };
}

/** The batch again. */
export function unpackBatch(packed: Buffer): Batch {
  const at = packed.readDoubleBE(1);
  const text = inflateRawSync(packed.subarray(headBytes)).toString("utf8");
  if (packed.readUInt8(0) === kinds.lines) return { kind: "lines", at, lines: text.split("\n") };
  return { kind: "gap", at, lines: packed.readUInt32BE(9), damaged: Number(text) };
}

/** One gap in place of two. */
export const mergeGaps = (a: Gap, b: Gap): Gap => ({
  kind: "gap",
  at: Math.max(a.at, b.at),
  lines: a.lines + b.lines,
  damaged: a.damaged + b.damaged,
});
