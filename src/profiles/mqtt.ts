/**
 * What a device publishes, as samples. It works on JSON that has been parsed and on metrics that
 * have been decoded, and knows nothing of brokers.
 */
import { interpret, interpretText } from "./interpret.ts";
import type { PointModel, Sample } from "./model.ts";

/** A value as it was published. Null where the device says that it has none; undefined for what is no value. */
export type Published = number | string | boolean | null | undefined;

/** What a published value means. What is neither a number nor a state is "deviceFailure". */
export function decodePublished(point: PointModel, value: Published): Sample {
  if (value === null) return { point, fault: "sensorFailure" };
  if (value === undefined) return { point, fault: "deviceFailure" };
  if (typeof value === "boolean") return inWords(point, String(value)) ?? interpret(point, Number(value));
  if (typeof value === "number") return interpret(point, value);
  return inWords(point, value) ?? interpret(point, numberWritten(value));
}

/** What a point's words make of a text; null for a point without words. */
const inWords = (point: PointModel, text: string): Sample | null =>
  point.texts ? interpretText(point, text.trim()) : null;

const numberWritten = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

/** A place in a JSON document: undefined where there is none, or none that is a single value; "" is the document itself. */
export function valueAt(document: unknown, path: string): { readonly found: boolean; readonly value: Published } {
  let at = document;
  for (const step of stepsOf(path)) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return { found: false, value: undefined };
    at = (at as Readonly<Record<string, unknown>>)[step];
  }
  return { found: true, value: isSingle(at) ? at : undefined };
}

const isSingle = (value: unknown): value is Published => value === null || typeof value !== "object";

const stepsOf = (path: string): readonly string[] => (path === "" ? [] : path.replaceAll("]", "").split(/[.[]/));

/** Seconds or milliseconds since 1970, or a date as ISO 8601 writes it; null for what is none of these. In ms. */
export function timeSaid(value: Published): number | null {
  const ms = typeof value === "number" ? (value < SECONDS_BEFORE ? value * 1000 : value) : dateOf(value);
  return Number.isFinite(ms) ? ms : null;
}

/** Smaller numbers are seconds: as milliseconds they would be of 1973, as seconds they last until 5138. */
const SECONDS_BEFORE = 1e11;

const dateOf = (value: Published): number => (typeof value === "string" ? Date.parse(value) : Number.NaN);
