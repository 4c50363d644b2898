import { writeFileSync } from "node:fs";
import type { RecordedScenario, Recording } from "../../simulators/recording/index.ts";
import { loadRecordedScenario, RecordingFault, readRecording } from "../../simulators/recording/index.ts";
import { formatProblem } from "../profiles/index.ts";
import type { Played } from "../record/recorded.ts";
import { playRecording } from "../record/recorded.ts";
import { exit, Refusal } from "./exit.ts";
import { transcriptOf, verdictsOf } from "./report/played.ts";

/** What is told of differences; there may be one an alarm and scan. */
const differencesMost = 100;

/** What may be said to it on the command line. */
export interface PlayWords {
  readonly json?: boolean;
  /** A file that the transcript is written to as well. */
  readonly out?: string;
}

/** Plays a recorded scenario through the core of now: the transcript, where it differs from what was recorded, and its promises. */
export function playRecorded(folder: string, { json, out }: PlayWords): number {
  const { scenario, recording, played } = playFolder(folder);
  // Times of day are those of the site when it was recorded.
  const told = { ...scenario, site: { timezone: recording.timezone } };
  const transcript = transcriptOf({ scenario: told, run: played }, differencesOf(played));
  if (out !== undefined) writeFileSync(out, transcript);
  if (json) console.log(JSON.stringify(inJson(scenario, played), null, 2));
  else {
    process.stdout.write(transcript);
    console.error(lastWord(played));
  }
  return played.broken.length + played.differences.length === 0 ? exit.done : exit.failed;
}

/** What is in the folder of a recorded scenario. */
export interface RecordedFolder {
  readonly scenario: RecordedScenario;
  readonly recording: Recording;
}

/** Reads the folder of a recorded scenario; refuses with what is wrong with its files. */
export function openFolder(folder: string): RecordedFolder {
  const loaded = loadRecordedScenario(folder);
  if ("problems" in loaded) throw new Refusal(loaded.problems.map(formatProblem).join("\n"), exit.config);
  const { scenario } = loaded;
  return { scenario, recording: openRecording(scenario.readingsFile) };
}

/** A recorded scenario as it goes now; refuses with what is wrong with its files. */
export function playFolder(folder: string): RecordedFolder & { readonly played: Played } {
  const { scenario, recording } = openFolder(folder);
  return { scenario, recording, played: playRecording(scenario.site, recording, scenario) };
}

/** The readings of a file; refuses with what is wrong with it. */
export function openRecording(file: string): Recording {
  try {
    return readRecording(file);
  } catch (error) {
    if (error instanceof RecordingFault) throw new Refusal(error.message, exit.config);
    throw error;
  }
}

/** How it went, in one line. */
export const lastWord = ({ scans, record, differences }: Played): string =>
  `${scans} scans, ${record.transitions.length} transitions, ${
    differences.length === 0 ? "as they were recorded" : `${differences.length} differences from what was recorded`
  }`;

function differencesOf({ differences }: Played): readonly string[] {
  const told = differences.slice(0, differencesMost).map((difference) => `DIFFERS   ${difference}`);
  const left = differences.length - told.length;
  return left > 0 ? [...told, `DIFFERS   and ${left} more`] : told;
}

const inJson = (scenario: RecordedScenario, played: Played): object => ({
  scenario: scenario.name,
  transitions: played.record.transitions,
  commands: played.record.commands,
  notices: played.record.notices,
  differences: played.differences,
  promises: verdictsOf({ scenario, run: played }),
});
