/**
 * GETs of versions 1 and 2c, which are nearly all that an agent is asked, answered from bytes to bytes: an object is found
 * by its identifier as it stands in the request, and what has not changed is not encoded again. Everything else (version 3,
 * walks, SETs, errors, what cannot be read) is left to the library.
 */
import type { SnmpValue } from "../../src/profiles/index.ts";
import type { SnmpObject } from "./objects.ts";

const sequence = 0x30;
const integer = 2;
const octets = 4;
const nothing = 5;
const objectId = 6;
const getRequest = 0xa0;
const response = 0xa2;
const counter64 = 70;
/** Counters, gauges and time ticks. */
const unsigned: ReadonlySet<number> = new Set([65, 66, 67]);
/** "No such instance", whole. */
const noSuchInstance = Buffer.from([0x81, 0]);
/** As much as one answer may hold of objects; beyond, the library says that it is too big. */
const mostBytes = 60_000;

/** An object with its value in bytes, as it was encoded last. */
interface Quick {
  readonly look: SnmpObject["look"];
  value: SnmpValue | null;
  bytes: Buffer | null;
}

/** What answers a datagram; null is for the library. */
export function quickAnswers(objects: readonly SnmpObject[], community: string): (datagram: Buffer) => Buffer | null {
  const known = new Map<string, Quick>();
  for (const { oid, look } of objects)
    known.set(encodedOid(oid).toString("latin1"), { look, value: null, bytes: null });
  return (datagram) => {
    const asked = requestIn(datagram, community);
    return asked && answerTo(datagram, asked, known);
  };
}

/** Where in a datagram its parts stand. */
interface Asked {
  readonly version: number;
  /** Version and community as they came, and the number of the request. */
  readonly head: readonly [from: number, to: number];
  readonly id: readonly [from: number, to: number];
  /** Identifiers, without tag and length, from and to in turn. */
  readonly oids: readonly number[];
}

function requestIn(datagram: Buffer, community: string): Asked | null {
  const at = new Cursor(datagram);
  if (at.open(sequence) !== datagram.length) return null;
  const headFrom = at.place;
  const versionTo = at.open(integer);
  if (versionTo !== at.place + 1) return null;
  const version = datagram[at.place]!;
  at.place = versionTo;
  const communityTo = at.open(octets);
  if (version > 1 || communityTo < 0 || datagram.toString("latin1", at.place, communityTo) !== community) return null;
  at.place = communityTo;
  if (at.open(getRequest) !== datagram.length) return null;
  const idFrom = at.place;
  if (!at.skip(integer)) return null;
  const id = [idFrom, at.place] as const;
  if (!at.skip(integer) || !at.skip(integer) || at.open(sequence) !== datagram.length) return null;
  const oids = oidsFrom(at, datagram.length);
  return oids && { version, head: [headFrom, communityTo], id, oids };
}

function oidsFrom(at: Cursor, end: number): readonly number[] | null {
  const oids: number[] = [];
  while (at.place < end) {
    const to = at.open(sequence);
    const oidTo = to < 0 ? -1 : at.open(objectId);
    if (oidTo < 0) return null;
    oids.push(at.place, oidTo);
    at.place = oidTo;
    if (!at.skip(nothing) || at.place !== to) return null;
  }
  return oids;
}

function answerTo(
  datagram: Buffer,
  { version, head, id, oids }: Asked,
  known: ReadonlyMap<string, Quick>,
): Buffer | null {
  const values: Buffer[] = [];
  let listBytes = 0;
  for (let i = 0; i < oids.length; i += 2) {
    const quick = known.get(datagram.toString("latin1", oids[i], oids[i + 1]));
    const bytes = quick ? bytesOf(quick) : noSuchInstance;
    // What version 1 cannot say, and what we cannot.
    if (bytes === null || (version === 0 && (bytes === noSuchInstance || bytes[0] === counter64))) return null;
    values.push(bytes);
    const oidBytes = oids[i + 1]! - oids[i]!;
    listBytes += withHeader(withHeader(oidBytes) + bytes.length);
  }
  if (listBytes > mostBytes) return null;
  const idBytes = id[1] - id[0];
  const pduBytes = idBytes + 6 + withHeader(listBytes);
  const all = head[1] - head[0] + withHeader(pduBytes);
  const to = new Writer(withHeader(all));
  to.header(sequence, all);
  to.copy(datagram, head[0], head[1]);
  to.header(response, pduBytes);
  to.copy(datagram, id[0], id[1]);
  // No error, at no place.
  for (let i = 0; i < 2; i++) to.copy(zero, 0, zero.length);
  to.header(sequence, listBytes);
  for (const [i, bytes] of values.entries()) {
    const [from, until] = [oids[2 * i]!, oids[2 * i + 1]!];
    to.header(sequence, withHeader(until - from) + bytes.length);
    to.header(objectId, until - from);
    to.copy(datagram, from, until);
    to.copy(bytes, 0, bytes.length);
  }
  return to.bytes;
}

