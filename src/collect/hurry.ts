/**
 * Points that are asked for out of turn, because their device has said that something happened. It
 * is one poll for all that has come in meanwhile, and then a rest: who hurries us without end, be it
 * a device gone mad or a forger, gets one poll more a second out of it and no more.
 */
import type { Duration, Instant } from "../core/time.ts";
import { after, elapsed, ms, seconds } from "../core/time.ts";
import { type Group, urgencyOf } from "../profiles/group.ts";
import type { PointModel } from "../profiles/model.ts";
import { familyOf, letterOf } from "../profiles/names.ts";

/** From the end of a hurried poll to the begin of the next. */
const REST = seconds(1);

export class Hurry {
  readonly #points: readonly PointModel[];
  #waiting: Group | null = null;
  #running: Group | null = null;
  #restedAt: Instant;

  constructor(points: readonly PointModel[], start: Instant) {
    this.#points = points;
    this.#restedAt = start;
  }

  /** Adds the points of these names. A name with a letter for its instance stands for all instances. */
  add(names: readonly string[]): void {
    const wanted = new Set(names.map((name) => (letterOf(name) === null ? name : familyOf(name))));
    const before = this.#waiting?.points ?? [];
    const points = this.#points.filter(
      (point) => wanted.has(point.name) || wanted.has(familyOf(point.name)) || before.includes(point),
    );
    // As urgent as its least urgent point, so that what is long is no obstacle to what guards safety.
    const least = points.toSorted((a, b) => urgencyOf(b) - urgencyOf(a))[0];
    if (least) this.#waiting = { scan: least.scan, period: REST, points };
  }

  due(now: Instant): Group | null {
    return this.#running === null && now >= this.#restedAt ? this.#waiting : null;
  }

  /** How long nothing is due; null where nothing waits. */
  untilNext(now: Instant): Duration | null {
    return this.#waiting && ms(Math.max(0, elapsed(now, this.#restedAt)));
  }

  /** Whether it is the group whose poll runs. */
  runs(group: Group | undefined): boolean {
    return group !== undefined && group === this.#running;
  }

  /** Begins the poll of a group that is due; false where the group is not one of these. */
  take(group: Group): boolean {
    if (group !== this.#waiting) return false;
    this.#running = group;
    this.#waiting = null;
    return true;
  }

  /** Ends a group's poll; false where the group is not one of these. */
  finish(group: Group, now: Instant): boolean {
    if (!this.runs(group)) return false;
    this.#running = null;
    this.#restedAt = after(now, REST);
    return true;
  }
}
