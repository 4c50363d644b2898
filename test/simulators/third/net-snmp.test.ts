import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWith } from "../../cli/folder.ts";
import { describeWith } from "../../setup/available.ts";
import { demoKeys } from "../demo-site.ts";
import { program } from "../wire/program.ts";
import type { ShownPoint, ShownSite } from "./shown.ts";
import { devicesOf, showSite, wrongs } from "./shown.ts";

let site: ShownSite;
beforeAll(async () => {
  site = await showSite("snmp");
});
afterAll(() => site.served.close());

const devices = devicesOf("snmp");
const open = devices.filter(({ address }) => address.snmp?.version !== "3").map(({ id }) => id);
const closed = devices.filter(({ address }) => address.snmp?.version === "3").map(({ id }) => id);
const community = (version: string): readonly string[] => [`-v${version}`, "-c", "public"];
const { HAECHI_DEMO_AUTH: auth, HAECHI_DEMO_PRIV: priv } = demoKeys;
const user = `-v3 -l authPriv -u haechi -a SHA -A ${auth} -x AES -X ${priv}`.split(" ");
/** Objects of one GET: as many as any agent takes. */
const atATime = 20;

const oidOf = ({ model: { at } }: ShownPoint): string => (at.protocol === "snmp" ? at.oid : "");
const pointsOf = (device: string): readonly ShownPoint[] => site.points.filter((point) => point.device === device);
const tool = async (name: string, device: string, words: readonly string[]): Promise<string> => {
  const at = `127.0.0.1:${site.served.addresses.get(device)!.port}`;
  const { text } = await program(name, [
    ...words.slice(0, -1),
    "-r2",
    "-t2",
    "-On",
    "-Oe",
    "-m",
    "",
    at,
    words.at(-1)!,
  ]);
  return text;
};

function numbers(text: string): ReadonlyMap<string, number> {
  const lines = text.matchAll(/^\.([\d.]+) = \w+: (-?\d+)$/gm);
  return new Map([...lines].map(([, oid, value]) => [oid!, Number(value)]));
}

async function got(device: string, access: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const oids = pointsOf(device).map(oidOf);
  const found = new Map<string, number>();
  for (let at = 0; at < oids.length; at += atATime) {
    const port = `127.0.0.1:${site.served.addresses.get(device)!.port}`;
    const words = [...access, "-r2", "-t2", "-On", "-Oe", "-m", "", port, ...oids.slice(at, at + atATime)];
    for (const [oid, value] of numbers((await program("snmpget", words)).text)) found.set(oid, value);
  }
  return found;
}

describeWith("snmpget", "Net-SNMP agrees with the plant", () => {
  test.each(open.flatMap((device) => ["1", "2c"].map((version) => [device, version] as const)))(
    "%s, every point by snmpget in version %s",
    async (device, version) => {
      const read = await got(device, community(version));
      expect(read.size).toBe(new Set(pointsOf(device).map(oidOf)).size);
      expect(wrongs(pointsOf(device), (point) => read.get(oidOf(point)))).toEqual([]);
    },
  );

  test.each(closed)("%s, every point by snmpget in version 3", async (device) => {
    const read = await got(device, user);
    expect(wrongs(pointsOf(device), (point) => read.get(oidOf(point)))).toEqual([]);
  });

  test.each(devices.map(({ id }) => id))("%s, every point by snmpbulkwalk", async (device) => {
    const access = closed.includes(device) ? user : community("2c");
    const read = numbers(await tool("snmpbulkwalk", device, [...access, "-Cr25", ".1.3.6.1"]));
    expect(wrongs(pointsOf(device), (point) => read.get(oidOf(point)))).toEqual([]);
  });

  test.each(["1", "2c"])("and so does snmptable, version %s, of a UPS's output lines", async (version) => {
    const folder = folderWith({ "OUT-MIB.txt": outputTable });
    const at = `127.0.0.1:${site.served.addresses.get("ups-b")!.port}`;
    const words = ["-Cf", ",", "-CH", "-M", folder, "-m", "OUT-MIB", at, "OUT-MIB::lines"];
    const { text } = await program("snmptable", [...community(version), ...words]);
    const rows = text.split("\n").filter((line) => /^\d+,/.test(line));
    const shown = (n: number): number[] => [
      n,
      Math.round(site.truth("ups-b", `output.voltage[${n}]`)),
      Math.round(site.truth("ups-b", `output.current[${n}]`)),
      Math.round(site.truth("ups-b", `output.power[${n}]`) * 1000),
    ];
    expect(rows.map((row) => row.split(",").map(Number))).toEqual([1, 2, 3].map(shown));
  });
});

/** The first columns of the output table of an Eaton card, in words of our own. */
const outputTable = `OUT-MIB DEFINITIONS ::= BEGIN
output OBJECT IDENTIFIER ::= { iso 3 6 1 4 1 534 1 4 }
lines OBJECT-TYPE SYNTAX SEQUENCE OF Line MAX-ACCESS not-accessible STATUS current DESCRIPTION "" ::= { output 4 }
line OBJECT-TYPE SYNTAX Line MAX-ACCESS not-accessible STATUS current DESCRIPTION "" INDEX { phase } ::= { lines 1 }
Line ::= SEQUENCE { phase INTEGER, volts INTEGER, amperes INTEGER, watts INTEGER }
phase OBJECT-TYPE SYNTAX INTEGER MAX-ACCESS read-only STATUS current DESCRIPTION "" ::= { line 1 }
volts OBJECT-TYPE SYNTAX INTEGER MAX-ACCESS read-only STATUS current DESCRIPTION "" ::= { line 2 }
amperes OBJECT-TYPE SYNTAX INTEGER MAX-ACCESS read-only STATUS current DESCRIPTION "" ::= { line 3 }
watts OBJECT-TYPE SYNTAX INTEGER MAX-ACCESS read-only STATUS current DESCRIPTION "" ::= { line 4 }
END
`;
