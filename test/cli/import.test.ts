import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

/** Reading a site file takes a busy machine many seconds. */
const longMs = 90_000;

const sheet = `what,id,name,kind,space,compartment,plenum,from,feed,kw,importance
space,hall-1,"Hall 1, east",hall,,f2,,,,,
space,ups-room,UPS room,ups-room,,b3,ceiling,,,,

node,mains,,utility,ups-room,,,,,400,
node,ups-a,,ups,ups-room,,,mains,A,80,
node,ups-b,,ups,ups-room,,,mains,B,80,
load,r101,,,hall-1,,,ups-a ups-b,,5,protected
load,r102,,,hall-1,,,ups-a,,5,
`;

const netbox = {
  racks: {
    count: 2,
    results: [
      { id: 1, name: "R 101", site: { id: 1, name: "Seoul" }, location: { id: 4, name: "Hall 1" }, u_height: 42 },
      { id: 2, name: "R102", site: { id: 1, name: "Seoul" }, location: null },
    ],
  },
  power_panels: [
    { id: 7, name: "Panel A", site: { id: 1, name: "Seoul" }, location: { id: 5, name: "UPS room" } },
    { id: 8, name: "Panel B", site: { id: 1, name: "Seoul" }, location: { id: 5, name: "UPS room" } },
  ],
  power_feeds: [
    {
      id: 1,
      name: "1A",
      power_panel: { id: 7, name: "Panel A" },
      rack: { id: 1, name: "R 101" },
      type: { value: "primary" },
      phase: { value: "single-phase" },
      voltage: 230,
      amperage: 32,
      max_utilization: 80,
    },
    {
      id: 2,
      name: "1B",
      power_panel: { id: 8, name: "Panel B" },
      rack: { id: 1, name: "R 101" },
      type: { value: "redundant" },
      phase: { value: "three-phase" },
      voltage: 400,
      amperage: 16,
      max_utilization: 100,
    },
  ],
  devices: [
    {
      id: 1,
      name: "UPS A",
      role: { id: 1, name: "UPS" },
      rack: null,
      location: { id: 5, name: "UPS room" },
      primary_ip: { address: "10.0.0.7/24" },
    },
    { id: 2, name: "web-1", role: { id: 2, name: "Server" }, primary_ip: { address: "10.0.0.9/24" } },
  ],
};

/** A site file around a piece of one. */
const around = (piece: string): string =>
  `version: 1\nsite: { id: here, name: { en: Here }, timezone: UTC }\ndevices: {}\n${piece}`;

async function imported(form: string, name: string, text: string): Promise<Awaited<ReturnType<typeof haechi>>> {
  return haechi(["import", form, join(folderWith({ [name]: text }), name)]);
}

