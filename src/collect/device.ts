/**
 * One device's collector: it asks when the schedule says so, one request at a time, and says what
 * it heard, or that it heard nothing, after every poll. It runs by itself, so that a dead device
 * holds up no other.
 */
import type { PointId, Reading } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { elapsed, ms } from "../core/time.ts";
import type { DeviceLink } from "../profiles/link.ts";
import type { PointModel, Sample } from "../profiles/model.ts";
import type { CollectClock } from "./clock.ts";
import { Endpoint, type Outcome } from "./endpoint.ts";
import type { Group } from "./group.ts";
import type { OpenLine } from "./line.ts";
import { Outbox } from "./outbox.ts";
import { Rows } from "./rows.ts";
import { Schedule, shareOf } from "./schedule.ts";

/** A source of readings. A device fault is a bad reading, never a throw. */
export interface Collector {
  /** Readings as they come, until `stop` aborts. Each call is a connection of its own. */
  readings(stop: AbortSignal): AsyncIterable<readonly Reading[]>;
  /** Has points asked for before their turn, by name. It does nothing to a device that is not being read. */
  hurry(names: readonly string[]): void;
  /** Readings that a newer one of the same point replaced because the consumer was slow. */
  readonly coalesced: number;
}

/** What a device's collector needs beside its link. */
export interface DeviceRules {
  readonly open: OpenLine;
  readonly clock: CollectClock;
  /** The device's number among its site's: it spreads the devices over the period. */
  readonly index: number;
  /** Jitter of the back-off: a number in [0, 1). */
  readonly random: () => number;
}

export class DeviceCollector implements Collector {
  readonly #link: DeviceLink;
  readonly #rules: DeviceRules;
  #outbox = new Outbox();
  #rounds: Rounds | null = null;

  constructor(link: DeviceLink, rules: DeviceRules) {
    this.#link = link;
    this.#rules = rules;
  }

  get coalesced(): number {
    return this.#outbox.coalesced;
  }

  hurry(names: readonly string[]): void {
    this.#rounds?.hurry(names);
  }

