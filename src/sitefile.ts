import { readFileSync } from "node:fs";
import { packagedLibrary, packagedProfiles, profilesIn } from "./profiles/index.ts";
import type { Loaded } from "./site/index.ts";
import { loadSite } from "./site/index.ts";

/**
 * A site read with the product's own device library, or all that is wrong with it and with the library. Of the library
 * only what the file names is read, for hundreds of profiles take seconds; all of it where something is wrong, so that
 * what was meant can be said.
 */
export function loadSiteFile(file: string): Loaded {
  const text = textOf(file);
  const loaded = text === null ? null : loadSite(file, packagedProfiles(profilesIn(text)));
  if (loaded && "site" in loaded) return loaded;
  const library = packagedLibrary();
  if (library.problems.length > 0) return { problems: library.problems };
  return loadSite(file, library);
}

/** Null where it cannot be read, which is said when the site is. */
function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
