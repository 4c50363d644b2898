/**
 * The library as the build compiled it. Reading two hundred files of YAML takes a second; reading
 * what they came to takes a hundredth of one. A profile is taken from here only while its file's
 * text is, to the byte, the one that was compiled, so a file that was edited since, or is new, is
 * read as if there were no build; nothing that is wrong with a file is ever kept here.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Profile } from "./profile.ts";

/** File, relative to devices/ → its text and the profile that it came to. */
export type Compiled = Readonly<Record<string, { readonly text: string; readonly profile: Profile }>>;

/** What the build wrote; nothing where there was no build, or where it cannot be read. */
export function readCompiled(file: string): Compiled {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Compiled;
  } catch {
    return {};
  }
}

/** Writes it whole or not at all: another process may be reading. Profiles are plain data, and come back equal. */
export function writeCompiled(file: string, compiled: Compiled): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(compiled));
  renameSync(draft, file);
}
