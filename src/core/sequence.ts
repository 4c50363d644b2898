/**
 * What stands for each point, for points that are read in much the same order again and again, as a device's are:
 * whoever followed the point before is tried first. In a site of a hundred thousand points that is what a reading would
 * otherwise cost most, for no cache of a processor holds the table.
 */
import { assert } from "./assert.ts";
import type { PointId } from "./reading.ts";

/** What stands for a point. */
export interface Followed {
  point: PointId;
  /** Who was asked for after this one the last time. */
  following: this | null;
}

export class Sequence<V extends Followed> {
  readonly #known = new Map<PointId, V>();
  #latest: V | null = null;

  get(point: PointId): V | undefined {
    const latest = this.#latest;
    if (latest?.point === point) return latest;
    const guess = latest?.following;
    const found = guess?.point === point ? guess : this.#find(point);
    if (found) this.#latest = found;
    return found;
  }

  /** Takes up what stands for a point that nothing stands for yet. */
  add(value: V): void {
    assert(!this.#known.has(value.point), `${value.point} stands once in a sequence`);
    this.#known.set(value.point, value);
  }

  forEach(what: (value: V) => void): void {
    for (const value of this.#known.values()) what(value);
  }

  #find(point: PointId): V | undefined {
    const found = this.#known.get(point);
    if (!found) return undefined;
    // The same text may be another string: the one that is asked with is compared at a glance.
    found.point = point;
    if (this.#latest) this.#latest.following = found;
    return found;
  }
}
