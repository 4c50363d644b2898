// Builds the product: the TypeScript into dist/, and the wall into dist/wall.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const run = (bin, ...args) => {
  const { status } = spawnSync(process.execPath, [`node_modules/${bin}`, ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};

run("typescript/bin/tsc");
run("vite/bin/vite.js", "build", "--config", "src/wall/vite.config.ts", "--logLevel", "warn");
