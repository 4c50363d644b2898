/** A folder of recordings with what they are known to mean: NAME.snmprec and NAME.expected.json beside it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseRecording, type RecordedLine, type RecordingProblem } from "../../simulators/device/recording.ts";
import { exit, Refusal } from "../../src/cli/exit.ts";

const expectationSchema = z.object({
  oid: z.string(),
  class: z.string(),
  /** "enum" for a state, of which `value` is the code. */
  unit: z.string(),
  value: z.number(),
  label: z.string().nullish(),
});

/** What one object of a recording is known to mean. */
export type Expectation = z.output<typeof expectationSchema>;

/** A recording and what is expected of it. */
export interface Case {
  readonly name: string;
  readonly lines: readonly RecordedLine[];
  readonly problems: readonly RecordingProblem[];
  readonly expectations: readonly Expectation[];
}

/** The recordings of a folder that have expectations, or the one named; a refusal where there are none, or one is broken. */
export function loadCases(folder: string, only?: string): readonly Case[] {
  const names = namesIn(folder).filter((name) => only === undefined || name === only);
  if (names.length > 0) return names.map((name) => loadCase(folder, name));
  throw new Refusal(`${folder} has no ${only ?? "NAME"}.snmprec with an .expected.json beside it`, exit.usage);
}

const RECORDING = ".snmprec";

function namesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) throw new Refusal(`there is no folder ${folder}`, exit.usage);
  return readdirSync(folder)
    .filter((file) => file.endsWith(RECORDING))
    .map((file) => file.slice(0, -RECORDING.length))
    .filter((name) => existsSync(join(folder, `${name}.expected.json`)))
    .toSorted();
}

function loadCase(folder: string, name: string): Case {
  const file = join(folder, `${name}.expected.json`);
  const { lines, problems } = parseRecording(readFileSync(join(folder, name + RECORDING)));
  const read = z.array(expectationSchema).safeParse(jsonIn(file));
  if (!read.success) throw new Refusal(`${file}: ${z.prettifyError(read.error)}`, exit.usage);
  const expectations = read.data.map((one) => ({ ...one, oid: one.oid.replace(/^\./, "") }));
  return { name, lines, problems, expectations };
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Refusal(`${file}: ${error instanceof Error ? error.message : String(error)}`, exit.usage);
  }
}
