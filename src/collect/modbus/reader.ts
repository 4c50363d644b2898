/**
 * The reading of one plan of requests. Exception codes are told apart: what is not there, or is more
 * than the device gives at once, is found by halving the block; a busy device is asked again; a
 * gateway that does not reach its device is the device's silence. A block that is answered by
 * silence is halved as well, once the device has shown that it is there.
 */
import type { Fault } from "../../core/reading.ts";
import type { ModbusBlock, PointModel } from "../../profiles/model.ts";
import type { Between } from "../line.ts";
import { type LineFault, lineFault } from "../line.ts";
import { pause } from "../pause.ts";
import { Stopwatch } from "../stopwatch.ts";
import { ModbusException } from "./client.ts";
import type { Lessons } from "./lessons.ts";
import type { Urgency } from "./queue.ts";
import type { Way } from "./way.ts";
import { Words } from "./words.ts";

/** Real milliseconds before a busy device is asked again; a busy one needs more than a gap. */
const BUSY_PAUSE_MS = 100;
/** Times that a busy device is asked again before its points are given up for this poll. */
const BUSY_RETRIES = 2;
/** Requests that one refused block may cost while its halves are tried; the rest waits for the next poll. */
const HALVING_REQUESTS = 64;
/** Of those, how many may cost a time-out. What was learned by then is kept, and the next poll goes on from there. */
const MUTE_REQUESTS = 4;

/** What an answer that is none means for the points asked for. */
type Meaning = Fault | "halve" | "busy" | "mute" | "unreached";

/** The same of an exception code (Modbus Application Protocol 1.1b3, section 7). */
const EXCEPTIONS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [1, "configuration"],
  [2, "halve"],
  [3, "halve"],
  [4, "deviceFailure"],
  [5, "busy"],
  [6, "busy"],
  [8, "deviceFailure"],
  [10, "unreached"],
  [11, "unreached"],
]);

/** What a point is that is refused alone: code 2 says that there is no such address, code 3 that it may not be read so. */
const REFUSED: ReadonlyMap<Meaning, Fault> = new Map<Meaning, Fault>([
  ["halve", "configuration"],
  ["mute", "noCommunication"],
]);
const ILLEGAL_ADDRESS = 2;

interface Refusal {
  readonly means: Meaning;
  /** The exception's code; null for silence. */
  readonly code: number | null;
}

/** How the requests of a poll are put. */
export interface Manner {
  readonly urgency: Urgency;
  /** Requests of one poll that may be repeated after a time-out. */
  readonly retries: number;
  /** Whether the device fills with zeros what it lacks. */
  readonly zeroFilled?: boolean;
}

export class Reader {
  readonly registers = new Words();
  readonly faults = new Map<PointModel, Fault>();
  /** Whether the device itself said anything. */
  heard = false;
  readonly #way: Way;
  readonly #lessons: Lessons;
  readonly #urgency: Urgency;
  readonly #zeroFilled: boolean;
  readonly #stopwatch = new Stopwatch();
  #retries: number;
  #halvings = 0;
  #mutes = 0;
  /** The block that was answered last: by it the device shows that it is there still. */
  #answered: ModbusBlock | null = null;

  constructor(way: Way, lessons: Lessons, { urgency, retries, zeroFilled = false }: Manner) {
    this.#way = way;
    this.#lessons = lessons;
    this.#urgency = urgency;
    this.#zeroFilled = zeroFilled;
    this.#retries = retries;
  }

  get latencyMs(): number | null {
    return this.#stopwatch.meanMs;
  }

  async readAll(plan: readonly ModbusBlock[], between: Between): Promise<LineFault | null> {
    const { suspects } = this.#lessons;
    for (const [index, block] of plan.entries()) {
      if (index > 0) await between();
      try {
        if (!this.heard && block.points.length > 1 && suspects.has(block.points)) await this.#knock(block);
        const { isUnreached } = await this.#read(block, BUSY_RETRIES);
        if (!isUnreached) suspects.clear(block.points);
        else if (!this.heard) {
          // The gateway has waited for it already: each further request would hold up its other units as long.
          for (const rest of plan.slice(index)) this.#fail(rest, "noCommunication");
          suspects.blame(block.points);
          return null;
        }
      } catch (error) {
        const fault = lineFault(error);
        if (fault.asked) suspects.blame(block.points);
        return fault;
      }
    }
    return null;
  }

