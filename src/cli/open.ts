import { existsSync } from "node:fs";
import type { Problem } from "../profiles/index.ts";
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
  throw new Refusal([...problems.map(formatProblem), countOf(problems)].join("\n"), exit.config);
}

/** The line under a list of problems. */
export const countOf = ({ length }: readonly Problem[]): string =>
  `${length === 1 ? "1 problem" : `${length} problems`}; nothing was opened`;
