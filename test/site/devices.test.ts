import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

const open = "version: 2c, community: public";

describe("the SNMP address of a device", () => {
  const accessOf = (written: string) => siteAfter([open, written]).devices[0]?.address.snmp;

  test("has a community in versions 1 and 2c", () => {
    expect(accessOf("version: 1, community: public")).toEqual({ version: "1", community: "public" });
    expect(accessOf('version: 2c, community: "${env:COMMUNITY}"')).toEqual({
      version: "2c",
      community: "${env:COMMUNITY}",
    });
  });

  test("has a user with keys in version 3", () => {
    const written =
      'version: 3, user: u, level: authPriv, auth: { protocol: sha256, key: "${env:A}" }, priv: { protocol: aes, key: "${file:/run/p}" }';
    expect(accessOf(written)).toEqual({
      version: "3",
      user: {
        name: "u",
        level: "authPriv",
        authProtocol: "sha256",
        authKey: "${env:A}",
        privProtocol: "aes",
        privKey: "${file:/run/p}",
      },
    });
    expect(accessOf("version: 3, user: u, level: noAuthNoPriv")).toEqual({
      version: "3",
      user: { name: "u", level: "noAuthNoPriv" },
    });
  });

  test.each([
    ["version: 4, community: c", "version: must be one of 1, 2c, 3"],
    ["version: 2c", "SNMP version 2c needs a community"],
    ["version: 2c, community: c, user: u", "a user belongs to SNMP version 3"],
    ["version: 3, level: noAuthNoPriv", "SNMP version 3 needs a user"],
    ["version: 3, user: u", "SNMP version 3 needs a level: noAuthNoPriv, authNoPriv or authPriv"],
    ["version: 3, user: u, level: noAuthNoPriv, community: c", "SNMP version 3 has no community"],
    ["version: 3, user: u, level: authNoPriv", "level authNoPriv needs auth"],
    [
      'version: 3, user: u, level: noAuthNoPriv, auth: { protocol: sha, key: "${env:A}" }',
      "level noAuthNoPriv has no auth",
    ],
    ['version: 3, user: u, level: authPriv, auth: { protocol: sha, key: "${env:A}" }', "level authPriv needs priv"],
    [
      "version: 3, user: u, level: authNoPriv, auth: { protocol: sha, key: pass phrase }",
      "a secret does not stand in this file: write ${env:NAME} or ${file:/path}",
    ],
  ])("as { %s } is refused: %s", (written, message) => {
    const problems = problemsAfter([open, written]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });
});
