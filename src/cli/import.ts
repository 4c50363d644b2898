import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Problem } from "../profiles/index.ts";
import { formatProblem } from "../profiles/index.ts";
import { exit, Refusal } from "./exit.ts";
import type { Fragment } from "./fragment.ts";
import { fragmentText } from "./fragment.ts";
import { fromCsv } from "./import-csv.ts";
import { fromNetbox } from "./import-netbox.ts";

const readers = { csv: fromCsv, netbox: fromNetbox } satisfies Record<
  string,
  (file: string, text: string) => Fragment | { readonly problems: readonly Problem[] }
>;

/** `haechi import csv|netbox FILE`: prints a piece of a site file, or all that is wrong with what it was given. */
export function importFile(form: keyof typeof readers, file: string): number {
  const read = readers[form](file, textOf(file));
  if ("problems" in read) {
    const { problems } = read;
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    throw new Refusal([...problems.map(formatProblem), `${count}; nothing was written`].join("\n"), exit.config);
  }
  process.stdout.write(fragmentText(basename(file), read));
  return exit.done;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new Refusal(`${file}: cannot be read: ${code}`, exit.config);
  }
}
