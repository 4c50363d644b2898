import type { Fault } from "../core/reading.ts";
import type { PointModel, Sample } from "../profiles/model.ts";

/**
 * Polls for which a refused point is left alone. It is asked again now and then, because a device
 * that is starting, or that gets a new module, refuses what it will answer later.
 */
export const POLLS_UNTIL_ASKED_AGAIN = 60;

/** The points that a device has refused by name, so that they do not spoil the requests of the others. */
export class Refusals {
  readonly #refused = new Map<PointModel, { readonly fault: Fault; polls: number }>();

  add(point: PointModel, fault: Fault): void {
    this.#refused.set(point, { fault, polls: POLLS_UNTIL_ASKED_AGAIN });
  }

  /** Parts what is to be asked (the same array where nothing is refused) from what is known to be refused. */
  sift(points: readonly PointModel[]): { ask: readonly PointModel[]; refused: readonly Sample[] } {
    if (this.#refused.size === 0) return { ask: points, refused: [] };
    const ask: PointModel[] = [];
    const refused: Sample[] = [];
    for (const point of points) {
      const fault = this.#standing(point);
      if (fault === null) ask.push(point);
      else refused.push({ point, fault });
    }
    return refused.length === 0 ? { ask: points, refused } : { ask, refused };
  }

  /** What is refused now. */
  standing(): readonly { readonly point: PointModel; readonly fault: Fault }[] {
    return [...this.#refused].map(([point, { fault }]) => ({ point, fault }));
  }

  clear(): void {
    this.#refused.clear();
  }

  #standing(point: PointModel): Fault | null {
    const refusal = this.#refused.get(point);
    if (!refusal) return null;
    refusal.polls -= 1;
    if (refusal.polls > 0) return refusal.fault;
    this.#refused.delete(point);
    return null;
  }
}
