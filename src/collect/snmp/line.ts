/**
 * An SNMP agent as a line: GETs of many objects, one at a time. An error that the agent gives for
 * one object spoils the whole answer, so that object is set aside and the others are asked again;
 * an answer that would be too big teaches us to ask for less.
 */
import type { Fault } from "../../core/reading.ts";
import type { DeviceLink, SnmpAccess } from "../../profiles/link.ts";
import type { PointModel, Sample, TableModel } from "../../profiles/model.ts";
import { decodeSnmp, opaqueNumber, type Varbind } from "../../profiles/snmp.ts";
import {
  type Between,
  type Line,
  type LineFault,
  lineFault,
  type OpenLine,
  type Poll,
  type Raw,
  type Walked,
} from "../line.ts";
import { Stopwatch } from "../stopwatch.ts";
import { SnmpClient, SnmpRefusal } from "./client.ts";
import { type Batch, batchOf, halvesOf, Lessons } from "./lessons.ts";
import { Tables } from "./tables.ts";

const USUAL_ACCESS: SnmpAccess = { version: "2c" };

/** Error statuses of RFC 3416, section 3, that say more than "it failed". */
const TOO_BIG = 1;
const NO_SUCH_NAME = 2;
const FAULTS: ReadonlyMap<number, Fault> = new Map([
  [NO_SUCH_NAME, "notFitted"],
  [6, "configuration"],
  [16, "configuration"],
]);
/** Statuses that an agent will give again for the same object, so that it is worth remembering. */
const LASTING: ReadonlySet<number> = new Set([NO_SUCH_NAME, 6, 16]);

/** Opens SNMP lines to a device. What it teaches outlasts each of them. */
export function snmpOpener(link: DeviceLink): OpenLine {
  const { host, port, snmp: access = USUAL_ACCESS } = link.address;
  const rules = link.model.link;
  const target = { host, port, access, timeoutMs: rules.timeout, retries: rules.retries, gapMs: rules.gap };
  // A row in an answer is an object, and takes the room of one. Version 1 has no GETBULK.
  const lessons = new Lessons(rules, new Tables(access.version === "1" ? 1 : rules.oids));
  return async (stop) => {
    const client = await SnmpClient.open(target);
    if (stop.aborted) client.close();
    return new SnmpLine(client, lessons);
  };
}

class SnmpLine implements Line {
  readonly #client: SnmpClient;
  readonly #lessons: Lessons;

  constructor(client: SnmpClient, lessons: Lessons) {
    this.#client = client;
    this.#lessons = lessons;
  }

  get usable(): boolean {
    return this.#client.usable;
  }

  async poll(points: readonly PointModel[], between: Between): Promise<Poll> {
    const { ask, refused } = this.#lessons.refusals.sift(points);
    const asking = new Asking(this.#client, this.#lessons, refused);
    const fault = await asking.askAll(() => this.#lessons.plan(points, ask), between);
    const { samples, latencyMs } = asking;
    const heard = ask.length === 0 ? null : asking.heard;
    return { samples, heard, latencyMs, fault, rawOf: (point) => asking.rawOf(point) };
  }

  walk(tables: readonly TableModel[], between: Between): Promise<Walked> {
    return this.#lessons.tables.walk(this.#client, tables, between);
  }

  learned(): readonly string[] {
    return this.#lessons.learned();
  }

  close(): void {
    this.#client.close();
  }
}

/** The asking of one poll's batches. */
class Asking {
  readonly samples: Sample[];
  heard = false;
  readonly #client: SnmpClient;
  readonly #lessons: Lessons;
  readonly #stopwatch = new Stopwatch();
  readonly #answers: (readonly [Batch, readonly Varbind[]])[] = [];

  constructor(client: SnmpClient, lessons: Lessons, refused: readonly Sample[]) {
    this.#client = client;
    this.#lessons = lessons;
    this.samples = [...refused];
  }

  get latencyMs(): number | null {
    return this.#stopwatch.meanMs;
  }

  /** What stood on the wire for a point. Looked for when asked for, which is when people read by hand. */
  rawOf(point: PointModel): Raw {
    for (const [{ points }, varbinds] of this.#answers) {
      const place = points.indexOf(point);
      if (place >= 0) return rawValue(varbinds[place]!);
    }
    return null;
  }

  async askAll(plan: () => readonly Batch[], between: Between): Promise<LineFault | null> {
    let asked: Batch | null = null;
    try {
      const batches = plan();
      if (await this.#knock(batches)) await between();
      for (const batch of batches) {
        if (asked) await between();
        asked = batch;
        await this.#ask(batch);
      }
      return null;
    } catch (error) {
      const fault = lineFault(error);
      if (asked && fault.kind === "silent") this.#lessons.silent(asked, this.heard);
      return fault;
    }
  }

  /** Whether there was a knock to make, and the agent answered it. */
  async #knock(batches: readonly Batch[]): Promise<boolean> {
    const question = this.#lessons.knock(batches);
    if (!question) return false;
    try {
      await this.#client.ask(question);
    } catch (error) {
      if (!(error instanceof SnmpRefusal)) throw error;
    }
    this.heard = true;
    return true;
  }

  /** Every request of a refused batch is for fewer objects than the one before, so this comes to an end. */
  async #ask(batch: Batch): Promise<void> {
    const refusal = await this.#get(batch);
    if (!refusal) return this.#lessons.answered(batch);
    const { oids } = batch.question;
    const spoiler = oids.length === 1 ? 0 : oids.indexOf(refusal.oid ?? "");
    if (refusal.status === TOO_BIG && oids.length > 1) await this.#askLess(batch);
    else if (spoiler < 0) await this.#halve(batch);
    else await this.#askWithout(batch, spoiler, refusal.status);
  }

  /** Null when the batch was answered, otherwise the agent's refusal. */
  async #get(batch: Batch): Promise<SnmpRefusal | null> {
    try {
      const { varbinds, tookMs } = await this.#client.ask(batch.question);
      this.heard = true;
      this.#stopwatch.add(tookMs);
      this.#answers.push([batch, varbinds]);
      for (let i = 0; i < varbinds.length; i += 1) this.samples.push(decodeSnmp(batch.points[i]!, varbinds[i]));
      return null;
    } catch (error) {
      if (!(error instanceof SnmpRefusal)) throw error;
      this.heard = true;
      return error;
    }
  }

  async #askLess(batch: Batch): Promise<void> {
    this.#lessons.tooBig(batch.points.length);
    await this.#halve(batch);
  }

  async #halve(batch: Batch): Promise<void> {
    for (const half of halvesOf(batch.points)) await this.#ask(batchOf(half));
  }

  async #askWithout(batch: Batch, spoiler: number, status: number): Promise<void> {
    const point = batch.points[spoiler]!;
    const fault = FAULTS.get(status) ?? "deviceFailure";
    this.samples.push({ point, fault });
    if (LASTING.has(status)) this.#lessons.refuse(point, fault);
    const rest = batch.points.toSpliced(spoiler, 1);
    if (rest.length > 0) await this.#ask(batchOf(rest));
  }
}

function rawValue({ type, value }: Varbind): Raw {
  if (Buffer.isBuffer(value)) return opaqueNumber(type, value) ?? readable(value);
  return typeof value === "number" || typeof value === "bigint" || typeof value === "string" ? value : null;
}

/** Printable text as text, other bytes in hexadecimal. */
function readable(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  return /^[\x20-\x7e]*$/.test(text) ? text : `0x${bytes.toString("hex")}`;
}
