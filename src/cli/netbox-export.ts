/** What is read of an export of NetBox: each list as its REST API gives it, with or without `results` around it. */
import { z } from "zod";

const text = z.string().min(1);
const reference = z.looseObject({ id: z.int(), name: text });
const place = { site: z.looseObject({ name: text }).nullish(), location: z.looseObject({ name: text }).nullish() };
const choice = <T extends string>(values: readonly [T, ...T[]]) => z.looseObject({ value: z.enum(values) });
const named = z.looseObject({ id: z.int(), name: text, ...place });
const feedSchema = z.looseObject({
  id: z.int(),
  name: text,
  power_panel: reference,
  rack: reference.nullish(),
  status: choice(["offline", "active", "planned", "failed"]).nullish(),
  type: choice(["primary", "redundant"]),
  supply: choice(["ac", "dc"]).nullish(),
  phase: choice(["single-phase", "three-phase"]),
  voltage: z.number().refine((volts) => volts !== 0, "a voltage of 0 carries nothing"),
  amperage: z.number().positive(),
  max_utilization: z.number().positive().max(100),
});
const deviceSchema = z.looseObject({
  id: z.int(),
  name: z.string().nullish(),
  role: z.looseObject({ name: text }).nullish(),
  rack: reference.nullish(),
  primary_ip: z.looseObject({ address: text }).nullish(),
  ...place,
});
const endSchema = z.looseObject({
  object_type: text,
  object_id: z.int(),
  object: z.looseObject({ device: z.looseObject({ id: z.int() }).nullish() }).nullish(),
});
const cableSchema = z.looseObject({
  id: z.int(),
  status: choice(["connected", "planned", "decommissioning"]).nullish(),
  a_terminations: z.array(endSchema),
  b_terminations: z.array(endSchema),
});
type Listed<T> = readonly T[] | { readonly results: readonly T[] };
const listOf = <T extends z.ZodType>(one: T) => z.union([z.array(one), z.looseObject({ results: z.array(one) })]);
export const exportSchema = z.looseObject({
  racks: listOf(named),
  power_panels: listOf(named),
  power_feeds: listOf(feedSchema),
  devices: listOf(deviceSchema).default([]),
  cables: listOf(cableSchema).default([]),
});

export type Export = z.output<typeof exportSchema>;
export type Feed = z.output<typeof feedSchema>;
export type Device = z.output<typeof deviceSchema>;
export type Rack = z.output<typeof named>;
/** What says where it stands. */
export type Placed = Pick<Rack, "site" | "location">;
export type Cable = z.output<typeof cableSchema>;
export type End = z.output<typeof endSchema>;

/** A list by itself, or in the answer of the API that it came in. */
export const inList = <T>(list: Listed<T>): readonly T[] => ("results" in list ? list.results : list);
