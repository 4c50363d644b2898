/**
 * DES for SNMPv3 (RFC 3414, section 8) in the net-snmp library. Node's OpenSSL has single DES no more,
 * so the library's own way ends in an error; triple DES with one key three times is single DES. Weak
 * as it is, there are agents that know nothing better, and what they say can still be read.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const BLOCK = 8;
/** Stands in the salt before what is chance (RFC 3414, 8.1.1.1): our boots, which nobody counts. */
const BOOTS = Buffer.from([0, 0, 0, 1]);

/** The library's way from a pass phrase to the key for one engine; `auth` is its number of a hash. */
export type PasswordToKey = (auth: number, password: string, engineId: Buffer) => Buffer;
interface Engine {
  readonly engineID: Buffer;
}
type Encrypt = [pdu: Buffer, protocol: unknown, password: string, auth: number, engine: Engine];
type Decrypt = [pdu: Buffer, protocol: unknown, salt: Buffer, password: string, auth: number, engine: Engine];

/** What the library encrypts and decrypts by, in the way that works. */
export const desBy = (passwordToKey: PasswordToKey) => ({
  encryptPdu(...[pdu, , password, auth, { engineID }]: Encrypt): object {
    const salt = Buffer.concat([BOOTS, randomBytes(4)]);
    const { key, iv } = keyOf(passwordToKey(auth, password, engineID), salt);
    const padded = Buffer.alloc(Math.ceil(pdu.length / BLOCK) * BLOCK);
    pdu.copy(padded);
    const cipher = createCipheriv("des-ede3-cbc", key, iv).setAutoPadding(false);
    return { encryptedPdu: Buffer.concat([cipher.update(padded), cipher.final()]), msgPrivacyParameters: salt };
  },
  decryptPdu(...[pdu, , salt, password, auth, { engineID }]: Decrypt): Buffer {
    const { key, iv } = keyOf(passwordToKey(auth, password, engineID), salt);
    const decipher = createDecipheriv("des-ede3-cbc", key, iv).setAutoPadding(false);
    return Buffer.concat([decipher.update(pdu), decipher.final()]);
  },
});

/** The localised key's first half is the key, its second, with the salt on it, the first block's vector. */
function keyOf(localised: Buffer, salt: Buffer): { readonly key: Buffer; readonly iv: Buffer } {
  if (salt.length !== BLOCK) throw new Error(`a salt of ${salt.length} bytes`);
  const key = localised.subarray(0, BLOCK);
  const iv = localised.subarray(BLOCK, 2 * BLOCK).map((byte, i) => byte ^ salt[i]!);
  return { key: Buffer.concat([key, key, key]), iv: Buffer.from(iv) };
}
