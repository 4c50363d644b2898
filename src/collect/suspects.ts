import type { PointModel } from "../profiles/model.ts";

/**
 * The points that were being asked for when a device fell silent. Some devices answer a request
 * that they do not like by saying nothing; asked last, such a request costs the others nothing.
 */
export class Suspects {
  readonly #points = new Set<PointModel>();

  blame(points: readonly PointModel[]): void {
    for (const point of points) this.#points.add(point);
  }

  clear(points: readonly PointModel[]): void {
    for (const point of points) this.#points.delete(point);
  }

  has(points: readonly PointModel[]): boolean {
    return this.#points.size > 0 && points.some((point) => this.#points.has(point));
  }

  /** The requests in their order, but those with a suspect last. */
  last<T extends { readonly points: readonly PointModel[] }>(requests: readonly T[]): readonly T[] {
    if (this.#points.size === 0) return requests;
    const suspected = (request: T): number => Number(this.has(request.points));
    return requests.toSorted((a, b) => suspected(a) - suspected(b));
  }
}
