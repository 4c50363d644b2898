/**
 * SunSpec: a device marks a register with "SunS" and lists its models from there, each with its
 * number and length. Where a model stands differs from device to device, so it is looked up when
 * the device is connected.
 */
import { modbusAddress } from "./modbus.ts";
import type { ModelBases, PointModel, Registers } from "./model.ts";

/** Where the marker may stand, in the order in which it is looked for. */
const MARKER_ADDRESSES = [40_000, 50_000, 0] as const;
const MARKER = [0x5375, 0x6e53] as const;
const END_MODEL = 0xffff;
const NOT_IMPLEMENTED = 0xffff;
const NO_SCALE_FACTOR = 0x8000;
/** Models followed before the chain is taken for damaged; the largest known devices have about forty. */
const MAX_MODELS = 100;
const LAST_ADDRESS = 0xffff;

export type ReadWords = (addr: number, count: number) => Promise<readonly number[]>;

/**
 * Walks a device's model chain. The first of several models of one number is kept. Empty where there
 * is no marker; rejects where no address could be read at all.
 */
export async function findSunSpecModels(readWords: ReadWords): Promise<ModelBases> {
  const refusals: unknown[] = [];
  for (const addr of MARKER_ADDRESSES) {
    const words = await readWords(addr, MARKER.length).catch((refusal: unknown) => {
      refusals.push(refusal);
      return [];
    });
    if (MARKER.every((word, i) => words[i] === word)) return walk(readWords, addr + MARKER.length);
  }
  if (refusals.length === MARKER_ADDRESSES.length) throw refusals[0];
  return new Map();
}

async function walk(readWords: ReadWords, first: number): Promise<ModelBases> {
  const bases = new Map<number, number>();
  let addr = first;
  for (let i = 0; i < MAX_MODELS && addr < LAST_ADDRESS; i += 1) {
    const [model, length] = await readWords(addr, 2);
    if (model === undefined || length === undefined || model === END_MODEL) break;
    if (!bases.has(model)) bases.set(model, addr);
    addr += 2 + length;
  }
  return bases;
}

/**
 * Lays out the models that points need in empty registers, marker and end included: a simulated
 * device's chain. All else in the models says that it is not implemented.
 */
export function layOutSunSpec(points: readonly PointModel[], registers: Registers): ModelBases {
  const bases = new Map<number, number>();
  const factors = new Set(points.map(({ at }) => (at.protocol === "modbus" ? `${at.model} ${at.scaleAt}` : "")));
  let addr: number = MARKER_ADDRESSES[0];
  const put = (word: number): void => {
    registers.set("holding", addr, word);
    addr += 1;
  };
  MARKER.forEach(put);
  for (const [model, length] of modelLengths(points)) {
    bases.set(model, addr);
    put(model);
    put(length);
    for (let offset = 2; offset < 2 + length; offset += 1)
      put(factors.has(`${model} ${offset}`) ? NO_SCALE_FACTOR : NOT_IMPLEMENTED);
  }
  put(END_MODEL);
  put(0);
  return bases;
}

function modelLengths(points: readonly PointModel[]): [model: number, length: number][] {
  const ends = new Map<number, number>();
  for (const point of points) {
    const { model, addr, count, scaleAt } = modbusAddress(point);
    if (model !== null) ends.set(model, Math.max(ends.get(model) ?? 0, addr + count, (scaleAt ?? 0) + 1));
  }
  return [...ends].map(([model, end]): [number, number] => [model, end - 2]).toSorted(([a], [b]) => a - b);
}
