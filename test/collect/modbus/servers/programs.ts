import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { locate } from "../../../setup/locate.ts";
import { freePort } from "../../fixture.ts";

/** Debian's Python: another one that comes first in the path has no pymodbus. */
const PYTHON = "/usr/bin/python3";
export const PYMODBUS = "/usr/lib/python3/dist-packages/pymodbus/__init__.py";
const SCRIPT = fileURLToPath(new URL("pymodbus-server.py", import.meta.url));
/** Python takes its time to start on a busy machine. ms */
const STARTS_MS = 20_000;

/** A program that runs until it is stopped. */
export interface Program {
  readonly pid: number;
  stop(): Promise<void>;
}

async function launch(command: string, args: readonly string[], isReady: () => Promise<boolean>): Promise<Program> {
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  const reap = (): void => void child.kill("SIGKILL");
  process.once("exit", reap);
  child.once("exit", () => process.off("exit", reap));
  const deadline = performance.now() + STARTS_MS;
  while (!(await isReady())) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await ended(child);
      throw new Error(`${command} did not start: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { pid: child.pid!, stop: () => ended(child) };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    const say = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", say(true)).once("error", say(false));
  });

/** pymodbus behind a port of its own: units 1, 2 and 17; all others are silent. */
export async function pymodbus(
  kind: "tcp" | "rtu" | "tls",
  files: readonly string[] = [],
): Promise<Program & { readonly port: number }> {
  const port = await freePort();
  const program = await launch(PYTHON, [SCRIPT, kind, String(port), ...files], () => answers(port));
  return { ...program, port };
}

/** Two serial ports that are one line: what is written to either is read from the other. */
export async function serialLine(): Promise<Program & { readonly ours: string; readonly theirs: string }> {
  const dir = mkdtempSync(join(tmpdir(), "haechi-serial-"));
  const [ours, theirs] = [join(dir, "ours"), join(dir, "theirs")];
  const ends = [ours, theirs].map((link) => `pty,raw,echo=0,link=${link}`);
  const program = await launch(locate("socat")!, ends, async () => existsSync(ours) && existsSync(theirs));
  return {
    ...program,
    ours,
    theirs,
    async stop() {
      await program.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** pymodbus on a serial port. When it listens cannot be seen from outside: it answers when it does. */
export const pymodbusOn = (path: string): Promise<Program> =>
  launch(PYTHON, [SCRIPT, "serial", path], async () => true);
