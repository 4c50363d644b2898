/**
 * One device's collector: it asks when the schedule says so, one request at a time, and says what
 * it heard, or that it heard nothing, after every poll. It runs by itself, so that a dead device
 * holds up no other.
 */
import type { PointId, Reading } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { ms } from "../core/time.ts";
import { holds } from "../profiles/condition.ts";
import type { Group } from "../profiles/group.ts";
import type { DeviceLink } from "../profiles/link.ts";
import type { Boost, PointModel, Sample } from "../profiles/model.ts";
import type { CollectClock } from "./clock.ts";
import { Endpoint } from "./endpoint.ts";
import { Health } from "./health.ts";
import type { OpenLine } from "./line.ts";
import { type Load, Shedding } from "./load.ts";
import { Quality, withSeconds } from "./quality/index.ts";
import { Rows } from "./rows.ts";
import { Schedule, shareOf } from "./schedule.ts";

/** Takes readings as they come. It may not block: whoever is slow gathers them himself. */
export type Sink = (batch: readonly Reading[]) => void;

/** A source of readings. A device fault is a bad reading, never a throw. */
export interface Collector {
  /** Hands over readings as they come, until `stop` aborts; each call is a connection of its own. Rejects only for a fault of our own, or of `sink`. */
  collect(stop: AbortSignal, sink: Sink): Promise<void>;
  /** Has points asked for before their turn, by name. It does nothing to a device that is not being read. */
  hurry(names: readonly string[]): void;
}

/** What a device's collector needs beside its link. */
export interface DeviceRules {
  readonly open: OpenLine;
  readonly clock: CollectClock;
  /** The device's number among its site's, and how many these are: they are spread over the period. */
  readonly index: number;
  readonly among: number;
  /** How hard pressed the process is. Without it no turn is ever left out. */
  readonly load?: Load;
  /** Jitter of the back-off: a number in [0, 1). */
  readonly random: () => number;
}

export class DeviceCollector implements Collector {
  readonly #link: DeviceLink;
  readonly #rules: DeviceRules;
  #rounds: Rounds | null = null;

  constructor(link: DeviceLink, rules: DeviceRules) {
    this.#link = link;
    this.#rules = rules;
  }

  hurry(names: readonly string[]): void {
    this.#rounds?.hurry(names);
  }

  collect(stop: AbortSignal, sink: Sink): Promise<void> {
    this.#rounds = new Rounds(this.#link, this.#rules, { sink, stop });
    return this.#rounds.run();
  }
}

/** The polls of one connection, from start to stop. */
class Rounds {
  readonly #id: string;
  readonly #clock: CollectClock;
  readonly #sink: Sink;
  readonly #stop: AbortSignal;
  readonly #endpoint: Endpoint;
  readonly #rows: Rows;
  readonly #points: readonly PointModel[];
  /** Points known by name of which only the device can say where they stand. */
  readonly #lookedUp: readonly PointModel[];
  readonly #boost: Boost | null;
  readonly #share: number;
  readonly #shedding: Shedding | null;
  #schedule: Schedule;
  /** The ids of points that were not found at their place in a group. */
  readonly #strays = new Map<string, PointId>();
  /** The ids of a group's points, in their order: that is the order in which samples come as a rule. Made once: a hundred strings a second for each device would cost more than reading it. */
  readonly #idsOf = new WeakMap<Group, readonly PointId[]>();
  /** Whether the values of some point are doubted by what stands in its profile. */
  #isDoubted: boolean;
  readonly #health: Health;
  readonly #quality = new Quality();
  #boosted = false;
  /** Ends the wait between two polls: at the stop, or because a poll is hurried. */
  #rest = new AbortController();

