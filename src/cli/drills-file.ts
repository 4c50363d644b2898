import { join } from "node:path";
import type { Drilled, Measured } from "../drill/durations.ts";
import { drillsFile, keyOf, measuredOf, readDrills } from "../drill/durations.ts";
import { measuredSite } from "../drill/measured-site.ts";
import type { Site } from "../site/index.ts";
import { exit, Refusal } from "./exit.ts";

/** Where drills are kept: a file, or a service's state folder that one is in. */
export interface DrillsWords {
  readonly drills?: string;
  readonly state?: string;
}

/** The file that is meant; null where none is. */
export const drillsIn = ({ drills, state }: DrillsWords): string | null =>
  drills ?? (state === undefined ? null : join(state, drillsFile));

/** What a file of drills holds; refuses one with a line that is none. */
export function drillsOf(file: string): readonly Drilled[] {
  const { drills, bad } = readDrills(file);
  if (bad.length === 0) return drills;
  throw new Refusal(bad.map(({ line, what }) => `${file}:${line}:1: ${what}`).join("\n"), exit.config);
}

/** A site as drills have shown it, and what they have shown; as its file has it where no drills are named. */
export function reckoned(
  site: Site,
  drills: readonly Drilled[] | null,
): { readonly site: Site; readonly measured: ReadonlyMap<string, Measured> } {
  const measured = measuredOf(site.id, site.model.responses, drills ?? []);
  return { site: measuredSite(site, measured), measured };
}

/** A site as the drills show it that are meant, and how that is said: as data, and in a line. */
export interface Reckoned {
  readonly site: Site;
  readonly measured: ReadonlyMap<string, Measured>;
  readonly shown: { readonly measured?: Readonly<Record<string, Measured>> };
  readonly told: readonly string[];
}

/** What every command does with drills that are named to it; where none are, the site is as its file has it and nothing is said. */
export function reckonedBy(site: Site, words: DrillsWords): Reckoned {
  const file = drillsIn(words);
  const known = reckoned(site, file === null ? null : drillsOf(file));
  if (file === null) return { ...known, shown: {}, told: [] };
  const { size } = known.measured;
  const steps = size === 1 ? "1 step takes what it" : `${size} steps take what they`;
  const told =
    size === 0 ? `no drill in ${file} has confirmed a step of this site` : `${steps} took in drills: ${file}`;
  return { ...known, shown: { measured: Object.fromEntries(known.measured) }, told: [told] };
}

/** "db: measured in 6 drills: p95 48 s; the file says 30 s", for each step of a response that was. */
export const measuredLines = (
  { model }: Site,
  response: string,
  measured: ReadonlyMap<string, Measured>,
): readonly string[] =>
  model.responses
    .filter(({ id }) => id === response)
    .flatMap(({ action }) => (action.kind === "failover" ? action.steps : []))
    .flatMap(({ id }) => {
      const found = measured.get(keyOf(response, id));
      return found ? [`${id}: ${measuredWords(found)}`] : [];
    });

/** How long a step is taken to take, and why. */
export function measuredWords({ drills, failed, p95, isFew, said }: Measured): string {
  const times = drills === 1 ? "1 drill" : `${drills} drills`;
  const lost = failed === 0 ? "" : ` (${failed} more not confirmed)`;
  const file = said === null ? "the file says nothing" : `the file says ${said / 1000} s`;
  return isFew
    ? `measured in ${times}${lost}, too few for a p95: ${p95 / 1000} s, the longest of them and of what the file says; ${file}`
    : `measured in ${times}${lost}: p95 ${p95 / 1000} s; ${file}`;
}
