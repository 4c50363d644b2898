/** Writes what is generated for Grafana into dashboards/generated of the repository, whether this runs as source or as built. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "../src/core/assert.ts";
import { formatProblem, loadLibrary } from "../src/profiles/index.ts";
import { artefacts } from "./artefacts.ts";

const library = loadLibrary();
assert(library.problems.length === 0, `every profile can be read: ${library.problems.map(formatProblem).join("; ")}`);
for (const [path, text] of artefacts(library)) {
  const file = join(repository(), "dashboards/generated", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(file);
}

/** The folder of the package's manifest. */
function repository(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    assert(folder !== dirname(folder), "generate lies in the repository");
    folder = dirname(folder);
  }
  return folder;
}
