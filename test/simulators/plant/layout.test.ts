import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { demoSiteFile } from "../../../simulators/plant/index.ts";
import { layoutOf } from "../../../simulators/plant/layout.ts";

test.each([
  ["8", 8],
  ["[1, 5]", 5],
  ["[0, 3]", 4],
  ['["1.3"]', 0],
])("a plant has as many instances as a site that says fitted %s needs", (written, count) => {
  const text = readFileSync(demoSiteFile(), "utf8").replace(/(bat-a: .*fitted: \{ n: )\d+/, `$1${written}`);
  expect(layoutOf(text).devices.find(({ id }) => id === "bat-a")?.fitted).toBe(count);
});
