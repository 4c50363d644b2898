/** Plays the scenarios that it is told and prints of each, one line of JSON, all that came in and went out as a hash, and its words. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { openSiteFile } from "../../src/cli/open.ts";
import { openScenario, transcriptOf } from "../../src/cli/simulate.ts";
import { rehearse } from "../../src/rehearsal.ts";

/** What a run was, to the byte. */
export interface Fingerprint {
  readonly scenario: string;
  readonly scans: number;
  /** SHA-256 over every scan's input and output. */
  readonly hash: string;
  readonly words: string;
}

for (const scenario of process.argv.slice(2)) console.log(JSON.stringify(await fingerprint(scenario)));

async function fingerprint(name: string): Promise<Fingerprint> {
  const scenario = openScenario(name);
  const site = openSiteFile(scenario.siteFile);
  const hash = createHash("sha256");
  let scans = 0;
  const rehearsed = await rehearse(site, scenario, {
    siteText: readFileSync(scenario.siteFile, "utf8"),
    onScan: (input, output) => {
      hash.update(JSON.stringify(output ?? input));
      scans += output ? 1 : 0;
    },
  });
  const words = transcriptOf(site, scenario, rehearsed);
  return { scenario: name, scans, hash: hash.digest("hex"), words };
}
