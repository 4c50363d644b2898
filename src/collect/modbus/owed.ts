import { Stopwatch } from "../stopwatch.ts";
import { dataBytesOf, functionOf, type ReadRequest } from "./frame.ts";

/** No reply is later than this: no gateway keeps a request so long. */
const OWED_MS = 60_000;
/** Replies of one unit that are looked out for: more than it can be asked for in a minute of time-outs. */
const OWED_MOST = 64;
const EXCEPTION_BIT = 0x80;
/** Registers of a table. */
const ADDRESSES = 0x1_0000;
const TABLES = ["holding", "input", "coil", "discrete"] as const;

/** What tells a reply from others: its function and how many bytes of data it has. */
interface Reply {
  readonly code: number;
  readonly dataBytes: number;
  readonly sinceMs: number;
}

/** The replies that a line without transaction numbers may still bring, though nobody waits for them any longer. */
export class Owed {
  readonly #replies = new Map<number, Reply[]>();

  add({ unit, table, count }: ReadRequest): void {
    const code = functionOf(table);
    const replies = this.#of(unit);
    replies.push({ code, dataBytes: dataBytesOf(code, count), sinceMs: Stopwatch.nowMs() });
    this.#replies.set(unit, replies.slice(-OWED_MOST));
  }

  /** Takes down that a reply came, with all those that a device would have sent before; false when nobody owed it. */
  settle(frame: Uint8Array): boolean {
    const unit = frame[0]!;
    const replies = this.#of(unit);
    const isException = (frame[1]! & EXCEPTION_BIT) !== 0;
    const code = frame[1]! & ~EXCEPTION_BIT;
    const at = replies.findIndex((reply) => reply.code === code && (isException || reply.dataBytes === frame[2]));
    if (at < 0) return false;
    replies.splice(0, at + 1);
    if (replies.length === 0) this.#replies.delete(unit);
    return true;
  }

  /** The unit answered in its turn: nothing older is to come. */
  clear(unit: number): void {
    if (this.#replies.size > 0) this.#replies.delete(unit);
  }

  /** Whether an exception to a request could be that of an earlier one: it says no more than its function. */
  mayBeOf({ unit, table }: ReadRequest): boolean {
    return this.#replies.size > 0 && this.#of(unit).some(({ code }) => code === functionOf(table));
  }

  /**
   * The request itself, where no reply that is owed could be taken for its answer; otherwise one to the same unit for
   * which none could. By turns it has another length, which every device answers that is there, and another function,
   * to which even a refusal is an answer.
   */
  unmistakable(asked: ReadRequest): ReadRequest {
    if (!this.mayBeOf(asked)) return asked;
    const replies = this.#of(asked.unit);
    const other = TABLES.find((table) => replies.every(({ code }) => code !== functionOf(table)));
    if (other !== undefined && replies.length % 2 === 0) return { ...asked, table: other, count: 1 };
    const code = functionOf(asked.table);
    let count = 1;
    const taken = new Set(replies.filter((reply) => reply.code === code).map(({ dataBytes }) => dataBytes));
    while (taken.has(dataBytesOf(code, count))) count += 1;
    return { ...asked, count, addr: Math.min(asked.addr, ADDRESSES - count) };
  }

  #of(unit: number): Reply[] {
    const replies = this.#replies.get(unit);
    if (replies === undefined) return [];
    const oldestMs = Stopwatch.nowMs() - OWED_MS;
    while (replies[0] !== undefined && replies[0].sinceMs < oldestMs) replies.shift();
    return replies;
  }
}
