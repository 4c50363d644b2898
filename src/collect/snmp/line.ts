/**
 * An SNMP agent as a line: GETs of many objects, one at a time. An error that the agent gives for
 * one object spoils the whole answer, so that object is set aside and the others are asked again;
 * an answer that would be too big teaches us to ask for less.
 */
import type { Fault } from "../../core/reading.ts";
import type { DeviceLink, SnmpAccess } from "../../profiles/link.ts";
import type { LinkRules, PointModel, Sample, SnmpBatch, TableModel } from "../../profiles/model.ts";
import { snmpReadPlan } from "../../profiles/plan.ts";
import { decodeSnmp, type Varbind } from "../../profiles/snmp.ts";
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
import { Refusals } from "../refusals.ts";
import { Stopwatch } from "../stopwatch.ts";
import { Suspects } from "../suspects.ts";
import { SnmpClient, SnmpRefusal } from "./client.ts";
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

/** What an agent has taught us; it outlasts the session. */
interface Lessons {
  /** Objects in one GET: the profile's number until an answer was too big. */
  oids: number;
  readonly refusals: Refusals;
  readonly suspects: Suspects;
  readonly tables: Tables;
}

/** Opens SNMP lines to a device, each a UDP socket of its own. */
export function snmpOpener(link: DeviceLink): OpenLine {
  const { host, port, snmp: access = USUAL_ACCESS } = link.address;
  const rules = link.model.link;
  const target = { host, port, access, timeoutMs: rules.timeout, retries: rules.retries };
  const lessons: Lessons = {
    oids: rules.oids,
    refusals: new Refusals(),
    suspects: new Suspects(),
    // A row in an answer is an object, and takes the room of one. Version 1 has no GETBULK.
    tables: new Tables(access.version === "1" ? 1 : rules.oids),
  };
  return async (stop) => {
    const client = await SnmpClient.open(target);
    if (stop.aborted) client.close();
    return new SnmpLine(client, rules, lessons);
  };
}

class SnmpLine implements Line {
  readonly #client: SnmpClient;
  readonly #rules: LinkRules;
  readonly #lessons: Lessons;

  constructor(client: SnmpClient, rules: LinkRules, lessons: Lessons) {
    this.#client = client;
    this.#rules = rules;
    this.#lessons = lessons;
  }

  get usable(): boolean {
    return this.#client.usable;
  }

  async poll(points: readonly PointModel[], between: Between): Promise<Poll> {
    const { ask, refused } = this.#lessons.refusals.sift(points);
    const asking = new Asking(this.#client, this.#lessons);
    const batches = snmpReadPlan(ask, { ...this.#rules, oids: this.#lessons.oids });
    const fault = await asking.askAll(this.#lessons.suspects.last(batches), between);
    const { latencyMs, values } = asking;
    const heard = batches.length === 0 ? null : asking.heard;
    const rawOf = (point: PointModel): Raw => rawValue(values.get(point));
    return { samples: [...refused, ...asking.samples], heard, latencyMs, fault, rawOf };
  }

  walk(tables: readonly TableModel[], between: Between): Promise<Walked> {
    return this.#lessons.tables.walk(this.#client, tables, between);
  }

  close(): void {
    this.#client.close();
  }
}

/** The asking of one poll's batches. */
class Asking {
  readonly samples: Sample[] = [];
  readonly values = new Map<PointModel, Varbind>();
  heard = false;
  readonly #client: SnmpClient;
  readonly #lessons: Lessons;
  readonly #stopwatch = new Stopwatch();

  constructor(client: SnmpClient, lessons: Lessons) {
    this.#client = client;
    this.#lessons = lessons;
  }

  get latencyMs(): number | null {
    return this.#stopwatch.meanMs;
  }

  async askAll(batches: readonly SnmpBatch[], between: Between): Promise<LineFault | null> {
    const { suspects } = this.#lessons;
    for (const [index, batch] of batches.entries()) {
      if (index > 0) await between();
      try {
        await this.#ask(batch);
        suspects.clear(batch.points);
      } catch (error) {
        suspects.blame(batch.points);
        return lineFault(error);
      }
    }
    return null;
  }

  /** Every request of a refused batch is for fewer objects than the one before, so this comes to an end. */
  async #ask(batch: SnmpBatch): Promise<void> {
    const refusal = await this.#get(batch);
    if (!refusal) return;
    const spoiler = batch.oids.length === 1 ? 0 : batch.oids.indexOf(refusal.oid ?? "");
    if (refusal.status === TOO_BIG && batch.oids.length > 1) await this.#askLess(batch);
    else if (spoiler < 0) await this.#halve(batch);
    else await this.#askWithout(batch, spoiler, refusal.status);
  }

  /** Null when the batch was answered, otherwise the agent's refusal. */
  async #get(batch: SnmpBatch): Promise<SnmpRefusal | null> {
    try {
      const { varbinds, tookMs } = await this.#client.get(batch.oids);
      this.heard = true;
      this.#stopwatch.add(tookMs);
      for (const [index, point] of batch.points.entries()) this.#take(point, varbinds[index]);
      return null;
    } catch (error) {
      if (!(error instanceof SnmpRefusal)) throw error;
      this.heard = true;
      return error;
    }
  }

  #take(point: PointModel, varbind: Varbind | undefined): void {
    if (varbind) this.values.set(point, varbind);
    this.samples.push(decodeSnmp(point, varbind));
  }

  async #askLess(batch: SnmpBatch): Promise<void> {
    this.#lessons.oids = Math.min(this.#lessons.oids, Math.ceil(batch.oids.length / 2));
    await this.#halve(batch);
  }

  async #halve(batch: SnmpBatch): Promise<void> {
    const middle = Math.ceil(batch.oids.length / 2);
    await this.#ask(part(batch, (index) => index < middle));
    await this.#ask(part(batch, (index) => index >= middle));
  }

  async #askWithout(batch: SnmpBatch, spoiler: number, status: number): Promise<void> {
    const point = batch.points[spoiler]!;
    const fault = FAULTS.get(status) ?? "deviceFailure";
    this.samples.push({ point, fault });
    if (LASTING.has(status)) this.#lessons.refusals.add(point, fault);
    const rest = part(batch, (index) => index !== spoiler);
    if (rest.oids.length > 0) await this.#ask(rest);
  }
}

const part = (batch: SnmpBatch, keep: (index: number) => boolean): SnmpBatch => ({
  oids: batch.oids.filter((_, index) => keep(index)),
  points: batch.points.filter((_, index) => keep(index)),
});

function rawValue(varbind: Varbind | undefined): Raw {
  const value = varbind?.value;
  if (Buffer.isBuffer(value)) return readable(value);
  return typeof value === "number" || typeof value === "bigint" || typeof value === "string" ? value : null;
}

/** Printable text as text, other bytes in hexadecimal. */
function readable(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  return /^[\x20-\x7e]*$/.test(text) ? text : `0x${bytes.toString("hex")}`;
}
