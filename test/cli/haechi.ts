import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** The built command line, as a user has it. */
const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
/** What a user's shell would never wait for; a test that hangs is ended by this and not by luck. */
const usualPatienceMs = 60_000;

export interface HaechiOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** The Node that runs it; default: the one that runs the tests. */
  readonly node?: string;
  /** For how long it may run; default: a minute. */
  readonly patienceMs?: number;
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs as a process of its own. */
export interface Haechi {
  readonly pid: number;
  /** What it has said so far. */
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: Promise<Ended>;
  /** Resolves with the first line, of either output, that fits; rejects where the command ends without it. */
  says(line: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a command. It is gone when the test is. */
export function start(args: readonly string[], options: HaechiOptions = {}): Haechi {
  const env = { ...process.env, NO_COLOR: "1", ...options.env };
  const { cwd, node = process.execPath } = options;
  const child = spawn(node, [main, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = endOf(child, said, options.patienceMs ?? usualPatienceMs);
  return {
    pid: child.pid!,
    get stdout() {
      return said.stdout;
    },
    get stderr() {
      return said.stderr;
    },
    ended,
    says: (line) => heard(line, said, { listeners, ended }),
    kill: (signal) => void child.kill(signal),
  };
}

/** Runs a command to its end. */
export const haechi = (args: readonly string[], options: HaechiOptions = {}): Promise<Ended> =>
  start(args, options).ended;

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

const endOf = (child: ChildProcess, said: Said, patienceMs: number): Promise<Ended> =>
  new Promise((resolve) => {
    const force = setTimeout(() => child.kill("SIGKILL"), patienceMs);
    child.once("close", (code, signal) => {
      clearTimeout(force);
      resolve({ code, signal, ...said });
    });
  });

interface Hearing {
  readonly listeners: Set<() => void>;
  readonly ended: Promise<Ended>;
}

function heard(line: RegExp, said: Said, { listeners, ended }: Hearing): Promise<string> {
  const found = (): string | undefined => `${said.stdout}\n${said.stderr}`.split("\n").find((text) => line.test(text));
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const text = found();
      if (text === undefined) return;
      listeners.delete(look);
      resolve(text);
    };
    listeners.add(look);
    look();
    void ended.then(({ code, stdout, stderr }) => {
      look();
      reject(new Error(`it ended with ${code} and never said ${String(line)}:\n${stdout}\n${stderr}`));
    });
  });
}

/** The processes that a process has begun and that still are. */
export const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
