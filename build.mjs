// Builds the product: the TypeScript into dist/, the wall into dist/wall, the device profiles into dist/devices.json.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const run = (program, ...args) => {
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};

run("node_modules/typescript/bin/tsc");
run("node_modules/vite/bin/vite.js", "build", "--config", "src/wall/vite.config.ts", "--logLevel", "warn");
run("dist/src/profiles/compile.js");
