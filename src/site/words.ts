/** The small values that every section of a site file is made of. */
import { z } from "zod";
import type { Duration } from "../core/time.ts";
import { durationSchema } from "../profiles/index.ts";

/** `device/point`, and a duration of more than nothing and at most so much: detectors write them as well. */
export { pointSchema as point, stretchSchema as wait } from "../core/detect/kind.ts";

/** Ids stand in topics, file names and URLs: this long is enough for any of them. */
const ID_LENGTH_MAX = 64;

export const text = z.string().trim().min(1);

/** What things of a site are called in the file: never with a dot or a slash, which join ids to longer names. */
export const id = z
  .string()
  .max(ID_LENGTH_MAX)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, "an id is small letters, digits, - and _");

/** Language code → text; English is always there. */
export const title = z
  .record(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, "a language code like en or ko"), text)
  .refine((texts) => "en" in texts, "needs an English text (en)");

/** What people read: English only, or a text for each language. */
export const instruction = z
  .union([text, title], { error: "a text is needed, in English (en) at least" })
  .transform((written) => (typeof written === "string" ? { en: written } : written));

export const host = z.string().regex(/^[A-Za-z0-9.:_-]+$/, "a host name or an address");

export const port = z.int().min(1).max(65_535);

/** An address without credentials in it: those are secrets. */
export const url = z.string().refine((value) => {
  const parsed = URL.canParse(value) ? new URL(value) : null;
  return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === "" && parsed.password === "";
}, "must be an http or https address without a password in it");

/** A broker's address without credentials in it. */
export const brokerUrl = z
  .string()
  .regex(/^(mqtts?|tcp|ssl):\/\/[^@\s]+$/, "must be a mqtt or mqtts address without a password in it")
  .refine((value) => URL.canParse(value), "must be a mqtt or mqtts address without a password in it");

/** A delay: none, or at most `max`. */
export const delay = (max: Duration) =>
  durationSchema.refine((duration) => duration <= max, `must be at most ${max / 1000} s`);

/** Entries by id, no more of them than `max`. */
export const entries = <T extends z.ZodType>(entry: T, max: number) =>
  z.record(id, entry).refine((all) => Object.keys(all).length <= max, `must be at most ${max}`);

/** The keys that say something: what is left out of a file is undefined in what its schema gives. */
export function said<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
