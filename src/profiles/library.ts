import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Compiled, readCompiled, writeCompiled } from "./compiled.ts";
import type { Problem } from "./document.ts";
import { parseProfile } from "./parse.ts";
import type { Profile } from "./profile.ts";

/** Every profile there is, by id, and what is wrong with the files that gave none. */
export interface Library {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly problems: readonly Problem[];
}

/**
 * Reads every YAML file under a folder; a broken one is a problem and leaves the others be. No folder is an error.
 * Without a folder it is the product's own, which the build has compiled.
 */
export function loadLibrary(dir?: string): Library {
  const profiles = new Map<string, Profile>();
  const problems: Problem[] = [];
  const [folder, compiled] = dir === undefined ? [packagedDevices(), compiledOnce()] : [dir, {}];
  for (const file of profileFiles(folder)) {
    const parsed = profileIn(folder, file, compiled);
    if ("profile" in parsed) profiles.set(parsed.profile.id, parsed.profile);
    else problems.push(...parsed.problems);
  }
  return { profiles, problems };
}

/** Compiles the product's own folder, for every later reading of it. */
export function compileLibrary(): void {
  const folder = packagedDevices();
  const compiled: Record<string, Compiled[string]> = {};
  for (const file of profileFiles(folder)) {
    const text = readFileSync(join(folder, file), "utf8");
    const parsed = parseProfile(join("devices", file), text);
    if ("profile" in parsed) compiled[file] = { text, profile: parsed.profile };
  }
  writeCompiled(compiledFile(), compiled);
}

function profileIn(folder: string, file: string, compiled: Compiled): ReturnType<typeof parseProfile> {
  const text = readFileSync(join(folder, file), "utf8");
  const known = compiled[file];
  return known?.text === text ? known : parseProfile(join("devices", file), text);
}

let compiledBefore: Compiled | null = null;

function compiledOnce(): Compiled {
  compiledBefore ??= readCompiled(compiledFile());
  return compiledBefore;
}

let packaged: Library | null = null;

/** The library that comes with the product, read once in a process. */
export function packagedLibrary(): Library {
  packaged ??= loadLibrary();
  return packaged;
}

/** The profiles of these ids alone, out of the product's library; all of it where one is not there, so that the nearest can be named. */
export function packagedProfiles(ids: Iterable<string>): Library {
  const profiles = new Map<string, Profile>();
  for (const id of new Set(ids)) {
    const profile = packagedProfile(id);
    if (!profile) return packagedLibrary();
    profiles.set(id, profile);
  }
  return { profiles, problems: [] };
}

/** The ids of the profiles that a site file's text names: reading those alone spares reading hundreds of others. */
export const profilesIn = (siteText: string): readonly string[] =>
  [...siteText.matchAll(/\bprofile: *["']?([a-z0-9-]+\/[a-z0-9-]+)/g)].map(([, id]) => id!);

const readAlone = new Map<string, Profile>();

/** One profile of the product's library, read once in a process; null where there is none that is good. */
function packagedProfile(id: string): Profile | null {
  const known = packaged?.profiles.get(id) ?? readAlone.get(id);
  if (known) return known;
  const [folder, file] = [packagedDevices(), `${id}.yaml`];
  const parsed = existsSync(join(folder, file)) ? profileIn(folder, file, compiledOnce()) : null;
  if (!parsed || !("profile" in parsed)) return null;
  readAlone.set(id, parsed.profile);
  return parsed.profile;
}

function profileFiles(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml"))
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .toSorted();
}

const packagedDevices = (): string => join(packageFolder(), "devices");
const compiledFile = (): string => join(packageFolder(), "dist", "devices.json");

/** Where the package's manifest is: this module may run as source or as built. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
