/** Messages of version 3 (RFC 3412, section 6) with the parameters of the user-based model (RFC 3414, 2.4). */
import { Malformed, OCTETS, Reader, SEQUENCE, type Writer } from "./ber.ts";
import { type AgentTime, SALT_BYTES } from "./privacy.ts";

const VERSION_3 = 3;
const USER_MODEL = 3;
/** The most that a UDP datagram holds. */
const LARGEST_MESSAGE = 65_507;
/** RFC 3412, 6.4. */
export const AUTHENTICATED = 1;
export const PRIVATE = 2;
export const REPORTABLE = 4;
/** RFC 3411, section 5: an engine's identifier. Some agents have shorter ones than the five bytes that it asks for. */
const LONGEST_AUTHORITY = 32;
const NOTHING = Buffer.alloc(0);

/** The security parameters of a message. */
export interface Secured {
  readonly number: number;
  readonly flags: number;
  /** The identifier of the agent's engine, and its clock. */
  readonly authority: Buffer;
  readonly time: AgentTime;
  readonly user: Buffer;
  readonly digest: Buffer;
  readonly salt: Buffer;
}

/** A message taken apart. What is encrypted is not yet looked into, and nothing has been verified. */
export interface SecuredMessage extends Secured {
  /** The scoped unit, or the content of the octets that it is encrypted to, from `from` to `end`. */
  readonly from: number;
  readonly end: number;
}

/** A scoped unit: for which of an agent's contexts, and the unit from the reader on. */
export interface Scoped {
  readonly authority: Buffer;
  readonly context: Buffer;
  readonly reader: Reader;
  readonly end: number;
}

/** Writes a scoped unit of the agent's own context. */
export function writeScoped(writer: Writer, authority: Buffer, pdu: Buffer): void {
  const end = writer.at;
  writer.raw(pdu);
  writer.octets(NOTHING);
  writer.octets(authority);
  writer.close(SEQUENCE, end);
}

/** Writes everything before the scoped unit, which has been written; gives where in the writer's memory the digest stands. */
export function writeSecured(writer: Writer, { number, flags, authority, time, user, digest, salt }: Secured): number {
  const end = writer.at;
  writer.octets(salt);
  writer.raw(digest);
  const digestAt = writer.at;
  writer.header(OCTETS, digest.length);
  writer.octets(user);
  writer.integer(time.seconds);
  writer.integer(time.boots);
  writer.octets(authority);
  writer.close(SEQUENCE, end);
  writer.close(OCTETS, end);
  const headerEnd = writer.at;
  writer.integer(USER_MODEL);
  writer.octets(Buffer.of(flags));
  writer.integer(LARGEST_MESSAGE);
  writer.integer(number);
  writer.close(SEQUENCE, headerEnd);
  writer.integer(VERSION_3);
  writer.close(SEQUENCE, writer.end);
  return digestAt - writer.at;
}

/** Takes a message apart. Throws {@link Malformed}. */
export function readSecured(datagram: Buffer): SecuredMessage {
  const reader = new Reader(datagram);
  const end = reader.enter(SEQUENCE, datagram.length);
  if (end !== datagram.length) throw new Malformed("a message with something behind it");
  if (reader.integer(end) !== VERSION_3) throw new Malformed("an answer of another version");
  const { number, flags } = readHeader(reader, end);
  const outerEnd = reader.enter(OCTETS, end);
  const parametersEnd = reader.enter(SEQUENCE, outerEnd);
  if (parametersEnd !== outerEnd) throw new Malformed("security parameters with something behind them");
  const authority = octets(reader, parametersEnd, LONGEST_AUTHORITY);
  const time = { boots: natural(reader, parametersEnd), seconds: natural(reader, parametersEnd) };
  const user = octets(reader, parametersEnd);
  const digest = octets(reader, parametersEnd);
  const salt = octets(reader, parametersEnd);
  reader.done(parametersEnd);
  if ((flags & PRIVATE) !== 0 && salt.length !== SALT_BYTES)
    throw new Malformed("an encrypted message without its salt");
  const from = (flags & PRIVATE) === 0 ? reader.at : enteredAt(reader, end);
  return { number, flags, authority, time, user, digest, salt, from, end };
}

function readHeader(reader: Reader, limit: number): Pick<Secured, "number" | "flags"> {
  const end = reader.enter(SEQUENCE, limit);
  const number = reader.integer(end);
  natural(reader, end);
  const flags = octets(reader, end);
  if (flags.length !== 1) throw new Malformed("flags that are not one byte");
  if (reader.integer(end) !== USER_MODEL) throw new Malformed("an answer under another security model");
  reader.done(end);
  if ((flags[0]! & (AUTHENTICATED | PRIVATE)) === PRIVATE) throw new Malformed("privacy without authentication");
  return { number, flags: flags[0]! };
}

function enteredAt(reader: Reader, limit: number): number {
  if (reader.enter(OCTETS, limit) !== limit) throw new Malformed("an encrypted unit with something behind it");
  return reader.at;
}

/** Reads a scoped unit that ends by `limit`, with no more than `padding` bytes behind it. Throws {@link Malformed}. */
export function readScoped(reader: Reader, limit: number, padding: number): Scoped {
  const end = reader.enter(SEQUENCE, limit);
  if (limit - end > padding) throw new Malformed("a scoped unit with something behind it");
  const authority = octets(reader, end);
  const context = octets(reader, end);
  return { authority, context, reader, end };
}

function octets(reader: Reader, limit: number, most = limit): Buffer {
  const end = reader.enter(OCTETS, limit);
  if (end - reader.at > most) throw new Malformed("an identifier that is too long");
  const found = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return found;
}

function natural(reader: Reader, limit: number): number {
  const value = reader.integer(limit);
  if (value < 0) throw new Malformed("a negative number where there is none");
  return value;
}
