import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { authKey, Digests, privKey, sameDigest } from "../../../src/collect/snmp/keys.ts";

const engine = Buffer.from("000000000000000000000002", "hex");

describe("the keys of an SNMPv3 user", () => {
  // RFC 3414, A.3.1 and A.3.2.
  test.each([
    ["md5", "526f5eed9fcce26f8964c2930787d82b"],
    ["sha", "6695febc9288e36282235fc7151f128497b38f3f"],
  ] as const)("are those of the standard's example, by %s", (protocol, key) => {
    expect(authKey(protocol, "maplesyrup", engine).toString("hex")).toBe(key);
  });

  test("are another one for each agent, phrase and protocol, and the same when asked for again", () => {
    const one = authKey("sha", "maplesyrup", engine);
    expect(authKey("sha", "maplesyrup", engine)).toBe(one);
    expect(authKey("sha", "maplesyrup", Buffer.from("aa", "hex"))).not.toEqual(one);
    expect(authKey("sha", "maplesyruq", engine)).not.toEqual(one);
    expect(authKey("sha256", "maplesyrup", engine)).not.toEqual(one);
  });

  // draft-reeder-snmpv3-usm-3desede-00, B.1: "maplesyrup" by MD5, with the key of the key behind it.
  test("are made longer after Reeder as its draft has it", () => {
    const user = { authProtocol: "md5", phrase: "maplesyrup" } as const;
    const key = privKey(user, engine, { bytes: 32, extension: "reeder" });
    expect(key.toString("hex")).toBe("526f5eed9fcce26f8964c2930787d82b79eff44a90650ee0a3a40abfac5acc12");
  });

  test("are cut to what a cipher takes, whichever way longer ones are made", () => {
    const user = { authProtocol: "sha", phrase: "maplesyrup" } as const;
    const short = privKey(user, engine, { bytes: 16, extension: "blumenthal" });
    expect(short).toEqual(authKey("sha", "maplesyrup", engine).subarray(0, 16));
    const [b, r] = (["blumenthal", "reeder"] as const).map((extension) =>
      privKey(user, engine, { bytes: 32, extension }),
    );
    expect(b!.subarray(0, 20)).toEqual(r!.subarray(0, 20));
    expect(b).not.toEqual(r);
  });
});

describe("the digest of a message", () => {
  test.each([
    ["md5", "md5", 12],
    ["sha", "sha1", 12],
    ["sha224", "sha224", 16],
    ["sha256", "sha256", 24],
    ["sha384", "sha384", 32],
    ["sha512", "sha512", 48],
  ] as const)("by %s is the HMAC of the platform, cut to what a message bears", (protocol, hash, length) => {
    const key = authKey(protocol, "maplesyrup", engine);
    const digests = new Digests(protocol, key);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        const message = Buffer.from(bytes);
        const whole = createHmac(hash, key).update(message).digest();
        expect(digests.of(message)).toEqual(whole.subarray(0, length));
      }),
      { numRuns: 30 },
    );
    expect(digests.length).toBe(length);
  });

  test("is another one of another length", () => {
    expect(sameDigest(Buffer.of(1, 2), Buffer.of(1, 2))).toBe(true);
    expect(sameDigest(Buffer.of(1, 2), Buffer.of(1, 3))).toBe(false);
    expect(sameDigest(Buffer.of(1), Buffer.of(1, 2))).toBe(false);
  });
});
