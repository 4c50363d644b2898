import type { Stand } from "./report/played.ts";

/** What may be said beside the names of `haechi scenario run`. */
export interface ScenarioRunWords {
  readonly on: Stand;
  readonly speed: number;
  readonly inject?: boolean;
  readonly url?: string;
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly seeds?: string;
  readonly json?: boolean;
  readonly junit?: string;
  readonly html?: string;
  readonly out?: string;
}
