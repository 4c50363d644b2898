import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { installMissing } from "./packages.ts";

/** Before any test: builds the product once (not with HAECHI_SKIP_BUILD=1) and sees to the programs that tests need. */
export default function setup(): void {
  if (process.env["HAECHI_SKIP_BUILD"] !== "1") build();
  const missing = installMissing();
  if (missing.length === 0) return;
  const said = `not installed, and what needs them cannot run: ${missing.join(", ")} (apt-get install)`;
  if (process.env["CI"] === "true") throw new Error(said);
  console.log(said);
}

function build(): void {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["build.mjs"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`the build failed\n${stdout}${stderr}`);
}