describe("haechi import", { timeout: longMs }, () => {
  test("makes a piece of a site file of a sheet, which check takes as it stands", async () => {
    const folder = folderWith({ "site.csv": sheet });
    const { code, stdout, stderr } = await haechi(["import", "csv", join(folder, "site.csv")]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
      "spaces:",
      '  hall-1: { kind: hall, name: { en: "Hall 1, east" }, compartment: f2 }',
      '  ups-room: { kind: ups-room, name: { en: "UPS room" }, compartment: b3, plenum: ceiling }',
      "power:",
      "  mains: { kind: utility, space: ups-room, ratedKw: 400 }",
      "  ups-a: { kind: ups, feed: A, space: ups-room, from: [mains], ratedKw: 80 }",
      "  ups-b: { kind: ups, feed: B, space: ups-room, from: [mains], ratedKw: 80 }",
      "loads:",
      "  r101: { space: hall-1, ratedKw: 5, importance: protected, feeds: [{ node: ups-a }, { node: ups-b }] }",
      "  r102: { space: hall-1, ratedKw: 5, importance: normal, feeds: [{ node: ups-a }] }",
    ]);
    writeFileSync(join(folder, "site.yaml"), around(stdout));
    const [check, audit] = await Promise.all([
      haechi(["check", join(folder, "site.yaml")]),
      haechi(["audit", join(folder, "site.yaml")]),
    ]);
    expect(check).toMatchObject({ code: 0, stderr: "" });
    expect(audit.stdout).toContain("one-feed (node ups-a): 1 rack on ups-a alone: r102\n");
  });

  test("says everything that is wrong with a sheet at once, each at its line and column", async () => {
    const wrong = sheet
      .replace("space,hall-1,", "spase,hall-1,")
      .replace("node,ups-a,,ups,", "node,ups-a,,upps,")
      .replace(",,mains,B,80,", ",,mians,b,-80,")
      .replace("load,r101,,,hall-1,,,ups-a ups-b,,5,protected", "load,R101,,,hall-2,,,ups-a ups-c,,five,protectd")
      .replace("load,r102,,,hall-1,,,ups-a,,5,", "node,ups-b,,pdu,,,,,,5,");
    const { code, stdout, stderr } = await imported("csv", "site.csv", wrong);
    expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
    expect(
      stderr
        .trimEnd()
        .split("\n")
        .map((line) => line.replace(/^.*site\.csv:/, "")),
    ).toEqual([
      '2:1 what: must be one of space, node, load (did you mean "space"?)',
      '6:13 kind: must be one of utility, generator, ats, sts, ups, pdu (did you mean "ups"?)',
      '7:28 from: there is no node "mians" (did you mean "mains"?)',
      "7:34 feed: a feed is a capital letter, as in A",
      "7:36 kw: a number above 0 is needed, in kW",
      "8:6 id: an id is small letters, digits, - and _",
      '8:13 space: there is no space "hall-2"',
      '8:28 from: there is no node "ups-c" (did you mean "ups-a"?)',
      "8:35 kw: a number above 0 is needed, in kW",
      '8:40 importance: must be one of batch, redundant, normal, protected (did you mean "protected"?)',
      "9:6 id: there is a node ups-b already",
      "9:20 from: say from what it is supplied",
      "12 problems; nothing was written",
    ]);
  });

  test("says what columns there are where a sheet has others", async () => {
    const { code, stderr } = await imported(
      "csv",
      "site.csv",
      sheet.replace("importance", "importence").replace("id,", ""),
    );
    expect(code).toBe(78);
    expect(stderr).toMatch(/site\.csv:1:1 id: missing: every row needs it\n/);
    expect(stderr).toMatch(/there is no column "importence"; there are: what, id, .*\(did you mean "importance"\?\)\n/);
  });

  test("makes boards, racks and rooms of what NetBox knows, and says what it does not", async () => {
    const folder = folderWith({ "netbox.json": JSON.stringify(netbox) });
    const { code, stdout, stderr } = await haechi(["import", "netbox", join(folder, "netbox.json")]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("# 1 rack without a power feed was left out.");
    expect(stdout).toContain("#   ups-a: { profile: PROFILE, space: ups-room, snmp: { host: 10.0.0.7,");
    expect(stdout).not.toContain("web-1");
    expect(stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
      "spaces:",
      '  ups-room: { kind: other, name: { en: "UPS room" } }',
      '  hall-1: { kind: other, name: { en: "Hall 1" } }',
      "power:",
      "  utility: { kind: utility, ratedKw: 17 }",
      "  panel-a: { kind: pdu, feed: A, space: ups-room, from: [utility], ratedKw: 5.9 }",
      "  panel-a-1a: { kind: pdu, feed: A, space: ups-room, from: [panel-a], ratedKw: 5.9 }",
      "  panel-b: { kind: pdu, feed: B, space: ups-room, from: [utility], ratedKw: 11.1 }",
      "  panel-b-1b: { kind: pdu, feed: B, space: ups-room, from: [panel-b], ratedKw: 11.1 }",
      "loads:",
      "  r-101: { space: hall-1, ratedKw: 5.9, importance: normal, feeds: [{ node: panel-a-1a }, { node: panel-b-1b }] }",
    ]);
    writeFileSync(join(folder, "site.yaml"), around(stdout));
    expect(await haechi(["check", join(folder, "site.yaml")])).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(join(folder, "netbox.json"), "utf8")).toBe(JSON.stringify(netbox));
  });

  test("says where an export of NetBox is wrong, in a list as in an answer of its API", async () => {
    const text = JSON.stringify(netbox, null, 1)
      .replace('"voltage": 230', '"voltage": "230 V"')
      .replace('"name": "R 101",\n    "site"', '"site"');
    const { code, stderr } = await imported("netbox", "netbox.json", text);
    expect(code).toBe(78);
    const at = (needle: string): number => text.slice(0, text.indexOf(needle)).split("\n").length;
    expect(stderr).toMatch(/netbox\.json:\d+:\d+ racks\.results\.0(\.name)?: /);
    expect(stderr).toContain(`netbox.json:${at('"230 V"')}:`);
    const stray = JSON.stringify(netbox, null, 1).replace(
      '"power_panel": {\n    "id": 7',
      '"power_panel": {\n    "id": 70',
    );
    expect((await imported("netbox", "netbox.json", stray)).stderr).toMatch(
      /netbox\.json:\d+:\d+ power_feeds\.0\.power_panel: there is no power panel 70\n1 problem; nothing was written\n$/,
    );
  });

  test("refuses a file that is not there, and a form that it does not know", async () => {
    const [none, form] = await Promise.all([
      haechi(["import", "csv", "/nowhere/site.csv"]),
      haechi(["import", "xlsx", "/nowhere/site.xlsx"]),
    ]);
    expect(none).toMatchObject({ code: 78, stderr: "/nowhere/site.csv: cannot be read: ENOENT\n" });
    expect(form.code).toBe(2);
  });
});
