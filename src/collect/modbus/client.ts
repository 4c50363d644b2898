/**
 * The one connection to a Modbus endpoint: all that is asked of it goes through one queue, one
 * request at a time, whoever asks. A request that has no whole answer by its deadline is given up
 * and its late reply discarded; a connection on which nothing is heard any more is closed.
 */
import { assert } from "../../core/assert.ts";
import { plainTcp } from "../../profiles/link.ts";
import { LineFault } from "../line.ts";
import { pause } from "../pause.ts";
import { Stopwatch } from "../stopwatch.ts";
import { mostOf, type ReadRequest } from "./frame.ts";
import { type Asker, type Framing, TcpFraming } from "./framing.ts";
import { openWire } from "./open.ts";
import { Queue, type Urgency } from "./queue.ts";
import { RtuFraming } from "./rtu.ts";
import { silenceMs } from "./silence.ts";
import type { ModbusTarget, Wire, WireEnd } from "./wire.ts";

/** Registers of a table. */
const ADDRESSES = 0x1_0000;
/** Units that the one byte for them can name. */
const UNITS = 0x100;
/** Modbus Application Protocol 1.1b3, section 7: there is no such address. */
const ILLEGAL_ADDRESS = 2;
/** The same: a gateway has no way to the unit, or no answer from it. */
const UNREACHED: ReadonlySet<number> = new Set([10, 11]);
/** Requests without a byte in return after which the other end is taken to be gone: one lost may be the network's. */
const SILENCES_MOST = 3;

/** One read. `timeoutMs` is the deadline of the whole answer, `gapMs` the silence kept after it. */
export interface ModbusRead extends ReadRequest {
  readonly timeoutMs: number;
  readonly gapMs: number;
  /** Default: normal. */
  readonly urgency?: Urgency;
}

/** What a read brought: words (0 or 1 for the bit tables), and the real time from request to answer. */
export interface ModbusAnswer {
  readonly words: readonly number[];
  readonly tookMs: number;
}

/** The device answered with an exception code (Modbus Application Protocol 1.1b3, section 7). */
export class ModbusException extends Error {
  override name = "ModbusException";
  readonly code: number;

  constructor(code: number) {
    super(`Modbus exception ${code}`);
    this.code = code;
  }
}

/** A read that waits for its turn or for its answer. */
interface Read {
  readonly unit: number;
  readonly urgency: Urgency;
  readonly asked: ModbusRead;
  readonly resolve: (answer: ModbusAnswer) => void;
  readonly reject: (error: Error) => void;
}

export class ModbusClient implements Asker, WireEnd {
  readonly #framing: Framing;
  readonly #queue = new Queue<Read>();
  #wire: Wire | null = null;
  #inFlight: Read | null = null;
  /** The read whose turn it still is: what was sent for it so far was not its own request. */
  #again: Read | null = null;
  #deadline: NodeJS.Timeout | undefined;
  #rest: NodeJS.Timeout | undefined;
  #sentMs = 0;
  #endedMs = 0;
  /** When the silence after the last answer is over. */
  #freeMs = 0;
  /** Requests in a row since which not a byte has come. */
  #silences = 0;
  /** Why the connection ended, once it has. */
  #ending: string | null = null;

  private constructor({ transport = plainTcp }: ModbusTarget) {
    const isRtu = transport.kind === "rtu" || transport.kind === "serial";
    this.#framing = isRtu ? new RtuFraming(this, silenceMs(transport)) : new TcpFraming(this);
  }

