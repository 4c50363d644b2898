/**
 * A Modbus TCP connection that is read one request at a time. A request that has no whole answer
 * by its deadline ends the connection, so that a late reply can never be taken for the next
 * answer.
 */
import { connect, type Socket } from "node:net";
import modbusSerial from "modbus-serial";
import type { ModbusAddress } from "../../profiles/model.ts";
import { LineFault } from "../line.ts";
import { pause } from "../pause.ts";
import { Stopwatch } from "../stopwatch.ts";
import { StrictPort } from "./port.ts";

const ModbusRTU = modbusSerial.default;

/** First keep-alive probe of an idle connection: well within the minute after which firewalls start to forget. */
const KEEP_ALIVE_MS = 15_000;

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
export interface ModbusRead {
  readonly unit: number;
  readonly table: ModbusAddress["table"];
  readonly addr: number;
  readonly count: number;
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

export class ModbusClient {
  readonly #port: StrictPort;
  readonly #modbus: InstanceType<typeof ModbusRTU>;
  readonly #closed = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();
  #endedMs = Number.NEGATIVE_INFINITY;
  #abandon: (fault: LineFault) => void = () => {};

  private constructor(socket: Socket) {
    this.#port = new StrictPort(socket);
    this.#modbus = new ModbusRTU(this.#port);
    this.#modbus.open();
    this.#port.on("close", () => this.close());
  }

  /** Connects; rejects with a {@link LineFault} when that fails, takes too long or `stop` aborts. */
  static async connect(target: ModbusTarget, stop: AbortSignal): Promise<ModbusClient> {
    const client = new ModbusClient(await connected(target, stop));
    await pause(target.afterConnectMs, stop);
    if (!stop.aborted) return client;
    client.close();
    throw new LineFault("broken", "stopped", { asked: false });
  }

  get usable(): boolean {
    return this.#port.isOpen;
  }

  /** Replies that were discarded because they answered no request in flight. */
  get strays(): number {
    return this.#port.strays;
  }

  /** Reads when all earlier reads are done. Rejects with a {@link ModbusException} or a {@link LineFault}. */
  read(request: ModbusRead): Promise<ModbusAnswer> {
    const answer = this.#queue.then(() => this.#exchange(request));
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  close(): void {
    this.#closed.abort();
    this.#modbus.destroy(() => {});
    this.#abandon(new LineFault("broken", this.#port.ending));
  }

  async #exchange(request: ModbusRead): Promise<ModbusAnswer> {
    await pause(this.#endedMs + request.gapMs - Stopwatch.nowMs(), this.#closed.signal);
    if (!this.usable) throw new LineFault("broken", this.#port.ending, { asked: false });
    const startMs = Stopwatch.nowMs();
    try {
      const words = await this.#ask(request);
      return { words, tookMs: Stopwatch.nowMs() - startMs };
    } catch (error) {
      if (error instanceof ModbusException) throw error;
      this.close();
      throw error;
    } finally {
      this.#endedMs = Stopwatch.nowMs();
    }
  }

  #ask(request: ModbusRead): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      this.#abandon = reject;
      this.#modbus.setTimeout(request.timeoutMs);
      this.#send(request, (error, answer) => {
        if (error) reject(translated(error));
        else resolve(wordsOf(answer.data, request.count));
      });
    });
  }

  #send({ unit, table, addr, count }: ModbusRead, answered: Answered): void {
    if (table === "holding") this.#modbus.writeFC3(unit, addr, count, answered);
    else if (table === "input") this.#modbus.writeFC4(unit, addr, count, answered);
    else if (table === "coil") this.#modbus.writeFC1(unit, addr, count, answered);
    else this.#modbus.writeFC2(unit, addr, count, answered);
  }
}

type Answered = (error: Error | null, answer: { readonly data: readonly (number | boolean)[] }) => void;

/** The bit tables answer in whole bytes, and in booleans. */
const wordsOf = (data: readonly (number | boolean)[], count: number): readonly number[] =>
  isWords(data) ? data : data.slice(0, count).map(Number);

const isWords = (data: readonly (number | boolean)[]): data is readonly number[] => typeof data[0] === "number";

function translated(error: Error): Error {
  if ("modbusCode" in error) return new ModbusException(Number(error.modbusCode));
  return new LineFault("broken", error.name === "TransactionTimedOutError" ? "no answer in time" : error.message);
}

function connected(target: ModbusTarget, stop: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target.host, port: target.port, noDelay: true, keepAlive: true });
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const settle = (reason: string | null): void => {
      clearTimeout(deadline);
      stop.removeEventListener("abort", stopped);
      socket.off("connect", opened).off("error", failed);
      if (reason === null) return resolve(socket);
      // A refusal that comes after we gave up has no one left to tell.
      socket.on("error", () => undefined).destroy();
      reject(new LineFault("broken", reason, { asked: false }));
    };
    const opened = (): void => settle(null);
    const failed = (error: Error): void => settle(error.message);
    const stopped = (): void => settle("stopped");
    const deadline = setTimeout(() => settle("no connection in time"), target.timeoutMs);
    socket.once("connect", opened).once("error", failed);
    stop.addEventListener("abort", stopped, { once: true });
    if (stop.aborted) stopped();
  });
}
