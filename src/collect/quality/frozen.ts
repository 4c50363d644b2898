import type { Duration, Instant } from "../../core/time.ts";
import { elapsed } from "../../core/time.ts";
import type { Sample } from "../../profiles/model.ts";

/** A value and since when it has been just that. */
interface Stand {
  readonly value: number;
  readonly since: Instant;
}

/**
 * Values that stand still. A noisy measurement that does not change to the last bit is one that
 * nobody makes any more; and a heartbeat that stands still says so of everything in the device.
 */
export class Frozen {
  readonly #stands = new Map<string, Stand>();
  readonly #hearts = new Map<string, { readonly since: Instant; readonly period: Duration }>();

  judge(sample: Sample, now: Instant): Sample {
    const { frozenAfter, heartbeat } = sample.point.doubts ?? {};
    if ((frozenAfter ?? heartbeat) === undefined || "fault" in sample) return sample;
    const since = this.#standing(sample.point.name, sample.value, now);
    if (heartbeat !== undefined) this.#hearts.set(sample.point.name, { since, period: heartbeat });
    const still = frozenAfter !== undefined && elapsed(since, now) >= frozenAfter;
    return still ? { point: sample.point, fault: "frozen" } : sample;
  }

  /** Whether a heartbeat has stood still for longer than it may. One that could not be read is another fault. */
  isStill(now: Instant): boolean {
    for (const { since, period } of this.#hearts.values()) if (elapsed(since, now) > period) return true;
    return false;
  }

  #standing(name: string, value: number, now: Instant): Instant {
    const before = this.#stands.get(name);
    if (before?.value === value) return before.since;
    this.#stands.set(name, { value, since: now });
    return now;
  }
}
