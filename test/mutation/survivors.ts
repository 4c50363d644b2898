/** Mutants, and why those that no test notices may live. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

/** One small change of a file. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Stryker's name of the kind of change: "ConditionalExpression". */
  readonly kind: string;
  /** The text that was changed, and what it became; on one line, and no longer than is read at a glance. */
  readonly from: string;
  readonly to: string;
  /** Whether a test failed, or never came to an end, because of it. */
  readonly isFound: boolean;
}

const place = z.object({ line: z.number(), column: z.number() });
const report = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          mutatorName: z.string(),
          replacement: z.string().optional(),
          status: z.string(),
          location: z.object({ start: place, end: place }),
        }),
      ),
    }),
  ),
});

const found = new Set(["Killed", "Timeout"]);
const judged = new Set([...found, "Survived", "NoCoverage"]);
const longest = 120;

/** The mutants of one file in Stryker's report; those that could not even be loaded are none. */
export function mutantsOf(file: string, written: unknown): readonly Mutant[] {
  const { files } = report.parse(written);
  const of = files[file];
  if (!of) return [];
  const lines = of.source.split("\n");
  return of.mutants
    .filter(({ status }) => judged.has(status))
    .map(({ mutatorName, replacement = "", status, location: { start, end } }) => ({
      file,
      line: start.line,
      column: start.column,
      kind: mutatorName,
      from: brief(textBetween(lines, start, end)),
      to: brief(replacement),
      isFound: found.has(status),
    }));
}

type Place = z.output<typeof place>;

/** Lines and columns count from 1, and the end is not part of it. */
function textBetween(lines: readonly string[], start: Place, end: Place): string {
  if (start.line === end.line) return lines[start.line - 1]!.slice(start.column - 1, end.column - 1);
  const between = lines.slice(start.line, end.line - 1);
  return [
    lines[start.line - 1]!.slice(start.column - 1),
    ...between,
    lines[end.line - 1]!.slice(0, end.column - 1),
  ].join("\n");
}

const brief = (text: string): string => text.replace(/\s+/g, " ").slice(0, longest);

const survivor = z.strictObject({
  file: z.string(),
  /** Kinds of change; all where it says none. */
  kind: z.array(z.string()).optional(),
  /** What is changed, as a regular expression over the brief text. */
  from: z.string(),
  to: z.string().optional(),
  why: z.string().min(20),
});

export type Survivor = z.output<typeof survivor>;

/** The list of those that may live. Throws where it is not one. */
export const readSurvivors = (file: string): readonly Survivor[] =>
  z.array(survivor).parse(parse(readFileSync(file, "utf8")) ?? []);

/** Those that no entry of the list speaks for. */
export const unjustified = (mutants: readonly Mutant[], list: readonly Survivor[]): readonly Mutant[] =>
  mutants.filter((mutant) => !list.some((entry) => speaksFor(entry, mutant)));

const speaksFor = ({ file, kind, from, to }: Survivor, mutant: Mutant): boolean =>
  file === mutant.file &&
  (kind === undefined || kind.includes(mutant.kind)) &&
  new RegExp(from).test(mutant.from) &&
  (to === undefined || new RegExp(to).test(mutant.to));
