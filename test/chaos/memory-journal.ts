import type { Recovery } from "../../src/store/index.ts";
import type { WatchJournal } from "../../src/watch.ts";
import type { Kept } from "./run.ts";

/** A journal that keeps what it is given, and in which nothing is lost when its writer is killed. */
export class MemoryJournal implements WatchJournal {
  readonly kept: Kept[] = [];
  /** Set by a test that wants a checkpoint now. */
  full = false;

  append(record: Parameters<WatchJournal["append"]>[0]): void {
    if (record.kind === "scan") this.kept.push({ kind: "scan", input: record.input });
    else this.checkpoint(record.at, record.state);
  }

  checkpoint(_at: number, state: unknown): void {
    this.full = false;
    // As text: what happens to the plant afterwards does not change it.
    this.kept.push({ kind: "checkpoint", state: JSON.stringify(state) });
  }

  sync(): Promise<boolean> {
    return Promise.resolve(true);
  }

  recover(): Recovery {
    const last = this.kept.findLastIndex(({ kind }) => kind === "checkpoint");
    const found = this.kept[last];
    if (found?.kind !== "checkpoint") return { checkpoint: null, inputs: [] };
    const state = JSON.parse(found.state) as { readonly plant: { readonly now: never } };
    const inputs = this.kept.slice(last + 1).flatMap((record) => (record.kind === "scan" ? [record.input] : []));
    return { checkpoint: { kind: "checkpoint", at: state.plant.now, state }, inputs };
  }

  pin(): void {
    // Nothing is ever dropped here.
  }
}
