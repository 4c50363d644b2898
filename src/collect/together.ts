import { setMaxListeners } from "node:events";
import type { Duration, Instant } from "../core/time.ts";
import { after, elapsed, instant } from "../core/time.ts";
import type { CollectClock } from "./clock.ts";

/** The part of a wait by which it may be longer: a point that is read every tenth of a second is read 2 ms late at most. */
const LATE_SHARE = 1 / 50;

/**
 * A clock by which many devices wait. Those whose turns are nearly at once get them at once: to wake
 * up costs a process far more than to send one request more, and the answers come together too.
 */
export class SharedClock implements CollectClock {
  readonly #clock: CollectClock;
  /** Aborts with the stop that was given. Who listens to that one is gone through with every listener more: each device does. */
  readonly #stop = new AbortController();
  readonly #turns = new Map<Instant, (() => void)[]>();
  /** What ends at once when a signal aborts: whoever waits every second listens to its own only once. */
  readonly #ends = new WeakMap<AbortSignal, Set<() => void>>();

  /** All waits end when `stop` aborts. */
  constructor(clock: CollectClock, stop: AbortSignal) {
    this.#clock = clock;
    setMaxListeners(0, this.#stop.signal);
    stop.addEventListener("abort", () => this.#stop.abort(), { once: true });
    if (stop.aborted) this.#stop.abort();
  }

  now(): Instant {
    return this.#clock.now();
  }

  wait(wait: Duration, stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (stop.aborted) return resolve();
      const ends = this.#endsAt(stop);
      const end = (): void => {
        ends.delete(end);
        resolve();
      };
      ends.add(end);
      this.#turn(wait).push(end);
    });
  }

  #endsAt(stop: AbortSignal): Set<() => void> {
    const known = this.#ends.get(stop);
    if (known) return known;
    const ends = new Set<() => void>();
    this.#ends.set(stop, ends);
    stop.addEventListener("abort", () => ends.forEach((end) => end()), { once: true });
    return ends;
  }

  #turn(wait: Duration): (() => void)[] {
    const now = this.#clock.now();
    const at = turnAfter(now, wait);
    const known = this.#turns.get(at);
    if (known) return known;
    const turn: (() => void)[] = [];
    this.#turns.set(at, turn);
    void this.#clock.wait(elapsed(now, at), this.#stop.signal).then(() => {
      this.#turns.delete(at);
      for (const end of turn) end();
    });
    return turn;
  }
}

/** What divides the hundred milliseconds of the fastest usual period, and the ten between the turns of a schedule. ms */
const STEPS_MS = [10, 5, 2, 1];

/** The next instant that the largest of the steps divides by which the wait may be longer: so all who wait about as long meet. */
function turnAfter(now: Instant, wait: Duration): Instant {
  const step = STEPS_MS.find((ms) => ms <= wait * LATE_SHARE) ?? 1;
  return instant(Math.ceil(after(now, wait) / step) * step);
}
