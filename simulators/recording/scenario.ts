/** The scenario of a recording: a folder with scenario.yaml, the readings and a copy of the site file. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { instant } from "../../src/core/time.ts";
import type { Problem } from "../../src/profiles/index.ts";
import { Document, validate } from "../../src/profiles/index.ts";
import type { Site } from "../../src/site/index.ts";
import type { Promised } from "../promises/index.ts";
import { promiseGround, promisesIn } from "../scenario/promised.ts";
import { siteOf } from "../scenario/site.ts";
import { wallTimeOf } from "../scenario/times.ts";

/** What lies in the folder of a recorded scenario. */
export const recordedFiles = {
  scenario: "scenario.yaml",
  site: "site.yaml",
  readings: "readings.ndjson.gz",
} as const;

/** A recorded scenario, its promises read. */
export interface RecordedScenario {
  readonly name: string;
  readonly about: string;
  readonly site: Site;
  readonly readingsFile: string;
  readonly promises: readonly Promised[];
}

const schema = z.strictObject({
  scenario: z.string(),
  about: z.string(),
  /** What marks it as a recorded one. */
  recording: z.literal(recordedFiles.readings),
  starts: z.iso.datetime({ offset: true }),
  promises: z.array(z.string()),
});

/** Whether a folder's scenario is a recorded one. */
export function isRecorded(folder: string): boolean {
  const file = join(folder, recordedFiles.scenario);
  return existsSync(file) && /^recording:/m.test(readFileSync(file, "utf8"));
}

type Loaded = { readonly scenario: RecordedScenario } | { readonly problems: readonly Problem[] };

/** Reads a folder, or gives back all that is wrong with its scenario.yaml. */
export function loadRecordedScenario(folder: string): Loaded {
  const file = join(folder, recordedFiles.scenario);
  const document = Document.parse(file, readFileSync(file, "utf8"));
  const result = validate(document, schema);
  if ("problems" in result) return result;
  const { scenario: name, about, starts, promises: sentences } = result.value;
  const readingsFile = join(folder, recordedFiles.readings);
  if (!existsSync(readingsFile)) return { problems: [document.problemAt(["recording"], `${readingsFile} is missing`)] };
  const found = siteOf(document, recordedFiles.site);
  if ("problems" in found) return found;
  const { site } = found;
  const at = instant(Date.parse(starts));
  const ground = promiseGround(site, { starts: at, wallTime: wallTimeOf(starts), labels: new Map() });
  const { promises, problems } = promisesIn(document, sentences, ground);
  if (problems.length > 0) return { problems };
  return { scenario: { name, about, site, readingsFile, promises } };
}
