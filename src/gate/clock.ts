import type { Duration, Instant } from "../core/time.ts";

/** The plant's time as the gate sees it. Protocol time-outs are not of this clock: wires know real time only. */
export interface GateClock {
  now(): Instant;
  /** Resolves when the wait is over, or at once when `stop` aborts. It never rejects. */
  wait(wait: Duration, stop: AbortSignal): Promise<void>;
}

/** Real milliseconds, ended early by `stop`. */
export function pause(ms: number, stop?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      stop?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stop?.addEventListener("abort", done);
  });
}
