import { z } from "zod";
import type { Test } from "../core/command.ts";
import type { PointId } from "../core/reading.ts";
import { id, point, text } from "./words.ts";

/** A gate that must write faster than this is being misled. */
const WRITES_PER_MINUTE_MAX = 600;

/** Outlets of one group: as many as a load has feeds. */
const GROUP_MAX = 8;

/** Each is read before every write that it may forbid. */
const INTERLOCKS_MAX = 64;

const interlock = z.strictObject({
  point,
  is: z.enum(["=", "<", ">"]),
  /** A number, or the name of one of the point's states. */
  value: z.union([z.number(), text]),
  forbids: z.array(id).min(1),
  why: text,
});

/** What may be written at all and what is armed; without it nothing has a path to a write. */
export type InterlockSource = z.output<typeof interlock>;

export const gateSchema = z.strictObject({
  allow: z.array(id).default([]),
  armed: z.array(id).default([]),
  /** Responses that a person may arm at the gate for a time; until then they are not. */
  armable: z.array(id).default([]),
  /** Responses, and what may be written to, that need the yes of two people at the gate. */
  twoPeople: z.array(id).default([]),
  /** While the point is so, or cannot be read, nothing of what is named is written to. */
  interlocks: z.array(interlock).max(INTERLOCKS_MAX).default([]),
  writesPerMinute: z.int().min(1).max(WRITES_PER_MINUTE_MAX).default(60),
  neverBoth: z.array(z.array(point).min(2).max(GROUP_MAX)).default([]),
  protectedOutlets: z.array(point).default([]),
});

/** While the point passes the test, or cannot be read, nothing of these is written to. */
export interface Interlock extends Test {
  readonly forbids: readonly string[];
  readonly why: string;
}

export interface GateRules {
  /** Devices, services and targets that may be written to. */
  readonly allow: readonly string[];
  /** Responses that may act. */
  readonly armed: readonly string[];
  /** Responses that a person may arm for a time. */
  readonly armable: readonly string[];
  readonly twoPeople: readonly string[];
  readonly interlocks: readonly Interlock[];
  readonly writesPerMinute: number;
  /** What each response may write by its plan. */
  readonly plans: ReadonlyMap<string, ReadonlySet<PointId>>;
  /** Outlets of which one must stay closed: those the file names, and the feeds of every protected load. */
  readonly neverBoth: readonly (readonly PointId[])[];
  /** Outlets that are never opened: those the file names, and the only outlet of a protected load. */
  readonly protectedOutlets: readonly PointId[];
}
