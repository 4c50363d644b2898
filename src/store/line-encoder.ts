/**
 * Readings as lines, straight into bytes. What stands before a point's value is made once and kept,
 * all of them in one stretch of memory: there are as many as the site has points, and a hundred
 * thousand small objects would cost more than what they hold.
 */
import type { PointId, Reading } from "../core/reading.ts";
import { numberBytesMax, writeAscii, writeNumber } from "./digits.ts";
import { headOf, type PointMeta, qualityCode } from "./line.ts";
import type { Lines } from "./lines.ts";

const lineFeed = 10;
const firstArenaBytes = 4096;
const firstBytes = 16 * 1024;
/** Half a record of the spool at the most. */
const linesAtOnce = 5000;
/** With it ends what stands before a value. */
const valueIs = "value=";
/** A quality and an instant. */
const endBytesMax = 40;
/** A number, and what ends a line. */
const restBytesMax = numberBytesMax + endBytesMax;

/**
 * Turns readings into lines, so many at once that neither time nor memory is taken for the largest scan whole, and gives
 * them to `keep` as they are made. A value that is no number is told as a bad reading. The bytes are good until `keep`
 * returns: who keeps them copies them.
 */
export function lineEncoder(
  site: string,
  meta: (point: PointId) => PointMeta,
): (readings: readonly Reading[], keep: (lines: Lines) => void) => void {
  const heads = new Heads((point) => headOf(site, point, meta(point)) + valueIs);
  const ends = lineEnds();
  let bytes = Buffer.allocUnsafeSlow(firstBytes);
  let [at, count] = [0, 0];
  const write = (reading: Reading): void => {
    const head = heads.placeOf(reading.point);
    if (at + heads.lengthAt(head) + restBytesMax > bytes.length) bytes = grown(bytes, bytes.length * 2);
    at = writeReading(bytes, heads.write(bytes, at, head), reading, ends);
    bytes[at++] = lineFeed;
    count += 1;
  };
  return (readings, keep) => {
    const flush = (): void => {
      keep({ bytes: bytes.subarray(0, at - 1), count });
      [at, count] = [0, 0];
    };
    for (const reading of readings) {
      write(reading);
      if (count === linesAtOnce) flush();
    }
    if (count > 0) flush();
  };
}

/** Writes what stands behind `value=`, which is written already, and is written over where there is no value. */
function writeReading(bytes: Buffer, at: number, reading: Reading, ends: LineEnds): number {
  // A value that is no number is a bug upstream; it must not cost the batch, nor pass for a value.
  if (reading.quality === "bad" || !Number.isFinite(reading.value))
    return ends.bad.write(bytes, at - valueIs.length, reading.at);
  return ends[reading.quality].write(bytes, writeNumber(bytes, at, reading.value), reading.at);
}

/** What stands before the values, one after the other; a place is the number of a point in the order of its first reading. */
class Heads {
  readonly #make: (point: PointId) => string;
  readonly #places = new Map<PointId, number>();
  readonly #points: PointId[] = [];
  readonly #ends: number[] = [];
  #latest = -1;
  #arena = Buffer.allocUnsafeSlow(firstArenaBytes);

  constructor(make: (point: PointId) => string) {
    this.#make = make;
  }

  /** A device's points are written one after the other, as they were the first time: the next place is tried before the table. */
  placeOf(point: PointId): number {
    const next = this.#latest + 1;
    this.#latest = this.#points[next] === point ? next : (this.#places.get(point) ?? this.#add(point));
    return this.#latest;
  }

  lengthAt(place: number): number {
    return this.#ends[place]! - this.#beginOf(place);
  }

  /** Writes a head where there is room for it. Returns where it ends. */
  write(bytes: Buffer, at: number, place: number): number {
    const arena = this.#arena;
    const end = this.#ends[place]!;
    let to = at;
    for (let from = this.#beginOf(place); from < end; from += 1) bytes[to++] = arena[from]!;
    return to;
  }

  #beginOf(place: number): number {
    return place === 0 ? 0 : this.#ends[place - 1]!;
  }

  #add(point: PointId): number {
    const head = Buffer.from(this.#make(point));
    const place = this.#ends.length;
    const begin = this.#ends.at(-1) ?? 0;
    const needed = begin + head.length;
    if (needed > this.#arena.length) this.#arena = grown(this.#arena, Math.max(needed, this.#arena.length * 2));
    head.copy(this.#arena, begin);
    this.#ends.push(needed);
    this.#points.push(point);
    this.#places.set(point, place);
    return place;
  }
}

function grown(bytes: Buffer, length: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(length);
  bytes.copy(larger);
  return larger;
}

/** What stands behind a value of some quality. A poll's readings are of one instant: its digits are written once, and then copied. */
class LineEnd {
  readonly #before: string;
  readonly #bytes = new Uint8Array(endBytesMax);
  #length = 0;
  #at = Number.NaN;

  constructor(before: string) {
    this.#before = before;
  }

  /** Writes the end of a line of an instant. Returns where it ends. */
  write(bytes: Uint8Array, from: number, at: number): number {
    if (at !== this.#at) this.#set(at);
    const [end, length] = [this.#bytes, this.#length];
    for (let i = 0; i < length; i += 1) bytes[from + i] = end[i]!;
    return from + length;
  }

  #set(at: number): void {
    this.#at = at;
    this.#length = writeAscii(this.#bytes, 0, `${this.#before} ${Math.round(at)}`);
  }
}

type LineEnds = Readonly<Record<Reading["quality"], LineEnd>>;

const lineEnds = (): LineEnds => ({
  good: new LineEnd(`,quality=${qualityCode.good}i`),
  uncertain: new LineEnd(`,quality=${qualityCode.uncertain}i`),
  bad: new LineEnd(`quality=${qualityCode.bad}i`),
});
