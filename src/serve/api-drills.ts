/** The shapes of what is only practised: drills of responses, and the tests of the chain. As in api.ts, what leaves the server. */

/** A series of tests of the chain from a reading to what follows from it. Wall time; null where none has come through. */
export interface ChainResult {
  readonly at: number;
  readonly asked: number;
  readonly answered: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly worstMs: number | null;
}

/** How the chain has done in the last ten minutes. */
export interface ChainView {
  readonly site: string;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Since a test came through last, s. */
  readonly silentS: number;
  readonly tests: number;
  /** What 99 of 100 may take; null where the site file leaves the alarm out. */
  readonly objectiveMs: number | null;
  /** The last series of a hundred; null where there was none yet. */
  readonly last: ChainResult | null;
}

/** How the last drill of a response fared; while it runs, how far it is. */
export interface DrillView {
  readonly site: string;
  readonly response: string;
  /** Counts the times that the response was at work. */
  readonly run: number;
  readonly isOver: boolean;
  /** Who asked for it, and why. */
  readonly by: string;
  readonly steps: readonly {
    readonly id: string;
    /** Null until it is ordered. */
    readonly made: DrilledStep | null;
    readonly undone: DrilledStep | null;
  }[];
}

export interface DrilledStep {
  readonly command: string;
  readonly issued: number;
  /** When it was confirmed or failed; null before. */
  readonly ended: number | null;
  readonly state: "waiting" | "confirmed" | "failed";
  readonly detail: string;
}
