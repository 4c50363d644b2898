/** The values of variable bindings (RFC 3416, section 3), with the types and shapes that net-snmp gives them. */
import type { Varbind } from "../../profiles/snmp.ts";
import { INTEGER, Malformed, NULL, OBJECT, OCTETS, type Reader } from "./ber.ts";
import { oidText } from "./oid.ts";

const IP_ADDRESS = 0x40;
const COUNTER = 0x41;
const GAUGE = 0x42;
const TIME_TICKS = 0x43;
const OPAQUE = 0x44;
const COUNTER64 = 0x46;
const NO_SUCH_OBJECT = 0x80;
const NO_SUCH_INSTANCE = 0x81;
const END_OF_MIB_VIEW = 0x82;

const IP_ADDRESS_BYTES = 4;
/** 64 bits, with a nought before them where the first is set. */
const LONGEST_COUNTER_BYTES = 9;
/** An integer has 32 bits, and is written in no more than twice as many. */
const INTEGER_BYTES = 4;
const LONGEST_INTEGER_BYTES = 8;

/** Reads the value that stands there; `at` is then behind it. Throws {@link Malformed} for what is none. */
export function readValue(reader: Reader, limit: number): Varbind {
  const type = reader.tag(limit);
  const end = reader.enterAny(limit);
  const value = valueIn(type, reader, end);
  reader.at = end;
  return { type, value };
}

/** Bytes of an integer that say its sign once more: some encoders put one before the lowest number of all. */
function skipSigns(reader: Reader, end: number): void {
  const { bytes } = reader;
  const length = end - reader.at;
  if (length > LONGEST_INTEGER_BYTES) throw new Malformed(`an integer of ${length} bytes`);
  while (end - reader.at > INTEGER_BYTES) {
    const sign = (bytes[reader.at + 1]! & 0x80) === 0 ? 0 : 0xff;
    if (bytes[reader.at] !== sign) throw new Malformed(`an integer of ${end - reader.at} bytes`);
    reader.at += 1;
  }
}

function valueIn(type: number, reader: Reader, end: number): unknown {
  switch (type) {
    case INTEGER:
      skipSigns(reader, end);
      return reader.number(end);
    // An unsigned number of four bytes should have a nought before a set bit; many agents leave it out.
    case COUNTER:
    case GAUGE:
    case TIME_TICKS:
      return reader.number(end) >>> 0;
    case COUNTER64:
      return counter64(reader, end);
    case OCTETS:
    case OPAQUE:
      return reader.bytes.subarray(reader.at, end);
    case OBJECT:
      return oidText(reader.bytes, reader.at, end);
    case IP_ADDRESS:
      if (end - reader.at !== IP_ADDRESS_BYTES) throw new Malformed("an address that is not of four bytes");
      return reader.bytes.subarray(reader.at, end).join(".");
    case NULL:
    case NO_SUCH_OBJECT:
    case NO_SUCH_INSTANCE:
    case END_OF_MIB_VIEW:
      if (end !== reader.at) throw new Malformed("a value that should be empty");
      return null;
    default:
      throw new Malformed(`a value of type ${type}`);
  }
}

/** A number as long as a number can hold it, else a bigint. */
function counter64({ bytes, at }: Reader, end: number): number | bigint {
  const length = end - at;
  if (length < 1 || length > LONGEST_COUNTER_BYTES || (length === LONGEST_COUNTER_BYTES && bytes[at] !== 0)) {
    throw new Malformed(`a counter of ${length} bytes`);
  }
  let value = bytes[at]! < 0x80 ? 0 : -1;
  for (let i = at; i < end; i += 1) value = value * 256 + bytes[i]!;
  if (Number.isSafeInteger(value) && value >= 0) return value;
  return BigInt.asUintN(
    64,
    BigInt(`0x${bytes.toString("hex", at, end)}`) - (bytes[at]! < 0x80 ? 0n : 1n << BigInt(8 * length)),
  );
}
