import { pointId, type Reading } from "../core/reading.ts";
import { instant } from "../core/time.ts";
import type { DeviceLink } from "../profiles/link.ts";
import type { PointModel, Sample, TableModel } from "../profiles/model.ts";
import { readingOf } from "./device.ts";
import { type Line, lineFault, noWait, type OpenLine, type Raw, type Walked } from "./line.ts";

/** A point read by hand, with where it came from. */
interface OnceRead {
  readonly name: string;
  readonly unit: string | null;
  readonly states: readonly string[] | null;
  /** "holding 130 u16" or an OID. */
  readonly source: string;
  /** What stood on the wire; null where nothing was read. */
  readonly raw: Raw;
  readonly reading: Reading;
}

/** All points of a device, read once. */
export interface OnceResult {
  readonly points: readonly OnceRead[];
  /** Real milliseconds an answered request took on average; null when none was. */
  readonly latencyMs: number | null;
  /** Why not all could be asked, in words; null when all were. */
  readonly fault: string | null;
  /** What the device taught about how it can be asked, in sentences. */
  readonly learned: readonly string[];
}

/** What is to be read by hand: points, and the rows that tables turn out to have. */
export interface OnceWanted {
  readonly points: readonly PointModel[];
  readonly tables: readonly TableModel[];
}

/** Connects, reads once, closes. Faults of the device come back as bad readings. */
export async function readLineOnce(
  link: DeviceLink,
  open: OpenLine,
  wanted: OnceWanted,
  stop: AbortSignal,
): Promise<OnceResult> {
  try {
    const line = await open(stop);
    const close = (): void => line.close();
    stop.addEventListener("abort", close, { once: true });
    try {
      return await readAll(link, line, wanted);
    } finally {
      stop.removeEventListener("abort", close);
      line.close();
    }
  } catch (error) {
    const fault = lineFault(error);
    const read = wanted.points.map((point) => onceRead(link, { point, fault: fault.reason }, null));
    return { points: read, latencyMs: null, fault: fault.message, learned: [] };
  }
}

/** Walks of tables that are tried: of a poll by hand nobody looks at the next one, and one lost answer must not cost it rows. */
const WALKS = 3;

async function walkWhole(line: Line, tables: readonly TableModel[]): Promise<Walked | undefined> {
  let walked = await line.walk?.(tables, noWait);
  for (let tries = 1; walked?.fault?.kind === "silent" && line.usable && tries < WALKS; tries += 1)
    walked = await line.walk?.(tables, noWait);
  return walked;
}

async function readAll(link: DeviceLink, line: Line, { points, tables }: OnceWanted): Promise<OnceResult> {
  const walked = tables.length > 0 ? await walkWhole(line, tables) : undefined;
  const all = [...points, ...(walked?.points ?? [])];
  const poll = await line.poll(all, noWait);
  const samples = new Map(poll.samples.map((sample) => [sample.point, sample]));
  const reason = poll.fault?.reason ?? "noCommunication";
  const read = all.map((point) => {
    const sample = samples.get(point) ?? { point, fault: reason };
    return onceRead(link, sample, poll.rawOf(point), line.placed?.(point));
  });
  const fault = (poll.fault ?? walked?.fault)?.message ?? null;
  return { points: read, latencyMs: poll.latencyMs, fault, learned: line.learned?.() ?? [] };
}

/** `placed` is the point as it was read, where it stands elsewhere than its profile has it. */
function onceRead(link: DeviceLink, sample: Sample, raw: Raw, placed: PointModel = sample.point): OnceRead {
  const { name, unit, states } = sample.point;
  const reading = readingOf(pointId(link.id, name), sample, instant(Date.now()));
  return { name, unit, states, source: sourceOf(placed), raw, reading };
}

function sourceOf({ at }: PointModel): string {
  if (at.protocol === "snmp") return at.oid;
  if (at.protocol === "mqtt") return at.form === "json" ? `${at.topic} ${at.path}` : at.metric;
  const model = at.model === null ? "" : `model ${at.model} + `;
  return `${at.table} ${model}${at.addr} ${at.type}`;
}
