import { audit } from "../core/topology/audit.ts";
import { groundsOf } from "../core/topology/premises.ts";
import { formatProblem } from "../profiles/index.ts";
import { plansOf } from "../site/index.ts";
import { loadSiteFile } from "../sitefile.ts";
import type { DrillsWords } from "./drills-file.ts";
import { reckonedBy } from "./drills-file.ts";
import { exit } from "./exit.ts";
import { countOf } from "./open.ts";

export interface CheckWords extends DrillsWords {
  readonly json?: boolean;
}

/** `haechi check SITE`: every mistake of a site file at once, or advice on a good one; opens nothing and needs no secrets. */
export function check(file: string, options: CheckWords): number {
  const loaded = loadSiteFile(file);
  if ("problems" in loaded) {
    if (options.json) console.log(JSON.stringify({ ok: false, problems: loaded.problems }, null, 2));
    else for (const problem of loaded.problems) console.error(formatProblem(problem));
    if (!options.json) console.error(countOf(loaded.problems));
    return exit.config;
  }
  const { advice } = loaded;
  const { site, shown, told } = reckonedBy(loaded.site, options);
  const counts = {
    devices: site.devices.length,
    points: site.model.points.size,
    alarms: site.model.alarms.length,
    responses: site.model.responses.length,
  };
  const findings = audit(groundsOf(site.premises), null).length;
  const planFindings = plansOf(site).findings;
  if (options.json)
    console.log(JSON.stringify({ ok: true, site: site.id, ...counts, findings, planFindings, advice, ...shown }));
  else {
    for (const piece of advice) console.log(`advice: ${formatProblem(piece)}`);
    const said = Object.entries(counts).map(([what, n]) => `${n} ${what}`);
    console.log(`${file}: good. ${said.join(", ")}`);
    if (findings > 0) console.log(`${counted(findings)} of redundancy: haechi audit ${file}`);
    if (planFindings.length > 0) console.log(`${counted(planFindings.length)} of plans: haechi plan failover ${file}`);
    for (const line of told) console.log(line);
  }
  return exit.done;
}

const counted = (findings: number): string => (findings === 1 ? "1 finding" : `${findings} findings`);
