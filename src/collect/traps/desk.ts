/**
 * What becomes of a datagram. What can be known without decoding comes first and is cheap: whose it
 * is, how large, how many there were before it. A storm is counted and costs little else. Nothing
 * here is told of a datagram but by counting it.
 */
import { TokenBucket } from "./bucket.ts";
import { type Decoded, Decoder, forgetKeys, type TrapAccess } from "./decoder.ts";
import { type Envelope, envelopeOf } from "./envelope.ts";
import type { Sender, Senders } from "./senders.ts";

/** All senders together: a site that loses its supply, and a tenth of a processor at most. */
const PER_SECOND = 500;
const AT_ONCE = 2000;
/** Making the keys of an engine takes milliseconds, and whoever forges may name a new one every time. */
const ENGINES_PER_SECOND = 5;
const ENGINES_AT_ONCE = 20;
/** Notifications fit a packet or two. */
const DATAGRAM_BYTES_MAX = 8192;

/** Counted since the start. */
export interface TrapCounts {
  /** All datagrams. */
  readonly received: number;
  /** Of these: not looked at, for there were too many, or it was too large. */
  readonly dropped: number;
  /** Looked at and not believed: a wrong community, user or key, or no notification. */
  readonly refused: number;
  /** From an address at which no device of ours is read. */
  readonly unknown: number;
}

export class Desk {
  readonly counts = { received: 0, dropped: 0, refused: 0, unknown: 0 };
  readonly #senders: Senders;
  readonly #decoder: Decoder;
  readonly #all: TokenBucket;
  readonly #engines: TokenBucket;
  readonly #startMs: number;

  constructor(access: TrapAccess, senders: Senders, nowMs: number) {
    this.#decoder = new Decoder(access);
    this.#senders = senders;
    this.#startMs = nowMs;
    this.#all = new TokenBucket(PER_SECOND, AT_ONCE, nowMs);
    this.#engines = new TokenBucket(ENGINES_PER_SECOND, ENGINES_AT_ONCE, nowMs);
  }

  /** Hurries whom a datagram speaks for. Returns what its sender is to get for it, if anything. */
  take(datagram: Buffer, address: string, nowMs: number): Buffer | null {
    this.counts.received += 1;
    const sender = this.#senders.of(address);
    if (!sender) return this.#count("unknown");
    if (datagram.length > DATAGRAM_BYTES_MAX || !sender.mayPass(nowMs) || !this.#all.take(nowMs))
      return this.#count("dropped");
    const envelope = envelopeOf(datagram);
    if (!envelope) return this.#count("refused");
    const decoded = this.#decode(datagram, envelope, { sender, nowMs });
    if (!decoded) return this.#count("dropped");
    if (!decoded.welcome) this.#count("refused");
    if (decoded.oid !== null) sender.hurry(decoded.oid);
    return decoded.reply;
  }

  #count(what: keyof TrapCounts): null {
    this.counts[what] += 1;
    return null;
  }

  /** Null for an engine that there are too many of. The keys of one that has not proved itself are not kept. */
  #decode(datagram: Buffer, envelope: Envelope, from: { sender: Sender; nowMs: number }): Decoded | null {
    const { sender, nowMs } = from;
    const engine = envelope.version === 3 && envelope.engine.length > 0 ? envelope.engine : null;
    const isNew = engine !== null && !engine.equals(this.#decoder.engine) && !sender.knows(engine);
    if (isNew && !this.#engines.take(nowMs)) return null;
    const decoded = this.#decoder.decode(datagram, envelope, nowMs - this.#startMs);
    if (!isNew) return decoded;
    const forgotten = decoded.oid === null ? engine : sender.remember(engine);
    if (forgotten) forgetKeys(forgotten);
    return decoded;
  }
}
