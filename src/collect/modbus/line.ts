/**
 * A Modbus device as a line: blocks of registers read one after the other into an image, and the
 * points decoded from it. What the device teaches about itself outlasts the line.
 */

import { scanClasses } from "../../profiles/group.ts";
import { type DeviceAddress, type DeviceLink, plainTcp } from "../../profiles/link.ts";
import { decodeModbus } from "../../profiles/modbus.ts";
import type { LinkRules, ModelBases, PointModel, Registers, Sample, ScanClass } from "../../profiles/model.ts";
import { findSunSpecModels } from "../../profiles/sunspec.ts";
import { type Between, type Line, LineFault, lineFault, type OpenLine, type Poll, type Raw } from "../line.ts";
import { POLLS_UNTIL_ASKED_AGAIN } from "../refusals.ts";
import { ModbusException } from "./client.ts";
import { Lessons } from "./lessons.ts";
import { Reader } from "./reader.ts";
import { Trunks } from "./trunk.ts";
import { Way } from "./way.ts";
import type { ModbusTarget } from "./wire.ts";

/** The unit of a device that is not behind a gateway and does not say otherwise. */
const USUAL_UNIT = 1;
/** Codes by which a device says that it has no such registers. */
const ABSENT: ReadonlySet<number> = new Set([1, 2, 3]);

/** Opens Modbus lines to a device. Devices behind one gateway are to be given the same trunks. */
export function modbusOpener(link: DeviceLink, trunks = new Trunks()): OpenLine {
  const unit = unitOf(link.address);
  const rules = link.model.link;
  const target = targetOf(link);
  const relative = link.model.points.some(({ at }) => at.protocol === "modbus" && at.model !== null);
  const lessons = new Lessons(rules);
  return async (stop) => {
    const way = new Way(await trunks.acquire(target, stop), unit, rules);
    try {
      const bases = relative ? await modelBases(way) : new Map<number, number>();
      if (bases.size > 0) lessons.meet(bases);
      return new ModbusLine(way, rules, { bases, lessons, complete: !relative || bases.size > 0 });
    } catch (error) {
      way.close();
      throw error;
    }
  };
}

export const unitOf = ({ unit = USUAL_UNIT }: DeviceAddress): number => unit;

/** Where a device's connection leads. */
export function targetOf({ address, model }: DeviceLink): ModbusTarget {
  const { host, port, transport = plainTcp } = address;
  return { host, port, transport, timeoutMs: model.link.timeout, afterConnectMs: model.link.afterConnect };
}

async function modelBases(way: Way): Promise<ModelBases> {
  const faults: LineFault[] = [];
  const readWords = async (addr: number, count: number): Promise<readonly number[]> => {
    try {
      return (await way.read({ table: "holding", addr, count }, "fast")).words;
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
  /** They outlast the line: what a device is asked for when a line ends is among them. */
  readonly lessons: Lessons;
}

class ModbusLine implements Line {
  readonly #way: Way;
  readonly #rules: LinkRules;
  readonly #bases: ModelBases;
  readonly #lessons: Lessons;
  /** Polls left until a device in which no model was found is searched again. */
  #searchAgainIn: number;

  constructor(way: Way, rules: LinkRules, found: Found) {
    this.#way = way;
    this.#rules = rules;
    this.#bases = found.bases;
    this.#lessons = found.lessons;
    this.#searchAgainIn = found.complete ? Number.POSITIVE_INFINITY : POLLS_UNTIL_ASKED_AGAIN;
  }

  get usable(): boolean {
    return this.#way.usable && this.#searchAgainIn > 0;
  }

  async poll(points: readonly PointModel[], between: Between): Promise<Poll> {
    this.#searchAgainIn -= 1;
    const { ask, refused } = this.#lessons.refusals.sift(points);
    const plan = this.#lessons.suspects.last(this.#lessons.plan(ask));
    const { retries, zeroFilled = false } = this.#rules;
    const reader = new Reader(this.#way, this.#lessons, { urgency: urgencyOf(points), retries, zeroFilled });
    const fault = await reader.readAll(plan, between);
    const { latencyMs, registers } = reader;
    const heard = plan.length === 0 ? null : reader.heard;
    const decoded = ask.map((point) => this.#sample(point, reader));
    // On a line that failed, a word that is missing has not been asked for yet.
    const asked = fault === null ? decoded : decoded.filter(isSaid);
    const samples = refused.length === 0 ? asked : [...refused, ...asked];
    const rawOf = (point: PointModel): Raw => rawWords(point, registers, this.#bases);
    return { samples, heard, latencyMs, fault, rawOf };
  }

  learned(): readonly string[] {
    return this.#lessons.learned();
  }

  close(): void {
    this.#way.close();
  }

  #sample(point: PointModel, reader: Reader): Sample {
    const { at } = point;
    if (at.protocol === "modbus" && at.model !== null && !this.#bases.has(at.model)) {
      return { point, fault: "notFitted" };
    }
    const fault = reader.faults.size === 0 ? undefined : reader.faults.get(point);
    return fault === undefined ? decodeModbus(point, reader.registers, this.#bases) : { point, fault };
  }
}

const isSaid = (sample: Sample): boolean => !("fault" in sample) || sample.fault !== "noCommunication";

/** The most urgent class among points. */
const urgencyOf = (points: readonly PointModel[]): ScanClass =>
  scanClasses.find((scan) => points.some((point) => point.scan === scan)) ?? "slow";

function rawWords(point: PointModel, registers: Registers, bases: ModelBases): Raw {
  if (point.at.protocol !== "modbus") return null;
  const { table, count, addr, model } = point.at;
  const start = model === null ? addr : addr + (bases.get(model) ?? Number.NaN);
  const words = Array.from({ length: count }, (_, index) => registers.get(table, start + index));
  return words.every((word) => word !== undefined) ? words : null;
}
