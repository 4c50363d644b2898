import { audit as auditOf } from "../core/topology/audit.ts";
import type { Finding } from "../core/topology/finding.ts";
import type { AnswerWords } from "./answer.ts";
import { askedOf, counted, drilledSite, tell } from "./answer.ts";
import type { DrillsWords } from "./drills-file.ts";

/** `haechi audit SITE`: what looks doubled in a site and is not, and what nobody can know of it. */
export async function audit(file: string, words: AnswerWords & DrillsWords): Promise<number> {
  const site = drilledSite(file, words);
  const findings =
    words.url === undefined
      ? auditOf(site.grounds, null)
      : (await askedOf<{ readonly findings: readonly Finding[] }>(words.url, "/api/v1/audit", site)).findings;
  const looked = words.url === undefined ? ["what points say now was not looked at: --url asks a running service"] : [];
  return tell(
    { site: site.id, findings, ...site.shown },
    [...findings.flatMap(linesOf), countOf(findings), ...looked, ...site.told],
    words,
  );
}

function linesOf({ kind, what, where, why, services }: Finding): readonly string[] {
  return [
    `${kind} (${where}): ${what}`,
    `  ${why}`,
    ...(services.length > 0 ? [`  services: ${counted(services)}`] : []),
  ];
}

const countOf = ({ length }: readonly Finding[]): string => (length === 1 ? "1 finding" : `${length} findings`);
