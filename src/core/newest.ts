/**
 * The newest readings of a site's points. A reading is taken apart and written over the one before
 * it: a hundred thousand of them that are replaced every second are nothing to clear away then, and
 * that is more than half of what it would cost to keep them.
 */
import type { Doubt, Fault, PointId, Reading } from "./reading.ts";
import type { Followed, Sequence } from "./sequence.ts";
import type { Duration, Instant } from "./time.ts";
import { elapsed } from "./time.ts";

/** What one point said last. */
export class Place implements Followed {
  point: PointId;
  following: this | null = null;
  #quality: Reading["quality"] | null = null;
  #at = Number.NaN;
  #value = Number.NaN;
  #reason: Doubt | Fault | null = null;

  constructor(point: PointId) {
    this.point = point;
  }

  /** Null where the point has not spoken. */
  get latest(): Reading | null {
    const [point, at] = [this.point, this.#at as Instant];
    switch (this.#quality) {
      case "good":
        return { point, at, quality: "good", value: this.#value };
      case "uncertain":
        return { point, at, quality: "uncertain", value: this.#value, reason: this.#reason as Doubt };
      case "bad":
        return { point, at, quality: "bad", reason: this.#reason as Fault };
      case null:
    }
    return null;
  }

  set latest(reading: Reading | null) {
    this.#quality = reading?.quality ?? null;
    this.#at = reading?.at ?? Number.NaN;
    this.#value = reading && reading.quality !== "bad" ? reading.value : Number.NaN;
    this.#reason = reading && reading.quality !== "good" ? reading.reason : null;
  }

  /** When the point has spoken last; no number where it has not. */
  get at(): Instant {
    return this.#at as Instant;
  }

  /** Whether the point has spoken. */
  get isKnown(): boolean {
    return this.#quality !== null;
  }

  /** Whether the point has a value, however old it is. */
  get isValued(): boolean {
    return this.#quality === "good" || this.#quality === "uncertain";
  }

  /** Whether the point's value is another one, or it has none. */
  differsFrom(value: number): boolean {
    return this.#value !== value;
  }

  /** Whether the point has a value that is no older than `maxAge`. */
  isUsable(now: Instant, maxAge: Duration): boolean {
    return this.isValued && elapsed(this.#at as Instant, now) <= maxAge;
  }
}

/** The newest readings of a site's points. A point that has not spoken has none; one that is not of the site never has. */
export class Newest {
  readonly #places: Pick<Sequence<Place>, "get" | "forEach">;

  constructor(places: Pick<Sequence<Place>, "get" | "forEach">) {
    this.#places = places;
  }

  get size(): number {
    return this.values().length;
  }

  get(point: PointId): Reading | undefined {
    return this.#places.get(point)?.latest ?? undefined;
  }

  has(point: PointId): boolean {
    return this.#places.get(point)?.isKnown ?? false;
  }

  /** In the order of the site. */
  values(): readonly Reading[] {
    const values: Reading[] = [];
    this.#places.forEach(({ latest }) => {
      if (latest) values.push(latest);
    });
    return values;
  }

  clear(): void {
    this.#places.forEach((place) => {
      place.latest = null;
    });
  }
}
