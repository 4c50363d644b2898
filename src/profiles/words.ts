/**
 * Registers as numbers and back. Words come and go most significant first; whoever reads the wire
 * turns them round where a device keeps them the other way.
 */
import type { ModbusAddress, WordType } from "./model.ts";

/** Words that a value takes, where its type fixes that. */
export const wordCount: Readonly<Partial<Record<WordType, number>>> = {
  u16: 1,
  i16: 1,
  u32: 2,
  i32: 2,
  u64: 4,
  i64: 4,
  f32: 2,
  f64: 4,
  bit: 1,
  bits: 1,
};

/** The least and the greatest raw value of an integer type; null for the others. */
export function rawLimits(type: WordType): readonly [low: number, high: number] | null {
  const bits = (wordCount[type] ?? 0) * 16;
  if (type.startsWith("u")) return [0, 2 ** bits - 1];
  if (type.startsWith("i")) return [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  return null;
}

/** Whole words as a raw value; NaN where they are not a number. */
export function wordsToRaw(type: WordType, words: readonly number[]): number {
  switch (type) {
    case "u16":
    case "u32":
      return unsigned(words);
    case "i16":
    case "i32":
      return signed(words);
    case "u64":
      return Number(bigOf(words));
    case "i64":
      return Number(BigInt.asIntN(64, bigOf(words)));
    case "f32":
      return float(words);
    case "f64":
      return double(words);
    case "string":
      return numberIn(words);
    case "bit":
    case "bits":
    case "flags":
    case "nibbles":
      return Number.NaN;
  }
}

/** A raw value as whole words, rounded and held within what the type can carry. */
export function rawToWords(at: ModbusAddress, raw: number): number[] {
  if (at.type === "f32") return floatWords(raw);
  if (at.type === "f64") return doubleWords(raw);
  if (at.type === "string") return textWords(String(raw), at.count);
  if (at.count <= wholeWordsMax) return wholeWords(at, raw);
  const bits = BigInt(16 * at.count);
  const signed = at.type.startsWith("i");
  const high = (1n << (signed ? bits - 1n : bits)) - 1n;
  const low = signed ? -high - 1n : 0n;
  // Bigints, for the ends of 64 bits are no doubles.
  const whole = BigInt(Math.round(raw));
  const held = BigInt.asUintN(Number(bits), whole > high ? high : whole < low ? low : whole);
  return Array.from({ length: at.count }, (_, i) => Number((held >> (bits - 16n * BigInt(i + 1))) & 0xffffn));
}

/** Integers of so many words are doubles to the last bit. */
const wholeWordsMax = 2;

function wholeWords({ type, count }: ModbusAddress, raw: number): number[] {
  const span = 2 ** (16 * count);
  const low = type.startsWith("i") ? -span / 2 : 0;
  const held = Math.min(low + span - 1, Math.max(low, Math.round(raw)));
  const word = held & 0xffff;
  return count === 1 ? [word] : [Math.floor(held / 0x10000) & 0xffff, word];
}

const unsigned = (words: readonly number[]): number => words.reduce((sum, word) => sum * 0x10000 + word, 0);

function signed(words: readonly number[]): number {
  const limit = 2 ** (16 * words.length - 1);
  const value = unsigned(words);
  return value >= limit ? value - 2 * limit : value;
}

const bigOf = (words: readonly number[]): bigint => words.reduce((sum, word) => (sum << 16n) | BigInt(word), 0n);

const scratch = new DataView(new ArrayBuffer(8));

/** The shortest decimal that is this float: 230.1 and not 230.10000610351562. */
function float(words: readonly number[]): number {
  scratch.setUint32(0, unsigned(words));
  const value = scratch.getFloat32(0);
  return shortest(value) ?? spelledShortest(value);
}

/** Powers of ten that doubles hold exactly. */
const powersOfTen = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** A value so near to the middle between two decimals is left to be spelled out. */
const middle = 1e-6;

/** What {@link spelledShortest} gives, by arithmetic; null where that might round otherwise. */
function shortest(value: number): number | null {
  const abs = Math.abs(value);
  if (!(abs > 1e-6 && abs < 1e8)) return null;
  const exponent = exponentOf(abs);
  for (let digits = 6; digits < 9; digits += 1) {
    const power = powersOfTen[digits - 1 - exponent];
    if (power === undefined) return null;
    const scaled = value * power;
    if (Math.abs(Math.abs(scaled - Math.trunc(scaled)) - 0.5) < middle) return null;
    const short = Math.round(scaled) / power;
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** The power of ten that a float's first digit stands for. */
function exponentOf(abs: number): number {
  let places = 0;
  while (abs * powersOfTen[places]! < 1) places += 1;
  if (places > 0) return -places;
  let exponent = 0;
  while (abs >= powersOfTen[exponent + 1]!) exponent += 1;
  return exponent;
}

function spelledShortest(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function floatWords(raw: number): number[] {
  scratch.setFloat32(0, raw);
  return [scratch.getUint16(0), scratch.getUint16(2)];
}

function double(words: readonly number[]): number {
  words.forEach((word, i) => scratch.setUint16(2 * i, word));
  return scratch.getFloat64(0);
}

function doubleWords(raw: number): number[] {
  scratch.setFloat64(0, raw);
  return [0, 2, 4, 6].map((at) => scratch.getUint16(at));
}

function numberIn(words: readonly number[]): number {
  const text = textOf(words);
  return text.trim() === "" ? Number.NaN : Number(text);
}

/** Words as the characters in them, two in each; what is empty is a space. */
export const textOf = (words: readonly number[]): string =>
  String.fromCharCode(...words.flatMap((word) => [word >> 8, word & 0xff])).replaceAll("\0", " ");

/** A text as so many words. */
export function textWords(text: string, count: number): number[] {
  const padded = text.padEnd(2 * count, "\0");
  return Array.from({ length: count }, (_, i) => (padded.charCodeAt(2 * i) << 8) | padded.charCodeAt(2 * i + 1));
}
