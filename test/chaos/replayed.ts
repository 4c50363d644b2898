/**
 * Law 4, and the half of law 2 that can be seen: the journal of a run is scanned again, from the
 * start of each life, and beside that from every checkpoint on its way; each time it must give what
 * it gave, to the byte, and neither may look at a clock or at chance.
 */
import { checkpoint, restore } from "../../src/core/checkpoint.ts";
import type { Plant, ScanOutput, SiteModel } from "../../src/core/plant.ts";
import { scan } from "../../src/core/scan.ts";
import type { RecordedScan, RecordedState } from "../../src/record/record.ts";
import type { Kept, Scanned } from "./run.ts";

/** Where a journal, scanned again, differs from what was scanned; null where it does not. */
export function deviation(journal: readonly Kept[], scans: readonly Scanned[], site: SiteModel): string | null {
  const again = new Again(scans, site);
  for (const record of journal) {
    const flaw = record.kind === "checkpoint" ? again.checkpoint(record.state) : again.scan(record.input);
    if (flaw !== null) return flaw;
  }
  return again.end();
}

class Again {
  readonly #scans: readonly Scanned[];
  readonly #site: SiteModel;
  #done = 0;
  #life = -1;
  /** Scanned from the start of the life. */
  #whole: Plant | null = null;
  /** Scanned from the newest checkpoint. */
  #part: Plant | null = null;

  constructor(scans: readonly Scanned[], site: SiteModel) {
    this.#scans = scans;
    this.#site = site;
  }

  checkpoint(text: string): string | null {
    const { plant } = JSON.parse(text) as RecordedState;
    const life = this.#scans[this.#done]?.life ?? this.#life;
    if (life !== this.#life) {
      [this.#life, this.#whole, this.#part] = [life, restore(this.#site, plant), null];
      return null;
    }
    if (this.#whole === null) return null;
    const [now, then] = [JSON.stringify(checkpoint(this.#whole)), JSON.stringify(plant)];
    this.#part = restore(this.#site, plant);
    return now === then ? null : `the checkpoint before scan ${this.#done} is not what its journal leads to`;
  }

  scan(record: unknown): string | null {
    const scanned = this.#scans[this.#done];
    const { scanned: input } = record as RecordedScan;
    if (!scanned || scanned.input !== input) return `the journal lacks or has added a line at scan ${this.#done}`;
    this.#done += 1;
    for (const plant of [this.#whole, this.#part]) {
      if (plant === null) continue;
      const output = withoutWorld(() => scan(plant, input));
      if (isSame(output, scanned.output)) continue;
      const from = plant === this.#whole ? "from the start" : "from a checkpoint";
      return `scan ${this.#done - 1}, replayed ${from}, gave ${inWords(output)} in place of ${inWords(scanned.output)}`;
    }
    return null;
  }

  end(): string | null {
    return this.#done === this.#scans.length ? null : `the journal lacks ${this.#scans.length - this.#done} scans`;
  }
}

const isEmpty = ({ transitions, commands, notices }: ScanOutput): boolean =>
  transitions.length + commands.length + notices.length === 0;

const isSame = (one: ScanOutput, other: ScanOutput): boolean =>
  (isEmpty(one) && isEmpty(other)) || JSON.stringify(one) === JSON.stringify(other);

const inWords = (output: ScanOutput): string => JSON.stringify(output).slice(0, 300);

/** Works without a clock and without chance: whoever asks for one throws. */
function withoutWorld(work: () => ScanOutput): ScanOutput {
  const [now, random] = [Date.now, Math.random];
  const refuse = (): never => {
    throw new Error("the core asked for the world's time or chance");
  };
  [Date.now, Math.random] = [refuse, refuse];
  try {
    return work();
  } finally {
    [Date.now, Math.random] = [now, random];
  }
}
