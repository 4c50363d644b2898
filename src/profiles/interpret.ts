/**
 * What a raw value means, the same for every protocol: a sentinel, a state, or a scaled number, and
 * whether it is to be believed. Codecs turn wires into raw values and leave the rest to this file.
 */
import { assert } from "../core/assert.ts";
import type { PointModel, Sample } from "./model.ts";

/** Digits of a double that survive any decimal scaling: 523 × 0.1 is to read 52.3. */
const SAFE_DIGITS = 15;

/** A raw value as a sample. `factor` multiplies the point's scale (SunSpec's scale factors). */
export function interpret(point: PointModel, raw: number, factor = 1): Sample {
  if (!Number.isFinite(raw) || point.invalid.includes(raw)) return { point, fault: "sensorFailure" };
  return point.map ? stateSample(point, point.map.get(raw)) : numberSample(point, raw, factor);
}

/** A state that is said in words, in whatever letters. */
export const interpretText = (point: PointModel, text: string): Sample =>
  stateSample(point, point.texts?.get(text.toLowerCase()));

function stateSample(point: PointModel, place: number | undefined): Sample {
  if (place !== undefined) return { point, value: place };
  if (point.otherwise !== undefined) return { point, value: point.otherwise, doubt: "unknownState" };
  return { point, fault: "deviceFailure" };
}

function numberSample(point: PointModel, raw: number, factor: number): Sample {
  const value = plainOf(point, raw, factor) ?? scaledOf(point, raw, factor);
  // The object that says by what the number is multiplied said nothing that is a factor.
  if (value === null) return { point, fault: "configuration" };
  const [low, high] = point.range;
  return value < low || value > high ? { point, value, doubt: "outOfRange" } : { point, value };
}

/**
 * Numbers that stand as they are, and whole ones in tenths, hundredths or thousandths, which is most of what devices say:
 * divided they come out as {@link scaledOf} rounds them, for a small part of what it costs. Null for all others.
 */
function plainOf({ scale, offset }: PointModel, raw: number, factor: number): number | null {
  const times = factor === 1 ? scale : scale === 1 ? factor : null;
  if (times === null || offset !== 0) return null;
  // Nought has no sign where nobody asks for it.
  if (times === 1) return raw === 0 ? 0 : raw;
  if ((raw | 0) !== raw) return null;
  if (times === 0.1) return raw / 10;
  if (times === 0.01) return raw / 100;
  return times === 0.001 ? raw / 1000 : null;
}

function scaledOf(point: PointModel, raw: number, factor: number): number | null {
  const scaled = raw * point.scale * factor + point.offset;
  if (!Number.isFinite(scaled)) return null;
  return Number.isInteger(scaled) ? scaled : Number(scaled.toPrecision(SAFE_DIGITS));
}

/** The raw value that means a value; not yet rounded to what the wire can carry. */
export function rawOf(point: PointModel, value: number, factor = 1): number {
  if (!point.map) return (value - point.offset) / (point.scale * factor);
  for (const [raw, place] of point.map) if (place === value) return raw;
  assert(false, `${point.name} has no raw value for state ${value}`);
}
