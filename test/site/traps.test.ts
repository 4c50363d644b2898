import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter, siteText } from "./fixture.ts";

const withTraps = (section: string): readonly [string, string] => ["gate:\n", `${section}\ngate:\n`];
const lineOfTraps = siteText.slice(0, siteText.indexOf("gate:\n")).split("\n").length;

/** What is wrong with a site that has this for its traps, without the line that it stands in. */
const wrongWith = (traps: string): readonly string[] =>
  problemsAfter(withTraps(`traps: ${traps}`)).map((problem) => problem.replace(`${lineOfTraps}:`, ""));

describe("the traps of a site", () => {
  test("are not listened for where the file says nothing", () => {
    expect(siteAfter().traps).toBeNull();
  });

  test("come in at port 162 of every address, unless the file says otherwise", () => {
    expect(siteAfter(withTraps("traps: { community: public }")).traps).toEqual({
      port: 162,
      bind: "0.0.0.0",
      community: "public",
      users: [],
    });
    const own = siteAfter(withTraps('traps: { port: 1162, bind: "::1", community: "${env:TRAPS}" }')).traps;
    expect(own).toMatchObject({ port: 1162, bind: "::1", community: "${env:TRAPS}" });
  });

  test("are believed of users, whose keys stand elsewhere", () => {
    const user =
      '{ user: ups, level: authPriv, auth: { protocol: sha256, key: "${env:A}" }, priv: { protocol: aes, key: "${file:/p}" } }';
    expect(siteAfter(withTraps(`traps: { users: [${user}] }`)).traps?.users).toEqual([
      {
        name: "ups",
        level: "authPriv",
        authProtocol: "sha256",
        authKey: "${env:A}",
        privProtocol: "aes",
        privKey: "${file:/p}",
      },
    ]);
  });

  test("are believed of somebody, or the section is a mistake", () => {
    expect(wrongWith("{ port: 1162 }")).toEqual([
      "8 traps: needs a community, users, or both: nobody else is believed",
    ]);
  });

  test("have users that are whole and there once", () => {
    expect(wrongWith("{ users: [{ user: a, level: authNoPriv }] }")).toEqual([
      "18 traps.users.0: level authNoPriv needs auth",
    ]);
    const twice = "{ users: [{ user: a, level: noAuthNoPriv }, { user: a, level: noAuthNoPriv }] }";
    expect(wrongWith(twice)).toEqual(["60 traps.users.1.user: there is a user a already"]);
    expect(wrongWith("{ users: [{ level: noAuthNoPriv }] }")).toEqual([
      "18 traps.users.0: SNMP version 3 needs a user",
    ]);
  });

  test("come in at an address, and at a port that no device has there", () => {
    expect(wrongWith("{ bind: eth0, community: a }")).toEqual([
      "16 traps.bind: an address of this machine, as in 10.0.0.5, or 0.0.0.0 for all of them",
    ]);
    expect(wrongWith("{ bind: 10.0.0.1, port: 161, community: a }")).toEqual([
      "32 traps.port: 10.0.0.1:161 is taken by device ups-a",
    ]);
    expect(wrongWith("{ port: 70000, comunity: a }")).toEqual([
      "8 traps: needs a community, users, or both: nobody else is believed",
      "16 traps.port: must be at most 65535",
      '23 traps.comunity: unknown key "comunity" (did you mean "community"?)',
    ]);
  });
});
