import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { formatProblem } from "../../src/profiles/index.ts";
import { loadSiteFile } from "../../src/sitefile.ts";

const folder = fileURLToPath(new URL("../../simulators/sites", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

test.each(files)("the simulated site %s is one that the product would run", (name) => {
  const loaded = loadSiteFile(`${folder}/${name}`);
  expect("problems" in loaded ? loaded.problems.map(formatProblem) : []).toEqual([]);
});
