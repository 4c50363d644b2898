import { readFileSync } from "node:fs";
import { z } from "zod";
import { Document, validate } from "../profiles/index.ts";
import { scenarioFile, scenarioNames } from "./scenario-files.ts";
import { printTable } from "./table.ts";

/** As much of a scenario as a list says; the rest is read when it is run. */
const headSchema = z.looseObject({
  about: z.string(),
  site: z.union([z.string(), z.looseObject({ file: z.string() })]),
  lasts: z.string(),
  promises: z.array(z.unknown()),
});

/** `haechi scenario list`: the scenarios that come with the product. */
export function scenarioList(words: { readonly json?: boolean }): number {
  const rows = scenarioNames().map((name) => {
    const file = scenarioFile(name);
    const head = validate(Document.parse(file, readFileSync(file, "utf8")), headSchema);
    if ("problems" in head) return { name, site: "", lasts: "", promises: 0, about: head.problems[0]!.message };
    const { about, site, lasts, promises } = head.value;
    return { name, site: typeof site === "string" ? site : site.file, lasts, promises: promises.length, about };
  });
  if (words.json) console.log(JSON.stringify(rows, null, 2));
  else
    printTable(
      ["scenario", "site", "span", "promises", "what about"],
      rows.map((row) => [row.name, row.site, row.lasts, String(row.promises), row.about]),
    );
  return 0;
}
