/**
 * The Modbus codec: one compiler's back end for collectors, simulators and tests. It works on words
 * that somebody has read or will serve; it knows nothing of connections.
 */
import { assert } from "../core/assert.ts";
import type { Fault } from "../core/reading.ts";
import { interpret, rawOf } from "./interpret.ts";
import type { ModbusAddress, ModelBases, PointModel, Registers, Sample } from "./model.ts";
import { rawLimits, rawToWords, wordsToRaw } from "./words.ts";

/** Powers of ten that SunSpec allows a scale factor; another value is a word that is not one. */
const MAX_SCALE_FACTOR = 10;

/**
 * What a point's words mean. A word that is not there is "noCommunication", a SunSpec model that the
 * device lacks "notFitted", a sentinel or a NaN "sensorFailure".
 */
export function decodeModbus(point: PointModel, registers: Registers, bases: ModelBases): Sample {
  const at = modbusAddress(point);
  const start = startOf(at, bases);
  if (start === null) return { point, fault: "notFitted" };
  if (isPlainWord(at)) {
    const word = registers.get(at.table, start + at.addr);
    return word === undefined ? { point, fault: "noCommunication" } : interpret(point, word);
  }
  const words = wordsAt(registers, at, start + at.addr);
  if (!words) return { point, fault: "noCommunication" };
  const factor = factorOf(registers, at, start);
  if (typeof factor === "string") return { point, fault: factor };
  return interpret(point, rawIn(point, at, words), factor);
}

/**
 * Writes the words that mean a value, held within what their type carries. A scale factor that the
 * registers already hold is used; where they hold none, the finest that fits the point's range is written.
 */
export function encodeModbus(point: PointModel, value: number, registers: Registers, bases: ModelBases): void {
  const at = modbusAddress(point);
  const start = startOf(at, bases);
  assert(start !== null, `${point.name} lies in a model that the device lacks`);
  const found = factorOf(registers, at, start);
  const factor = typeof found === "number" ? found : chooseFactor(point, registers, at, start);
  writeRaw(at, start + at.addr, rawOf(point, value, factor), registers);
}

/** Writes the raw value by which the device says "no reading". False where it has none. */
export function encodeModbusInvalid(point: PointModel, registers: Registers, bases: ModelBases): boolean {
  const at = modbusAddress(point);
  const start = startOf(at, bases);
  const raw = at.type === "f32" || at.type === "f64" ? Number.NaN : point.invalid[0];
  if (start === null || raw === undefined) return false;
  writeRaw(at, start + at.addr, raw, registers);
  return true;
}

/** Writes a raw value to an address, as a command does. `addr` is absolute. */
export function writeRaw(at: ModbusAddress, addr: number, raw: number, registers: Registers): void {
  const { table } = at;
  if (at.type === "flags") return writeFlags(at, addr, raw, registers);
  if (table === "coil" || table === "discrete") return registers.set(table, addr, raw ? 1 : 0);
  if (at.type === "bit" || at.type === "bits") {
    const mask = maskOf(at);
    const kept = (registers.get(table, addr) ?? 0) & ~mask;
    return registers.set(table, addr, (kept | ((Math.round(raw) * lowestBit(mask)) & mask)) & 0xffff);
  }
  const words = at.type === "nibbles" ? nibbleWords(at, raw) : rawToWords(at, raw);
  if (at.words === "lsw") words.reverse();
  words.forEach((word, i) => registers.set(table, addr + i, word));
}

/** A point's Modbus address. It is a bug to ask a point of another protocol for it. */
export function modbusAddress(point: PointModel): ModbusAddress {
  const { at } = point;
  if (at.protocol === "modbus") return at;
  // Put into words only where it fails: this is asked for every value that is read.
  assert(false, `${point.name} is not read over Modbus`);
}

/** Where addresses of a point count from; null where its SunSpec model was not found. */
export const startOf = (at: ModbusAddress, bases: ModelBases): number | null =>
  at.model === null ? 0 : (bases.get(at.model) ?? null);

/** Whether the raw value is the word itself, as in most registers. */
const isPlainWord = ({ type, table, scaleAt, count }: ModbusAddress): boolean =>
  type === "u16" && count === 1 && scaleAt === null && (table === "holding" || table === "input");

function wordsAt(registers: Registers, at: ModbusAddress, addr: number): number[] | null {
  const words: number[] = [];
  for (let i = 0; i < at.count; i += 1) {
    const word = registers.get(at.table, addr + i);
    if (word === undefined) return null;
    words.push(word);
  }
  return at.words === "lsw" ? words.reverse() : words;
}

