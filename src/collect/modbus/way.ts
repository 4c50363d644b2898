import type { LinkRules, ModbusBlock } from "../../profiles/model.ts";
import type { ModbusAnswer } from "./client.ts";
import type { Urgency } from "./queue.ts";
import type { TrunkUse } from "./trunk.ts";

/** A device's requests on a connection that others may share. */
export class Way {
  readonly #use: TrunkUse;
  readonly #unit: number;
  readonly #rules: LinkRules;
  readonly closed = new AbortController();

  constructor(use: TrunkUse, unit: number, rules: LinkRules) {
    this.#use = use;
    this.#unit = unit;
    this.#rules = rules;
  }

  get usable(): boolean {
    return !this.closed.signal.aborted && this.#use.client.usable;
  }

  read({ table, addr, count }: Omit<ModbusBlock, "points">, urgency: Urgency): Promise<ModbusAnswer> {
    const { timeout, gap } = this.#rules;
    return this.#use.client.read({ unit: this.#unit, table, addr, count, timeoutMs: timeout, gapMs: gap, urgency });
  }

  close(): void {
    this.closed.abort();
    this.#use.release();
  }
}
