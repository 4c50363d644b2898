import type { Duration, Instant } from "../core/time.ts";
import { instant } from "../core/time.ts";

/** The plant's time as the gate sees it. Protocol time-outs are not of this clock: wires know real time only. */
export interface GateClock {
  now(): Instant;
  /** Resolves when the wait is over, or at once when `stop` aborts. It never rejects. */
  wait(wait: Duration, stop: AbortSignal): Promise<void>;
}

/**
 * The machine's clock, run `speed` times faster from `since` on. With speed 1 it is the wall clock.
 * Processes of one plant that are given the same two figures agree on the time.
 */
export function scaledClock(speed = 1, since: number = Date.now()): GateClock {
  let newest = -Infinity;
  return {
    now() {
      // A wall clock that is set back must not bring an expired command to life.
      newest = Math.max(newest, since + (Date.now() - since) * speed);
      return instant(Math.floor(newest));
    },
    wait: (wait, stop) => pause(wait / speed, stop),
  };
}

/** Real milliseconds, ended early by `stop`. */
export function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stop.addEventListener("abort", done);
  });
}
