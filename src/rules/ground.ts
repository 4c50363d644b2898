/** Whose rules are tested: a site file's, or those that a profile brings with it, on one device of its own. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Document, Problem, Profile } from "../profiles/index.ts";
import { closest, packagedProfiles, profilesIn } from "../profiles/index.ts";
import type { Site } from "../site/index.ts";
import { parseSite } from "../site/index.ts";
import type { RuleFileSource } from "./schema.ts";

/** A site whose rules are tested. `of` is the site file's path or the profile's id. */
export interface Ground {
  readonly of: string;
  readonly site: Site;
}

type Found = Ground | { readonly problems: readonly Problem[] };

/** The site that a file of tests names. What is wrong with a site file is said at its own lines. */
export function groundOf(document: Document, source: RuleFileSource): Found {
  return source.site === undefined ? profileGround(document, source) : siteGround(document, source.site);
}

function siteGround(document: Document, named: string): Found {
  const file = resolve(dirname(document.file), named);
  if (!existsSync(file)) return { problems: [document.problemAt(["site"], `there is no site file ${file}`)] };
  const text = readFileSync(file, "utf8");
  const loaded = parseSite(file, text, packagedProfiles(profilesIn(text)));
  return "site" in loaded ? { of: file, site: loaded.site } : loaded;
}

/** The device that a profile's rules are tested on. */
const device = "device";

function profileGround(document: Document, { profile: id = "", fitted }: RuleFileSource): Found {
  const library = packagedProfiles([id]);
  const profile = library.profiles.get(id);
  if (!profile) {
    const meant = closest(id, library.profiles.keys());
    return { problems: [document.problemAt(["profile"], `there is no profile "${id}"`, meant)] };
  }
  const text = siteTextOf(profile, fitted);
  const loaded = parseSite(document.file, text, library);
  if ("site" in loaded) return { of: id, site: loaded.site };
  const path = fitted === undefined ? ["profile"] : ["fitted"];
  return { problems: loaded.problems.map(({ message }) => document.problemAt(path, message)) };
}

/** Nothing is ever opened there. */
const addresses = {
  snmp: { host: "127.0.0.1", version: "2c", community: "public" },
  modbus: { host: "127.0.0.1", unit: 1 },
  mqtt: { url: "mqtt://127.0.0.1", device },
} as const;

/** A site of this one device; JSON is YAML. */
function siteTextOf(profile: Profile, fitted: RuleFileSource["fitted"]): string {
  const points = Object.values(profile.points);
  const countOf = (protocol: keyof typeof addresses): number =>
    points.filter((point) => point[protocol] !== undefined).length;
  const [protocol] = (["snmp", "modbus", "mqtt"] as const).toSorted((a, b) => countOf(b) - countOf(a));
  return JSON.stringify({
    version: 1,
    site: { id: "profile", name: { en: profile.id }, timezone: "UTC" },
    spaces: { room: { kind: "hall", name: { en: "Room" } } },
    devices: {
      [device]: {
        profile: profile.id,
        space: "room",
        [protocol!]: addresses[protocol!],
        ...(fitted ? { fitted } : {}),
      },
    },
  });
}