function rawIn(point: PointModel, at: ModbusAddress, words: readonly number[]): number {
  const word = words[0]!;
  if (at.type === "flags") return gravestFlag(point, at, words);
  if (at.table === "coil" || at.table === "discrete") return word ? 1 : 0;
  if (at.type === "nibbles") return worstNibble(point, words);
  if (at.type !== "bit" && at.type !== "bits") return wordsToRaw(at.type, words);
  const mask = maskOf(at);
  return (word & mask) / lowestBit(mask);
}

const maskOf = (at: ModbusAddress): number => (at.type === "bit" ? 1 << at.bit : at.mask);

const lowestBit = (mask: number): number => mask & -mask;

/** A field that the map lacks says nothing; where none says anything there is no reading. */
function worstNibble(point: PointModel, words: readonly number[]): number {
  let worst = Number.NaN;
  for (const word of words) {
    for (let shift = 12; shift >= 0; shift -= 4) {
      const field = (word >> shift) & 0xf;
      const place = point.map?.get(field);
      if (place !== undefined && !(place <= (point.map?.get(worst) ?? -1))) worst = field;
    }
  }
  return worst;
}

/** One more than the number of the set flag whose state stands last; 0 where none is set. */
function gravestFlag(point: PointModel, at: ModbusAddress, words: readonly number[]): number {
  let gravest = 0;
  let place = -1;
  for (const flag of at.flags ?? []) {
    const its = point.map?.get(flag + 1) ?? 0;
    if (its > place && isSet(at, words, flag)) [gravest, place] = [flag + 1, its];
  }
  return gravest;
}

const isBitTable = ({ table }: ModbusAddress): boolean => table === "coil" || table === "discrete";

function isSet(at: ModbusAddress, words: readonly number[], flag: number): boolean {
  if (isBitTable(at)) return Boolean(words[flag]);
  return (((words[words.length - 1 - (flag >> 4)] ?? 0) >> (flag & 0xf)) & 1) === 1;
}

/** Sets one flag and clears the others of the point; bits that are not its own stay as they are. */
function writeFlags(at: ModbusAddress, addr: number, raw: number, registers: Registers): void {
  const words = Array.from({ length: at.count }, (_, i) => registers.get(at.table, addr + i) ?? 0);
  for (const flag of at.flags ?? []) {
    const place = isBitTable(at) ? flag : at.words === "lsw" ? flag >> 4 : at.count - 1 - (flag >> 4);
    const bit = isBitTable(at) ? 1 : 1 << (flag & 0xf);
    words[place] = raw === flag + 1 ? (words[place] ?? 0) | bit : (words[place] ?? 0) & ~bit;
  }
  words.forEach((word, i) => registers.set(at.table, addr + i, word));
}

const nibbleWords = (at: ModbusAddress, raw: number): number[] =>
  Array.from({ length: at.count }, (_, i) => (i === 0 ? (raw & 0xf) << 12 : 0));

function factorOf(registers: Registers, at: ModbusAddress, start: number): number | Fault {
  if (at.scaleAt === null) return 1;
  const word = registers.get(at.table, start + at.scaleAt);
  if (word === undefined) return "noCommunication";
  const exponent = wordsToRaw("i16", [word]);
  return Math.abs(exponent) > MAX_SCALE_FACTOR ? "sensorFailure" : powerOfTen(exponent);
}

function chooseFactor(point: PointModel, registers: Registers, at: ModbusAddress, start: number): number {
  const largest = Math.max(...point.range.map((edge) => Math.abs((edge - point.offset) / point.scale)));
  // One short of the top, which is the sentinel of SunSpec's unsigned types.
  const room = (rawLimits(at.type)?.[1] ?? 0xffff) - 1;
  let exponent = -MAX_SCALE_FACTOR;
  while (largest > room * powerOfTen(exponent) && exponent < MAX_SCALE_FACTOR) exponent += 1;
  registers.set(at.table, start + (at.scaleAt ?? 0), exponent & 0xffff);
  return powerOfTen(exponent);
}

const powersOfTen = Array.from({ length: 2 * MAX_SCALE_FACTOR + 1 }, (_, i) => Number(`1e${i - MAX_SCALE_FACTOR}`));

/** The number nearest to a power of ten. ** gives that of 10 ** -4 in some versions of V8 and its neighbour in others. */
const powerOfTen = (exponent: number): number => powersOfTen[exponent + MAX_SCALE_FACTOR]!;
