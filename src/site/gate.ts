import { z } from "zod";
import type { PointId } from "../core/reading.ts";
import { id, point } from "./words.ts";

/** A gate that must write faster than this is being misled. */
const WRITES_PER_MINUTE_MAX = 600;

/** Outlets of one group: as many as a load has feeds. */
const GROUP_MAX = 8;

/** What may be written at all and what is armed; without it nothing has a path to a write. */
export const gateSchema = z.strictObject({
  allow: z.array(id).default([]),
  armed: z.array(id).default([]),
  /** Responses that a person may arm at the gate for a time; until then they are not. */
  armable: z.array(id).default([]),
  writesPerMinute: z.int().min(1).max(WRITES_PER_MINUTE_MAX).default(60),
  neverBoth: z.array(z.array(point).min(2).max(GROUP_MAX)).default([]),
  protectedOutlets: z.array(point).default([]),
});

export interface GateRules {
  /** Devices, services and targets that may be written to. */
  readonly allow: readonly string[];
  /** Responses that may act. */
  readonly armed: readonly string[];
  /** Responses that a person may arm for a time. */
  readonly armable: readonly string[];
  readonly writesPerMinute: number;
  /** Outlets of which one must stay closed: those the file names, and the feeds of every protected load. */
  readonly neverBoth: readonly (readonly PointId[])[];
  /** Outlets that are never opened: those the file names, and the only outlet of a protected load. */
  readonly protectedOutlets: readonly PointId[];
}
