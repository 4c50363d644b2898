import { vi } from "vitest";
import { Refusal } from "../../src/cli/exit.ts";

/** What a command said and how it ended. */
export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process; a refusal is told as the command line tells it. */
export async function told(command: () => Promise<number>): Promise<Told> {
  const said = { out: [] as string[], err: [] as string[] };
  const out = vi.spyOn(console, "log").mockImplementation((line = "") => void said.out.push(String(line)));
  const err = vi.spyOn(console, "error").mockImplementation((line = "") => void said.err.push(String(line)));
  try {
    return { code: await command().catch(refused(said.err)), out: said.out.join("\n"), err: said.err.join("\n") };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

const refused =
  (lines: string[]) =>
  (error: unknown): number => {
    if (!(error instanceof Refusal)) throw error;
    lines.push(error.message);
    return error.code;
  };