  /** Connects; rejects with a {@link LineFault} when that fails, takes too long or `stop` aborts. */
  static async connect(target: ModbusTarget, stop: AbortSignal): Promise<ModbusClient> {
    const client = new ModbusClient(target);
    try {
      client.#wire = await openWire(target, client, stop);
      await pause(target.afterConnectMs, stop);
      if (stop.aborted) throw new LineFault("broken", "stopped", { asked: false });
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  get usable(): boolean {
    return this.#ending === null && this.#wire !== null && this.#wire.writable;
  }

  /** Replies that were discarded because they answered no request in flight. */
  get strays(): number {
    return this.#framing.strays;
  }

  /** Whether a unit did not answer when it was last asked. */
  isSilent(unit: number): boolean {
    return this.#queue.isSilent(unit);
  }

  /** Reads when its turn has come. Rejects with a {@link ModbusException} or a {@link LineFault}. */
  read(asked: ModbusRead): Promise<ModbusAnswer> {
    return new Promise((resolve, reject) => {
      const { unit, table, addr, count, urgency = "normal" } = asked;
      assert(count >= 1 && count <= mostOf(table), "a request asks for what one answer can hold");
      assert(unit >= 0 && unit < UNITS, "a unit fits its byte");
      // Where a SunSpec model stands is the device's word, and may put its registers past the last one.
      if (addr < 0 || addr + count > ADDRESSES) return reject(new ModbusException(ILLEGAL_ADDRESS));
      const read: Read = { unit, urgency, asked, resolve, reject };
      if (this.#isFree()) this.#pass(read);
      else if (this.#queue.push(read)) this.#next();
      else reject(new LineFault("silent", `${this.#queue.size} requests wait already`, { asked: false }));
    });
  }

  close(): void {
    this.#end("closed");
  }

  /** Whether a request could be sent at once, and none waits for that. */
  #isFree(): boolean {
    if (this.#inFlight !== null || this.#rest !== undefined || this.#again !== null) return false;
    return this.#queue.size === 0 && this.usable && this.#restMs() <= 0;
  }

  #pass(read: Read): void {
    this.#queue.pass(read.unit);
    this.#send(read);
  }

  #restMs(): number {
    return Math.max(this.#freeMs, this.#framing.freeMs) - Stopwatch.nowMs();
  }

  /** Sends the request whose turn it is, once the silence before it has been kept. */
  #next(): void {
    if (this.#inFlight !== null || this.#rest !== undefined) return;
    if (this.#again === null && this.#queue.size === 0) return;
    if (!this.usable) return this.#failWaiting();
    const restMs = this.#restMs();
    if (restMs > 0) this.#rest = setTimeout(this.#rested, restMs);
    else this.#send(this.#again ?? this.#queue.take()!);
  }

  readonly #rested = (): void => {
    this.#rest = undefined;
    this.#next();
  };

  #send(read: Read): void {
    this.#again = null;
    this.#inFlight = read;
    const request = this.#framing.ask(read.asked);
    this.#deadline = setTimeout(this.#late, read.asked.timeoutMs);
    this.#sentMs = Stopwatch.nowMs();
    this.#wire?.write(request);
  }

  readonly #late = (): void => {
    const late = this.#inFlight;
    // When it was this process that was late, the answer may be here already, and is read before then.
    setImmediate(() => {
      if (late !== null && late === this.#inFlight && !this.#framing.settling) this.#giveUp(late);
    });
  };

  #giveUp(late: Read): void {
    this.#inFlight = null;
    this.#silences += 1;
    this.#queue.fellSilent(late.unit);
    const flaw = this.#framing.giveUp();
    late.reject(new LineFault("silent", "no answer in time"));
    if (flaw !== null) this.#end(flaw);
    else if (this.#silences >= SILENCES_MOST) this.#end(`no answer to ${this.#silences} requests in a row`);
    else this.#next();
  }

  receive(chunk: Uint8Array, length: number): boolean {
    this.#silences = 0;
    const flaw = this.#framing.take(chunk, length);
    if (flaw !== null) this.#end(flaw);
    // Not before the chunk is through: what came before a request cannot answer it.
    else this.#next();
    return this.#ending === null;
  }

  ended(reason: string): void {
    this.#end(reason);
  }

  words(words: readonly number[]): void {
    const read = this.#settled();
    this.#queue.spoke(read.unit);
    read.resolve({ words, tookMs: this.#endedMs - this.#sentMs });
    this.#nextAfterSilence();
  }

  exception(code: number): void {
    const read = this.#settled();
    // It is the gateway that speaks, and it has waited for the unit as long as a time-out.
    if (UNREACHED.has(code)) this.#queue.fellSilent(read.unit);
    else this.#queue.spoke(read.unit);
    read.reject(new ModbusException(code));
    this.#nextAfterSilence();
  }

  wrong(what: string): void {
    this.#settled().reject(new LineFault("silent", `the device sent ${what}`));
    this.#nextAfterSilence();
  }

  again(): void {
    this.#again = this.#settled();
    this.#queue.spoke(this.#again.unit);
    this.#nextAfterSilence();
  }

  /** The request in flight is answered. */
  #settled(): Read {
    const read = this.#inFlight;
    assert(read !== null, "an answer has a request");
    clearTimeout(this.#deadline);
    this.#inFlight = null;
    this.#endedMs = Stopwatch.nowMs();
    this.#freeMs = this.#endedMs + read.asked.gapMs;
    return read;
  }

  /** Framings that wait for a silence tell of an answer when no chunk is being taken. */
  #nextAfterSilence(): void {
    if (this.#framing.freeMs > 0) this.#next();
  }

  /** Ends the connection for the first reason that is given, and with it all that was asked on it. */
  #end(ending: string): void {
    if (this.#ending !== null) return;
    this.#ending = ending;
    clearTimeout(this.#deadline);
    clearTimeout(this.#rest);
    this.#framing.close();
    this.#wire?.destroy();
    this.#inFlight?.reject(new LineFault("broken", ending));
    this.#inFlight = null;
    this.#failWaiting();
  }

  #failWaiting(): void {
    const fault = (): LineFault => new LineFault("broken", this.#ending ?? "closed by the device", { asked: false });
    this.#again?.reject(fault());
    this.#again = null;
    for (const { reject } of this.#queue.drain()) reject(fault());
  }
}
