import type { Lines } from "./lines.ts";

const lineFeed = 10;

/** One record, one request to the database: within the limits of every server we know. */
export const recordMost = { bytes: 1024 * 1024, count: 10_000 } as const;

/** Lines that are gathered for one record, in memory of its own. */
export class Gathering {
  /** Settles when the record is on disk, or when it cannot be. */
  readonly written: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  #bytes: Buffer;
  #length = 0;
  #count = 0;

  /** `usualBytes` is how much there will be, as far as one knows. */
  constructor(usualBytes: number) {
    const { promise, resolve, reject } = withResolvers();
    [this.written, this.resolve, this.reject] = [promise, resolve, reject];
    this.#bytes = roomFor(usualBytes);
  }

  get lines(): Lines {
    return { bytes: this.#bytes.subarray(0, this.#length), count: this.#count };
  }

  /** Whether more lines would make it more than a record takes. It takes any as its first. */
  fits({ bytes, count }: Lines): boolean {
    if (this.#count === 0) return true;
    return this.#count + count <= recordMost.count && this.#length + 1 + bytes.length <= recordMost.bytes;
  }

  get isFull(): boolean {
    return this.#count >= recordMost.count || this.#length >= recordMost.bytes;
  }

  /** Copies lines behind those that it has. */
  add({ bytes, count }: Lines): void {
    const needed = this.#length + 1 + bytes.length;
    if (needed > this.#bytes.length) {
      const larger = roomFor(needed);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    if (this.#count > 0) this.#bytes[this.#length++] = lineFeed;
    bytes.copy(this.#bytes, this.#length);
    this.#length += bytes.length;
    this.#count += count;
  }
}

/** Always of a few sizes: memory that is given back then fits whoever wants it next, and does not go to pieces. */
const roomFor = (bytes: number): Buffer => Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(bytes)));

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((settle, refuse) => {
    [resolve, reject] = [settle, refuse];
  });
  return { promise, resolve, reject };
}
