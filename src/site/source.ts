/**
 * From a document to what its schema makes of it. Entries that do not fit are told and left out, so
 * that the rest can still be held against each other and everything wrong is told at once.
 */
import type { z } from "zod";
import type { Document, Path, Problem } from "../profiles/index.ts";
import { closest, validate } from "../profiles/index.ts";
import { isSection } from "./findings.ts";
import type { SiteSource } from "./schema.ts";
import { siteSchema } from "./schema.ts";

export interface Read {
  /** The sound part; null where there is too little of it to go on with. */
  readonly source: SiteSource | null;
  /** Sections that are wrong as a whole. */
  readonly broken: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

export function readSource(document: Document): Read {
  const checked = validate(document, siteSchema);
  const unsaid = unseenKeys(document.value, []).map((path) =>
    document.problemAtKey(path, "no key is called __proto__"),
  );
  if ("value" in checked) return { source: checked.value, broken: new Set(), problems: unsaid };
  const written = document.value;
  if (typeof written !== "object" || written === null || Array.isArray(written))
    return { source: null, broken: new Set(), problems: checked.problems };
  const issues = siteSchema.safeParse(written).error?.issues ?? [];
  const { sound, broken } = soundPart(written as Record<string, unknown>, issues);
  return { source: siteSchema.safeParse(sound).data ?? null, broken, problems: [...unsaid, ...checked.problems] };
}

/** The one key that a schema passes over without a word: nothing may stand in a file and not count. */
function unseenKeys(value: unknown, path: Path): readonly Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "__proto__" ? [[...path, key]] : unseenKeys(inner, [...path, key]),
  );
}

/** What stands in for a section that cannot be left out. */
const standIns: Readonly<Record<string, unknown>> = {
  version: 1,
  site: { id: "site", name: { en: "Site" }, timezone: "UTC" },
  spaces: {},
  devices: {},
};

function soundPart(written: Readonly<Record<string, unknown>>, issues: readonly z.core.$ZodIssue[]) {
  const sound: Record<string, unknown> = { ...written };
  const broken = new Set<string>();
  for (const issue of issues) {
    const [section, entry] = issue.path;
    if (section === undefined) {
      for (const key of issue.code === "unrecognized_keys" ? issue.keys : []) {
        delete sound[key];
        // A section under a mistyped name is a section that is wrong, and not one that is missing.
        broken.add(closest(key, Object.keys(siteSchema.shape)) ?? key);
      }
    } else if (isSection(section) && entry !== undefined) {
      sound[section] = without(sound[section], String(entry));
    } else {
      broken.add(String(section));
      delete sound[String(section)];
    }
  }
  for (const section of broken) if (section in standIns) sound[section] = standIns[section];
  return { sound, broken };
}

function without(entries: unknown, id: string): unknown {
  if (typeof entries !== "object" || entries === null) return entries;
  return Object.fromEntries(Object.entries(entries).filter(([key]) => key !== id));
}
