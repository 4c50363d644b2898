import { describe, expect, test } from "vitest";
import type { DeviceAddress } from "../../src/profiles/index.ts";
import { resolveAddress } from "../../src/site/index.ts";

const user = { name: "u", level: "authPriv", authProtocol: "sha", privProtocol: "aes" } as const;
const secured: DeviceAddress = {
  host: "h",
  port: 161,
  snmp: { version: "3", user: { ...user, authKey: "${env:A}", privKey: "${env:P}" } },
};

describe("an address", () => {
  test("without secrets is as it is", () => {
    const plain = { host: "h", port: 502, unit: 1 };
    expect(resolveAddress(plain, {})).toEqual({ address: plain });
    const open: DeviceAddress = { host: "h", port: 161, snmp: { version: "2c", community: "public" } };
    expect(resolveAddress(open, {})).toEqual({ address: open });
  });

  test("gets the keys that it refers to", () => {
    expect(resolveAddress(secured, { A: "a", P: "p" })).toEqual({
      address: { ...secured, snmp: { version: "3", user: { ...user, authKey: "a", privKey: "p" } } },
    });
  });

  test("gets the community that it refers to", () => {
    const kept: DeviceAddress = { host: "h", port: 161, snmp: { version: "2c", community: "${env:C}" } };
    expect(resolveAddress(kept, { C: "c" })).toEqual({ address: { ...kept, snmp: { version: "2c", community: "c" } } });
  });

  test("gets the certificates and the key that it refers to, and is told what is none", () => {
    const transport = { kind: "tls", ca: "${env:CA}", cert: "${env:CERT}", key: "${env:KEY}" } as const;
    const trusted: DeviceAddress = { host: "h", port: 802, unit: 1, transport };
    const pem = { CA: "-----BEGIN CERTIFICATE-----a", CERT: "-----BEGIN CERTIFICATE-----b" };
    expect(resolveAddress(trusted, { ...pem, KEY: "-----BEGIN PRIVATE KEY-----" })).toEqual({
      address: {
        ...trusted,
        transport: { kind: "tls", ca: pem.CA, cert: pem.CERT, key: "-----BEGIN PRIVATE KEY-----" },
      },
    });
    expect(resolveAddress(trusted, { ...pem, CA: "/etc/ca.pem" })).toEqual({
      missing: ["tls ca: what is kept there is no PEM text", "tls key: the environment variable KEY is not set"],
    });
  });

  test("is told every secret that it misses", () => {
    expect(resolveAddress(secured, {})).toEqual({
      missing: ["the environment variable A is not set", "the environment variable P is not set"],
    });
  });
});
