/** The site that a scenario befalls: its file, found by name or by path, with the numbers that the scenario has otherwise. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import type { Document, Path, Problem } from "../../src/profiles/index.ts";
import { formatProblem, packagedProfiles, profilesIn } from "../../src/profiles/index.ts";
import type { Site } from "../../src/site/index.ts";
import { parseSite } from "../../src/site/index.ts";
import { demoSiteFile } from "../plant/index.ts";

const name = z
  .string()
  .regex(/^([a-z0-9-]+|.+\.yaml)$/, "a site's name has small letters, digits and hyphens; a path ends in .yaml");

/** What JSON can hold, but nothing: a part of a site file is there, or is left out. */
type Part = string | number | boolean | readonly Part[] | { readonly [key: string]: Part };
const part: z.ZodType<Part> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.array(part), z.record(z.string(), part)]),
);

export const siteSchema = z.union([
  /** A site file's name in simulators/sites without its ending, or a path from the scenario's own folder. */
  name,
  z.strictObject({
    file: name,
    /** Values or parts of the site file that are otherwise in this scenario, by their paths in it. */
    set: z.record(z.string().min(1), part),
  }),
]);

export interface SiteFound {
  readonly file: string;
  /** The file's text, with the scenario's values in it. */
  readonly text: string;
  readonly site: Site;
}

/** Finds and reads the site of a scenario; `instead` is a site file that takes its place. */
export function siteOf(
  document: Document,
  source: z.output<typeof siteSchema>,
  instead?: string,
): SiteFound | { readonly problems: readonly Problem[] } {
  const named = typeof source === "string" ? source : source.file;
  const file = instead ?? fileOf(document.file, named);
  const wrong = (message: string, path: Path = ["site"]) => document.problemAt(path, message);
  if (!existsSync(file)) return { problems: [wrong(`there is no site file ${file}`)] };
  const changed = withValues(readFileSync(file, "utf8"), typeof source === "string" ? {} : source.set);
  if (changed.unknown.length > 0)
    return { problems: changed.unknown.map((path) => wrong(`the site file has no ${path}`, ["site", "set", path])) };
  const loaded = parseSite(file, changed.text, packagedProfiles(profilesIn(changed.text)));
  if ("site" in loaded) return { file, text: changed.text, site: loaded.site };
  const { length } = loaded.problems;
  const more = length > 1 ? `, and ${length - 1} more` : "";
  return { problems: [wrong(`the site file is wrong: ${formatProblem(loaded.problems[0]!)}${more}`)] };
}

/** Beside the folder of scenarios, as the product has it, or among the product's own. */
function fileOf(scenario: string, named: string): string {
  if (named.endsWith(".yaml")) return resolve(dirname(scenario), named);
  const beside = join(dirname(dirname(dirname(scenario))), "sites", `${named}.yaml`);
  const own = join(dirname(demoSiteFile()), `${named}.yaml`);
  return existsSync(beside) || !existsSync(own) ? beside : own;
}

/** A site file's text with other values at some paths. A key may be new; the map that it stands in may not. */
function withValues(
  text: string,
  values: Exclude<z.output<typeof siteSchema>, string>["set"],
): { readonly text: string; readonly unknown: readonly string[] } {
  const paths = Object.keys(values);
  if (paths.length === 0) return { text, unknown: [] };
  const document = parseDocument(text);
  const unknown = paths.filter((path) => {
    const keys = path.split(".");
    if (keys.length > 1 && !document.hasIn(keys.slice(0, -1))) return true;
    document.setIn(keys, values[path]);
    return false;
  });
  return { text: document.toString({ lineWidth: 0 }), unknown };
}
