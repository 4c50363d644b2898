/** The scenario of a recording: a folder with scenario.yaml, the readings and a copy of the site file. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Problem } from "../../src/profiles/index.ts";
import { closest, Document, validate } from "../../src/profiles/index.ts";
import type { Promised } from "../promises.ts";
import { promiseForms, readPromise } from "../promises.ts";
import { wallTimeOf } from "../scenario.ts";

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
  readonly siteFile: string;
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
  const wallTime = wallTimeOf(starts);
  const problems: Problem[] = [];
  const promises = sentences.flatMap((sentence, i) => {
    const promise = readPromise(sentence, wallTime);
    if (promise) return promise;
    const message = `"${sentence}" is no promise that can be checked; one of: ${promiseForms.join("; ")}`;
    problems.push(document.problemAt(["promises", i], message, closest(sentence, promiseForms)));
    return [];
  });
  for (const name of [recordedFiles.site, recordedFiles.readings])
    if (!existsSync(join(folder, name))) problems.push(document.problemAt([], `${join(folder, name)} is missing`));
  if (problems.length > 0) return { problems };
  const siteFile = join(folder, recordedFiles.site);
  return { scenario: { name, about, siteFile, readingsFile: join(folder, recordedFiles.readings), promises } };
}
