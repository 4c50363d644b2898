import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installMissing } from "./packages.ts";

/**
 * Before any test: builds the product once (not with HAECHI_SKIP_BUILD=1), sees to the programs that tests need, and gives
 * all of them one folder for what they put aside. It is gone with the last of them.
 */
export default function setup(): () => void {
  if (process.env["HAECHI_SKIP_BUILD"] !== "1") build();
  const missing = installMissing();
  const said = `not installed, and what needs them cannot run: ${missing.join(", ")} (apt-get install)`;
  if (missing.length > 0 && process.env["CI"] === "true") throw new Error(said);
  if (missing.length > 0) console.log(said);
  return folderOfRun();
}

function folderOfRun(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "haechi-"));
  // Servers that give up root's rights have theirs in it.
  chmodSync(folder, 0o755);
  process.env["TMPDIR"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

function build(): void {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["build.mjs"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`the build failed\n${stdout}${stderr}`);
}
