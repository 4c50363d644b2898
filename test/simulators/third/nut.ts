/** Network UPS Tools' SNMP program: what it makes of a device, once. */
import { spawn } from "node:child_process";
import { folderWith } from "../../cli/folder.ts";

/** Where Debian keeps it. */
export const snmpUps = "/lib/nut/snmp-ups";
const patienceMs = 60_000;

/** Its own dump, by NUT's names of variables. `lines` are those of ups.conf; the MIB is its own choice unless they say. */
export async function readByNut(lines: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const folder = folderWith({ "ups.conf": `[it]\ndriver = snmp-ups\n${lines.join("\n")}\n` });
  const text = await new Promise<string>((resolve) => {
    const env = { ...process.env, NUT_CONFPATH: folder, NUT_STATEPATH: folder };
    const child = spawn(snmpUps, ["-a", "it", "-u", "root", "-d", "1"], { env, timeout: patienceMs });
    let said = "";
    child.stdout.on("data", (data: Buffer) => {
      said += data.toString();
    });
    child.on("close", () => resolve(said));
  });
  return new Map([...text.matchAll(/^([\w.-]+): (.*)$/gm)].map(([, name, value]) => [name!, value!]));
}
