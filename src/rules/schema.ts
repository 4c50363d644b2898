/** What a file of rule tests may hold: whose alarms they are, what their points say, and what must come of it. */
import { z } from "zod";
import { askSchema } from "../../simulators/scenario/asks.ts";
import { durationSchema } from "../core/duration.ts";
import { hours, seconds } from "../core/time.ts";

/** A rule that needs longer than this is looked at over the history. */
const longest = hours(31 * 24);
/** Readings that nobody wrote a rule for come no faster. */
const usualEvery = seconds(1);

const text = z.string().min(1);
const step = durationSchema.refine((ms) => ms > 0 && ms <= longest, "readings are up to 31 days apart");

/** What one point says: values in the compact notation, and how far apart and from when they are. */
const inputSchema = z.union([
  z.number().transform((value) => ({ values: String(value) })),
  text.transform((values) => ({ values })),
  z.strictObject({
    values: z.union([text, z.number().transform(String)]),
    every: step.optional(),
    from: durationSchema.optional(),
  }),
]);

const inputs = z.record(text, inputSchema);

const testSchema = z.strictObject({
  name: text,
  every: step.optional(),
  /** Until when it is watched; default: until the last reading or request. */
  lasts: durationSchema.refine((ms) => ms > 0 && ms <= longest, "a test lasts up to 31 days").optional(),
  inputs: inputs.default({}),
  /** A file of recorded readings, from the folder of this one. */
  trace: text.optional(),
  /** What operators ask and when, as in a scenario. */
  timeline: z.array(z.strictObject({ at: durationSchema, asks: askSchema })).default([]),
  expect: z.array(text).default([]),
  /** All that happens to the alarms whose points are given, and nothing else. */
  transitions: z.array(text).optional(),
});

export const ruleFileSchema = z
  .strictObject({
    /** A site file, from the folder of this one. */
    site: text.optional(),
    /** In place of a site: one device of this profile, called `device`, with the profile's own alarms. */
    profile: text.optional(),
    /** What is fitted of the profile's repeated points, as in a site file. */
    fitted: z.record(z.string(), z.union([z.int().min(1), z.array(z.union([z.int(), z.string()]))])).optional(),
    every: step.default(usualEvery),
    /** What points say in every test that does not say otherwise. */
    given: inputs.default({}),
    tests: z.array(testSchema).min(1),
  })
  .refine(({ site, profile }) => (site === undefined) !== (profile === undefined), "needs a site or a profile")
  .refine(({ fitted, profile }) => fitted === undefined || profile !== undefined, "fitted belongs to a profile");

export type RuleFileSource = z.output<typeof ruleFileSchema>;
export type TestSource = z.output<typeof testSchema>;
export type InputSource = z.output<typeof inputSchema>;
