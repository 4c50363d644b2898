import type { Place } from "../profiles/index.ts";

/** What is found of a response before it is needed, and where the response stands in the site file. */
export interface PlanFinding extends PlanFault, Place {}

export interface PlanFault {
  readonly kind: "late" | "tight" | "impatient" | "left-behind" | "no-room" | "own-fate" | "scope" | "unsaid";
  readonly response: string;
  /** What is the matter, with what and where. */
  readonly what: string;
  readonly todo: string;
}
