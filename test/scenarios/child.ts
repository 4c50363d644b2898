/** Plays the scenarios that it is told and prints of each, one line of JSON, all that came in and went out as a hash, and its words. */
import { createHash } from "node:crypto";
import { transcriptOf } from "../../src/cli/report/played.ts";
import { openScenario } from "../../src/cli/scenario-files.ts";
import { rehearse } from "../../src/simulation/rehearsal.ts";

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
  const hash = createHash("sha256");
  let scans = 0;
  const run = await rehearse(scenario.site, scenario, {
    siteText: scenario.siteText,
    onScan: (input, output) => {
      hash.update(JSON.stringify(output ?? input));
      scans += output ? 1 : 0;
    },
  });
  const words = transcriptOf({ scenario, run });
  return { scenario: name, scans, hash: hash.digest("hex"), words };
}
