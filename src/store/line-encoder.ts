/**
 * Readings as lines, straight into bytes. What stands before a point's value is made once and kept, and so is what
 * stands behind the values of one instant; both lie in the stretch of memory in which the lines are put together. To
 * copy within one stretch costs a quarter of what it costs from one to another, and there are as many heads as the
 * site has points: a hundred thousand small objects would cost more than what they hold.
 */
import { assert } from "../core/assert.ts";
import type { PointId, Reading } from "../core/reading.ts";
import { numberBytesMax, writeAscii, writeNumber } from "./digits.ts";
import { headOf, type PointMeta, qualityCode } from "./line.ts";
import type { Lines } from "./lines.ts";

const lineFeed = 10;
/** With it ends what stands before a value. */
const valueIs = "value=";
/** A quality and an instant. */
const endBytesMax = 40;
/** A number, and what ends a line. */
const restBytesMax = numberBytesMax + endBytesMax;

const before = {
  good: `,quality=${qualityCode.good}i`,
  uncertain: `,quality=${qualityCode.uncertain}i`,
  bad: `quality=${qualityCode.bad}i`,
} as const;

/** Where in the memory what lies: the ends of each quality, the lines, the heads. */
const endAt = { good: 0, uncertain: endBytesMax, bad: 2 * endBytesMax } as const;
const linesFrom = 3 * endBytesMax;
/** A few thousand lines: so long is one job at the most, and a processor's cache still holds them. */
const linesTo = 256 * 1024;
const firstHeadsBytes = 4096;

/**
 * Turns readings into lines, so many at once that neither time nor memory is taken for the largest scan whole, and gives
 * them to `keep` as they are made. A value that is no number is told as a bad reading. The bytes are good until `keep`
 * returns: who keeps them copies them.
 */
export function lineEncoder(
  site: string,
  meta: (point: PointId) => PointMeta,
): (readings: readonly Reading[], keep: (lines: Lines) => void) => void {
  const sheet = new Sheet((point) => headOf(site, point, meta(point)) + valueIs);
  return (readings, keep) => {
    for (const reading of readings) {
      if (!sheet.write(reading)) {
        keep(sheet.take());
        sheet.write(reading);
      }
    }
    if (readings.length > 0) keep(sheet.take());
  };
}

/** What lines are put together in. A place is the number of a point in the order of its first reading. */
class Sheet {
  readonly #make: (point: PointId) => string;
  readonly #places = new Map<PointId, number>();
  readonly #points: PointId[] = [];
  /** Where the heads end, each where the next one begins. */
  readonly #ends: number[] = [];
  readonly #lineEnds = {
    good: { at: Number.NaN, to: 0 },
    uncertain: { at: Number.NaN, to: 0 },
    bad: { at: Number.NaN, to: 0 },
  };
  #bytes = Buffer.allocUnsafeSlow(linesTo + firstHeadsBytes);
  #latest = -1;
  #at = linesFrom;
  #count = 0;

  constructor(make: (point: PointId) => string) {
    this.#make = make;
  }

  /** Writes a line; false where there is no room for it before what is written has been taken. */
  write(reading: Reading): boolean {
    const place = this.#placeOf(reading.point);
    const [from, to] = [this.#beginOf(place), this.#ends[place]!];
    if (this.#at + to - from + restBytesMax > linesTo) return false;
    const bytes = this.#bytes;
    bytes.copyWithin(this.#at, from, to);
    this.#at += to - from;
    // A value that is no number is a bug upstream; it must not cost the batch, nor pass for a value.
    if (reading.quality === "bad" || !Number.isFinite(reading.value)) {
      this.#at -= valueIs.length;
      this.#end("bad", reading.at);
    } else {
      this.#at = writeNumber(bytes, this.#at, reading.value);
      this.#end(reading.quality, reading.at);
    }
    bytes[this.#at++] = lineFeed;
    this.#count += 1;
    return true;
  }

  /** The lines that were written, at least one; they are good until the next is. */
  take(): Lines {
    const lines = { bytes: this.#bytes.subarray(linesFrom, this.#at - 1), count: this.#count };
    [this.#at, this.#count] = [linesFrom, 0];
    return lines;
  }

  /** What stands behind a value. A poll's readings are of one instant: its digits are written once, and then copied. */
  #end(quality: Reading["quality"], at: number): void {
    const end = this.#lineEnds[quality];
    const from = endAt[quality];
    if (at !== end.at) {
      end.at = at;
      end.to = writeAscii(this.#bytes, from, `${before[quality]} ${Math.round(at)}`);
    }
    this.#bytes.copyWithin(this.#at, from, end.to);
    this.#at += end.to - from;
  }

  /** A device's points are written one after the other, as they were the first time: the next place is tried before the table. */
  #placeOf(point: PointId): number {
    const next = this.#latest + 1;
    this.#latest = this.#points[next] === point ? next : (this.#places.get(point) ?? this.#add(point));
    return this.#latest;
  }

  #beginOf(place: number): number {
    return place === 0 ? linesTo : this.#ends[place - 1]!;
  }

  #add(point: PointId): number {
    const head = Buffer.from(this.#make(point));
    assert(linesFrom + head.length + restBytesMax <= linesTo, `what is said of ${point} fits in a line`);
    const place = this.#ends.length;
    const begin = this.#beginOf(place);
    const needed = begin + head.length;
    if (needed > this.#bytes.length) this.#grow(needed);
    head.copy(this.#bytes, begin);
    this.#ends.push(needed);
    this.#points.push(point);
    this.#places.set(point, place);
    return place;
  }

  #grow(needed: number): void {
    const heads = this.#bytes.length - linesTo;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, linesTo + 2 * heads));
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}
