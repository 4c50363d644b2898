/**
 * A Modbus device as a line: blocks of registers read one after the other into an image, and the
 * points decoded from it. Exception codes are told apart: what is not there is found by halving
 * the block, a busy device is asked again, and a gateway that cannot reach its device is silence.
 */
import type { Fault } from "../../core/reading.ts";
import type { DeviceLink } from "../../profiles/link.ts";
import { decodeModbus } from "../../profiles/modbus.ts";
import type {
  LinkRules,
  ModbusAddress,
  ModbusBlock,
  ModelBases,
  PointModel,
  Registers,
  Sample,
} from "../../profiles/model.ts";
import { findSunSpecModels } from "../../profiles/sunspec.ts";
import { type Between, type Line, LineFault, lineFault, type OpenLine, type Poll, type Raw } from "../line.ts";
import { pause } from "../pause.ts";
import { POLLS_UNTIL_ASKED_AGAIN } from "../refusals.ts";
import { Stopwatch } from "../stopwatch.ts";
import { Suspects } from "../suspects.ts";
import { type ModbusAnswer, ModbusException, type ModbusRead } from "./client.ts";
import { Lessons } from "./lessons.ts";
import { Trunks, type TrunkUse } from "./trunk.ts";
import { Words } from "./words.ts";

/** The unit of a device that is not behind a gateway and does not say otherwise. */
const USUAL_UNIT = 1;
/** Real milliseconds before a busy device is asked again; a busy one needs more than a gap. */
const BUSY_PAUSE_MS = 100;
/** Times that a busy device is asked again before its points are given up for this poll. */
const BUSY_RETRIES = 2;
/** Requests that one refused block may cost while its halves are tried; the rest waits for the next poll. */
const HALVING_REQUESTS = 64;

/** What an exception code (Modbus Application Protocol 1.1b3, section 7) means for the points asked for. */
const EXCEPTIONS: ReadonlyMap<number, Fault | "halve" | "busy"> = new Map([
  [1, "configuration"],
  [2, "halve"],
  [3, "halve"],
  [4, "deviceFailure"],
  [5, "busy"],
  [6, "busy"],
  [8, "deviceFailure"],
  [10, "noCommunication"],
  [11, "noCommunication"],
]);

/** Codes by which a device says that it has no such registers. */
const ABSENT: ReadonlySet<number> = new Set([1, 2, 3]);

/** Opens Modbus lines to a device. Devices behind one gateway are to be given the same trunks. */
export function modbusOpener(link: DeviceLink, trunks = new Trunks()): OpenLine {
  const { host, port, unit = USUAL_UNIT } = link.address;
  const rules = link.model.link;
  const target = { host, port, timeoutMs: rules.timeout, afterConnectMs: rules.afterConnect };
  const relative = link.model.points.some(({ at }) => at.protocol === "modbus" && at.model !== null);
  const suspects = new Suspects();
  return async (stop) => {
    const way = new Way(await trunks.acquire(target, stop), unit, rules);
    try {
      const bases = relative ? await modelBases(way) : new Map<number, number>();
      return new ModbusLine(way, rules, { bases, suspects, complete: !relative || bases.size > 0 });
    } catch (error) {
      way.close();
      throw error;
    }
  };
}

/** A device's requests on a connection that others may share. */
class Way {
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

  read(table: ModbusAddress["table"], addr: number, count: number): Promise<ModbusAnswer> {
    const { timeout, gap } = this.#rules;
    const request: ModbusRead = { unit: this.#unit, table, addr, count, timeoutMs: timeout, gapMs: gap };
    return this.#use.client.read(request);
  }

  close(): void {
    this.closed.abort();
    this.#use.release();
  }
}

async function modelBases(way: Way): Promise<ModelBases> {
  const faults: LineFault[] = [];
  const readWords = async (addr: number, count: number): Promise<readonly number[]> => {
    try {
      return (await way.read("holding", addr, count)).words;
    } catch (error) {
      if (!(error instanceof ModbusException)) faults.push(lineFault(error));
      throw error;
    }
  };
  const bases = await findSunSpecModels(readWords).catch(noModels);
  // The search takes a failure for "not here"; on a line that broke on the way it has found nothing out.
  if (faults[0]) throw faults[0];
  return bases;
}

/** A device that refuses the registers has no models; one that failed otherwise may have. */
function noModels(error: unknown): ModelBases {
  if (!(error instanceof ModbusException)) throw error;
  if (ABSENT.has(error.code)) return new Map();
  throw new LineFault("broken", `no SunSpec models: ${error.message}`);
}

/** What is known of a device when its line is opened. */
interface Found {
  readonly bases: ModelBases;
  /** False when models were looked for and none was found. */
  readonly complete: boolean;
  /** They outlast the line, because it is by its end that they are known. */
  readonly suspects: Suspects;
}

class ModbusLine implements Line {
  readonly #way: Way;
  readonly #bases: ModelBases;
  readonly #lessons: Lessons;
  readonly #suspects: Suspects;
  /** Polls left until a device in which no model was found is searched again. */
  #searchAgainIn: number;

