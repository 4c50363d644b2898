/**
 * The real servers and clients that tests are run against. packages.json is the one list of them:
 * Debian's package → the files by which it is known to be there, commands or absolute paths.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { locate } from "./locate.ts";

/** Packages of the list of which anything is missing. */
export function missingPackages(): readonly string[] {
  const list = JSON.parse(readFileSync(new URL("packages.json", import.meta.url), "utf8")) as Record<string, string[]>;
  return Object.entries(list).flatMap(([name, brings]) => (brings.every((b) => locate(b) !== null) ? [] : [name]));
}

/** Installs what is missing where that is possible: as root, with apt. Returns what is missing still. */
export function installMissing(): readonly string[] {
  const missing = missingPackages();
  if (missing.length === 0 || process.getuid?.() !== 0 || locate("apt-get") === null) return missing;
  apt("update");
  apt("install", "--yes", "--no-install-recommends", ...missing);
  return missingPackages();
}

function apt(...args: readonly string[]): void {
  // In single-user mode a package does not start its server: none is left running behind the tests.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const { status, stderr } = spawnSync("apt-get", ["-q", ...args], { env, encoding: "utf8" });
  if (status !== 0) console.error(`apt-get ${args.join(" ")} failed: ${stderr.trim().split("\n").at(-1)}`);
}