  async *readings(stop: AbortSignal): AsyncGenerator<readonly Reading[], void> {
    const own = new AbortController();
    const end = (): void => own.abort();
    stop.addEventListener("abort", end, { once: true });
    if (stop.aborted) end();
    this.#outbox = new Outbox();
    const rounds = new Rounds(this.#link, this.#rules, { outbox: this.#outbox, stop: own.signal });
    this.#rounds = rounds;
    const running = rounds.run().finally(() => this.#outbox.close());
    // Seen again by the await below; without this a bug of ours would be an unhandled rejection before it.
    running.catch(() => undefined);
    try {
      yield* this.#outbox.batches();
    } finally {
      end();
      stop.removeEventListener("abort", end);
      await running;
    }
  }
}

/** The polls of one connection, from start to stop. */
class Rounds {
  readonly #id: string;
  readonly #clock: CollectClock;
  readonly #outbox: Outbox;
  readonly #stop: AbortSignal;
  readonly #endpoint: Endpoint;
  readonly #rows: Rows;
  readonly #points: readonly PointModel[];
  readonly #share: number;
  #schedule: Schedule;
  /** Made once: building a hundred strings a second for each device would cost more than reading it. */
  readonly #ids = new Map<string, PointId>();
  #misses = 0;
  #lastAt: Instant | null = null;
  /** Ends the wait between two polls: at the stop, or because a poll is hurried. */
  #rest = new AbortController();

  constructor(link: DeviceLink, rules: DeviceRules, to: { readonly outbox: Outbox; readonly stop: AbortSignal }) {
    this.#id = link.id;
    this.#clock = rules.clock;
    this.#outbox = to.outbox;
    this.#stop = to.stop;
    to.stop.addEventListener("abort", () => this.#rest.abort(), { once: true });
    this.#endpoint = new Endpoint({ ...rules, retries: link.model.link.retries }, to.stop);
    this.#rows = new Rows(link.model.tables ?? [], this.#endpoint);
    this.#points = link.model.points.filter(({ lookedUp }) => !lookedUp);
    this.#share = shareOf(rules.index);
    this.#schedule = new Schedule(this.#points, rules.clock.now(), this.#share);
  }

  async run(): Promise<void> {
    try {
      while (!this.#stop.aborted) await this.#turn();
    } finally {
      this.#endpoint.close();
    }
  }

  /** A device that speaks up is there: what it was left alone for is over. */
  hurry(names: readonly string[]): void {
    this.#schedule.hurry(names);
    this.#endpoint.wake();
    this.#rest.abort();
    this.#rest = new AbortController();
  }

  async #turn(): Promise<void> {
    const now = this.#clock.now();
    if (this.#rows.due(now)) return this.#walk(now);
    const group = this.#schedule.due(now);
    if (group) return this.#poll(group);
    const rests = [this.#schedule.untilNext(now), this.#rows.untilNext(now)].filter((rest) => rest !== null);
    if (rests.length > 0) return this.#clock.wait(ms(Math.min(...rests)), this.#rest.signal);
    // A device without points has nothing to say; it stays until it is stopped.
    await new Promise((resolve) => this.#stop.addEventListener("abort", resolve, { once: true }));
  }

  async #poll(group: Group): Promise<void> {
    this.#misses += this.#schedule.take(group, this.#clock.now());
    const outcome = await this.#endpoint.poll(group.points, () => this.#letUrgentPass(group));
    // What failed because we were told to stop says nothing of the plant.
    if (this.#stop.aborted) return;
    const now = this.#clock.now();
    this.#misses += this.#schedule.finish(group, now) + (outcome.up ? 0 : 1);
    const readings = outcome.samples.map((sample) => readingOf(this.#idOf(sample.point), sample, now));
    if (group === this.#schedule.leading) readings.push(...this.#health(outcome, now));
    this.#outbox.put(readings);
  }

  /** Rows that were found are points like all others; one that is gone says so once. */
  async #walk(now: Instant): Promise<void> {
    const news = await this.#rows.walk(now, () => this.#letUrgentPass());
    if (!news || this.#stop.aborted) return;
    this.#schedule = new Schedule([...this.#points, ...news.points], this.#clock.now(), this.#share);
    const at = this.#clock.now();
    const gone = news.gone.map((point) => readingOf(this.#idOf(point), { point, fault: "notFitted" }, at));
    if (gone.length > 0) this.#outbox.put(gone);
  }

  #idOf({ name }: PointModel): PointId {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = pointId(this.#id, name);
    this.#ids.set(name, id);
    return id;
  }

  async #letUrgentPass(group?: Group): Promise<void> {
    const urgent = this.#stop.aborted ? null : this.#schedule.due(this.#clock.now(), group);
    if (urgent) await this.#poll(urgent);
  }

  /** The link's own points. That a device does not answer is knowledge about its link, so it is a good reading. */
  #health(outcome: Outcome, at: Instant): readonly Reading[] {
    const good = (name: string, value: number): Reading => ({
      point: pointId(this.#id, name),
      at,
      quality: "good",
      value,
    });
    const readings = [good("link.state", outcome.up ? 1 : 0), good("link.misses", this.#misses)];
    if (outcome.latencyMs !== null) readings.push(good("link.latency", outcome.latencyMs));
    else readings.push({ point: pointId(this.#id, "link.latency"), at, quality: "bad", reason: "noCommunication" });
    if (this.#lastAt !== null) readings.push(good("link.period", elapsed(this.#lastAt, at)));
    this.#lastAt = at;
    return readings;
  }
}

/** The reading of a point that a sample is at an instant. */
export function readingOf(point: PointId, sample: Sample, at: Instant): Reading {
  if ("fault" in sample) return { point, at, quality: "bad", reason: sample.fault };
  if (sample.doubt === undefined) return { point, at, quality: "good", value: sample.value };
  return { point, at, quality: "uncertain", value: sample.value, reason: sample.doubt };
}
