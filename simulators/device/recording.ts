/**
 * Recordings of real agents in snmpsim's text form: one object a line, `oid|tag|value`. Lines may stand in any order;
 * one that cannot be read is told of by its number and leaves the others be. Bytes are kept as they stand in the file.
 */
import { arcsOf, byArcs } from "../wire/oid.ts";
import { plainOf } from "./variation.ts";

/** One line of a recording that says what an object is. */
export interface RecordedLine {
  readonly oid: string;
  readonly arcs: readonly number[];
  /** ASN.1's tag of the value, as SNMP has it. */
  readonly type: number;
  /** How `text` is written: plainly, in hexadecimal, or with a programmer's escapes. */
  readonly form: "" | "x" | "e";
  readonly text: string;
}

/** What is wrong with a line, or what was made of it; lines count from 1. */
export interface RecordingProblem {
  readonly line: number;
  readonly message: string;
}

export interface Recording {
  /** In the order of their identifiers, each object once. */
  readonly lines: readonly RecordedLine[];
  readonly problems: readonly RecordingProblem[];
}

/** Far beyond the largest walks there are: what is longer is no recording. */
const MAX_LINES = 1_000_000;

/** Types that an agent can answer with: RFC 3416's, and null. */
const types: ReadonlySet<number> = new Set([2, 4, 5, 6, 64, 65, 66, 67, 68, 70, 128, 129, 130]);

/** Reads a recording. Of two lines about one object the later one holds, as in snmpsim. */
export function parseRecording(bytes: Buffer): Recording {
  const problems: RecordingProblem[] = [];
  const found = new Map<string, RecordedLine>();
  const rows = bytes.toString("latin1").split("\n");
  if (rows.length > MAX_LINES) problems.push({ line: MAX_LINES + 1, message: `only ${MAX_LINES} lines are read` });
  for (const [at, row] of rows.slice(0, MAX_LINES).entries()) {
    const say = (message: string): void => void problems.push({ line: at + 1, message });
    // What stands before or behind a line belongs to nothing, be it a value that once ended in a space: so snmpsim has it.
    const text = row.trim();
    if (text === "" || text.startsWith("#")) continue;
    const line = recordedLine(text, say);
    if (!line) continue;
    const before = found.get(line.oid);
    if (before && before.text !== line.text) say(`${line.oid} stands here again; this line holds`);
    found.set(line.oid, line);
  }
  return { lines: [...found.values()].toSorted((a, b) => byArcs(a.arcs, b.arcs)), problems };
}

/** A recording as text again, tidy enough for every reader of the form. */
export const recordingText = (lines: readonly RecordedLine[]): Buffer =>
  Buffer.from(lines.map(({ oid, type, form, text }) => `${oid}|${type}${form}|${text}\n`).join(""), "latin1");

function recordedLine(row: string, say: (message: string) => void): RecordedLine | null {
  const [oid = "", written, ...rest] = row.split("|");
  const refuse = (message: string): null => {
    say(message);
    return null;
  };
  if (written === undefined || rest.length === 0) return refuse("not of the form oid|tag|value");
  const arcs = arcsOf(oid.trim());
  if (!arcs) return refuse(`"${oid.trim()}" is no object identifier`);
  const [, tag, form = "", variation] = /^(\d+)([xe]?)(?::(.*))?$/.exec(written.trim()) ?? [];
  if (tag === undefined) return refuse(`"${written}" is no tag`);
  if (!types.has(Number(tag))) return refuse(`tag ${tag} is of no type that SNMP has`);
  const value = rest.join("|");
  const plain = variation === undefined ? { form, text: value } : plainOf(variation, form, value);
  if (!plain) return refuse(`varied by "${variation}", and no plain value stands there`);
  if (variation !== undefined) say(`varied by "${variation}"; taken as ${plain.text}`);
  const line = {
    oid: arcs.join("."),
    arcs,
    type: Number(tag),
    form: plain.form as RecordedLine["form"],
    text: plain.text,
  };
  const wrong = valueProblem(line);
  return wrong === null ? line : refuse(wrong);
}

/** Whole numbers and the least and the most that each type carries. */
const wholes: Readonly<Record<number, readonly [bigint, bigint]>> = {
  2: [-(2n ** 31n), 2n ** 31n - 1n],
  65: [0n, 2n ** 32n - 1n],
  66: [0n, 2n ** 32n - 1n],
  67: [0n, 2n ** 32n - 1n],
  70: [0n, 2n ** 64n - 1n],
};

function valueProblem({ type, form, text }: RecordedLine): string | null {
  if (form === "x" && !/^([0-9a-fA-F]{2})*$/.test(text.replace(/^0x/, "")))
    return `"${text}" is no text in hexadecimal`;
  if (form !== "") return null;
  const limits = wholes[type];
  if (limits) {
    if (!/^\s*[+-]?\d+\s*$/.test(text)) return `"${text}" is no whole number`;
    const value = BigInt(text.trim().replace(/^\+/, ""));
    return value < limits[0] || value > limits[1] ? `${value} is beyond what tag ${type} carries` : null;
  }
  if (type === 6 && arcsOf(text.trim()) === null) return `"${text}" is no object identifier`;
  if (type === 64 && !/^\d{1,3}(\.\d{1,3}){3}$/.test(text.trim()) && text.length !== 4)
    return `"${text}" is no address`;
  return null;
}
