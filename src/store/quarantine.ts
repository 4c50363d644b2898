/** Lines that a database refused by themselves, each with the reason, one JSON object a line, on disk before it counts. */
import { open, rename, stat } from "node:fs/promises";
import { join } from "node:path";

/** Beyond this the file is put by as `quarantine.old.jsonl` and a new one begun: twice this is the most it takes. */
const bytesMax = 8 * 1024 * 1024;

/** A place for refused lines in a folder. */
export class Quarantine {
  readonly #dir: string;
  #lines = 0;
  #lastReason: string | null = null;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Lines kept since it was opened. */
  get lines(): number {
    return this.#lines;
  }

  /** Why the last one was refused; null while none was. */
  get lastReason(): string | null {
    return this.#lastReason;
  }

  /** Keeps one line. Rejects where the disk refuses. */
  async keep(line: string, reason: string, at: number): Promise<void> {
    const path = join(this.#dir, "quarantine.jsonl");
    const file = await open(path, "a");
    try {
      await file.write(`${JSON.stringify({ at, reason, line })}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    this.#lines++;
    this.#lastReason = reason;
    if ((await stat(path)).size > bytesMax) await rename(path, join(this.#dir, "quarantine.old.jsonl"));
  }
}
