/** Questions about a site: answered from its file, or by a running service that sees it. */
import type { Grounds } from "../core/topology/premises.ts";
import { groundsOf } from "../core/topology/premises.ts";
import type { Wrong } from "../core/topology/subject.ts";
import { listed } from "../core/topology/subject.ts";
import type { Site } from "../site/index.ts";
import type { DrillsWords } from "./drills-file.ts";
import { type Reckoned, reckonedBy } from "./drills-file.ts";
import { exit, Refusal } from "./exit.ts";
import { openSiteFile } from "./open.ts";
import { reach } from "./reach.ts";

export interface AnswerWords {
  readonly json?: boolean;
  /** Where a service is that watches the site. */
  readonly url?: string;
}

/** A site that questions can be asked about. */
export interface Asked {
  readonly id: string;
  readonly name: string;
  readonly grounds: Grounds;
  /** What people call a room. */
  readonly roomNames: ReadonlyMap<string, string>;
}

/** A site, and what drills have shown of it. */
export type Drilled = Asked & Pick<Reckoned, "shown" | "told">;

/** The site of a file as the drills show it that are named; refuses where a running service is to answer, which goes by its own file. */
export function drilledSite(file: string, words: AnswerWords & DrillsWords): Drilled {
  if (words.url !== undefined && (words.drills !== undefined || words.state !== undefined))
    throw new Refusal(
      "a running service goes by its site file: --drills and --state are for answers without --url",
      exit.usage,
    );
  const { site, shown, told } = reckonedBy(openSiteFile(file), words);
  return { ...askedOfSite(site), shown, told };
}

/** The site of a file. */
export const askedSite = (file: string): Asked => askedOfSite(openSiteFile(file));

function askedOfSite({ id, name, premises, spaces }: Site): Asked {
  const roomNames = new Map(spaces.map((space) => [space.id, space.name["en"] ?? space.id]));
  return { id, name: name["en"] ?? id, grounds: groundsOf(premises), roomNames };
}

/** What was found by a word of the command line; refuses where nothing was. */
export function found<T extends object | string>(answer: T | Wrong): T {
  if (typeof answer === "object" && "wrong" in answer) throw new Refusal(answer.wrong, exit.usage);
  return answer;
}

/** The answer of a running service, which must be one of this site. */
export async function askedOf<T>(url: string, path: string, { id }: Asked): Promise<T> {
  const answer = (await (await reach(url, path)).json()) as T & { readonly site: string };
  if (answer.site !== id) throw new Refusal(`${url} watches the site ${answer.site}, not ${id}`, exit.usage);
  return answer;
}

/** Prints an answer as JSON, or else its lines. */
export function tell(answer: object, lines: readonly string[], { json }: AnswerWords): number {
  if (json) console.log(JSON.stringify(answer, null, 2));
  else for (const line of lines) console.log(line);
  return exit.done;
}

/** "3 (r101, r102, r103)". */
export const counted = (ids: readonly string[]): string => `${ids.length} (${listed(ids)})`;

/** A line of what there is of a thing, or none where there is nothing. */
export const line = (
  name: string,
  parts: readonly (readonly [what: string, ids: readonly string[]])[],
): readonly string[] => {
  const said = parts.filter(([, ids]) => ids.length > 0).map(([what, ids]) => `${what} ${counted(ids)}`);
  return said.length === 0 ? [] : [`${name.padEnd(nameWidth)}${said.join("; ")}`];
};

const nameWidth = 10;

/** What a file does not say, so that the answer cannot. */
export const unsaidLines = (unsaid: readonly string[]): readonly string[] => unsaid.map((what) => `not said: ${what}`);
