/**
 * The payload of Sparkplug B (specification 3.0, section 6.4): as much of its protocol buffer as
 * readings need. Everything else is passed over by its length and not looked into, so that nothing
 * that is sent can nest; what breaks the encoding breaks the whole payload.
 */
import type { Published } from "../../profiles/index.ts";
import { wordsToRaw } from "../../profiles/words.ts";

/** Metrics in one payload: the largest births known have some thousands. */
const METRICS_MAX = 10_000;
const NAME_BYTES_MAX = 1024;
/** Keys of a metric's property set that are looked through for its quality. */
const PROPERTIES_MAX = 64;

/** What stands on the wire for a value; what it means depends on a type that a birth may have told. Null: there is none. */
type Wire = { readonly int: bigint } | { readonly single: number | string | boolean } | null | undefined;

/** A metric as it was sent. A birth gives a name and perhaps an alias, data one of both. */
export interface Metric {
  readonly name: string | null;
  readonly alias: bigint | null;
  readonly timestampMs: number | null;
  readonly type: number | null;
  readonly isHistorical: boolean;
  /** OPC's quality where the metric has one: 192 is good, 500 stale, 0 bad. */
  readonly quality: number | null;
  readonly wire: Wire;
}

export interface Payload {
  readonly timestampMs: number | null;
  readonly seq: number | null;
  readonly metrics: readonly Metric[];
}

/** One field of a message: a number for what is written as one, bytes for everything else. */
interface Field {
  readonly number: number;
  readonly value: bigint | Buffer;
}

class Malformed extends Error {}

/** Null for what is no payload. */
export function decodePayload(bytes: Buffer): Payload | null {
  try {
    return payloadOf(bytes);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

function payloadOf(bytes: Buffer): Payload {
  const payload = { timestampMs: null as number | null, seq: null as number | null, metrics: [] as Metric[] };
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) payload.timestampMs = Number(uint(field));
    else if (field.number === 2) payload.metrics.push(metricOf(content(field)));
    else if (field.number === 3) payload.seq = Number(uint(field));
    if (payload.metrics.length > METRICS_MAX) throw new Malformed();
  }
  return payload;
}

function metricOf(bytes: Buffer): Metric {
  const metric: { -readonly [K in keyof Metric]: Metric[K] } = {
    name: null,
    alias: null,
    timestampMs: null,
    type: null,
    isHistorical: false,
    quality: null,
    wire: undefined,
  };
  let isNull = false;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) metric.name = text(field, NAME_BYTES_MAX);
    else if (field.number === 2) metric.alias = uint(field);
    else if (field.number === 3) metric.timestampMs = Number(uint(field));
    else if (field.number === 4) metric.type = Number(uint(field));
    else if (field.number === 5) metric.isHistorical = uint(field) !== 0n;
    else if (field.number === 7) isNull = uint(field) !== 0n;
    else if (field.number === 9) metric.quality = qualityIn(content(field));
    else if (field.number >= 10 && field.number <= 15) metric.wire = wireOf(field);
  }
  return isNull ? { ...metric, wire: null } : metric;
}

function wireOf(field: Field): Wire {
  if (field.number === 12) return { single: floatIn(content(field, 4)) };
  if (field.number === 13) return { single: content(field, 8).readDoubleLE() };
  if (field.number === 14) return { single: uint(field) !== 0n };
  return field.number === 15 ? { single: text(field) } : { int: uint(field) };
}

const floatIn = (bytes: Buffer): number => wordsToRaw("f32", [bytes.readUInt16LE(2), bytes.readUInt16LE(0)]);

/** A property set lists its keys and, in the same order, their values. */
function qualityIn(bytes: Buffer): number | null {
  const keys: string[] = [];
  const values: Buffer[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) keys.push(text(field, NAME_BYTES_MAX));
    else if (field.number === 2) values.push(content(field));
    if (keys.length > PROPERTIES_MAX || values.length > PROPERTIES_MAX) throw new Malformed();
  }
  const at = values[keys.indexOf("Quality")];
  const field = at && [...fieldsOf(at)].findLast(({ number }) => number === 3 || number === 4);
  return field ? Number(uint(field)) : null;
}

/** Bits of the whole numbers among the types, and those of them that have a sign. */
const BITS: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [2, 16],
  [3, 32],
  [4, 64],
  [5, 8],
  [6, 16],
  [7, 32],
  [8, 64],
  [13, 64],
]);
const SIGNED_TYPES = 4;

/** What a metric's value is, by its own type or by the one that its birth told. Undefined for what is no single value. */
export function valueOf({ wire }: Pick<Metric, "wire">, type: number | null): Published {
  if (wire === undefined || wire === null) return wire;
  if ("single" in wire) return wire.single;
  const bits = BITS.get(type ?? 0);
  // Without a type nobody knows whether this is a large number or one below zero.
  if (bits === undefined) return wire.int < 2n ** 31n ? Number(wire.int) : undefined;
  return Number((type ?? 0) <= SIGNED_TYPES ? BigInt.asIntN(bits, wire.int) : BigInt.asUintN(bits, wire.int));
}

function* fieldsOf(bytes: Buffer): Generator<Field> {
  for (let at = 0; at < bytes.length; ) {
    const key = varintAt(bytes, at);
    const number = Number(key.value >> 3n);
    const read = valueAt(bytes, key.end, Number(key.value & 7n));
    if (number === 0) throw new Malformed();
    yield { number, value: read.value };
    at = read.end;
  }
}

function valueAt(bytes: Buffer, at: number, wire: number): { value: bigint | Buffer; end: number } {
  if (wire === 0) return varintAt(bytes, at);
  if (wire === 1) return sliceAt(bytes, at, 8);
  if (wire === 5) return sliceAt(bytes, at, 4);
  if (wire !== 2) throw new Malformed();
  const length = varintAt(bytes, at);
  return sliceAt(bytes, length.end, Number(length.value));
}

function sliceAt(bytes: Buffer, at: number, length: number): { value: Buffer; end: number } {
  if (at + length > bytes.length) throw new Malformed();
  return { value: bytes.subarray(at, at + length), end: at + length };
}

/** Seven bits a byte, the least first; ten bytes hold the 64 bits that there can be. */
function varintAt(bytes: Buffer, at: number): { value: bigint; end: number } {
  let value = 0n;
  for (let i = 0; i < 10; i += 1) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new Malformed();
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: at + i + 1 };
  }
  throw new Malformed();
}

function uint({ value }: Field): bigint {
  if (typeof value !== "bigint") throw new Malformed();
  return value;
}

function content({ value }: Field, length?: number): Buffer {
  if (typeof value === "bigint" || (length !== undefined && value.length !== length)) throw new Malformed();
  return value;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function text(field: Field, bytesMax = Number.POSITIVE_INFINITY): string {
  const bytes = content(field);
  if (bytes.length > bytesMax) throw new Malformed();
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Malformed();
  }
}
