import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locate } from "../../setup/locate.ts";
import { HOST } from "../fixture.ts";
import { udpPeer } from "./fixture.ts";

/** Debian's snmpd, with the configuration that a test gives it. */
export interface Snmpd {
  readonly port: number;
  /** Ends it and starts it again, with what it has kept: its engine, and one boot more. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** It says this in its log once it listens. */
const STARTED = "NET-SNMP version";

export async function startSnmpd(lines: readonly string[]): Promise<Snmpd> {
  const path = locate("snmpd");
  if (path === null) throw new Error("snmpd is not installed");
  const dir = mkdtempSync(join(tmpdir(), "haechi-snmpd-"));
  const port = await freeUdpPort();
  writeFileSync(join(dir, "snmpd.conf"), `${lines.join("\n")}\n`);
  let child = await launched(path, port, dir);
  return {
    port,
    async restart() {
      await ended(child);
      // Users are in what it has kept, where it has put them in place of the phrases.
      child = await launched(path, port, dir);
    },
    async stop() {
      await ended(child);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function launched(path: string, port: number, dir: string): Promise<ChildProcess> {
  const args = ["-f", "-Lo", "-C", "-c", join(dir, "snmpd.conf"), "-I", "-smux", `udp:${HOST}:${port}`];
  const env = { ...process.env, SNMP_PERSISTENT_DIR: join(dir, "kept"), SNMPCONFPATH: dir, MIBS: "" };
  const child = spawn(path, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  // A test run that is cut off must not leave an agent behind.
  const reap = (): void => void child.kill("SIGKILL");
  process.once("exit", reap);
  child.once("exit", () => process.off("exit", reap));
  let said = "";
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes(STARTED)) break;
  }
  if (child.exitCode !== null) throw new Error(`snmpd did not start: ${said}`);
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}

async function freeUdpPort(): Promise<number> {
  const probe = await udpPeer(() => {});
  await probe.close();
  return probe.port;
}
