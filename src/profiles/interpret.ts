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
  const scaled = raw * point.scale * factor + point.offset;
  // The object that says by what the number is multiplied said nothing that is a factor.
  if (!Number.isFinite(scaled)) return { point, fault: "configuration" };
  const value = Number.isInteger(scaled) ? scaled : Number(scaled.toPrecision(SAFE_DIGITS));
  const [low, high] = point.range;
  return value < low || value > high ? { point, value, doubt: "outOfRange" } : { point, value };
}

/** The raw value that means a value; not yet rounded to what the wire can carry. */
export function rawOf(point: PointModel, value: number, factor = 1): number {
  if (!point.map) return (value - point.offset) / (point.scale * factor);
  for (const [raw, place] of point.map) if (place === value) return raw;
  assert(false, `${point.name} has no raw value for state ${value}`);
}
