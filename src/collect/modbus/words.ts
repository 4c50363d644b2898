import type { ModbusAddress, Registers } from "../../profiles/model.ts";

interface Stretch {
  readonly table: ModbusAddress["table"];
  readonly addr: number;
  readonly words: readonly number[];
}

/**
 * The words of one poll as they came, block by block. A poll has few blocks and asks for their
 * words in order, so that finding a word is cheaper than filing each under its address would be.
 */
export class Words implements Registers {
  readonly #stretches: Stretch[] = [];
  #latest: Stretch | null = null;

  add(table: ModbusAddress["table"], addr: number, words: readonly number[]): void {
    this.#stretches.push({ table, addr, words });
  }

  get(table: ModbusAddress["table"], addr: number): number | undefined {
    if (this.#latest && holds(this.#latest, table, addr)) return this.#latest.words[addr - this.#latest.addr];
    const found = this.#stretches.find((stretch) => holds(stretch, table, addr));
    if (!found) return undefined;
    this.#latest = found;
    return found.words[addr - found.addr];
  }

  /** Whether all that stands in a stretch are zeros, and all of it was read. */
  isZero({ table, addr, count }: Pick<Stretch, "table" | "addr"> & { readonly count: number }): boolean {
    for (let at = addr; at < addr + count; at += 1) if (this.get(table, at) !== 0) return false;
    return true;
  }

  set(table: ModbusAddress["table"], addr: number, word: number): void {
    this.add(table, addr, [word]);
  }
}

const holds = (stretch: Stretch, table: Stretch["table"], addr: number): boolean =>
  addr >= stretch.addr && addr < stretch.addr + stretch.words.length && stretch.table === table;
