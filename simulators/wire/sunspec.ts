/**
 * The chain of SunSpec models that a simulated battery serves: the marker, the common model, then the models that its
 * profile reads, each with its true number and length. Words that nothing stands in read as "not implemented".
 */
import type { ModelBases, PointModel, Registers } from "../../src/profiles/model.ts";

const chainAt = 40_000;
const marker = [0x5375, 0x6e53];
const end = 0xffff;
const notImplemented = 0xffff;
const common = { model: 1, length: 66 };
/** Where the common model keeps manufacturer, model, version and serial number, and how many words each has. */
const identity: readonly (readonly [offset: number, words: number, text: string])[] = [
  [2, 16, "Haechi"],
  [18, 16, "Simulated battery"],
  [42, 8, "1"],
  [50, 16, "0001"],
];
/** Lengths of the models, without their two header words (sunspec/models, model_802.json and model_803.json). */
const fixedLength: Readonly<Record<number, number>> = { 802: 62, 803: 26 };
const stringModel = 803;
const stringWords = 32;
/** Strings of model 803: how many there are, and how many are connected. */
const stringCountAt = 2;
/** SunSpec battery type 4: lithium-ion. */
const batteryType = { model: 802, offset: 21, word: 4 };
/** Powers of ten that such systems choose: a tenth of a volt, ampere, degree and per cent, millivolts for cells, 10 W. */
const exponents: Readonly<Record<string, number>> = { V: -1, A: -1, Cel: -1, "%": -1, kW: 1 };
const cellRangeV = 10;
const cellExponent = -3;

/** Writes the chain and the scale factors into empty registers. Null where no point stands in a model. */
export function layOutChain(points: readonly PointModel[], registers: Registers): ModelBases {
  const bases = new Map<number, number>();
  const models = modelsOf(points);
  if (models.length === 0) return bases;
  marker.forEach((word, i) => registers.set("holding", chainAt + i, word));
  let addr = chainAt + marker.length;
  for (const { model, length } of [common, ...models]) {
    bases.set(model, addr);
    layOutModel(registers, addr, { model, length });
    addr += 2 + length;
  }
  registers.set("holding", addr, end);
  registers.set("holding", addr + 1, 0);
  writeFixed(points, registers, bases);
  return bases;
}

function modelsOf(points: readonly PointModel[]): { model: number; length: number }[] {
  const ends = new Map<number, number>();
  for (const { at } of points) {
    if (at.protocol !== "modbus" || at.model === null) continue;
    ends.set(at.model, Math.max(ends.get(at.model) ?? 0, at.addr + at.count, (at.scaleAt ?? 0) + 1));
  }
  return [...ends]
    .map(([model, last]) => ({ model, length: lengthOf(model, last - 2, points) }))
    .toSorted((a, b) => a.model - b.model);
}

function lengthOf(model: number, needed: number, points: readonly PointModel[]): number {
  const fixed = fixedLength[model];
  if (fixed === undefined) return needed;
  return model === stringModel ? fixed + stringsIn(points) * stringWords : fixed;
}

const stringsIn = (points: readonly PointModel[]): number =>
  new Set(points.flatMap(({ name }) => /^string\[\d+\]/.exec(name) ?? [])).size;

function layOutModel(registers: Registers, addr: number, { model, length }: { model: number; length: number }): void {
  registers.set("holding", addr, model);
  registers.set("holding", addr + 1, length);
  for (let i = 0; i < length; i++) registers.set("holding", addr + 2 + i, notImplemented);
}

function writeFixed(points: readonly PointModel[], registers: Registers, bases: ModelBases): void {
  for (const [offset, words, text] of identity) writeText(registers, bases.get(common.model)! + offset, words, text);
  const strings = bases.get(stringModel);
  if (strings !== undefined) {
    registers.set("holding", strings + stringCountAt, stringsIn(points));
    registers.set("holding", strings + stringCountAt + 1, stringsIn(points));
  }
  const typed = bases.get(batteryType.model);
  if (typed !== undefined) registers.set("holding", typed + batteryType.offset, batteryType.word);
  for (const point of points) writePlace(point, registers, bases);
}

function writeText(registers: Registers, addr: number, words: number, text: string): void {
  const bytes = Buffer.alloc(words * 2);
  bytes.write(text, "latin1");
  for (let i = 0; i < words; i++) registers.set("holding", addr + i, bytes.readUInt16BE(i * 2));
}

/** The scale factor of a point, and a clean word where several bits share one. */
function writePlace({ at, unit, range }: PointModel, registers: Registers, bases: ModelBases): void {
  const base = at.protocol === "modbus" && at.model !== null ? bases.get(at.model) : undefined;
  if (at.protocol !== "modbus" || base === undefined) return;
  if (at.type === "bit" || at.type === "bits") registers.set(at.table, base + at.addr, 0);
  if (at.scaleAt === null) return;
  const exponent = unit === "V" && range[1] <= cellRangeV ? cellExponent : (exponents[unit ?? ""] ?? 0);
  registers.set(at.table, base + at.scaleAt, exponent & 0xffff);
}
