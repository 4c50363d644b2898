import { createCipheriv, createDecipheriv } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Malformed } from "../../../src/collect/snmp/ber.ts";
import { privKey } from "../../../src/collect/snmp/keys.ts";
import { privacyOf } from "../../../src/collect/snmp/privacy.ts";
import { privProtocols } from "../../../src/profiles/cipher.ts";

const engine = Buffer.from("80001f8880a1b2c3", "hex");
const user = { authProtocol: "sha", phrase: "confidential" } as const;
const time = { boots: 3, seconds: 4711 };

function aesIv(salt: Buffer): Buffer {
  const clock = Buffer.alloc(8);
  clock.writeInt32BE(time.boots, 0);
  clock.writeInt32BE(time.seconds, 4);
  return Buffer.concat([clock, salt]);
}

describe("the privacy of an SNMPv3 user", () => {
  test.each(privProtocols)("by %s gives back what it sealed, message after message of every length", (protocol) => {
    const [here, there] = [privacyOf(protocol, user, engine), privacyOf(protocol, user, engine)];
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const plain = Buffer.from(bytes);
        const sealed = here.seal(plain, time);
        const opened = there.open(sealed, time);
        expect(opened.subarray(0, plain.length)).toEqual(plain);
        expect(opened.length - plain.length).toBeLessThan(protocol === "des" ? 8 : 1);
      }),
    );
  });

  test.each([
    ["aes", 16, "blumenthal"],
    ["aes192b", 24, "blumenthal"],
    ["aes192r", 24, "reeder"],
    ["aes256b", 32, "blumenthal"],
    ["aes256r", 32, "reeder"],
  ] as const)("by %s is the platform's CFB in both directions", (protocol, bytes, extension) => {
    const privacy = privacyOf(protocol, user, engine);
    const key = privKey(user, engine, { bytes, extension });
    for (const length of [1, 15, 16, 17, 64, 1000]) {
      const plain = Buffer.alloc(length, "Haechi");
      const sealed = privacy.seal(plain, time);
      const cipher = `aes-${bytes * 8}-cfb`;
      expect(createCipheriv(cipher, key, aesIv(sealed.salt)).update(plain)).toEqual(sealed.bytes);
      expect(privacy.open(sealed, time)).toEqual(
        createDecipheriv(cipher, key, aesIv(sealed.salt)).update(sealed.bytes),
      );
    }
  });

  test.each(privProtocols)("by %s has a salt of its own for every message", (protocol) => {
    const privacy = privacyOf(protocol, user, engine);
    const sealed = Array.from({ length: 100 }, () => privacy.seal(Buffer.alloc(32), time));
    expect(new Set(sealed.map(({ salt }) => salt.toString("hex"))).size).toBe(100);
    expect(new Set(sealed.map(({ bytes }) => bytes.toString("hex"))).size).toBe(100);
  });

  test("by DES refuses what is not in whole blocks", () => {
    expect(() => privacyOf("des", user, engine).open({ bytes: Buffer.alloc(9), salt: Buffer.alloc(8) }, time)).toThrow(
      Malformed,
    );
  });
});
