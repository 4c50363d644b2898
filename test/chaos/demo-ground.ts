import { readFileSync } from "node:fs";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { assert } from "../../src/core/assert.ts";
import { loadSiteFile } from "../../src/sitefile.ts";
import { type Names, namesOf } from "./names.ts";
import type { Grounds } from "./stage.ts";

/** The demo's site, ready to be played on. */
export function demoGround(): Grounds & { readonly names: Names } {
  const file = demoSiteFile();
  const read = loadSiteFile(file);
  assert("site" in read, "the demo's site has no mistakes");
  return { site: read.site, siteText: readFileSync(file, "utf8"), names: namesOf(read.site) };
}
