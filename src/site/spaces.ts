import { z } from "zod";
import { routeKinds } from "../core/topology/premises.ts";
import { id, title } from "./words.ts";

/** What a room is for: it decides how it is drawn and what is looked for in it. */
export const spaceKinds = [
  "hall",
  "battery-room",
  "ups-room",
  "switch-room",
  "transformer-room",
  "generator-yard",
  "cooling-plant",
  "network-room",
  "control-room",
  "corridor",
  "other",
] as const;

/** A room. Rooms of one compartment burn together; rooms of one plenum share their smoke. */
export const spaceSchema = z.strictObject({
  kind: z.enum(spaceKinds),
  name: title,
  compartment: id.optional(),
  plenum: id.optional(),
});

/** A route passes through no more rooms than this: more of them are several routes. */
const ROOMS_MAX = 64;

/** A way that cables or pipes take: where something happens in a room of it, whatever is supplied by it is hit. */
export const routeSchema = z.strictObject({
  kind: z.enum(routeKinds),
  through: z.array(id).min(1).max(ROOMS_MAX),
});

export interface Space {
  readonly id: string;
  readonly kind: (typeof spaceKinds)[number];
  readonly name: Readonly<Record<string, string>>;
  readonly compartment: string | null;
  readonly plenum: string | null;
}

/** The spaces as the rest of the service sees them. */
export const spacesOf = (source: Readonly<Record<string, z.output<typeof spaceSchema>>>): readonly Space[] =>
  Object.entries(source).map(([spaceId, { kind, name, compartment = null, plenum = null }]) => ({
    id: spaceId,
    kind,
    name,
    compartment,
    plenum,
  }));
