/**
 * Protocol data units (RFC 3416, section 3). A question is written once and kept; asking it anew is
 * a matter of one number in it. Its answer is read in step with it: what was asked for is compared
 * byte by byte, and only the values are decoded.
 */
import type { Varbind } from "../../profiles/snmp.ts";
import { Malformed, NULL, OBJECT, type Reader, SEQUENCE, Writer } from "./ber.ts";
import { oidBytes, oidText } from "./oid.ts";
import { readValue } from "./value.ts";
import type { NextObject } from "./walk.ts";

const GET = 0xa0;
const GETNEXT = 0xa1;
export const RESPONSE = 0xa2;
const GETBULK = 0xa5;
export const REPORT = 0xa8;

/** Numbers of requests: all of them take four bytes, so that one can be written over another. */
const FIRST_ID = 0x100_0000;
const LAST_ID = 0x7fff_ffff;
const ID_BYTES = 4;
/** Tag and longest length of each of the three elements around an identifier, and its null. */
const ROOM_FOR_AN_OID = 14;
/** Everything else in a question. */
const ROOM_FOR_THE_REST = 64;
/** Error statuses up to inconsistentName (RFC 3416, section 3). */
const LAST_STATUS = 18;

/** A request that can be sent any number of times. */
export interface Question {
  readonly oids: readonly string[];
  /** The identifiers' contents as they are on the wire. */
  readonly wires: readonly Uint8Array[];
  /** The whole unit; its number stands at `idAt`. */
  readonly pdu: Buffer;
  readonly idAt: number;
  /** Rows that an answer may have for each identifier; null where the answer has to be for the identifiers themselves. */
  readonly rows: number | null;
}

/** An agent's answer to a question. */
export interface Answer {
  readonly id: number;
  /** RFC 3416's error status; 0 where there are values. */
  readonly status: number;
  /** The identifier that the status is about, by its place in the question; null where the agent does not say. */
  readonly spoiler: number | null;
  /** Values in the order of the question; those of an error are left out. */
  readonly varbinds: readonly Varbind[];
}

/** A proper answer to another question than the one that was asked. */
export class NotAsked extends Error {
  override name = "NotAsked";
}

/** The number after this one. */
export const idAfter = (id: number): number => (id >= LAST_ID || id < FIRST_ID ? FIRST_ID : id + 1);

/** Asks for the objects themselves. */
export const getQuestion = (oids: readonly string[]): Question => encode(GET, oids, null);

/** Asks for up to `rows` objects behind one: by GETBULK, or for one by GETNEXT, which every agent knows. */
export const behindQuestion = (oid: string, rows: number): Question =>
  encode(rows === 1 ? GETNEXT : GETBULK, [oid], rows);

/** Asks for nothing, and tells nobody what is of interest: whether the agent answers at all. */
export const EMPTY_QUESTION: Question = getQuestion([]);

function encode(tag: number, oids: readonly string[], rows: number | null): Question {
  const wires = oids.map(oidBytes);
  const writer = new Writer();
  writer.begin(wires.reduce((sum, { length }) => sum + length + ROOM_FOR_AN_OID, ROOM_FOR_THE_REST));
  const { end } = writer;
  for (const wire of wires.toReversed()) writeAsked(writer, wire);
  writer.close(SEQUENCE, end);
  writer.integer(tag === GETBULK ? (rows ?? 0) : 0);
  writer.integer(0);
  const idEnd = writer.at;
  writer.integer(FIRST_ID);
  writer.close(tag, end);
  const pdu = Buffer.from(writer.written);
  return { oids, wires, pdu, idAt: idEnd - ID_BYTES - writer.at, rows };
}

function writeAsked(writer: Writer, wire: Uint8Array): void {
  const end = writer.at;
  writer.header(NULL, 0);
  writer.raw(wire);
  writer.header(OBJECT, wire.length);
  writer.close(SEQUENCE, end);
}

/**
 * Reads the answer that stands from the reader to `end`. Throws {@link Malformed} for what is no
 * answer, and {@link NotAsked} for one to another question.
 */
export function readAnswer(reader: Reader, end: number, question: Question): Answer {
  const pduEnd = reader.enter(RESPONSE, end);
  if (pduEnd !== end) throw new Malformed("an answer with something behind it");
  const id = reader.integer(end);
  const status = reader.integer(end);
  const index = reader.integer(end);
  if (reader.enter(SEQUENCE, end) !== end) throw new Malformed("variable bindings with something behind them");
  if (status < 0 || status > LAST_STATUS) throw new Malformed(`error status ${status}`);
  if (status !== 0) {
    readFound(reader, end);
    const spoiler = index >= 1 && index <= question.oids.length ? index - 1 : null;
    return { id, status, spoiler, varbinds: [] };
  }
  const varbinds = question.rows === null ? readAsked(reader, end, question) : readBehind(reader, end, question.rows);
  return { id, status, spoiler: null, varbinds };
}

function readAsked(reader: Reader, end: number, { wires }: Question): readonly Varbind[] {
  const varbinds: Varbind[] = [];
  for (const wire of wires) {
    if (reader.at === end) throw new NotAsked("an answer for fewer objects than were asked for");
    const bindingEnd = reader.enter(SEQUENCE, end);
    const oidEnd = reader.enter(OBJECT, bindingEnd);
    if (!same(reader.bytes, reader.at, oidEnd, wire))
      throw new NotAsked("an answer for other objects than were asked for");
    reader.at = oidEnd;
    varbinds.push(readValue(reader, bindingEnd));
    reader.done(bindingEnd);
  }
  if (reader.at !== end) throw new NotAsked("an answer for more objects than were asked for");
  return varbinds;
}

function readBehind(reader: Reader, end: number, rows: number): readonly NextObject[] {
  const found = readFound(reader, end);
  if (found.length > rows) throw new NotAsked("an answer with more objects than were asked for");
  return found;
}

/** Every variable binding from the reader to `end`, whatever it is for. */
export function readFound(reader: Reader, end: number): readonly NextObject[] {
  const found: NextObject[] = [];
  while (reader.at < end) {
    const bindingEnd = reader.enter(SEQUENCE, end);
    const oidEnd = reader.enter(OBJECT, bindingEnd);
    const oid = oidText(reader.bytes, reader.at, oidEnd);
    reader.at = oidEnd;
    const { type, value } = readValue(reader, bindingEnd);
    reader.done(bindingEnd);
    found.push({ oid, type, value });
  }
  return found;
}

/** Whether bytes from `from` to `end` are these. A loop, because a call that compares costs more than so few bytes. */
export function same(bytes: Uint8Array, from: number, end: number, expected: Uint8Array): boolean {
  if (end - from !== expected.length) return false;
  for (let i = 0; i < expected.length; i += 1) if (bytes[from + i] !== expected[i]) return false;
  return true;
}
