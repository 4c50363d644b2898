/** Messages of version 1 (RFC 1157) and 2c (RFC 1901): a version, a community, and the unit. */
import { INTEGER, Malformed, OCTETS, Reader, SEQUENCE, Writer } from "./ber.ts";
import { type Question, same } from "./pdu.ts";
import type { Unwrapped, Wrapping } from "./wrapping.ts";

/** Tags and lengths around community and unit. */
const ROOM_FOR_THE_REST = 32;
const VERSION_1 = 0;
const VERSION_2C = 1;

export class CommunityWrapping implements Wrapping {
  readonly renumbers = false;
  readonly #version: number;
  readonly #community: Buffer;
  readonly #writer = new Writer();

  constructor(version: "1" | "2c", community: string) {
    this.#version = version === "1" ? VERSION_1 : VERSION_2C;
    this.#community = Buffer.from(community);
  }

  wrap({ pdu, idAt }: Question, number: number): Buffer {
    const writer = this.#writer;
    writer.begin(pdu.length + this.#community.length + ROOM_FOR_THE_REST);
    pdu.writeInt32BE(number, idAt);
    writer.raw(pdu);
    writer.octets(this.#community);
    writer.integer(this.#version);
    writer.close(SEQUENCE, writer.end);
    return writer.written;
  }

  unwrap(datagram: Buffer): Unwrapped {
    const reader = new Reader(datagram);
    const end = reader.enter(SEQUENCE, datagram.length);
    if (end !== datagram.length) throw new Malformed("a message with something behind it");
    if (reader.integer(end) !== this.#version) throw new Malformed("an answer of another version");
    const communityEnd = reader.enter(OCTETS, end);
    if (!same(datagram, reader.at, communityEnd, this.#community)) {
      throw new Malformed("an answer for another community");
    }
    reader.at = communityEnd;
    return { reader, end };
  }
}

/**
 * The number by which a datagram of any version says which request it answers; null where it has
 * none. That is looked at before anything else, and nothing else is believed yet.
 */
export function numberIn(datagram: Buffer): number | null {
  try {
    const reader = new Reader(datagram);
    const end = reader.enter(SEQUENCE, datagram.length);
    if (reader.integer(end) > VERSION_2C) reader.enter(SEQUENCE, end);
    else {
      reader.at = reader.enter(OCTETS, end);
      reader.enterAny(end);
    }
    return reader.tag(end) === INTEGER ? reader.integer(end) : null;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
