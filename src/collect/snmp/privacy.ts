/**
 * Encryption of SNMPv3's scoped units: DES in CBC mode (RFC 3414, 8) and AES in CFB mode (RFC 3826
 * for 128 bits; the drafts of Blumenthal and Reeder for more). Every message has a salt of its own.
 */
import { type Cipher, createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { Malformed } from "./ber.ts";
import { type AuthProtocol, type PrivProtocol, privKey } from "./keys.ts";

/** Salt that stands in a message, for either cipher. */
export const SALT_BYTES = 8;
const DES_BLOCK_BYTES = 8;
const DES_KEY_BYTES = 8;
const AES_BLOCK_BYTES = 16;
/** Within the platform's own cipher library single DES is switched off; three times the same key is the same cipher. */
const DES = "des-ede3-cbc";

const AES: Readonly<Record<Exclude<PrivProtocol, "des">, { bytes: number; extension: "blumenthal" | "reeder" }>> = {
  aes: { bytes: 16, extension: "blumenthal" },
  aes192b: { bytes: 24, extension: "blumenthal" },
  aes192r: { bytes: 24, extension: "reeder" },
  aes256b: { bytes: 32, extension: "blumenthal" },
  aes256r: { bytes: 32, extension: "reeder" },
};

/** An agent's clock as it stands in a message; AES mixes it in. */
export interface AgentTime {
  readonly boots: number;
  readonly seconds: number;
}

/** What is encrypted, and the salt to decrypt it by. */
export interface Sealed {
  readonly bytes: Buffer;
  readonly salt: Buffer;
}

export interface Privacy {
  seal(plain: Buffer, time: AgentTime): Sealed;
  /** The plain bytes, with padding behind them where the cipher has any. Throws {@link Malformed}. */
  open(sealed: Sealed, time: AgentTime): Buffer;
}

/** The privacy of one user with one agent. */
export function privacyOf(
  protocol: PrivProtocol,
  user: { readonly authProtocol: AuthProtocol; readonly phrase: string },
  authority: Buffer,
): Privacy {
  if (protocol === "des") {
    return new DesPrivacy(privKey(user, authority, { bytes: DES_KEY_BYTES * 2, extension: "blumenthal" }));
  }
  return new AesPrivacy(privKey(user, authority, AES[protocol]));
}

/**
 * AES in CFB mode, where each block is masked by the cipher of the encrypted block before it. Node makes
 * a cipher for one message, which costs more than the message does, so two that outlast messages are used
 * instead: plain AES gives all masks of a message that came at once, and CBC, whose chain is the same
 * when it is fed the plain blocks behind the vector, gives those of one to be sent.
 */
class AesPrivacy implements Privacy {
  readonly #masks: Cipher;
  readonly #chain: Cipher;
  /** What the chain gave last, and mixes into what it is fed next. */
  #last: Buffer = Buffer.alloc(AES_BLOCK_BYTES);
  #salt = randomBytes(SALT_BYTES).readBigUInt64BE();

  constructor(key: Buffer) {
    const bits = key.length * 8;
    this.#masks = createCipheriv(`aes-${bits}-ecb`, key, null).setAutoPadding(false);
    this.#chain = createCipheriv(`aes-${bits}-cbc`, key, this.#last).setAutoPadding(false);
  }

  seal(plain: Buffer, time: AgentTime): Sealed {
    this.#salt = BigInt.asUintN(64, this.#salt + 1n);
    const salt = Buffer.allocUnsafe(SALT_BYTES);
    salt.writeBigUInt64BE(this.#salt);
    const fed = behindVector(plain, salt, time);
    for (let i = 0; i < AES_BLOCK_BYTES; i += 1) fed[i]! ^= this.#last[i]!;
    const masks = this.#chain.update(fed);
    this.#last = masks.subarray(-AES_BLOCK_BYTES);
    return { bytes: masked(plain, masks), salt };
  }

  open({ bytes, salt }: Sealed, time: AgentTime): Buffer {
    return masked(bytes, this.#masks.update(behindVector(bytes, salt, time)));
  }
}

/** The vector (RFC 3826, 3.1.2.1), and behind it as much of the bytes as masks anything: all but the last block. */
function behindVector(bytes: Buffer, salt: Buffer, { boots, seconds }: AgentTime): Buffer {
  const fed = Buffer.allocUnsafe(Math.max(1, Math.ceil(bytes.length / AES_BLOCK_BYTES)) * AES_BLOCK_BYTES);
  fed.writeInt32BE(boots, 0);
  fed.writeInt32BE(seconds, 4);
  fed.set(salt, 8);
  bytes.copy(fed, AES_BLOCK_BYTES);
  return fed;
}

function masked(bytes: Buffer, masks: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) out[i] = bytes[i]! ^ masks[i]!;
  return out;
}

class DesPrivacy implements Privacy {
  readonly #key: Buffer;
  readonly #mask: Buffer;
  #count = randomBytes(4).readUInt32BE();

  constructor(key: Buffer) {
    const des = key.subarray(0, DES_KEY_BYTES);
    this.#key = Buffer.concat([des, des, des]);
    this.#mask = key.subarray(DES_KEY_BYTES);
  }

  seal(plain: Buffer, { boots }: AgentTime): Sealed {
    this.#count = (this.#count + 1) >>> 0;
    const salt = Buffer.allocUnsafe(SALT_BYTES);
    salt.writeInt32BE(boots, 0);
    salt.writeUInt32BE(this.#count, 4);
    const padded = Buffer.alloc(Math.ceil(plain.length / DES_BLOCK_BYTES) * DES_BLOCK_BYTES);
    padded.set(plain);
    const cipher = createCipheriv(DES, this.#key, this.#iv(salt)).setAutoPadding(false);
    return { bytes: cipher.update(padded), salt };
  }

  open({ bytes, salt }: Sealed): Buffer {
    if (bytes.length % DES_BLOCK_BYTES !== 0) throw new Malformed("an encrypted unit that is not in whole blocks");
    return createDecipheriv(DES, this.#key, this.#iv(salt)).setAutoPadding(false).update(bytes);
  }

  #iv(salt: Buffer): Buffer {
    return salt.map((byte, i) => byte ^ this.#mask[i]!) as Buffer;
  }
}
