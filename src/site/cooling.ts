import { z } from "zod";
import { routes } from "./power.ts";
import { id } from "./words.ts";

/** Machines of one loop, supplies of one machine, loops and rooms of a loop: more than any plant room has. */
const MACHINES_MAX = 256;
const SUPPLIES_MAX = 16;
const ROOMS_MAX = 256;
/** The largest machine that cools, kW of heat, with room to spare. */
const RATED_KW_MAX = 50_000;

/** A device that cools: the nodes that it is supplied from, and the heat that it can carry away. */
const machineSchema = z.strictObject({
  from: z.array(id).max(SUPPLIES_MAX).default([]),
  ratedKw: z.number().positive().max(RATED_KW_MAX).optional(),
});

/** Machines that do one thing together. `from` names the loops that bring them their cold; one of them is enough. */
export const loopSchema = z.strictObject({
  machines: z
    .record(id, machineSchema)
    .refine((all) => Object.keys(all).length <= MACHINES_MAX, `must be at most ${MACHINES_MAX}`)
    .default({}),
  from: z.array(id).max(SUPPLIES_MAX).default([]),
  serves: z.array(id).max(ROOMS_MAX).default([]),
  routes: routes.default([]),
});
