import { existsSync } from "node:fs";
import { Deviation, replay as replayRecords } from "../record/record.ts";
import { lineWriter, tell } from "../record/transcript.ts";
import { readJournal } from "../store/index.ts";
import { exit, Refusal } from "./exit.ts";

/** `haechi replay JOURNAL`: scans a journal (a segment or a whole folder) again and holds the outputs to those recorded. */
export function replay(path: string, words: { readonly json?: boolean }): number {
  if (!existsSync(path)) throw new Refusal(`${path}: there is no such journal`, exit.usage);
  let scans = 0;
  try {
    for (const { input, output, site, timezone } of replayRecords(readJournal(path))) {
      scans += 1;
      if (words.json) {
        if (output.transitions.length + output.commands.length + output.notices.length > 0) {
          console.log(JSON.stringify({ at: input.at, ...output }));
        }
        continue;
      }
      const line = lineWriter(timezone);
      for (const told of tell(site, output, input.at)) console.log(line(told));
    }
  } catch (error) {
    if (!(error instanceof Deviation)) throw error;
    console.error(`after ${scans} scans: ${error.message}`);
    return exit.failed;
  }
  if (scans === 0) throw new Refusal(`${path}: there are no scans in it`, exit.failed);
  console.error(`${scans} scans, the same outputs to the byte`);
  return exit.done;
}
