/** What is found of a response before it is needed. */
export interface PlanFinding {
  readonly kind: "late" | "tight" | "impatient" | "left-behind" | "no-room" | "own-fate" | "scope" | "unsaid";
  readonly response: string;
  /** What is the matter, with what and where. */
  readonly what: string;
  readonly todo: string;
}
