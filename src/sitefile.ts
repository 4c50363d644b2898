import { packagedLibrary } from "./profiles/index.ts";
import type { Loaded } from "./site/index.ts";
import { loadSite } from "./site/index.ts";

/** A site read with the product's own device library, or all that is wrong with it and with the library. */
export function loadSiteFile(file: string): Loaded {
  const library = packagedLibrary();
  if (library.problems.length > 0) return { problems: library.problems };
  return loadSite(file, library);
}
