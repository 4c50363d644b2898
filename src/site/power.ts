import { z } from "zod";
import { importances, nodeKinds } from "../core/topology/power.ts";
import { id, point, title } from "./words.ts";

/** Supplies of one node, and feeds of one load: more than any one-line diagram has. */
const SUPPLIES_MAX = 16;
const FEEDS_MAX = 8;
/** The largest single node of a data centre campus, kW, with room to spare; beyond it somebody wrote watts. */
const RATED_KW_MAX = 500_000;

/** Routes that one supply takes one after the other. */
const ROUTES_MAX = 16;

const ratedKw = z.number().positive().max(RATED_KW_MAX);

/** The cable routes that a supply takes. */
export const routes = z.array(id).max(ROUTES_MAX);

/** Through what power passes. `from` is in order of preference. */
export const nodeSchema = z.strictObject({
  kind: z.enum(nodeKinds),
  /** What people call it; without one it is called by its id. */
  name: title.optional(),
  feed: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{0,3}$/, "a feed is a capital letter, as in A")
    .optional(),
  space: id.optional(),
  from: z.array(id).max(SUPPLIES_MAX).default([]),
  ratedKw,
  power: point.optional(),
  battery: id.optional(),
  device: id.optional(),
  /** The cable routes of its supply; of several, by the node that each comes from. */
  routes: z.union([routes, z.record(id, routes)]).default([]),
});

/** What power ends in: a rack, and what opens each of its feeds. */
export const loadSchema = z.strictObject({
  space: id,
  ratedKw,
  importance: z.enum(importances),
  feeds: z
    .array(
      z.strictObject({
        node: id,
        outlet: point.optional(),
        closed: point.optional(),
        power: point.optional(),
        routes: routes.default([]),
      }),
    )
    .min(1)
    .max(FEEDS_MAX),
  /** Loads that say the same stand for each other, and a shed leaves one of them lit. */
  spread: id.optional(),
});

export type NodeSource = z.output<typeof nodeSchema>;
export type LoadSource = z.output<typeof loadSchema>;
