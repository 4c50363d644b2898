/**
 * How the polling of a device fares, as points of the device: whether it answers, how late, how
 * regularly, and how often not. That a device does not answer is knowledge about its link, so these
 * are good readings when all others are bad.
 */
import type { PointId, Reading } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import type { Duration, Instant } from "../core/time.ts";
import { elapsed } from "../core/time.ts";
import type { Outcome } from "./endpoint.ts";

const NAMES = ["state", "misses", "missed", "latency", "period", "jitter"] as const;
type Name = (typeof NAMES)[number];

export class Health {
  readonly #ids: Readonly<Record<Name, PointId>>;
  #misses = 0;
  /** Polls that were missed one after the other, up to now. */
  #missed = 0;
  #lastAt: Instant | null = null;

  constructor(device: string) {
    this.#ids = Object.fromEntries(NAMES.map((name) => [name, pointId(device, `link.${name}`)])) as Record<
      Name,
      PointId
    >;
  }

  /** Counts a poll that ended, and the turns that were lost to it; `leads` is whether it was of the points that are asked most often. */
  count({ up }: Outcome, lost: number, leads: boolean): void {
    this.#misses += lost + (up ? 0 : 1);
    if (up) this.#missed = 0;
    else if (leads) this.#missed += lost + 1;
  }

  /** Counts turns that were left out. */
  leaveOut(turns: number): void {
    this.#misses += turns;
  }

  /** The readings after a poll of the points that are asked most often; `period` is how often that is to be. */
  readings({ up, latencyMs }: Outcome, at: Instant, period: Duration): readonly Reading[] {
    const good = (name: Name, value: number): Reading => ({ point: this.#ids[name], at, quality: "good", value });
    const readings = [good("state", up ? 1 : 0), good("misses", this.#misses), good("missed", this.#missed)];
    if (latencyMs !== null) readings.push(good("latency", latencyMs));
    else readings.push({ point: this.#ids.latency, at, quality: "bad", reason: "noCommunication" });
    if (this.#lastAt !== null) {
      const took = elapsed(this.#lastAt, at);
      readings.push(good("period", took), good("jitter", Math.abs(took - period)));
    }
    this.#lastAt = at;
    return readings;
  }
}
