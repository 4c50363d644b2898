/**
 * What a bus can carry. Devices behind one socket or on one line share it, one request at a time;
 * what their periods ask for in all must fit into the time that there is, or the slowest to be
 * noticed is what guards safety. It is worked out from the read plans before anything is opened.
 */
import { grouped, urgencyOf } from "./group.ts";
import type { DeviceModel, ModelBases, PointModel, ScanClass } from "./model.ts";
import { modbusReadPlan, snmpReadPlan } from "./plan.ts";

/** Devices that share a way, and how fast the way is. */
export interface Bus {
  readonly models: readonly DeviceModel[];
  /** Bits a second of a serial line; null where the wire costs next to nothing. */
  readonly baud: number | null;
}

/** What one scan class asks of a bus: `needsMs` of its time in every `periodMs`. */
export interface BusShare {
  readonly scan: ScanClass;
  readonly periodMs: number;
  readonly needsMs: number;
}

/** Start, eight bits, parity or a second stop, and stop (Modbus over Serial Line 1.02, 2.5.1). */
const BITS_PER_CHARACTER = 11;
/** Characters of silence that end a frame (2.5.1.1), around a request and its answer. */
const SILENT_CHARACTERS = 2 * 3.5;
/** A read request: unit, function, address, count, check. */
const REQUEST_BYTES = 8;
/** An answer beside its data: unit, function, byte count, check. */
const ANSWER_BYTES = 5;

/** What each scan class needs of a bus, the most urgent first. */
export function busShares({ models, baud }: Bus): readonly BusShare[] {
  const shares = new Map<string, BusShare>();
  for (const model of models) {
    for (const { scan, period, points } of grouped(model.points)) {
      const key = `${scan} ${period}`;
      const before = shares.get(key)?.needsMs ?? 0;
      shares.set(key, { scan, periodMs: period, needsMs: before + pollMs(model, points, baud) });
    }
  }
  return [...shares.values()].toSorted((a, b) => urgencyOf(a) - urgencyOf(b));
}

/** The first class, counted from the most urgent, that a bus cannot hold, with all that goes before it; null where it holds all. */
export function overload(bus: Bus): BusShare | null {
  let load = 0;
  for (const share of busShares(bus)) {
    load += share.needsMs / share.periodMs;
    if (load > 1) return share;
  }
  return null;
}

/** What one poll of these points takes on the bus, ms. */
function pollMs({ link, protocol }: DeviceModel, points: readonly PointModel[], baud: number | null): number {
  const own = link.turnaround + link.gap;
  if (protocol === "snmp") return snmpReadPlan(points, link).length * own;
  const wire = (words: number): number =>
    baud === null
      ? 0
      : ((REQUEST_BYTES + ANSWER_BYTES + 2 * words + SILENT_CHARACTERS) * BITS_PER_CHARACTER * 1000) / baud;
  return modbusReadPlan(points, link, assumedBases(points)).reduce((sum, { count }) => sum + own + wire(count), 0);
}

/** Where SunSpec models stand is not known before a device is asked: apart from each other, as they are. */
const assumedBases = (points: readonly PointModel[]): ModelBases =>
  new Map(
    points.flatMap(({ at }) =>
      at.protocol === "modbus" && at.model !== null ? [[at.model, at.model * 1000] as const] : [],
    ),
  );
