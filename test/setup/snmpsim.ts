/** Debian's snmpsimd over recordings: a real agent of another maker, on a free port of the loopback, gone when the test is. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locate } from "./locate.ts";
import { freeUdpPort } from "./services.ts";

/** Where recordings are served: each under its own name as community. */
export interface RunningAgent {
  readonly port: number;
  readonly pid: number;
  /** Ends it and removes its folder. May be called twice. */
  stop(): Promise<void>;
}

/** It reads and indexes every recording before it listens; a hundred take some seconds on a busy machine. ms */
const startMs = 120_000;
/** What it says last before it answers. */
const ready = /Listening at UDP/;
/** It does not run as root; these are on every Debian. */
const unprivileged = ["--process-user=nobody", "--process-group=nogroup"];
/** What is kept of its log, for the case that it does not start. */
const keptChars = 4000;

/** Serves recordings in snmpsim's text form, by name. */
export async function startSnmpsim(recordings: ReadonlyMap<string, Buffer>): Promise<RunningAgent> {
  const path = locate("snmpsimd");
  if (path === null) throw new Error("snmpsimd is not installed (Debian's package snmpsim)");
  const dir = mkdtempSync(join(tmpdir(), "haechi-snmpsim-"));
  const port = await freeUdpPort();
  writeData(dir, recordings);
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  const child = spawn(path, argumentsOf(dir, port), { cwd: dir, stdio: ["ignore", "ignore", "pipe"] });
  // A run that is cut off must not leave a server behind.
  const reap = (): void => void child.kill("SIGKILL");
  process.once("exit", reap);
  child.once("exit", () => process.off("exit", reap));
  const stop = async (): Promise<void> => {
    await end(child);
    remove();
  };
  try {
    await listening(child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, pid: child.pid!, stop };
}

/** The data and the cache, both open to the user that it runs as. */
function writeData(dir: string, recordings: ReadonlyMap<string, Buffer>): void {
  chmodSync(dir, 0o755);
  for (const folder of ["data", "cache"]) {
    mkdirSync(join(dir, folder));
    chmodSync(join(dir, folder), 0o777);
  }
  for (const [name, bytes] of recordings) writeFileSync(join(dir, "data", `${name}.snmprec`), bytes);
}

const argumentsOf = (dir: string, port: number): readonly string[] => [
  `--data-dir=${join(dir, "data")}`,
  `--cache-dir=${join(dir, "cache")}`,
  `--agent-udpv4-endpoint=127.0.0.1:${port}`,
  "--logging-method=stderr",
  ...(process.getuid?.() === 0 ? unprivileged : []),
];

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string): void => reject(new Error(`snmpsimd ${why}: ${said.slice(-keptChars)}`));
    const late = setTimeout(() => fail("does not come up"), startMs);
    child.once("error", () => fail("cannot be run"));
    child.once("exit", () => fail("did not start"));
    child.stderr?.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("latin1")).slice(-keptChars);
      if (!ready.test(said)) return;
      clearTimeout(late);
      // Read on, or its log would stop it; kept no longer.
      child.stderr?.removeAllListeners("data").resume();
      resolve();
    });
  });
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
