/** Programs that are measured from outside, and children that are asked what they did. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Clock ticks a second, in which Linux counts a process's CPU. */
const TICKS = 100;

/** The CPU that a process has used, user and system, ms. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}

/** A child of this folder that has said its first word. */
export interface Child<T> {
  readonly first: T;
  readonly ask: <A>() => Promise<A>;
  readonly end: () => Promise<void>;
}

/** Starts a module beside this one; `wanted` is what it is told. Without a first word it counts as started at once. */
export async function startChild<T>(module: string, wanted: unknown, speaks: boolean): Promise<Child<T>> {
  const child = fork(fileURLToPath(new URL(`./${module}.js`, import.meta.url)), [JSON.stringify(wanted)]);
  const first = speaks ? ((await once(child, "message")) as [T])[0] : (undefined as T);
  return {
    first,
    async ask<A>() {
      child.send("mark");
      const answer = once(child, "message", { signal: AbortSignal.timeout(patienceMs) }) as Promise<[A]>;
      return (await answer.catch(() => giveUp(child)))[0];
    },
    end: () => ended(child, () => child.disconnect()),
  };
}

/** Nobody who has time for anything takes so long to answer. ms */
const patienceMs = 20_000;

/** A child that did not answer. It is gone by then. */
export class NoAnswer extends Error {
  override name = "NoAnswer";
}

function giveUp(child: ChildProcess): never {
  child.kill("SIGKILL");
  throw new NoAnswer("the process that is measured does not answer");
}

/** A program that runs until it is ended. */
export interface Program {
  readonly pid: number;
  readonly end: () => Promise<void>;
}

/** Starts a program; what it prints is thrown away. */
export function startProgram(path: string, args: readonly string[]): Program {
  const child = spawn(path, args, { stdio: "ignore" });
  const reap = (): void => void child.kill("SIGKILL");
  process.once("exit", reap);
  return {
    pid: child.pid!,
    async end() {
      await ended(child, () => child.kill("SIGTERM"));
      process.off("exit", reap);
    },
  };
}

async function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const force = setTimeout(() => child.kill("SIGKILL"), 10_000);
  const over = once(child, "exit");
  end();
  await over;
  clearTimeout(force);
}

/** Milliseconds that pass. */
export const sleep = (waitMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs)));
