import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Recording } from "../../simulators/recording/index.ts";
import {
  draftScenario,
  recordedFiles,
  recordingMost,
  withoutSecrets,
  writeRecording,
} from "../../simulators/recording/index.ts";
import { recordingOf } from "../record/recorded.ts";
import { readJournal } from "../store/index.ts";
import { exit, Refusal } from "./exit.ts";
import { instantOf } from "./instant.ts";
import { openSiteFile } from "./open.ts";
import { lastWord, playFolder } from "./recorded.ts";
import { journalIn } from "./report.ts";

export interface ScenarioRecordWords {
  readonly site: string;
  readonly out: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/**
 * `haechi scenario record JOURNAL`: a folder with what was read in a stretch of a site's life, the site file without its
 * secrets, and a scenario.yaml whose promises are drafted from what happened. It is played once, and how that went is told.
 */
export function scenarioRecord(journal: string, words: ScenarioRecordWords): number {
  const site = openSiteFile(words.site);
  const folder = resolve(words.out);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Refusal(`${words.out}: there is something in it already`, exit.usage);
  const recording = taken(journal, words);
  if (recording.site !== site.id)
    throw new Refusal(`${journal} is of the site "${recording.site}", and ${words.site} of "${site.id}"`, exit.usage);
  mkdirSync(folder, { recursive: true });
  writeRecording(join(folder, recordedFiles.readings), recording);
  writeFileSync(join(folder, recordedFiles.site), withoutSecrets(readFileSync(words.site, "utf8")));
  writeFileSync(join(folder, recordedFiles.scenario), draftScenario(basename(folder), recording));
  const { scenario, played } = playFolder(folder);
  const said = { folder, scans: played.scans, promises: scenario.promises.map(({ text }) => text) };
  if (words.json) console.log(JSON.stringify({ ...said, differences: played.differences, broken: played.broken }));
  else console.log([words.out, ...said.promises.map((text) => `  ${text}`), lastWord(played)].join("\n"));
  return exit.done;
}

function taken(journal: string, { from, to }: ScenarioRecordWords): Recording {
  const path = journalIn(journal);
  const stretch = { from: instantOf(from, "--from"), to: instantOf(to, "--to") };
  const recording = recordingOf(readJournal(path), stretch);
  if (recording === null) throw new Refusal(`${journal}: there are no scans in it of that time`, exit.failed);
  if (recording.ends - recording.starts > recordingMost)
    throw new Refusal(`${journal} holds more than a day: say --from and --to`, exit.usage);
  return recording;
}