  constructor(way: Way, rules: LinkRules, found: Found) {
    this.#way = way;
    this.#bases = found.bases;
    this.#lessons = new Lessons(rules, found.bases);
    this.#suspects = found.suspects;
    this.#searchAgainIn = found.complete ? Number.POSITIVE_INFINITY : POLLS_UNTIL_ASKED_AGAIN;
  }

  get usable(): boolean {
    return this.#way.usable && this.#searchAgainIn > 0;
  }

  async poll(points: readonly PointModel[], between: Between): Promise<Poll> {
    this.#searchAgainIn -= 1;
    const { ask, refused } = this.#lessons.refusals.sift(points);
    const plan = this.#suspects.last(this.#lessons.plan(ask));
    const reader = new Reader(this.#way, this.#lessons, this.#suspects);
    const fault = await reader.readAll(plan, between);
    const { latencyMs, registers } = reader;
    const heard = plan.length === 0 ? null : reader.heard;
    const samples = [...refused];
    for (const point of ask) {
      const sample = this.#sample(point, reader);
      // On a line that failed, a word that is missing has not been asked for yet.
      if (fault === null || !("fault" in sample) || sample.fault !== "noCommunication") samples.push(sample);
    }
    const rawOf = (point: PointModel): Raw => rawWords(point, registers, this.#bases);
    return { samples, heard, latencyMs, fault, rawOf };
  }

  close(): void {
    this.#way.close();
  }

  #sample(point: PointModel, reader: Reader): Sample {
    const { at } = point;
    if (at.protocol === "modbus" && at.model !== null && !this.#bases.has(at.model)) {
      return { point, fault: "notFitted" };
    }
    const fault = reader.faults.get(point);
    return fault === undefined ? decodeModbus(point, reader.registers, this.#bases) : { point, fault };
  }
}

/** The reading of one plan. */
class Reader {
  readonly registers = new Words();
  readonly faults = new Map<PointModel, Fault>();
  heard = false;
  readonly #way: Way;
  readonly #lessons: Lessons;
  readonly #suspects: Suspects;
  readonly #stopwatch = new Stopwatch();
  #halvings = 0;

  constructor(way: Way, lessons: Lessons, suspects: Suspects) {
    this.#way = way;
    this.#lessons = lessons;
    this.#suspects = suspects;
  }

  get latencyMs(): number | null {
    return this.#stopwatch.meanMs;
  }

  async readAll(plan: readonly ModbusBlock[], between: Between): Promise<LineFault | null> {
    for (const [index, block] of plan.entries()) {
      if (index > 0) await between();
      try {
        await this.#read(block, BUSY_RETRIES);
        this.#suspects.clear(block.points);
      } catch (error) {
        const fault = lineFault(error);
        if (fault.asked) this.#suspects.blame(block.points);
        return fault;
      }
    }
    return null;
  }

  /** True when the block was read; false when its points got faults instead. */
  async #read(block: ModbusBlock, busyRetries: number): Promise<boolean> {
    const meaning = await this.#attempt(block);
    if (meaning === null) return true;
    if (meaning.means === "halve") await this.#halve(block, meaning.code);
    else if (meaning.means !== "busy") this.#fail(block, meaning.means);
    else if (busyRetries === 0) this.#fail(block, "noCommunication");
    else {
      await pause(BUSY_PAUSE_MS, this.#way.closed.signal);
      return this.#read(block, busyRetries - 1);
    }
    return false;
  }

  /** Null when the block was read, otherwise what the device's exception means. */
  async #attempt(block: ModbusBlock): Promise<{ code: number; means: Fault | "halve" | "busy" } | null> {
    try {
      const { words, tookMs } = await this.#way.read(block.table, block.addr, block.count);
      this.registers.add(block.table, block.addr, words);
      this.heard = true;
      this.#stopwatch.add(tookMs);
      return null;
    } catch (error) {
      if (!(error instanceof ModbusException)) throw error;
      const means = EXCEPTIONS.get(error.code) ?? "deviceFailure";
      // A gateway's word for "it does not answer" is not the device's.
      this.heard ||= means !== "noCommunication";
      return { code: error.code, means };
    }
  }

  async #halve(block: ModbusBlock, code: number): Promise<void> {
    const [only, second] = block.points;
    if (only && !second) return this.#refuse(only, code);
    for (const half of this.#lessons.halves(block)) {
      this.#halvings += 1;
      if (this.#halvings > HALVING_REQUESTS) this.#fail(half, "configuration");
      else if (await this.#read(half, BUSY_RETRIES)) this.#lessons.part(half.points);
    }
  }

  /** Code 2 says that there is no such address, code 3 that it may not be read so. */
  #refuse(point: PointModel, code: number): void {
    const fault = code === 2 ? "notFitted" : "configuration";
    this.faults.set(point, fault);
    this.#lessons.part([point]);
    this.#lessons.refusals.add(point, fault);
  }

  #fail(block: ModbusBlock, fault: Fault): void {
    for (const point of block.points) this.faults.set(point, fault);
  }
}

function rawWords(point: PointModel, registers: Registers, bases: ModelBases): Raw {
  if (point.at.protocol !== "modbus") return null;
  const { table, count, addr, model } = point.at;
  const start = model === null ? addr : addr + (bases.get(model) ?? Number.NaN);
  const words = Array.from({ length: count }, (_, index) => registers.get(table, start + index));
  return words.every((word) => word !== undefined) ? words : null;
}
