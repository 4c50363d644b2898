import { existsSync } from "node:fs";
import { formatProblem } from "../profiles/index.ts";
import type { Site } from "../site/index.ts";
import { loadSiteFile } from "../sitefile.ts";
import { exit, Refusal } from "./exit.ts";

/** The site of a file; refuses with every problem of it at once. */
export function openSiteFile(file: string): Site {
  if (!existsSync(file)) throw new Refusal(`${file}: there is no such file`, exit.config);
  const loaded = loadSiteFile(file);
  if ("site" in loaded) return loaded.site;
  const { problems } = loaded;
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  throw new Refusal([...problems.map(formatProblem), `${count}; nothing was opened`].join("\n"), exit.config);
}
