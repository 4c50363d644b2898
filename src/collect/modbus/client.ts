/**
 * A Modbus TCP connection that is read one request at a time. A request that has no whole answer
 * by its deadline ends the connection, so that a late reply can never be taken for the next
 * answer. So does a reply that cannot be one; replies to nobody are discarded and counted.
 */
import { connect, type Socket } from "node:net";
import { assert } from "../../core/assert.ts";
import { LineFault } from "../line.ts";
import { pause } from "../pause.ts";
import { Stopwatch } from "../stopwatch.ts";
import {
  encodeRead,
  exceptionIn,
  FrameCutter,
  isTransactionOf,
  mostOf,
  REQUEST_BYTES,
  type ReadRequest,
  wordsIn,
  wrongness,
} from "./frame.ts";

/** First keep-alive probe of an idle connection: well within the minute after which firewalls start to forget. */
const KEEP_ALIVE_MS = 15_000;
/** Registers of a table. */
const ADDRESSES = 0x1_0000;
/** Units that the one byte for them can name. */
const UNITS = 0x100;
/** Bytes taken from the system at once: the longest frame and a stray one before it. */
const CHUNK_BYTES = 520;
/** Modbus Application Protocol 1.1b3, section 7: there is no such address. */
const ILLEGAL_ADDRESS = 2;

/** Where to connect, and how. */
export interface ModbusTarget {
  readonly host: string;
  readonly port: number;
  /** Real milliseconds in which the connection must stand. */
  readonly timeoutMs: number;
  /** Silence kept after connecting. */
  readonly afterConnectMs: number;
}

/** One read. `timeoutMs` is the deadline of the whole answer, `gapMs` the silence kept before the request. */
export interface ModbusRead extends ReadRequest {
  readonly timeoutMs: number;
  readonly gapMs: number;
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
  readonly asked: ModbusRead;
  readonly resolve: (answer: ModbusAnswer) => void;
  readonly reject: (error: Error) => void;
}

export class ModbusClient {
  /** Replies that were discarded because they answered no request in flight. */
  strays = 0;
  readonly #socket: Socket;
  readonly #cutter = new FrameCutter();
  /** Written over by each request: the last one has left by the time that its answer is here. */
  readonly #request = new Uint8Array(REQUEST_BYTES);
  readonly #waiting: Read[] = [];
  #inFlight: Read | null = null;
  /** True while a frame is coming in that began before the request did, so that it cannot answer it. */
  #foreign = false;
  #deadline: NodeJS.Timeout | undefined;
  #gap: NodeJS.Timeout | undefined;
  #sentMs = 0;
  #endedMs = Number.NEGATIVE_INFINITY;
  /** Why the connection ended, once it has. */
  #ending: string | null = null;