const zero = Buffer.from([integer, 1, 0]);

/** An object's value with tag and length; null where it is of a type that is left to the library. */
function bytesOf(quick: Quick): Buffer | null {
  const value = quick.look();
  if (value === null) return noSuchInstance;
  if (value !== quick.value) {
    quick.value = value;
    const content = contentOf(value);
    quick.bytes = content && Buffer.concat([headerOf(value.type, content.length), content]);
  }
  return quick.bytes;
}

function contentOf({ type, value }: SnmpValue): Buffer | null {
  if (type === integer && typeof value === "number")
    return value | 0 ? signedBytes(value) : value === 0 ? zero.subarray(2) : null;
  if (unsigned.has(type) && typeof value === "number") return value >>> 0 === value ? wholeBytes(value) : null;
  if (type === octets) return Buffer.isBuffer(value) ? value : Buffer.from(String(value));
  if (type === objectId) return encodedOid(String(value));
  return type === counter64 && Buffer.isBuffer(value) ? value : null;
}

function signedBytes(value: number): Buffer | null {
  if ((value | 0) !== value) return null;
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  let from = 0;
  while (
    from < 3 &&
    ((bytes[from] === 0 && bytes[from + 1]! < 0x80) || (bytes[from] === 0xff && bytes[from + 1]! >= 0x80))
  )
    from += 1;
  return bytes.subarray(from);
}

function wholeBytes(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(value, 1);
  let from = 0;
  while (from < 4 && bytes[from] === 0 && bytes[from + 1]! < 0x80) from += 1;
  return bytes.subarray(from);
}

/** An identifier's contents: the first two numbers in one, then seven bits a byte. */
function encodedOid(oid: string): Buffer {
  const [first = 0, second = 0, ...rest] = oid.split(".").map(Number);
  return Buffer.from([first * 40 + second, ...rest].flatMap(inSevens));
}

function inSevens(number: number): number[] {
  const sevens = [number % 128];
  for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128)) sevens.unshift(128 + (left % 128));
  return sevens;
}

/** Bytes of an element with that many bytes of contents. */
const withHeader = (bytes: number): number => bytes + (bytes < 0x80 ? 2 : bytes < 0x100 ? 3 : 4);

function headerOf(tag: number, bytes: number): Buffer {
  const to = new Writer(withHeader(bytes) - bytes);
  to.header(tag, bytes);
  return to.bytes;
}

class Writer {
  readonly bytes: Buffer;
  #at = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  header(tag: number, length: number): void {
    const { bytes } = this;
    bytes[this.#at++] = tag;
    if (length >= 0x80) bytes[this.#at++] = length < 0x100 ? 0x81 : 0x82;
    if (length >= 0x100) bytes[this.#at++] = length >> 8;
    bytes[this.#at++] = length & 0xff;
  }

  copy(from: Buffer, start: number, end: number): void {
    for (let i = start; i < end; i++) this.bytes[this.#at++] = from[i]!;
  }
}

class Cursor {
  place = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Goes into an element with that tag; where its contents end, or -1 where none such stands here whole. */
  open(tag: number): number {
    const bytes = this.#bytes;
    let at = this.place;
    if (bytes[at++] !== tag) return -1;
    let length = bytes[at++] ?? -1;
    if (length >= 0x80) {
      const more = length - 0x80;
      if (more < 1 || more > 2) return -1;
      length = 0;
      for (let i = 0; i < more; i++) length = length * 256 + (bytes[at++] ?? 0);
    }
    if (length < 0 || at + length > bytes.length) return -1;
    this.place = at;
    return at + length;
  }

  skip(tag: number): boolean {
    const end = this.open(tag);
    if (end >= 0) this.place = end;
    return end >= 0;
  }
}
