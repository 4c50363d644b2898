/**
 * The part of BER (X.690) that SNMP uses: one-byte tags and definite lengths. Whatever a peer says of
 * lengths is held against the bytes that are there, and a reader only ever goes forward.
 */

/** Tags that SNMP's messages are built of. */
export const INTEGER = 0x02;
export const OCTETS = 0x04;
export const NULL = 0x05;
export const OBJECT = 0x06;
export const SEQUENCE = 0x30;

/** Bytes of a length in its long form: four say more than a datagram holds. */
const LONGEST_LENGTH_BYTES = 4;
/** A 32-bit number, with a nought before it where it is unsigned. */
const LONGEST_NUMBER_BYTES = 5;
const LONG_FORM = 0x80;
/** Lengths from here on take two bytes behind the first. */
const TWO_BYTES = 0x100;

/** Bytes that are not what they would have to be. `message` says in words what they are instead. */
export class Malformed extends Error {
  override name = "Malformed";
}

/** Reads elements one behind the other. What cannot be one throws {@link Malformed}. */
export class Reader {
  readonly bytes: Buffer;
  /** Where the next byte is read. */
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Steps into an element with this tag that ends by `limit`, and gives where it ends. */
  enter(tag: number, limit: number): number {
    if (this.tag(limit) !== tag) throw new Malformed(`tag ${this.bytes[this.at]} in place of ${tag}`);
    this.at += 1;
    return this.#end(limit);
  }

  /** Steps into an element with any tag; its content stands from `at` to where it ends. */
  enterAny(limit: number): number {
    this.tag(limit);
    this.at += 1;
    return this.#end(limit);
  }

  /** The tag of the next element, which is not stepped into. */
  tag(limit: number): number {
    if (this.at + 2 > limit) throw new Malformed("an element that is cut off");
    return this.bytes[this.at]!;
  }

  /** An INTEGER of 32 bits, signed. */
  integer(limit: number): number {
    const end = this.enter(INTEGER, limit);
    if (end - this.at > 4) throw new Malformed(`a number of ${end - this.at} bytes`);
    return this.number(end);
  }

  /** The content of a number that was stepped into, in two's complement, modulo 2³². */
  number(end: number): number {
    const { bytes, at } = this;
    const length = end - at;
    if (length < 1 || length > LONGEST_NUMBER_BYTES || (length === LONGEST_NUMBER_BYTES && bytes[at] !== 0)) {
      throw new Malformed(`a number of ${length} bytes`);
    }
    let value = (bytes[at]! << 24) >> 24;
    for (let i = at + 1; i < end; i += 1) value = (value << 8) | bytes[i]!;
    this.at = end;
    return value;
  }

  /** Throws where an element has not been read to its end, or past it. */
  done(end: number): void {
    if (this.at !== end) throw new Malformed("an element with more in it than it should have");
  }

  #end(limit: number): number {
    const first = this.bytes[this.at]!;
    this.at += 1;
    const length = first < LONG_FORM ? first : this.#long(first - LONG_FORM, limit);
    const end = this.at + length;
    if (end > limit) throw new Malformed("an element that is longer than what it stands in");
    return end;
  }

  #long(count: number, limit: number): number {
    if (count < 1 || count > LONGEST_LENGTH_BYTES || this.at + count > limit) {
      throw new Malformed("a length that is not one");
    }
    let length = 0;
    for (let i = 0; i < count; i += 1) length = length * 256 + this.bytes[this.at + i]!;
    this.at += count;
    return length;
  }
}

/** Writes a message from its end to its beginning, so that every length is known when it is written. */
export class Writer {
  #bytes = Buffer.alloc(0);
  /** Where the byte written last stands; what is written next goes before it. */
  at = 0;

  /** Begins a new message of at most `size` bytes over the one before. */
  begin(size: number): void {
    if (this.#bytes.length < size) this.#bytes = Buffer.alloc(size);
    this.at = this.#bytes.length;
  }

  /** Where the message ends, and the next byte would stand. */
  get end(): number {
    return this.#bytes.length;
  }

  /** What has been written; the same memory as the message written after it. */
  get written(): Buffer {
    return this.#bytes.subarray(this.at);
  }

  byte(value: number): void {
    this.at -= 1;
    this.#bytes[this.at] = value;
  }

  raw(bytes: Uint8Array): void {
    this.at -= bytes.length;
    this.#bytes.set(bytes, this.at);
  }

  octets(bytes: Uint8Array): void {
    this.raw(bytes);
    this.header(OCTETS, bytes.length);
  }

  /** An INTEGER from 0 to 2³¹ − 1. */
  integer(value: number): void {
    const end = this.at;
    let rest = value;
    do {
      this.byte(rest & 0xff);
      rest >>>= 8;
    } while (rest > 0);
    if (this.#bytes[this.at]! >= LONG_FORM) this.byte(0);
    this.header(INTEGER, end - this.at);
  }

  /** Wraps everything from here to `end` in an element. */
  close(tag: number, end: number): void {
    this.header(tag, end - this.at);
  }

  header(tag: number, length: number): void {
    this.byte(length & 0xff);
    if (length >= TWO_BYTES) {
      this.byte(length >> 8);
      this.byte(LONG_FORM + 2);
    } else if (length >= LONG_FORM) {
      this.byte(LONG_FORM + 1);
    }
    this.byte(tag);
  }
}