  private constructor({ host, port }: ModbusTarget) {
    const callback = (length: number, chunk: Uint8Array): boolean => this.#receive(chunk, length);
    const onread = { buffer: new Uint8Array(CHUNK_BYTES), callback };
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      onread,
    });
    this.#socket.on("error", (error) => this.#end(error.message));
    this.#socket.on("end", () => this.#end("closed by the device"));
    this.#socket.on("close", () => this.#end("closed by the device"));
  }

  /** Connects; rejects with a {@link LineFault} when that fails, takes too long or `stop` aborts. */
  static async connect(target: ModbusTarget, stop: AbortSignal): Promise<ModbusClient> {
    const client = new ModbusClient(target);
    try {
      await connected(client.#socket, target.timeoutMs, stop);
      await pause(target.afterConnectMs, stop);
      if (stop.aborted) throw new LineFault("broken", "stopped", { asked: false });
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  get usable(): boolean {
    return this.#ending === null && this.#socket.writable;
  }

  /** Reads when all earlier reads are done. Rejects with a {@link ModbusException} or a {@link LineFault}. */
  read(asked: ModbusRead): Promise<ModbusAnswer> {
    return new Promise((resolve, reject) => {
      assert(asked.count >= 1 && asked.count <= mostOf(asked.table), "a request asks for what one answer can hold");
      assert(asked.unit >= 0 && asked.unit < UNITS, "a unit fits its byte");
      // Where a SunSpec model stands is the device's word, and may put its registers past the last one.
      if (asked.addr < 0 || asked.addr + asked.count > ADDRESSES) return reject(new ModbusException(ILLEGAL_ADDRESS));
      this.#waiting.push({ asked, resolve, reject });
      this.#next();
    });
  }

  close(): void {
    this.#end("closed");
  }

  /** Sends the request whose turn it is, once the silence before it has been kept. */
  #next(): void {
    if (this.#inFlight !== null || this.#gap !== undefined) return;
    const read = this.#waiting[0];
    if (read === undefined) return;
    if (!this.usable) return this.#failWaiting();
    const restMs = this.#endedMs + read.asked.gapMs - Stopwatch.nowMs();
    if (restMs > 0) this.#gap = setTimeout(this.#gapOver, restMs);
    else this.#send(read);
  }

  readonly #gapOver = (): void => {
    this.#gap = undefined;
    this.#next();
  };

  #send(read: Read): void {
    this.#waiting.shift();
    this.#inFlight = read;
    this.#foreign = this.#cutter.partial;
    encodeRead(this.#request, read.asked);
    this.#deadline = setTimeout(this.#late, read.asked.timeoutMs);
    this.#sentMs = Stopwatch.nowMs();
    this.#socket.write(this.#request);
  }

  readonly #late = (): void => {
    const late = this.#inFlight;
    // When it was this process that was late, the answer may be here already, and is read before then.
    setImmediate(() => {
      if (late === this.#inFlight) this.#end("no answer in time");
    });
  };

  #receive(chunk: Uint8Array, length: number): boolean {
    const flaw = this.#cutter.cut(chunk, length, this.#judge);
    if (flaw !== null) this.#end(`the device sent ${flaw}`);
    // Not before the chunk is through: what came before a request cannot answer it.
    else this.#next();
    return this.#ending === null;
  }

  readonly #judge = (frame: Uint8Array): void => {
    if (this.#inFlight === null || this.#foreign || !isTransactionOf(frame, this.#request)) {
      this.#foreign = false;
      this.strays += 1;
      return;
    }
    const wrong = wrongness(frame, this.#request);
    if (wrong === null) this.#settle(this.#inFlight, frame);
    else this.#end(`the device sent ${wrong}`);
  };

  #settle(read: Read, frame: Uint8Array): void {
    clearTimeout(this.#deadline);
    this.#inFlight = null;
    this.#endedMs = Stopwatch.nowMs();
    const code = exceptionIn(frame);
    if (code !== null) read.reject(new ModbusException(code));
    else read.resolve({ words: wordsIn(frame, this.#request), tookMs: this.#endedMs - this.#sentMs });
  }

  /** Ends the connection for the first reason that is given, and with it all that was asked on it. */
  #end(ending: string): void {
    if (this.#ending !== null) return;
    this.#ending = ending;
    clearTimeout(this.#deadline);
    clearTimeout(this.#gap);
    this.#socket.destroy();
    this.#inFlight?.reject(new LineFault("broken", ending));
    this.#inFlight = null;
    this.#failWaiting();
  }

  #failWaiting(): void {
    const fault = { asked: false };
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new LineFault("broken", this.#ending ?? "closed by the device", fault));
    }
  }
}

function connected(socket: Socket, timeoutMs: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (reason: string | null): void => {
      clearTimeout(deadline);
      stop.removeEventListener("abort", stopped);
      socket.off("connect", opened).off("error", failed);
      if (reason === null) resolve();
      else reject(new LineFault("broken", reason, { asked: false }));
    };
    const opened = (): void => settle(null);
    const failed = (error: Error): void => settle(error.message);
    const stopped = (): void => settle("stopped");
    const deadline = setTimeout(() => settle("no connection in time"), timeoutMs);
    socket.once("connect", opened).once("error", failed);
    stop.addEventListener("abort", stopped, { once: true });
    if (stop.aborted) stopped();
  });
}