  /** A block that was answered by silence is asked only when something less is answered. */
  async #knock(block: ModbusBlock): Promise<void> {
    const least = this.#lessons.knock(block);
    if (least) await this.#attempt(least);
  }

  /** Whether the block was read as it is; otherwise its points got faults, or were read in parts. */
  async #read(block: ModbusBlock, busyRetries: number): Promise<{ isRead: boolean; isUnreached: boolean }> {
    const refusal = await this.#attempt(block);
    const means = refusal?.means;
    if (refusal === null || means === undefined) {
      if (this.#zeroFilled && block.points.length > 1) await this.#proveZeros(block);
      return { isRead: true, isUnreached: false };
    }
    if (means === "busy" && busyRetries > 0) {
      await pause(BUSY_PAUSE_MS, this.#way.closed.signal);
      return this.#read(block, busyRetries - 1);
    }
    if (means === "halve" || means === "mute") await this.#halve(block, refusal);
    else this.#fail(block, means === "busy" || means === "unreached" ? "noCommunication" : means);
    return { isRead: false, isUnreached: means === "unreached" };
  }

  /** A zero among others is no value before the device has given it alone: it may stand for what the device lacks. */
  async #proveZeros({ points }: ModbusBlock): Promise<void> {
    const { proven } = this.#lessons;
    const blocks = points.flatMap((point) => {
      const alone = proven.has(point) ? null : this.#lessons.alone(point);
      return alone && this.registers.isZero(alone) ? [alone] : [];
    });
    for (const alone of blocks) this.#fail(alone, "noCommunication");
    for (const alone of blocks) {
      if (!(await this.#read(alone, BUSY_RETRIES)).isRead) continue;
      for (const point of alone.points) {
        this.faults.delete(point);
        proven.add(point);
      }
    }
  }

  /** Null when the block was read, otherwise why not. Throws the fault of a line or device that fell silent. */
  async #attempt(block: ModbusBlock): Promise<Refusal | null> {
    for (;;) {
      try {
        await this.#ask(block);
        this.#answered = block;
        return null;
      } catch (error) {
        if (error instanceof ModbusException) return await this.#refusalBy(error.code);
        const fault = lineFault(error);
        if (fault.kind === "broken" || !fault.asked || !this.#way.usable) throw fault;
        if (this.#retries > 0) this.#retries -= 1;
        else if (await this.#isThere()) return { means: "mute", code: null };
        else throw fault;
      }
    }
  }

  async #ask(block: ModbusBlock): Promise<void> {
    const { words, tookMs } = await this.#way.read(block, this.#urgency);
    this.registers.add(block.table, block.addr, words);
    this.heard = true;
    this.#stopwatch.add(tookMs);
  }

  async #refusalBy(code: number): Promise<Refusal> {
    const means = EXCEPTIONS.get(code) ?? "deviceFailure";
    // A gateway's word for "it does not answer" is not the device's.
    if (means === "unreached") return { means: (await this.#isThere()) ? "mute" : means, code };
    this.heard = true;
    return { means, code };
  }

  /** Whether the device answers still what it has answered in this poll. */
  async #isThere(): Promise<boolean> {
    if (this.#answered === null || this.#mutes >= MUTE_REQUESTS) return false;
    this.#mutes += 1;
    try {
      await this.#ask(this.#answered);
      return true;
    } catch (error) {
      if (!(error instanceof ModbusException)) lineFault(error);
      return false;
    }
  }

  async #halve(block: ModbusBlock, refusal: Refusal): Promise<void> {
    const [only, second] = block.points;
    if (only && !second) return this.#refuse(only, refusal);
    const halves = this.#lessons.halves(block);
    const read: ModbusBlock[] = [];
    for (const half of halves) {
      this.#halvings += 1;
      const isOver = this.#halvings > HALVING_REQUESTS || this.#mutes >= MUTE_REQUESTS;
      if (isOver) this.#fail(half, refusal.means === "mute" ? "noCommunication" : "configuration");
      else if ((await this.#read(half, BUSY_RETRIES)).isRead) read.push(half);
    }
    // What was answered by silence as a whole costs a time-out if it is asked as a whole again.
    for (const half of refusal.means === "mute" ? halves : read) this.#lessons.part(half.points);
    if (refusal.code !== ILLEGAL_ADDRESS && isLengthAlone(halves, read))
      this.#lessons.shorten(Math.max(...read.map(({ count }) => count)));
  }

  #refuse(point: PointModel, { means, code }: Refusal): void {
    const fault = code === ILLEGAL_ADDRESS ? "notFitted" : (REFUSED.get(means) ?? "configuration");
    this.faults.set(point, fault);
    this.#lessons.part([point]);
    this.#lessons.refusals.add(point, fault);
  }

  #fail(block: ModbusBlock, fault: Fault): void {
    for (const point of block.points) this.faults.set(point, fault);
  }
}

/** Both halves were given, and no word lies between them: only together they were too long. */
function isLengthAlone(halves: readonly ModbusBlock[], read: readonly ModbusBlock[]): boolean {
  const [first, second] = halves;
  if (!first || !second || read.length !== halves.length) return false;
  return halves.length === 2 && first.addr + first.count >= second.addr;
}
