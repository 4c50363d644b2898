import type { Duration, Instant } from "../core/time.ts";

/**
 * Plant time as the collectors see it. Periods, back-off and the stamps of readings follow it, so a
 * simulated plant may run faster than the machine; protocol time-outs and gaps stay in real time.
 */
export interface CollectClock {
  now(): Instant;
  /** Resolves after `wait` of plant time, or at once when `stop` aborts. It never rejects. */
  wait(wait: Duration, stop: AbortSignal): Promise<void>;
}
