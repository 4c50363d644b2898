/** The SNMP codec. It works on the variable bindings of an answer and knows nothing of sessions. */
import { assert } from "../core/assert.ts";
import { interpret, interpretText, rawOf } from "./interpret.ts";
import type { PointModel, Sample, SnmpAddress } from "./model.ts";

/** ASN.1 tags of SNMP values (RFC 3416), which are also net-snmp's ObjectType numbers. */
const tagOf: Readonly<Record<SnmpAddress["type"], number>> = {
  integer: 2,
  string: 4,
  counter: 65,
  gauge: 66,
  timeticks: 67,
  counter64: 70,
};
const OPAQUE = 68;
/** A float in an Opaque is an element of its own: two bytes of tag, its length, and IEEE 754's bytes. */
const FLOAT = 0x9f78_04;
const DOUBLE = 0x9f79_08;
const HEADER_BYTES = 3;
/** null, noSuchObject, noSuchInstance, endOfMibView: the agent has no such thing. */
const absent: ReadonlySet<number> = new Set([5, 128, 129, 130]);

/**
 * One variable binding of an answer, as net-snmp gives it; a counter of 64 bits may also come as a
 * number, or a bigint where a number does not hold it.
 */
export interface Varbind {
  readonly type: number;
  readonly value: unknown;
}

/** A variable binding's type and value, ready for a SET or an agent. */
export interface SnmpValue {
  readonly type: number;
  readonly value: number | Buffer | string;
}

/** What a variable binding means. None at all is "noCommunication"; an object the agent lacks is "notFitted". */
export function decodeSnmp(point: PointModel, varbind: Varbind | undefined): Sample {
  if (!varbind) return { point, fault: "noCommunication" };
  if (absent.has(varbind.type)) return { point, fault: "notFitted" };
  if (point.texts) return interpretText(point, textSaid(varbind));
  return interpret(point, rawIn(point, varbind));
}

/**
 * The variable binding by which an agent says a value. Where several points are bits or characters of one object,
 * `before` is what the others have made of it.
 */
export function encodeSnmp(point: PointModel, value: number, before?: SnmpValue): SnmpValue {
  const { at } = point;
  assert(at.protocol === "snmp", `${point.name} is not read over SNMP`);
  const text = wordFor(point, value);
  if (text !== null) return { type: tagOf.string, value: text };
  const raw = rawOf(point, value);
  if (at.char !== undefined) return { type: tagOf.string, value: withChar(String(before?.value ?? ""), at.char, raw) };
  if (at.bit === undefined) return rawSnmp(at, raw);
  if (at.type === "string") return { type: tagOf.string, value: withBit(before?.value, at.bit, raw) };
  const others = Number(before?.value ?? 0);
  return rawSnmp(at, others - bitIn(others, at.bit) * 2 ** at.bit + raw * 2 ** at.bit);
}

function wordFor({ texts }: PointModel, value: number): string | null {
  if (texts) for (const [word, place] of texts) if (place === value) return word;
  return null;
}

const withChar = (text: string, place: number, raw: number): string =>
  text.padEnd(place, "0").slice(0, place - 1) + String(raw) + text.slice(place);

function withBit(before: unknown, bit: number, raw: number): Buffer {
  const bytes = Buffer.alloc(Math.max((bit >> 3) + 1, Buffer.isBuffer(before) ? before.length : 0));
  if (Buffer.isBuffer(before)) before.copy(bytes);
  const mask = 0x80 >> (bit & 7);
  bytes[bit >> 3] = raw ? bytes[bit >> 3]! | mask : bytes[bit >> 3]! & ~mask;
  return bytes;
}

/** A raw value as a variable binding: what a command's SET carries. */
export function rawSnmp(at: SnmpAddress, raw: number): SnmpValue {
  const type = tagOf[at.type];
  if (at.type === "string") return { type, value: String(raw) };
  if (at.type !== "counter64") return { type, value: Math.round(raw) };
  const value = Buffer.alloc(8);
  value.writeBigUInt64BE(BigInt(Math.round(raw)));
  return { type, value };
}

function rawIn({ at }: PointModel, varbind: Varbind): number {
  if (at.protocol !== "snmp") return Number.NaN;
  const { bit, char } = at;
  if (char !== undefined) return numberWritten(textSaid(varbind).charAt(char - 1));
  if (bit === undefined) return numberSaid(varbind);
  if (at.type === "string" && Buffer.isBuffer(varbind.value)) return octetBit(varbind.value, bit);
  return bitIn(numberSaid(varbind), bit);
}

const bitIn = (whole: number, bit: number): number => Math.floor(whole / 2 ** bit) % 2;

/** BITS (RFC 2578, 7.1.4): bit 0 is the highest of the first octet; what is not sent is 0. */
const octetBit = (bytes: Buffer, bit: number): number => ((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;

/** What an agent says as text: words as they are, without what pads them; numbers and identifiers written out. */
export const textSaid = ({ value }: Varbind): string =>
  (Buffer.isBuffer(value) ? value.toString("latin1") : String(value)).replaceAll("\0", " ").trim();

/** What an agent says as a number, or NaN. A text counts where it is a number with at most a unit behind it: "23.4 C". */
export function numberSaid({ type, value }: Varbind): number {
  if (typeof value === "number") return value;
  if (Buffer.isBuffer(value)) return numberInBytes(type, value);
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" ? numberWritten(value) : Number.NaN;
}

function numberInBytes(type: number, bytes: Buffer): number {
  if (type === tagOf.counter64) return unsigned(bytes);
  return opaqueNumber(type, bytes) ?? numberWritten(bytes.toString("latin1"));
}

/** The float or double that an Opaque holds (net-snmp's extension, in use by many agents), or null. */
export function opaqueNumber(type: number, bytes: Buffer): number | null {
  if (type !== OPAQUE || bytes.length < HEADER_BYTES) return null;
  const header = bytes.readUIntBE(0, HEADER_BYTES);
  if (header === FLOAT && bytes.length === HEADER_BYTES + 4) return bytes.readFloatBE(HEADER_BYTES);
  return header === DOUBLE && bytes.length === HEADER_BYTES + 8 ? bytes.readDoubleBE(HEADER_BYTES) : null;
}
/** A number, with a point or a comma, and what is no number behind it. */
const WRITTEN = /^([+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?)\s*[^\d\s.,+-]{0,12}$/;

const unsigned = (bytes: Buffer): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

function numberWritten(text: string): number {
  const [, whole] = WRITTEN.exec(text.replaceAll("\0", " ").trim()) ?? [];
  return whole === undefined ? Number.NaN : Number(whole.replace(",", "."));
}
