/**
 * A Modbus device's registers, filled when they are asked for: each point that a request touches is looked up in the
 * plant and encoded by the device's own profile, unless it stands as it stood. Words between points can be read as far
 * as the profile's read plans bridge gaps; all others are no addresses of this device.
 */
import type { DeviceModel, ModbusAddress, ModelBases, PointModel, Registers } from "../../src/profiles/index.ts";
import { encodeModbus, encodeModbusInvalid, registerImage } from "../../src/profiles/index.ts";
import type { PlantAccess } from "./access.ts";
import { sayable } from "./sayable.ts";
import { layOutChain } from "./sunspec.ts";

export type Table = ModbusAddress["table"];

export interface LiveRegisters {
  readonly bases: ModelBases;
  readonly registers: Registers;
  /** The words (or bits) asked for; null where one of them is not this device's. */
  read(table: Table, addr: number, count: number): number[] | null;
  /** Has one point's words say a value, or, for null, that there is none. False where they say the same as before. */
  show(point: PointModel, value: number | null): boolean;
}

interface Span {
  readonly table: Table;
  readonly from: number;
  readonly to: number;
  readonly point: PointModel;
}

/** The registers of one device. */
export function liveRegisters(device: string, model: DeviceModel, plant: PlantAccess): LiveRegisters {
  const image = registerImage();
  let changes = 0;
  const registers: Registers = {
    get: (table, addr) => image.get(table, addr),
    set(table, addr, word) {
      if (image.get(table, addr) === word) return;
      changes += 1;
      image.set(table, addr, word);
    },
  };
  const bases = layOutChain(model.points, registers);
  const spans = model.points.flatMap((point) => spanOf(point, bases));
  const shown = new Map<PointModel, number | null>();
  const show = (point: PointModel, truth: number | null): boolean => {
    const value = sayable(point, truth);
    if (shown.get(point) === value) return false;
    shown.set(point, value);
    const before = changes;
    if (value !== null) encodeModbus(point, value, registers, bases);
    // A device without a sentinel goes on showing what it last knew.
    else encodeModbusInvalid(point, registers, bases);
    return changes !== before;
  };
  const isBridged = (table: Table, addr: number): boolean =>
    spans.some((a) => a.table === table && a.to <= addr && gapAfter(spans, a, addr) <= model.link.maxGap);
  return {
    bases,
    registers,
    show,
    read(table, addr, count) {
      for (const span of spans) {
        if (span.table === table && span.from < addr + count && span.to > addr)
          show(span.point, plant.measure(device, span.point.name));
      }
      const words: number[] = [];
      for (let at = addr; at < addr + count; at++) {
        const word = registers.get(table, at);
        if (word === undefined && !isBridged(table, at)) return null;
        words.push(word ?? 0);
      }
      return words;
    },
  };
}

function spanOf(point: PointModel, bases: ModelBases): Span[] {
  const { at } = point;
  if (at.protocol !== "modbus") return [];
  const base = at.model === null ? 0 : (bases.get(at.model) ?? 0);
  return [{ table: at.table, from: base + at.addr, to: base + at.addr + at.count, point }];
}

/** Words between a span and the next one beyond an address; endless where there is none. */
function gapAfter(spans: readonly Span[], { table, to }: Span, addr: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const span of spans) if (span.table === table && span.from > addr) next = Math.min(next, span.from);
  return next - to;
}