  constructor(link: DeviceLink, rules: DeviceRules, to: { readonly sink: Sink; readonly stop: AbortSignal }) {
    this.#id = link.id;
    this.#clock = rules.clock;
    this.#sink = to.sink;
    this.#stop = to.stop;
    to.stop.addEventListener("abort", () => this.#rest.abort(), { once: true });
    this.#endpoint = new Endpoint({ ...rules, retries: link.model.link.retries }, to.stop);
    this.#rows = new Rows(link.model.tables ?? [], this.#endpoint);
    this.#health = new Health(link.id);
    this.#boost = link.model.boost ?? null;
    this.#points = withSeconds(link.model.points.filter(({ lookedUp }) => !lookedUp));
    this.#isDoubted = this.#points.some(({ doubts }) => doubts);
    this.#lookedUp = link.model.points.filter(({ lookedUp }) => lookedUp);
    this.#shedding = rules.load ? new Shedding(rules.load) : null;
    this.#share = shareOf(rules.index, rules.among);
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
    if (group && this.#leavesOut(group, now)) return;
    if (group) return this.#poll(group);
    const rests = [this.#schedule.untilNext(now), this.#rows.untilNext(now)].filter((rest) => rest !== null);
    if (rests.length > 0) return this.#clock.wait(ms(Math.min(...rests)), this.#rest.signal);
    // A device without points has nothing to say; it stays until it is stopped.
    await new Promise((resolve) => this.#stop.addEventListener("abort", resolve, { once: true }));
  }

  /** Where the process cannot keep up, turns of what is less urgent pass, and are counted. */
  #leavesOut(group: Group, now: Instant): boolean {
    if (!this.#shedding?.leavesOut(group, group === this.#schedule.leading)) return false;
    const turns = this.#schedule.pass(group, now);
    if (turns !== null) this.#health.leaveOut(turns);
    return turns !== null;
  }

  async #poll(group: Group): Promise<void> {
    const late = this.#schedule.take(group, this.#clock.now());
    const outcome = await this.#endpoint.poll(group.points, () => this.#letUrgentPass(group));
    // What failed because we were told to stop says nothing of the plant.
    if (this.#stop.aborted) return;
    const now = this.#clock.now();
    const leads = group === this.#schedule.leading;
    this.#health.count(outcome, late + this.#schedule.finish(group, now), leads);
    const samples = this.#isDoubted ? this.#quality.judge(outcome.samples, now) : outcome.samples;
    this.#hasten(samples, now);
    const readings = this.#readingsOf(group, samples, now);
    if (leads) readings.push(...this.#health.readings(outcome, now, this.#schedule.periodOf(group)));
    this.#sink(readings);
  }

  /** Asks more often while the device is in the state for it. Not to hear which state it is in ends nothing. */
  #hasten(samples: readonly Sample[], now: Instant): void {
    const boost = this.#boost;
    if (!boost) return;
    const said = samples.find(({ point }) => point.name === boost.point);
    if (!said || "fault" in said || holds(boost, said.value) === this.#boosted) return;
    this.#boosted = !this.#boosted;
    this.#schedule.boost(this.#boosted ? boost.periods : null, now);
  }

  /** Rows that were found are points like all others; one that is gone says so once. */
  async #walk(now: Instant): Promise<void> {
    const news = await this.#rows.walk(now, () => this.#letUrgentPass());
    if (!news || this.#stop.aborted) return;
    const at = this.#clock.now();
    const points = [...this.#points, ...withSeconds(news.points)];
    // A heart that was found and is gone is still one that has stopped.
    this.#isDoubted ||= points.some(({ doubts }) => doubts);
    this.#schedule = new Schedule(points, at, this.#share);
    if (this.#boosted && this.#boost) this.#schedule.boost(this.#boost.periods, at);
    const found = new Set(news.points.map(({ name }) => name));
    const gone = [...news.gone, ...this.#lookedUp.filter(({ name }) => !found.has(name))];
    if (gone.length > 0)
      this.#sink(gone.map((point) => readingOf(this.#idOf(point), { point, fault: "notFitted" }, at)));
  }

  #readingsOf(group: Group, samples: readonly Sample[], now: Instant): Reading[] {
    let ids = this.#idsOf.get(group);
    if (!ids) {
      ids = group.points.map(({ name }) => pointId(this.#id, name));
      this.#idsOf.set(group, ids);
    }
    const known = ids;
    return samples.map((sample, i) => {
      const id = sample.point === group.points[i] ? known[i]! : this.#idOf(sample.point);
      return readingOf(id, sample, now);
    });
  }

  #idOf({ name }: PointModel): PointId {
    const known = this.#strays.get(name);
    if (known !== undefined) return known;
    const id = pointId(this.#id, name);
    this.#strays.set(name, id);
    return id;
  }

  async #letUrgentPass(group?: Group): Promise<void> {
    const urgent = this.#stop.aborted ? null : this.#schedule.due(this.#clock.now(), group);
    if (urgent) await this.#poll(urgent);
  }
}

/** The reading of a point that a sample is at an instant. */
export function readingOf(point: PointId, sample: Sample, at: Instant): Reading {
  if ("fault" in sample) return { point, at, quality: "bad", reason: sample.fault };
  if (sample.doubt === undefined) return { point, at, quality: "good", value: sample.value };
  return { point, at, quality: "uncertain", value: sample.value, reason: sample.doubt };
}
