/** Messages of DNS that are signed and believed by a shared key: TSIG with HMAC-SHA256 (RFC 8945). */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Answer } from "./dns-message.ts";
import { classes, encodeRecord, nameBytes, readName, types } from "./dns-message.ts";

/** A key that the server has, too: its name, and its secret in base64. */
export interface TsigKey {
  readonly name: string;
  readonly secret: string;
}

const algorithm = "hmac-sha256";
/** How far two clocks may be apart, as every server has it. */
const fudgeSeconds = 300;
const macBytes = 32;
/** Where the header counts the records of its last section. */
const additionalAt = 10;

/** A message with its signature as last record, and the signature, which the answer's is made over. */
export function sign(message: Buffer, key: TsigKey, nowSeconds: number): { readonly signed: Buffer; mac: Buffer } {
  const time = timeBytes(nowSeconds);
  const mac = macOf(key, [message, variables(key, time, { fudge: fudgeSeconds, error: 0, said: nothing })]);
  const data = Buffer.concat([
    nameBytes(algorithm),
    time,
    words(fudgeSeconds, mac.length),
    mac,
    words(message.readUInt16BE(0), 0, 0),
  ]);
  const record = encodeRecord({ name: key.name, type: types.TSIG, class: classes.ANY, ttl: 0, data });
  return { signed: recounted(Buffer.concat([message, record]), 1), mac };
}

/** Why an answer to a message so signed is not to be believed; null where it is. Throws where it is damaged. */
export function unbelievable(
  message: Buffer,
  { sections }: Answer,
  { key, mac, nowSeconds }: { readonly key: TsigKey; readonly mac: Buffer; readonly nowSeconds: number },
): string | null {
  const last = sections[2].at(-1);
  if (last?.type !== types.TSIG) return "the answer is not signed";
  if (last.name !== key.name.toLowerCase()) return "the answer is signed with another key";
  const { name, next } = readName(message, last.at);
  if (name !== algorithm) return `the answer is signed by ${name}`;
  const time = message.subarray(next, next + 6);
  const [fudge, size] = [message.readUInt16BE(next + 6), message.readUInt16BE(next + 8)];
  const theirs = message.subarray(next + 10, next + 10 + size);
  const rest = next + 10 + size;
  const [id, error, other] = [0, 2, 4].map((by) => message.readUInt16BE(rest + by)) as [number, number, number];
  const said = message.subarray(rest + 6, rest + 6 + other);
  if (size !== macBytes || theirs.length !== macBytes) return `the server does not take the key (TSIG error ${error})`;
  const bare = recounted(Buffer.from(message.subarray(0, last.start)), -1);
  bare.writeUInt16BE(id, 0);
  const ours = macOf(key, [words(mac.length), mac, bare, variables(key, time, { fudge, error, said })]);
  if (!timingSafeEqual(ours, theirs)) return "the answer's signature is wrong";
  if (error !== 0) return `the server does not take the signature (TSIG error ${error})`;
  const apart = Math.abs(nowSeconds - time.readUIntBE(0, 6));
  return apart > fudge ? `the server's clock is ${Math.round(apart)} s away` : null;
}

const macOf = ({ secret }: TsigKey, parts: readonly Buffer[]): Buffer =>
  createHmac("sha256", Buffer.from(secret, "base64")).update(Buffer.concat(parts)).digest();

function variables(
  { name }: TsigKey,
  time: Buffer,
  { fudge, error, said }: { readonly fudge: number; readonly error: number; readonly said: Buffer },
): Buffer {
  const head = [nameBytes(name), words(classes.ANY, 0, 0), nameBytes(algorithm)];
  return Buffer.concat([...head, time, words(fudge, error, said.length), said]);
}

const nothing = Buffer.alloc(0);

function timeBytes(seconds: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(Math.floor(seconds), 0, 6);
  return bytes;
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => bytes.writeUInt16BE(value, 2 * i));
  return bytes;
}

function recounted(message: Buffer, by: number): Buffer {
  message.writeUInt16BE(message.readUInt16BE(additionalAt) + by, additionalAt);
  return message;
}
