/**
 * The outside of an SNMP message: as much as must be known of it before anything is decoded or any
 * key is made for it. It reads lengths and trusts none.
 */

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTETS = 0x04;
const GET_REQUEST = 0xa0;
const REPORTABLE = 4;
const USM = 3;
/** Longer engine ids are none (RFC 3411, SnmpEngineID). */
const ENGINE_BYTES_MAX = 32;
/** What we can take in, as every version 3 message says (RFC 3412, msgMaxSize). */
const MESSAGE_BYTES_MAX = 65_507;

export type Envelope =
  | { readonly version: 1 | 2 }
  | {
      readonly version: 3;
      /** The authoritative engine; empty in a discovery. */
      readonly engine: Buffer;
      readonly messageId: Buffer;
    };

interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly rest: Buffer;
}

/** Null for what is no SNMP message of a version that we know. */
export function envelopeOf(datagram: Buffer): Envelope | null {
  const message = element(datagram, SEQUENCE);
  const version = message && element(message.content, INTEGER);
  if (version?.content.length !== 1) return null;
  if (version.content[0] === 0) return { version: 1 };
  if (version.content[0] === 1) return { version: 2 };
  return version.content[0] === USM ? versionThree(version.rest) : null;
}

function versionThree(bytes: Buffer): Envelope | null {
  const header = element(bytes, SEQUENCE);
  const messageId = header && element(header.content, INTEGER);
  const wrapped = header && element(header.rest, OCTETS);
  const security = wrapped && element(wrapped.content, SEQUENCE);
  const engine = security && element(security.content, OCTETS);
  if (!engine || !messageId || engine.content.length > ENGINE_BYTES_MAX) return null;
  return { version: 3, engine: engine.content, messageId: messageId.content };
}

/** Lengths of up to two bytes: no datagram has room for more. */
function element(bytes: Buffer, tag: number): Element | null {
  if (bytes.length < 2 || bytes[0] !== tag) return null;
  const first = bytes[1]!;
  const more = first < 0x80 ? 0 : first - 0x80;
  if (first >= 0x80 && (more < 1 || more > 2 || bytes.length < 2 + more)) return null;
  const start = 2 + more;
  const end = start + (more === 0 ? first : bytes.readUIntBE(2, more));
  return end > bytes.length ? null : { tag, content: bytes.subarray(start, end), rest: bytes.subarray(end) };
}

/** A message that asks for our engine, with another one's number: what is answered tells its sender who we are. */
export function discovery(messageId: Buffer): Buffer {
  const none = tlv(OCTETS);
  const number = (value: number): Buffer => tlv(INTEGER, Buffer.from([value]));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(MESSAGE_BYTES_MAX);
  const flags = tlv(OCTETS, Buffer.from([REPORTABLE]));
  const header = tlv(SEQUENCE, tlv(INTEGER, messageId), tlv(INTEGER, size), flags, number(USM));
  const security = tlv(OCTETS, tlv(SEQUENCE, none, number(0), number(0), none, none, none));
  const request = tlv(GET_REQUEST, number(0), number(0), number(0), tlv(SEQUENCE));
  return tlv(SEQUENCE, number(USM), header, security, tlv(SEQUENCE, none, none, request));
}

/** All that is written here is shorter than 128 bytes. */
function tlv(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}
