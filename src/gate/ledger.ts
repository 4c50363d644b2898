/**
 * The gate's ledger: steps, appended and on the disk before what they announce is done. A line is
 * one batch of steps behind its checksum, and no line is begun before the one before it is on the
 * disk. So only the last line can be torn, and a bad line with good ones after it is damage.
 */
import type { FileHandle } from "node:fs/promises";
import { open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { wordsOf } from "./actuator.ts";
import type { Book, Step } from "./book.ts";
import { emptyBook, enter, stepsOf } from "./book.ts";

export interface Ledger {
  readonly book: Book;
  /** Enters the steps at once; resolves when they are on the disk, rejects when they cannot be. */
  append(steps: readonly Step[]): Promise<void>;
  /** Why nothing can be written any more; null while all is well. */
  broken(): string | null;
  close(): Promise<void>;
}

export const ledgerFile = "gate-ledger.ndjson";

/** A file larger than this is rewritten as what its steps add up to. It holds some ten thousand commands. */
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
  const { steps, good } = recover(bytes);
  const book = emptyBook();
  for (const step of steps) enter(book, step);
  const file = await open(path, "a", 0o600);
  await file.truncate(good);
  await file.sync();
  await syncDirectory(stateDir);
  return new FileLedger({ path, book, file, size: good, compactAt: limits.compactAtBytes ?? compactAtBytes });
}

/** The steps in a ledger's bytes, and how many of its bytes are good. Throws on damage before the last line. */
export function recover(bytes: Buffer): { readonly steps: readonly Step[]; readonly good: number } {
  const steps: Step[] = [];
  let good = 0;
  while (good < bytes.length) {
    const end = bytes.indexOf(0x0a, good);
    const batch = end < 0 ? null : parseLine(bytes.subarray(good, end));
    if (batch === null) {
      if (end >= 0 && hasGoodLine(bytes.subarray(end + 1))) {
        throw new Error(`the gate's ledger is damaged at byte ${good}: move it away only when nothing is under way`);
      }
      break;
    }
    steps.push(...batch);
    good = end + 1;
  }
  return { steps, good };
}

interface Parts {
  readonly path: string;
  readonly book: Book;
  file: FileHandle;
  size: number;
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
    const line = lineOf(batch);
    await this.#parts.file.appendFile(line);
    await this.#parts.file.datasync();
    this.#parts.size += line.length;
  }

  /** The book holds the waiting batch already, so that rewriting it writes that too. */
  async #compact(): Promise<void> {
    const parts = this.#parts;
    const line = lineOf(stepsOf(parts.book));
    const fresh = await open(`${parts.path}.new`, "w", 0o600);
    await fresh.appendFile(line);
    await fresh.sync();
    await rename(`${parts.path}.new`, parts.path);
    await syncDirectory(dirname(parts.path));
    await parts.file.close();
    parts.file = fresh;
    parts.size = line.length;
  }
}

function lineOf(steps: readonly Step[]): Buffer {
  const json = JSON.stringify(steps);
  return Buffer.from(`${crc32(json).toString(16).padStart(8, "0")} ${json}\n`);
}

function parseLine(line: Buffer): readonly Step[] | null {
  const json = line.subarray(9).toString();
  const sum = line.subarray(0, 9).toString();
  if (sum !== `${crc32(json).toString(16).padStart(8, "0")} `) return null;
  return JSON.parse(json) as readonly Step[];
}

function hasGoodLine(bytes: Buffer): boolean {
  let from = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0) return false;
    if (parseLine(bytes.subarray(from, end)) !== null) return true;
    from = end + 1;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  await directory.sync();
  await directory.close();
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";
