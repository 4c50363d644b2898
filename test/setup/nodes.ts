/**
 * Other versions of Node than the one that runs the tests: npm's package of Node's own binaries, taken once into the
 * cache beside the dependencies. 50 MB to fetch, 120 MB kept, some five seconds each.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The versions that the product is held to beside the oldest that it runs on. */
export const nodeVersions = ["22.23.3", "24.21.0"] as const;

const cache = fileURLToPath(new URL("../../node_modules/.cache/node", import.meta.url));

/** Where a version's binary is; fetched where it is not there yet. Null where it cannot be fetched, and why is said. */
export function fetchNode(version: string): string | null {
  const binary = join(cache, version, "node");
  if (existsSync(binary)) return binary;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "fetch-"));
  try {
    const name = `node-${process.platform}-${process.arch}`;
    run("npm", ["pack", "--silent", `${name}@${version}`], folder);
    run("tar", ["-xzf", `${name}-${version}.tgz`, "package/bin/node"], folder);
    mkdirSync(join(cache, version), { recursive: true });
    // Whole or not at all, also where two test files fetch it at once.
    renameSync(join(folder, "package/bin/node"), binary);
    return binary;
  } catch (error) {
    if (process.env["CI"] === "true") throw error;
    console.log(`not run, for want of Node ${version}: ${(error as Error).message}`);
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr.trim()}`);
}
