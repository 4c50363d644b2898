/**
 * Keys of SNMPv3's user-based security model: from a pass phrase to a key, and from that to the key
 * for one agent (RFC 3414, appendix A.2; RFC 7860). Making one hashes a megabyte, so keys are kept.
 */
import { createHash, hash, timingSafeEqual } from "node:crypto";
import type { SnmpUser } from "../../profiles/link.ts";

export type AuthProtocol = NonNullable<SnmpUser["authProtocol"]>;
export type PrivProtocol = NonNullable<SnmpUser["privProtocol"]>;

interface AuthRules {
  readonly hash: string;
  /** Bytes of the digest that a message bears (RFC 3414, 6 and 7; RFC 7860, 4.1). */
  readonly digestBytes: number;
  /** Bytes that the hash takes at a time. */
  readonly blockBytes: number;
}

const AUTH: Readonly<Record<AuthProtocol, AuthRules>> = {
  md5: { hash: "md5", digestBytes: 12, blockBytes: 64 },
  sha: { hash: "sha1", digestBytes: 12, blockBytes: 64 },
  sha224: { hash: "sha224", digestBytes: 16, blockBytes: 64 },
  sha256: { hash: "sha256", digestBytes: 24, blockBytes: 64 },
  sha384: { hash: "sha384", digestBytes: 32, blockBytes: 128 },
  sha512: { hash: "sha512", digestBytes: 48, blockBytes: 128 },
};

/** RFC 3414, A.2: a pass phrase is repeated until it is a megabyte. */
const STRETCHED_BYTES = 1_048_576;
/** RFC 2104, section 2. */
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
/** Keys kept: those of a large site's agents, each with two. */
const KEYS_KEPT = 10_000;

const keys = new Map<string, Buffer>();

/** The key for authentication with one agent. */
export function authKey(protocol: AuthProtocol, phrase: string, authority: Buffer): Buffer {
  return kept(`${protocol} ${authority.toString("hex")} ${phrase}`, () =>
    localised(protocol, stretched(protocol, Buffer.from(phrase)), authority),
  );
}

/**
 * The key for privacy with one agent: the key that authentication would make of the phrase, cut to
 * `bytes`, or made longer after Blumenthal (draft-blumenthal-aes-usm-04, 3.1.2.1) or Reeder
 * (draft-reeder-snmpv3-usm-3desede-00, 2.1) where the hash is too short for it.
 */
export function privKey(
  user: { readonly authProtocol: AuthProtocol; readonly phrase: string },
  authority: Buffer,
  { bytes, extension }: { readonly bytes: number; readonly extension: "blumenthal" | "reeder" },
): Buffer {
  const { authProtocol, phrase } = user;
  let key = authKey(authProtocol, phrase, authority);
  let last = key;
  while (key.length < bytes) {
    last =
      extension === "blumenthal"
        ? createHash(AUTH[authProtocol].hash).update(key).digest()
        : localised(authProtocol, stretched(authProtocol, last), authority);
    key = Buffer.concat([key, last]);
  }
  return key.subarray(0, bytes);
}

/**
 * Digests of messages under one key (RFC 2104). The two halves are hashed in one call each, because an
 * HMAC of node's own is an object more for every message, which costs as much as hashing it.
 */
export class Digests {
  readonly length: number;
  readonly #hash: string;
  readonly #block: number;
  #inner: Buffer;
  readonly #outer: Buffer;

  constructor(protocol: AuthProtocol, key: Buffer) {
    const { hash: name, digestBytes, blockBytes } = AUTH[protocol];
    this.length = digestBytes;
    this.#hash = name;
    this.#block = blockBytes;
    this.#inner = padded(key, blockBytes, INNER_PAD);
    this.#outer = Buffer.concat([padded(key, blockBytes, OUTER_PAD), key]);
  }

  /** The digest of a message whose place for it is all noughts, as long as the message bears it. */
  of(message: Buffer): Buffer {
    const end = this.#block + message.length;
    if (this.#inner.length < end) {
      this.#inner = Buffer.concat([this.#inner.subarray(0, this.#block), message]);
    } else {
      message.copy(this.#inner, this.#block);
    }
    hash(this.#hash, this.#inner.subarray(0, end), "buffer").copy(this.#outer, this.#block);
    return hash(this.#hash, this.#outer, "buffer").subarray(0, this.length);
  }
}

function padded(key: Buffer, bytes: number, pad: number): Buffer {
  const block = Buffer.alloc(bytes, pad);
  for (const [i, byte] of key.entries()) block[i]! ^= byte;
  return block;
}

/** Whether two digests are the same; takes no longer for one that is nearly so. */
export const sameDigest = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

function stretched(protocol: AuthProtocol, phrase: Buffer): Buffer {
  return kept(`${protocol} ${phrase.toString("hex")}`, () =>
    createHash(AUTH[protocol].hash).update(Buffer.alloc(STRETCHED_BYTES, phrase)).digest(),
  );
}

function localised(protocol: AuthProtocol, key: Buffer, authority: Buffer): Buffer {
  return createHash(AUTH[protocol].hash).update(key).update(authority).update(key).digest();
}

function kept(name: string, make: () => Buffer): Buffer {
  const known = keys.get(name);
  if (known) return known;
  if (keys.size >= KEYS_KEPT) keys.clear();
  const key = make();
  keys.set(name, key);
  return key;
}
