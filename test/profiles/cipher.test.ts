import snmp from "net-snmp";
import { expect, test } from "vitest";
import { privKey } from "../../src/collect/snmp/keys.ts";
import { privacyOf } from "../../src/collect/snmp/privacy.ts";
import { cipherOf, privProtocols } from "../../src/profiles/cipher.ts";

const authority = Buffer.from("80001f8880a1b2c3", "hex");

/** What the library's types leave out. */
type EncryptPdu = (...said: [cipher: number, pdu: Buffer, phrase: string, auth: number, engine: object]) => {
  readonly encryptedPdu: Buffer;
  readonly msgPrivacyParameters: Buffer;
};

test("every cipher has a number of its own in the library, the same each time", () => {
  const numbers = privProtocols.map((protocol) => cipherOf(snmp, protocol));
  expect(new Set(numbers).size).toBe(privProtocols.length);
  expect(privProtocols.map((protocol) => cipherOf(snmp, protocol))).toEqual(numbers);
  expect(numbers.map((number) => snmp.PrivProtocols[number])).toEqual(privProtocols);
});

test.each(privProtocols)("what the library encrypts by %s our own client decrypts", (protocol) => {
  const plain = Buffer.alloc(100, "Haechi");
  const { encryptPdu } = snmp.Encryption as unknown as { readonly encryptPdu: EncryptPdu };
  const engine = { engineID: authority, engineBoots: 3, engineTime: 4711 };
  const cipher = cipherOf(snmp, protocol);
  const sealed = encryptPdu(cipher, plain, "confidential", snmp.AuthProtocols.sha, engine);
  const privacy = privacyOf(protocol, { authProtocol: "sha", phrase: "confidential" }, authority);
  const { encryptedPdu: bytes, msgPrivacyParameters: salt } = sealed;
  expect(privacy.open({ bytes, salt }, { boots: 3, seconds: 4711 }).subarray(0, plain.length)).toEqual(plain);
});

test("the two ways to make a key longer differ where the hash is too short for 192 bits, and not where it is long enough", () => {
  const keyBy = (authProtocol: "sha" | "sha256", extension: "blumenthal" | "reeder") =>
    privKey({ authProtocol, phrase: "confidential" }, authority, { bytes: 24, extension });
  expect(keyBy("sha", "blumenthal")).not.toEqual(keyBy("sha", "reeder"));
  expect(keyBy("sha256", "blumenthal")).toEqual(keyBy("sha256", "reeder"));
});
