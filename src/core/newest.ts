import type { PointId, Reading } from "./reading.ts";
import type { Sequence } from "./sequence.ts";

/** Where the newest reading of a point stands. */
export interface Place {
  latest: Reading | null;
}

/** The newest readings of a site's points. A point that has not spoken has none; one that is not of the site never has. */
export class Newest {
  readonly #places: Pick<Sequence<PointId, Place>, "get" | "forEach">;

  constructor(places: Pick<Sequence<PointId, Place>, "get" | "forEach">) {
    this.#places = places;
  }

  get size(): number {
    return this.values().length;
  }

  get(point: PointId): Reading | undefined {
    return this.#places.get(point)?.latest ?? undefined;
  }

  has(point: PointId): boolean {
    return this.get(point) !== undefined;
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
