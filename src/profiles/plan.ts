/** Read plans: the fewest requests that answer a set of points within what the device allows. */
import { startOf } from "./modbus.ts";
import type { LinkRules, ModbusAddress, ModbusBlock, ModelBases, PointModel, SnmpBatch } from "./model.ts";

interface Span {
  readonly table: ModbusAddress["table"];
  readonly addr: number;
  readonly count: number;
  /** Null for a scale factor, which answers no point alone. */
  readonly point: PointModel | null;
}

/**
 * Blocks in order of table and address: merged over gaps of at most `maxGap`, never longer than
 * `maxWords`, never through the middle of a value. A point belongs to the block that holds its value;
 * its scale factor may lie in another, so decode when all blocks are in. Points of a SunSpec model
 * that `bases` lacks are left out.
 */
export function modbusReadPlan(
  points: readonly PointModel[],
  link: LinkRules,
  bases: ModelBases,
): readonly ModbusBlock[] {
  const spans = points.flatMap((point) => spansOf(point, bases)).toSorted(bySpan);
  const blocks: { table: Span["table"]; addr: number; count: number; points: PointModel[] }[] = [];
  for (const span of spans) {
    const open = blocks.at(-1);
    const end = open ? Math.max(open.addr + open.count, span.addr + span.count) : 0;
    if (open && joins(open, span, link)) open.count = end - open.addr;
    else blocks.push({ table: span.table, addr: span.addr, count: span.count, points: [] });
    if (span.point) blocks.at(-1)!.points.push(span.point);
  }
  return blocks;
}

function spansOf(point: PointModel, bases: ModelBases): Span[] {
  if (point.at.protocol !== "modbus") return [];
  const { table, addr, count, scaleAt } = point.at;
  const start = startOf(point.at, bases);
  if (start === null) return [];
  const value: Span = { table, addr: start + addr, count, point };
  return scaleAt === null ? [value] : [value, { table, addr: start + scaleAt, count: 1, point: null }];
}

const bySpan = (a: Span, b: Span): number => a.table.localeCompare(b.table) || a.addr - b.addr || a.count - b.count;

function joins(block: Pick<ModbusBlock, "table" | "addr" | "count">, span: Span, link: LinkRules): boolean {
  const end = Math.max(block.addr + block.count, span.addr + span.count);
  const gap = span.addr - (block.addr + block.count);
  return block.table === span.table && gap <= link.maxGap && end - block.addr <= link.maxWords;
}

/** GETs of at most `oids` object identifiers, in the order of the points. */
export function snmpReadPlan(points: readonly PointModel[], link: LinkRules): readonly SnmpBatch[] {
  const asked = points.filter((point) => point.at.protocol === "snmp");
  const batches: SnmpBatch[] = [];
  for (let i = 0; i < asked.length; i += link.oids) {
    const batch = asked.slice(i, i + link.oids);
    batches.push({ oids: batch.flatMap(({ at }) => (at.protocol === "snmp" ? [at.oid] : [])), points: batch });
  }
  return batches;
}
