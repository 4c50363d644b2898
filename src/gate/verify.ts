/** Whether a state directory's ledger is as the gate wrote it: every line of every file, held to the one before. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { claimOf, genesis, parseLine } from "./chain.ts";
import { ledgerFile, pastMax, pastName, pastNumbers } from "./past.ts";

/** One place at which a ledger is not as it was written, in words. Lines count from 1; null where a whole file is meant. */
export interface Breach {
  readonly file: string;
  readonly line: number | null;
  readonly what: string;
}

/** What a ledger was found to be. */
export interface LedgerReport {
  readonly files: readonly { readonly file: string; readonly lines: number }[];
  /** Empty where the chain is whole. */
  readonly breaches: readonly Breach[];
  /** What is no breach and worth knowing. */
  readonly notes: readonly string[];
  /** The seal of the last line: noted elsewhere, it shows later that nothing up to it was changed or cut off. */
  readonly head: string;
  /** Whether the seal that was asked for is one of the chain's; null where none was. */
  readonly held: boolean | null;
}

interface Walk {
  head: string;
  /** What follows is held to the head; not so for the first file that is kept of a longer ledger. */
  isBound: boolean;
  /** Lines of the older form, before the chain begins. */
  unchained: number;
  isChained: boolean;
  isHeld: boolean;
  readonly noted: string | null;
  readonly breaches: Breach[];
  readonly notes: string[];
}

/** Reads a state directory's ledger and tells what is wrong with it. Rejects where there is none. Writes nothing. */
export async function verifyLedger(stateDir: string, noted: string | null = null): Promise<LedgerReport> {
  const numbers = await pastNumbers(stateDir);
  const walk: Walk = {
    head: genesis,
    isBound: true,
    unchained: 0,
    isChained: false,
    isHeld: false,
    noted,
    breaches: [],
    notes: [],
  };
  checkNumbers(walk, numbers);
  const files = [];
  for (const file of [...numbers.map(pastName), ledgerFile]) {
    const lines = checkFile(walk, file, await readFile(join(stateDir, file)));
    files.push({ file, lines });
  }
  if (walk.unchained > 0) walk.notes.push(`${walk.unchained} lines are older than the chain and have checksums only`);
  const { breaches, notes, head, isHeld } = walk;
  return { files, breaches, notes, head, held: noted === null ? null : isHeld };
}

function checkNumbers(walk: Walk, numbers: readonly number[]): void {
  const [first = 1] = numbers;
  const isCut = first > 1 && numbers.length >= pastMax;
  const from = isCut ? first : 1;
  for (let number = from; number < (numbers.at(-1) ?? 0); number += 1)
    if (!numbers.includes(number)) walk.breaches.push({ file: pastName(number), line: null, what: "is missing" });
  if (!isCut) return;
  walk.isBound = false;
  walk.notes.push(`what was written before ${pastName(first)} is no longer kept`);
}

/** Holds a file's lines to what came before, and counts them. */
function checkFile(walk: Walk, file: string, bytes: Buffer): number {
  let line = 0;
  for (let from = 0; from < bytes.length; ) {
    line += 1;
    const end = bytes.indexOf(0x0a, from);
    const isLast = end < 0 || end === bytes.length - 1;
    const text = bytes.subarray(from, end < 0 ? bytes.length : end);
    const isTorn = isLast && file === ledgerFile && (end < 0 || text.includes(0));
    if (!isTorn) checkLine(walk, { file, line }, text);
    else if (parseLine(text, walk.head) === null || end < 0)
      walk.notes.push(`${file}: line ${line} is torn: the gate was killed while it wrote it; nothing followed from it`);
    from = end < 0 ? bytes.length : end + 1;
  }
  return line;
}

function checkLine(walk: Walk, at: { readonly file: string; readonly line: number }, text: Buffer): void {
  const found = parseLine(text, walk.head);
  const say = (what: string): void => void walk.breaches.push({ ...at, what });
  if (found === null) {
    say("does not hold what its seal says: it is damaged, or was edited");
    walk.head = claimOf(text) ?? walk.head;
    walk.isBound = claimOf(text) !== null;
    return;
  }
  if (found.before === null) {
    if (walk.isChained) say("has no seal, and the lines before it have: it was put in");
    walk.unchained += 1;
  } else if (walk.isBound && found.before !== walk.head) say(brokenAt(walk, at));
  walk.isChained ||= found.before !== null;
  walk.isBound = true;
  walk.head = found.seal;
  walk.isHeld ||= found.seal === walk.noted;
}

function brokenAt({ head }: Walk, { line }: { readonly line: number }): string {
  if (line === 1 && head === genesis) return "follows lines that are not there";
  const before = line > 1 ? `line ${line - 1}` : "the last line of the file before";
  return `does not follow ${before}: that was edited, or lines between them are missing`;
}
