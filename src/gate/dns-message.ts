/**
 * DNS messages (RFC 1035), as far as an update and a question need them: names, addresses and aliases.
 * What is read comes from elsewhere: a reader throws over whatever does not fit, and cannot go in a circle.
 */
import { isIPv4, isIPv6 } from "node:net";

export const types = { A: 1, CNAME: 5, SOA: 6, AAAA: 28, TSIG: 250, ANY: 255 } as const;
export const classes = { IN: 1, ANY: 255 } as const;
export type RecordType = "A" | "AAAA" | "CNAME";

const headerBytes = 12;
const labelMaxBytes = 63;
const nameMaxBytes = 255;

/** A record as it is sent. */
export interface Written {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  readonly data: Buffer;
}

/** A record as it is read. `start` is its first byte in the message, `at` the first of its data. */
export interface Found extends Written {
  readonly start: number;
  readonly at: number;
}

/** The four sections of a message; an update calls them zone, prerequisites, updates and additional. */
export interface Message {
  readonly id: number;
  readonly flags: number;
  readonly asks: readonly { readonly name: string; readonly type: number }[];
  readonly sections: readonly [readonly Written[], readonly Written[], readonly Written[]];
}

/** A name in wire form, small letters, never shortened. */
export function nameBytes(name: string): Buffer {
  const labels = name
    .toLowerCase()
    .split(".")
    .filter((label) => label !== "");
  const parts = labels.map((label) => {
    const bytes = Buffer.from(label, "latin1");
    if (bytes.length > labelMaxBytes) throw new Error(`a label is longer than ${labelMaxBytes} bytes`);
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  });
  const whole = Buffer.concat([...parts, Buffer.from([0])]);
  if (whole.length > nameMaxBytes) throw new Error(`a name is longer than ${nameMaxBytes} bytes`);
  return whole;
}

/** The data of a record: an address as bytes, or the name of an alias. */
export function dataBytes(type: RecordType, text: string): Buffer {
  if (type === "CNAME") return nameBytes(text);
  if (type === "A" && isIPv4(text)) return Buffer.from(text.split(".").map(Number));
  if (type === "AAAA" && isIPv6(text)) return addressBytes(text);
  throw new Error(`${text} is no address of an ${type} record`);
}

function addressBytes(text: string): Buffer {
  // The address in one form, without an embedded IPv4 part.
  const plain = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const [head = "", tail] = plain.split("::");
  const words = (part: string): readonly string[] => part.split(":").filter((word) => word !== "");
  const [front, back] = [words(head), words(tail ?? "")];
  const gap = tail === undefined ? 0 : 8 - front.length - back.length;
  const all = [...front, ...Array<string>(gap).fill("0"), ...back];
  const bytes = Buffer.alloc(16);
  all.forEach((word, i) => bytes.writeUInt16BE(Number.parseInt(word, 16), 2 * i));
  return bytes;
}

export function encode({ id, flags, asks, sections }: Message): Buffer {
  const header = Buffer.alloc(headerBytes);
  [id, flags, asks.length, ...sections.map((records) => records.length)].forEach((word, i) => {
    header.writeUInt16BE(word, 2 * i);
  });
  const questions = asks.map(({ name, type }) => Buffer.concat([nameBytes(name), words(type, classes.IN)]));
  return Buffer.concat([header, ...questions, ...sections.flat().map(encodeRecord)]);
}

export function encodeRecord({ name, type, class: of, ttl, data }: Written): Buffer {
  const fixed = Buffer.alloc(6);
  fixed.writeUInt32BE(ttl, 0);
  fixed.writeUInt16BE(data.length, 4);
  return Buffer.concat([nameBytes(name), words(type, of), fixed, data]);
}

const words = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => bytes.writeUInt16BE(value, 2 * i));
  return bytes;
};

/** What a message says. */
export interface Answer {
  readonly id: number;
  readonly flags: number;
  /** The three sections of records: answers, authorities and additional. */
  readonly sections: readonly [readonly Found[], readonly Found[], readonly Found[]];
}

/** Reads a message; throws where it is none. */
export function decode(message: Buffer): Answer {
  if (message.length < headerBytes) throw new Error("a message without a header");
  const [id, flags, asked, ...counts] = Array.from({ length: 6 }, (_, i) => message.readUInt16BE(2 * i)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  let at = headerBytes;
  for (let i = 0; i < asked; i += 1) at = readName(message, at).next + 4;
  const [first, second, third] = counts.map((count) => {
    const records: Found[] = [];
    for (let i = 0; i < count; i += 1) {
      const record = readRecord(message, at);
      records.push(record);
      at = record.at + record.data.length;
    }
    return records;
  });
  if (at !== message.length) throw new Error("bytes after the end of a message");
  return { id, flags, sections: [first ?? [], second ?? [], third ?? []] };
}

function readRecord(message: Buffer, start: number): Found {
  const { name, next } = readName(message, start);
  const at = next + 10;
  const length = message.readUInt16BE(next + 8);
  if (at + length > message.length) throw new Error("a record that goes on after its message");
  return {
    name,
    start,
    at,
    type: message.readUInt16BE(next),
    class: message.readUInt16BE(next + 2),
    ttl: message.readUInt32BE(next + 4),
    data: message.subarray(at, at + length),
  };
}

/** The name at a place, small letters and no last dot, and where what follows it begins. */
export function readName(message: Buffer, start: number): { readonly name: string; readonly next: number } {
  const labels: string[] = [];
  let bytes = 0;
  let next: number | null = null;
  let at = start;
  // A reference may lead back only, and each further than the last: that is what ends every walk.
  let before = start;
  for (;;) {
    const length = message.readUInt8(at);
    if (length >= 0xc0) {
      const to = message.readUInt16BE(at) & 0x3fff;
      if (to >= before) throw new Error("a name that refers forward");
      next ??= at + 2;
      before = to;
      at = to;
      continue;
    }
    if (length > labelMaxBytes) throw new Error("a label of an unknown kind");
    if (length === 0) return { name: labels.join(".").toLowerCase(), next: next ?? at + 1 };
    bytes += length + 1;
    if (bytes >= nameMaxBytes || at + 1 + length > message.length) throw new Error("a name without an end");
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
}
