/**
 * The machine's clock, read in one place. It is anchored to the wall once and then follows the
 * monotonic clock, so that a stepped wall clock moves no timer. A speed above 1 makes plant time
 * run faster than the wall, for simulated sites only.
 */
import type { Duration, Instant } from "./core/time.ts";
import { instant, ms } from "./core/time.ts";

export interface Clock {
  readonly speed: number;
  now(): Instant;
  /** Resolves after this much plant time, or at once when `stop` is aborted. Leaves no timer behind. */
  wait(wait: Duration, stop?: AbortSignal): Promise<void>;
}

/**
 * A clock that stood at `at` when the wall stood at `since` (by default: both now) and has run at
 * `speed` times the wall's pace from there. Processes that are given the same figures agree.
 */
export function realClock(speed = 1, since: number = Date.now(), at: number = since): Clock {
  const began = performance.now();
  const from = at + (Date.now() - since) * speed;
  return {
    speed,
    now: () => instant(Math.floor(from + (performance.now() - began) * speed)),
    wait: (wait, stop) => sleep(ms(wait / speed), stop),
  };
}

/** Wall time that passes, ended early by `stop`. Leaves no timer behind. */
export function sleep(wait: Duration, stop?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop?.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      stop?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, wait);
    stop?.addEventListener("abort", end);
  });
}

/** A clock that stands still until it is told to move: a rehearsal's. */
export interface VirtualClock extends Clock {
  /** When the next wait is over; null when nothing waits. */
  next(): Instant | null;
  /** Moves on, and ends the waits that are over by then, in order. */
  moveTo(at: Instant): void;
}

export function virtualClock(from: Instant): VirtualClock {
  let now = from;
  let waits: { at: number; end: () => void }[] = [];
  return {
    speed: Number.POSITIVE_INFINITY,
    now: () => now,
    wait: (wait, stop) =>
      new Promise((resolve) => {
        if (stop?.aborted) return resolve();
        const end = (): void => {
          waits = waits.filter((w) => w !== entry);
          stop?.removeEventListener("abort", end);
          resolve();
        };
        const entry = { at: now + wait, end };
        waits.push(entry);
        stop?.addEventListener("abort", end);
      }),
    next: () => (waits.length === 0 ? null : instant(Math.min(...waits.map((w) => w.at)))),
    moveTo(at) {
      now = at;
      const over = waits.filter((w) => w.at <= at).sort((a, b) => a.at - b.at);
      for (const { end } of over) end();
    },
  };
}
