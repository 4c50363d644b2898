/** Debian's snmpd at many addresses of the loopback, with as many numbers as are wanted, for version 2c and for one user. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../test/setup/services.ts";
import type { CollectdUser } from "./collectd.ts";
import { hostOf } from "./plant.ts";
import { type Program, sleep, startProgram } from "./process.ts";

/** The user that both collectors read by. */
export const snmpUser: CollectdUser = { name: "bench", authKey: "auth-of-the-bench", privKey: "priv-of-the-bench" };

/** It opens hundreds of sockets before it answers. */
const START_MS = 3000;

export async function startSnmpd(devices: number, values: number): Promise<Program & { readonly port: number }> {
  const dir = mkdtempSync(join(tmpdir(), "haechi-snmpd-"));
  const port = await freePort();
  const config = join(dir, "snmpd.conf");
  const numbers = Array.from({ length: values }, (_, n) => `override 1.3.6.1.4.1.55555.1.${n}.0 integer ${n * 7}`);
  const { name, authKey, privKey } = snmpUser;
  const user = [`createUser ${name} SHA "${authKey}" AES "${privKey}"`, `rouser ${name} priv`];
  writeFileSync(config, ["rocommunity public", ...user, ...numbers, ""].join("\n"));
  const at = Array.from({ length: devices }, (_, n) => `udp:${hostOf(n)}:${port}`);
  const modules = "-I-system_mib,hrh_storage,hrh_filesys";
  process.env["SNMP_PERSISTENT_DIR"] = dir;
  const program = startProgram("/usr/sbin/snmpd", ["-f", "-Ln", "-C", "-c", config, modules, at.join(",")]);
  await sleep(START_MS);
  return {
    port,
    pid: program.pid,
    async end() {
      await program.end();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
