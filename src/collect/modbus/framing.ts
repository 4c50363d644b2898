/**
 * How requests and answers stand on a wire. A framing knows the one request that is in flight and
 * those that were given up, so that what comes too late is known for what it is.
 */
import {
  encodeRead,
  exceptionIn,
  FrameCutter,
  isTransactionOf,
  REQUEST_BYTES,
  type ReadRequest,
  wordsIn,
  wrongness,
} from "./frame.ts";

/** Requests given up whose replies may still come. With more of them the connection is opened anew. */
const OWED_MOST = 64;
/** No reply is later than this: no gateway keeps a request so long. */
const OWED_MS = 60_000;

/** Who is told of the answer to the request in flight; it is told once. */
export interface Asker {
  words(words: readonly number[]): void;
  exception(code: number): void;
  /** What came instead of an answer, in words; the connection may go on. */
  wrong(what: string): void;
  /** The line answers in its turn again, and the request has not been sent yet: it is to be asked for again. */
  again(): void;
}

export interface Framing {
  /** Replies, or what may have been some, that were discarded because they answered no request in flight. */
  readonly strays: number;
  /** The real time before which nothing may be sent. */
  readonly freeMs: number;
  /** True while all of an answer is here and is about to be told. */
  readonly settling: boolean;
  /** The bytes by which a request is asked, written over by the next call. It is in flight from now on. */
  ask(asked: ReadRequest): Uint8Array;
  /** Takes what came. Gives in words why the connection cannot go on; null when it can. */
  take(chunk: Uint8Array, length: number): string | null;
  /** The request in flight is not waited for any longer. Gives what `take` does. */
  giveUp(): string | null;
  /** Frees timers. */
  close(): void;
}

/** Modbus TCP, over TCP or TLS: every reply names the request that it answers. */
export class TcpFraming implements Framing {
  strays = 0;
  readonly freeMs = 0;
  readonly settling = false;
  readonly #asker: Asker;
  readonly #cutter = new FrameCutter();
  /** Written over by each request: the last one has left by the time that its answer is here. */
  readonly #request = new Uint8Array(REQUEST_BYTES);
  /** Transaction numbers of requests that were given up, and when that was. */
  readonly #owed = new Map<number, number>();
  #asked = false;
  /** True while a frame is coming in that began before the request did, so that it cannot answer it. */
  #foreign = false;
  /** What the device sent instead of an answer. */
  #flaw: string | null = null;

  constructor(asker: Asker) {
    this.#asker = asker;
    // It begins anywhere: what a gateway has kept for an earlier connection must not fit this one.
    this.#request.set([Math.random() * 0x100, Math.random() * 0x100]);
  }

  ask(asked: ReadRequest): Uint8Array {
    this.#asked = true;
    this.#foreign = this.#cutter.partial;
    encodeRead(this.#request, asked);
    while (this.#owed.size > 0 && this.#owed.has(this.#transaction)) encodeRead(this.#request, asked);
    return this.#request;
  }

  take(chunk: Uint8Array, length: number): string | null {
    const flaw = this.#cutter.cut(chunk, length, this.#judge) ?? this.#flaw;
    return flaw === null ? null : `the device sent ${flaw}`;
  }

  giveUp(): string | null {
    this.#asked = false;
    // What is missing of it cannot be told from what comes next.
    if (this.#cutter.partial) return "the device sent a part of a frame";
    const nowMs = performance.now();
    for (const [transaction, sinceMs] of this.#owed) if (nowMs - sinceMs > OWED_MS) this.#owed.delete(transaction);
    this.#owed.set(this.#transaction, nowMs);
    return this.#owed.size > OWED_MOST ? `${this.#owed.size} requests were not answered` : null;
  }

  close(): void {
    this.#asked = false;
  }

  get #transaction(): number {
    return (this.#request[0]! << 8) | this.#request[1]!;
  }

  readonly #judge = (frame: Uint8Array): void => {
    if (!this.#asked || this.#foreign || !isTransactionOf(frame, this.#request)) return this.#discard(frame);
    this.#flaw ??= wrongness(frame, this.#request);
    if (this.#flaw !== null) return;
    this.#asked = false;
    const code = exceptionIn(frame);
    if (code === null) this.#asker.words(wordsIn(frame, this.#request));
    else this.#asker.exception(code);
  };

  #discard(frame: Uint8Array): void {
    this.#foreign = false;
    this.strays += 1;
    this.#owed.delete((frame[0]! << 8) | frame[1]!);
  }
}
