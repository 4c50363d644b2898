/**
 * A Modbus device's registers, filled when they are asked for: each point that a request touches is looked up in the
 * plant and encoded by the device's own profile, unless it stands as it stood; an answer in which nothing has changed is
 * sent again as it is. Words between points can be read as far as the profile's read plans bridge gaps; all others are no
 * addresses of this device.
 */
import type { DeviceModel, ModbusAddress, ModelBases, PointModel, Registers } from "../../src/profiles/index.ts";
import { encodeModbus, encodeModbusInvalid, registerImage } from "../../src/profiles/index.ts";
import type { Look, PlantAccess } from "./access.ts";
import type { Faults } from "./faults.ts";
import { lookThrough } from "./look-through.ts";
import { sayable } from "./sayable.ts";
import { layOutChain } from "./sunspec.ts";

export type Table = ModbusAddress["table"];

export interface LiveRegisters {
  readonly bases: ModelBases;
  readonly registers: Registers;
  /** The answer to a read, function code and all; null where a word (or bit) asked for is not this device's. */
  answer(table: Table, addr: number, count: number): Buffer | null;
  /** Brings one point's words up to date; whether they have changed. */
  refresh(point: PointModel): boolean;
}

interface Span {
  readonly table: Table;
  readonly from: number;
  readonly to: number;
  readonly held: Held;
}

/** A point as the registers hold it now. */
interface Held {
  readonly point: PointModel;
  readonly look: Look;
  shown: number | null | undefined;
}

/** A request that came before, and what was answered when the registers last changed. */
interface Known {
  readonly held: readonly Held[];
  readonly isBridged: readonly boolean[];
  answer: Buffer | null;
  version: number;
}

/** Requests that are remembered for a device: clients ask in few ways, and scanners in all. */
const mostKnown = 256;

/** The functions that read each table. */
const reads: Readonly<Record<Table, number>> = { coil: 1, discrete: 2, holding: 3, input: 4 };

/** Registers that tell of every word that becomes another one. */
const counted = (image: Registers, changed: () => void): Registers => ({
  get: (table, addr) => image.get(table, addr),
  set(table, addr, word) {
    if (image.get(table, addr) === word) return;
    changed();
    image.set(table, addr, word);
  },
});

/** The registers of one device. */
export function liveRegisters(device: string, model: DeviceModel, plant: PlantAccess, faults?: Faults): LiveRegisters {
  let version = 0;
  const registers = counted(registerImage(), () => {
    version += 1;
  });
  const bases = layOutChain(model.points, registers);
  const held = new Map<PointModel, Held>();
  for (const point of model.points) {
    const look = plant.look(device, point.name);
    held.set(point, { point, look: faults ? lookThrough(look, point, faults) : look, shown: undefined });
  }
  const spans = model.points.flatMap((point) => spanOf(held.get(point)!, bases));
  const known = new Map<string, Known>();
  const refresh = (one: Held): boolean => {
    const { point } = one;
    const value = sayable(point, one.look());
    if (one.shown === value) return false;
    one.shown = value;
    const before = version;
    if (value !== null) encodeModbus(point, value, registers, bases);
    // A device without a sentinel goes on showing what it last knew.
    else encodeModbusInvalid(point, registers, bases);
    return version !== before;
  };
  const meet = (key: string, request: Request): Known => {
    if (known.size >= mostKnown) known.clear();
    const met = knownOf(spans, request, model.link.maxGap);
    known.set(key, met);
    return met;
  };
  return {
    bases,
    registers,
    refresh: (point) => refresh(held.get(point)!),
    answer(table, addr, count) {
      const key = `${table}${addr}+${count}`;
      const asked = known.get(key) ?? meet(key, { table, addr, count });
      for (const one of asked.held) refresh(one);
      if (asked.version !== version) asked.answer = encoded(registers, asked, { table, addr, count });
      asked.version = version;
      return asked.answer;
    },
  };
}

interface Request {
  readonly table: Table;
  readonly addr: number;
  readonly count: number;
}

function knownOf(spans: readonly Span[], { table, addr, count }: Request, maxGap: number): Known {
  const touched = spans.filter((span) => span.table === table && span.from < addr + count && span.to > addr);
  const isBridged = bridgedIn(spans, { table, addr, count }, maxGap);
  return { held: touched.map(({ held }) => held), isBridged, answer: null, version: -1 };
}

function encoded(registers: Registers, { isBridged }: Known, { table, addr, count }: Request): Buffer | null {
  const isBits = table === "coil" || table === "discrete";
  const bytes = isBits ? Math.ceil(count / 8) : count * 2;
  const answer = Buffer.alloc(2 + bytes);
  answer[0] = reads[table];
  answer[1] = bytes;
  for (let i = 0; i < count; i++) {
    const word = registers.get(table, addr + i);
    if (word === undefined && !isBridged[i]) return null;
    if (!isBits) answer.writeUInt16BE(word ?? 0, 2 + 2 * i);
    else if (word) answer[2 + (i >> 3)]! |= 1 << (i & 7);
  }
  return answer;
}

function spanOf(held: Held, bases: ModelBases): Span[] {
  const { at } = held.point;
  if (at.protocol !== "modbus") return [];
  const base = at.model === null ? 0 : (bases.get(at.model) ?? 0);
  return [{ table: at.table, from: base + at.addr, to: base + at.addr + at.count, held }];
}

/** Of each word that is asked for, whether it lies between two spans that are no further apart than a read plan bridges. */
function bridgedIn(spans: readonly Span[], { table, addr, count }: Request, maxGap: number): readonly boolean[] {
  // Where the last span before each word ends, and where the first one behind it begins.
  const ends = Array.from({ length: count }, () => Number.NEGATIVE_INFINITY);
  const begins = Array.from({ length: count }, () => Number.POSITIVE_INFINITY);
  for (const span of spans) {
    if (span.table !== table) continue;
    const first = Math.max(0, span.to - addr);
    const last = Math.min(count, span.from - addr) - 1;
    if (first < count) ends[first] = Math.max(ends[first]!, span.to);
    if (last >= 0) begins[last] = Math.min(begins[last]!, span.from);
  }
  for (let i = 1; i < count; i++) ends[i] = Math.max(ends[i]!, ends[i - 1]!);
  for (let i = count - 2; i >= 0; i--) begins[i] = Math.min(begins[i]!, begins[i + 1]!);
  return ends.map((end, i) => begins[i]! - end <= maxGap);
}
