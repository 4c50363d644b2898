/** The SNMP codec. It works on the variable bindings of an answer and knows nothing of sessions. */
import { assert } from "../core/assert.ts";
import { interpret, rawOf } from "./interpret.ts";
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
/** null, noSuchObject, noSuchInstance, endOfMibView: the agent has no such thing. */
const absent: ReadonlySet<number> = new Set([5, 128, 129, 130]);

/** One variable binding of an answer, as net-snmp gives it. */
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
  return interpret(point, numberIn(varbind));
}

/** The variable binding by which an agent says a value. */
export function encodeSnmp(point: PointModel, value: number): SnmpValue {
  assert(point.at.protocol === "snmp", `${point.name} is not read over SNMP`);
  return rawSnmp(point.at, rawOf(point, value));
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

function numberIn({ type, value }: Varbind): number {
  if (typeof value === "number") return value;
  if (Buffer.isBuffer(value))
    return type === tagOf.counter64 ? unsigned(value) : numberWritten(value.toString("latin1"));
  return typeof value === "string" ? numberWritten(value) : Number.NaN;
}

const unsigned = (bytes: Buffer): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

function numberWritten(text: string): number {
  const trimmed = text.replaceAll("\0", " ").trim();
  return trimmed === "" ? Number.NaN : Number(trimmed);
}
