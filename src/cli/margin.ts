import type { Margin, Verdict } from "../core/topology/margin.ts";
import { listed } from "../core/topology/subject.ts";
import type { AnswerWords } from "./answer.ts";
import { askedOf, askedSite, tell } from "./answer.ts";
import { exit } from "./exit.ts";

/** `haechi margin SITE --url URL`: whether what is carried now is carried without the largest of each group; 1 where it is not known to be. */
export async function margin(file: string, words: AnswerWords & { readonly url: string }): Promise<number> {
  const site = askedSite(file);
  const answer = await askedOf<{ readonly margins: readonly Margin[] }>(words.url, "/api/v1/margin", site);
  const { margins } = answer;
  const none = margins.length === 0 ? ["nothing here is one of a group: no UPS, and no loop with machines"] : [];
  tell(answer, [...margins.map(lineOf), ...none], words);
  return margins.every(({ is }) => is === "carries") ? exit.done : exit.failed;
}

const verdicts: Readonly<Record<Verdict, string>> = {
  carries: "the others carry it",
  short: "the others are short",
  alone: "there is no other",
  unknown: "nobody knows",
};

function lineOf({ kind, members, without, is, marginKw, silent }: Margin): string {
  const spare = marginKw === null ? "" : `, ${marginKw.toFixed(1)} kW left`;
  const mute = silent.length > 0 ? `: ${listed(silent)} cannot be read` : "";
  return `${kind} ${listed(members)}: without ${without} ${verdicts[is]}${spare}${mute}`;
}
