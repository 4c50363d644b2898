import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Scenario } from "../../simulators/scenario.ts";
import type { TrapReceiver } from "../../simulators/wire/index.ts";
import { freePort } from "../../simulators/wire/port.ts";
import { type Library, packagedProfiles } from "../profiles/index.ts";
import type { Keys } from "../secrets.ts";
import { type PreparedSite, prepareSite, unsimulated } from "../simulation/simulated-site.ts";
import type { Site } from "../site/index.ts";
import { exit, Refusal } from "./exit.ts";
import { simulatedKeys } from "./keys.ts";
import { openSiteFile } from "./open.ts";

/** A site that may be simulated, with every key to it. */
export interface Ready {
  readonly site: Site;
  readonly made: PreparedSite;
  readonly keys: Keys;
  readonly traps?: TrapReceiver;
  readonly profiles: Library["profiles"];
}

/** Where a site is made ready, and where its devices publish that publish at all. */
export interface Readying {
  readonly folder: string;
  readonly broker?: string | undefined;
}

/** Refuses a file with every problem of it at once, as haechi check says them. What comes back makes the site ready. */
export function readyFrom(file: string): (readying: Readying) => Promise<Ready> {
  const why = unsimulated(openSiteFile(file));
  if (why !== null) throw new Refusal(why, exit.config);
  return async ({ folder, broker = null }) => {
    const made = prepareSite(readFileSync(file, "utf8"), {
      env: process.env,
      keysFolder: join(folder, "keys"),
      trapPort: await freePort("snmp"),
      broker,
    });
    const copy = join(folder, "prepared.yaml");
    writeFileSync(copy, made.text);
    // What is prepared is a good site file still; if it is not, that is said as of any other.
    const site = openSiteFile(copy);
    const { profiles } = packagedProfiles(site.devices.map(({ model }) => model.profile));
    return { site, made, profiles, ...simulatedKeys(site) };
  };
}

/** A scenario's site, made ready in the folder: what befalls it here is told to nobody, and nothing of it is copied. */
export function readyScenario({ siteText }: Pick<Scenario, "siteText">, folder: string): Promise<Ready> {
  const file = join(folder, "scenario-site.yaml");
  writeFileSync(file, siteText);
  return readyFrom(file)({ folder });
}
