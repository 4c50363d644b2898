/**
 * The gate's ledger: steps, appended and on the disk before what they announce is done. A line is
 * one batch of steps, sealed and chained to the line before (chain.ts), and no line is begun before
 * the one before it is on the disk. So only the last line can be torn, and a bad line with good ones
 * after it is damage. A full file is put aside, and the next begins with what its steps add up to.
 */
import type { FileHandle } from "node:fs/promises";
import { open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { wordsOf } from "./actuator.ts";
import type { Book, Step } from "./book.ts";
import { emptyBook, enter, stepsOf } from "./book.ts";
import type { Line } from "./chain.ts";
import { genesis, lineOf, parseLine } from "./chain.ts";
import { dropDoubled, ledgerFile, putAside } from "./past.ts";

export interface Ledger {
  readonly book: Book;
  /** Enters the steps at once; resolves when they are on the disk, rejects when they cannot be. */
  append(steps: readonly Step[]): Promise<void>;
  /** Why nothing can be written any more; null while all is well. */
  broken(): string | null;
  close(): Promise<void>;
}

/** A file larger than this is put aside for one of what its steps add up to. It holds some ten thousand commands. */
const compactAtBytes = 8 * 1024 * 1024;

/** A ledger that forgets when it is dropped: for rehearsals in virtual time. */
export function memoryLedger(): Ledger {
  const book = emptyBook();
  return {
    book,
    append(steps) {
      for (const step of steps) enter(book, step);
      return Promise.resolve();
    },
    broken: () => null,
    close: () => Promise.resolve(),
  };
}

/** The ledger of a state directory, made if it is not there. Rejects where the file is damaged, which people must look at. */
export async function openLedger(stateDir: string, limits: { compactAtBytes?: number } = {}): Promise<Ledger> {
  const path = join(stateDir, ledgerFile);
  const bytes = await readFile(path).catch((error: unknown) => {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  });
  const { steps, good, head } = recover(bytes);
  const book = emptyBook();
  for (const step of steps) enter(book, step);
  const file = await open(path, "a", 0o600);
  await file.truncate(good);
  await file.sync();
  await dropDoubled(stateDir);
  await syncDirectory(stateDir);
  return new FileLedger({ path, book, file, size: good, head, compactAt: limits.compactAtBytes ?? compactAtBytes });
}

/** What a ledger's bytes hold: its steps, how many of its bytes are good, and the seal of the last line. */
export interface Recovered {
  readonly steps: readonly Step[];
  readonly good: number;
  readonly head: string;
}

/** What is left of a ledger's bytes without a torn end. Throws on damage before the last line. */
export function recover(bytes: Buffer): Recovered {
  const steps: Step[] = [];
  let good = 0;
  let head: string | null = null;
  while (good < bytes.length) {
    const end = bytes.indexOf(0x0a, good);
    const line: Line | null = end < 0 ? null : parseLine(bytes.subarray(good, end), head ?? genesis);
    if (line === null) {
      if (end >= 0 && hasGoodLine(bytes.subarray(end + 1))) throw damaged("is damaged", good);
      break;
    }
    // The first line of a file may follow the last of one that was put aside.
    if (head !== null && line.before !== null && line.before !== head) throw damaged("was edited", good);
    steps.push(...line.steps);
    head = line.seal;
    good = end + 1;
  }
  return { steps, good, head: head ?? genesis };
}

const damaged = (how: string, at: number): Error =>
  new Error(`the gate's ledger ${how} at byte ${at}: move it away only when nothing is under way`);

interface Parts {
  readonly path: string;
  readonly book: Book;
  file: FileHandle;
  size: number;
  /** The seal of the last line. */
  head: string;
  readonly compactAt: number;
}

class FileLedger implements Ledger {
  readonly #parts: Parts;
  #waiting: Step[] = [];
  #next: Promise<void> | null = null;
  #last: Promise<void> = Promise.resolve();
  #broken: string | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get book(): Book {
    return this.#parts.book;
  }

  broken(): string | null {
    return this.#broken;
  }

  append(steps: readonly Step[]): Promise<void> {
    if (this.#broken !== null) return Promise.reject(new Error(this.#broken));
    for (const step of steps) enter(this.#parts.book, step);
    this.#waiting.push(...steps);
    // Whoever comes while a batch is being written shares the next one.
    if (this.#next === null) {
      this.#next = this.#last.then(() => this.#flush());
      this.#last = this.#next;
      this.#last.catch((error: unknown) => {
        this.#broken ??= `the ledger cannot be written: ${wordsOf(error)}`;
      });
    }
    return this.#next;
  }

  async close(): Promise<void> {
    await this.#last.catch((error: unknown) => {
      this.#broken ??= wordsOf(error);
    });
    await this.#parts.file.close();
  }

  async #flush(): Promise<void> {
    this.#next = null;
    const batch = this.#waiting.splice(0);
    if (this.#parts.size > this.#parts.compactAt) return this.#compact();
    const { bytes, seal } = lineOf(batch, this.#parts.head);
    await this.#parts.file.appendFile(bytes);
    await this.#parts.file.datasync();
    this.#parts.size += bytes.length;
    this.#parts.head = seal;
  }

  /** The book holds the waiting batch already, so that rewriting it writes that too. */
  async #compact(): Promise<void> {
    const parts = this.#parts;
    const { bytes, seal } = lineOf(stepsOf(parts.book), parts.head);
    const fresh = await open(`${parts.path}.new`, "w", 0o600);
    await fresh.appendFile(bytes);
    await fresh.sync();
    await putAside(dirname(parts.path));
    await rename(`${parts.path}.new`, parts.path);
    await syncDirectory(dirname(parts.path));
    await parts.file.close();
    parts.file = fresh;
    parts.size = bytes.length;
    parts.head = seal;
  }
}

function hasGoodLine(bytes: Buffer): boolean {
  let from = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0) return false;
    if (parseLine(bytes.subarray(from, end), genesis) !== null) return true;
    from = end + 1;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  await directory.sync();
  await directory.close();
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";
