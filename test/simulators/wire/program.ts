import { execFile } from "node:child_process";

/** Runs a program to its end; what it printed, and how it ended. It is ended after `timeoutMs`. */
export function program(
  file: string,
  args: readonly string[],
  {
    timeoutMs = 10_000,
    env = {},
    outputOnly = false,
  }: {
    readonly timeoutMs?: number;
    readonly env?: Readonly<Record<string, string>>;
    /** Leaves out of a program that ended well what it said beside its output. */
    readonly outputOnly?: boolean;
  } = {},
): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile(file, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, text: code === 0 && outputOnly ? stdout : stdout + stderr });
    });
  });
}
