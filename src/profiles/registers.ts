import type { Registers } from "./model.ts";

/** Words in memory: what a poll has read, or what a simulated device holds. */
export function registerImage(): Registers {
  const tables = { holding: new Map(), input: new Map(), coil: new Map(), discrete: new Map() } satisfies Record<
    string,
    Map<number, number>
  >;
  return {
    get: (table, addr) => tables[table].get(addr) as number | undefined,
    set: (table, addr, word) => void tables[table].set(addr, word),
  };
}
