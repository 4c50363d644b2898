/** When a device's tables are walked, and what is new after it. */
import type { Duration, Instant } from "../core/time.ts";
import { after, elapsed, minutes, ms, seconds } from "../core/time.ts";
import type { PointModel, TableModel } from "../profiles/model.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Between } from "./line.ts";

/** Hardware is added while somebody stands beside it: within ten minutes is soon enough to see it. */
const WALK_PERIOD = minutes(10);
/** A device that is away is found again by its polls; without any, by this. */
const RETRY_PERIOD = seconds(10);

/** Rows that are not those of the walk before. */
interface News {
  readonly points: readonly PointModel[];
  readonly gone: readonly PointModel[];
}

export class Rows {
  readonly #tables: readonly TableModel[];
  readonly #endpoint: Endpoint;
  /** Null until a walk has come to its end. */
  #points: readonly PointModel[] | null = null;
  #nextAt: Instant | null = null;
  /** The line of the last walk: over another one all may be different. */
  #line = 0;

  constructor(tables: readonly TableModel[], endpoint: Endpoint) {
    this.#tables = tables;
    this.#endpoint = endpoint;
  }

  due(now: Instant): boolean {
    if (this.#tables.length === 0) return false;
    return this.#nextAt === null || this.#nextAt <= now || this.#line !== this.#endpoint.opened;
  }

  /** How long no walk is due; null for a device without tables. */
  untilNext(now: Instant): Duration | null {
    if (this.#tables.length === 0) return null;
    return ms(Math.max(0, elapsed(now, this.#nextAt ?? now)));
  }

  /** Null where there is nothing new, or nothing could be learnt. */
  async walk(now: Instant, between: Between): Promise<News | null> {
    const points = await this.#endpoint.walk(this.#tables, between);
    this.#line = this.#endpoint.opened;
    this.#nextAt = after(now, points ? WALK_PERIOD : RETRY_PERIOD);
    if (!points || (this.#points && isSame(points, this.#points))) return null;
    const names = new Set(points.map(({ name }) => name));
    const gone = (this.#points ?? []).filter(({ name }) => !names.has(name));
    this.#points = points;
    return { points, gone };
  }
}

const isSame = (a: readonly PointModel[], b: readonly PointModel[]): boolean =>
  a.length === b.length && a.every((point, i) => point === b[i]);
