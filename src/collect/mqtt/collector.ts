/**
 * A device that is listened to. It speaks when it wants to, so its period is the longest that it
 * may well be silent: after three of them it is taken for gone. Its values go on as they come; what
 * is late, and how the link is, is looked after once a period.
 */
import type { Fault } from "../../core/reading.ts";
import { pointId } from "../../core/reading.ts";
import type { Instant } from "../../core/time.ts";
import { elapsed, ms, seconds } from "../../core/time.ts";
import type { DeviceLink, PointModel, Sample } from "../../profiles/index.ts";
import type { CollectClock } from "../clock.ts";
import { type Collector, readingOf, type Sink } from "../device.ts";
import type { Outcome } from "../endpoint.ts";
import { Health } from "../health.ts";
import { Quality } from "../quality/index.ts";
import type { Ear } from "./ear.ts";
import type { Edges } from "./edge.ts";
import { JsonTopics } from "./json.ts";
import { SparkplugMetrics } from "./sparkplug.ts";

/** One message may be late and one lost; the third decides. */
const PERIODS_MAX = 3;
/** For a device of which nothing is wanted. */
const IDLE = seconds(60);

/** What a device's collector needs beside its link. */
export interface MqttRules {
  readonly edges: Edges;
  readonly clock: CollectClock;
}

export class MqttCollector implements Collector {
  readonly #link: DeviceLink;
  readonly #rules: MqttRules;

  constructor(link: DeviceLink, rules: MqttRules) {
    this.#link = link;
    this.#rules = rules;
  }

  /** Nothing can be asked of what speaks when it wants to. */
  hurry(): void {}

  async collect(stop: AbortSignal, sink: Sink): Promise<void> {
    const own = new AbortController();
    const signal = AbortSignal.any([stop, own.signal]);
    const failures: unknown[] = [];
    // What a broker's connection calls has nobody to throw to.
    const guarded: Sink = (batch) => {
      try {
        if (!signal.aborted) sink(batch);
      } catch (error) {
        failures.push(error);
        own.abort();
      }
    };
    await new Hearing(this.#link, this.#rules, guarded).run(signal);
    if (failures.length > 0) throw failures[0];
  }
}

/** All that is heard of a device, from start to stop. */
class Hearing implements Ear {
  readonly #link: DeviceLink;
  readonly #rules: MqttRules;
  readonly #sink: Sink;
  readonly #points: readonly PointModel[];
  readonly #period;
  /** When each point was last told of, well or not. */
  readonly #toldAt = new Map<PointModel, Instant>();
  /** Why nothing can be heard; null while something could be. */
  #reason: Fault | null = "waitingForFirst";
  #heardAt: Instant | null = null;
  readonly #health: Health;
  readonly #quality = new Quality();

  constructor(link: DeviceLink, rules: MqttRules, sink: Sink) {
    this.#link = link;
    this.#rules = rules;
    this.#sink = sink;
    this.#points = link.model.points;
    this.#health = new Health(link.id);
    const periods = this.#points.map(({ period }) => period);
    this.#period = periods.length === 0 ? IDLE : ms(Math.min(...periods));
  }

  async run(stop: AbortSignal): Promise<void> {
    const { clock } = this.#rules;
    const leave = this.#listen();
    const start = clock.now();
    for (const point of this.#points) this.#toldAt.set(point, start);
    try {
      for (await clock.wait(this.#period, stop); !stop.aborted; await clock.wait(this.#period, stop)) this.#look();
    } finally {
      await leave();
    }
  }

  #listen(): () => Promise<void> {
    const { address, model } = this.#link;
    const { clock, edges } = this.#rules;
    const now = (): Instant => clock.now();
    const { group, node, device = "" } = address.mqtt ?? {};
    if (group !== undefined && node !== undefined)
      return edges.edge(address, group, node).listen(device, new SparkplugMetrics(model, this, now));
    const json = new JsonTopics(this.#link, this, now);
    return edges.of(address).listen(json.topics, json);
  }

  heard(samples: readonly Sample[]): void {
    const now = this.#rules.clock.now();
    const isNews = this.#heardAt === null;
    this.#heardAt = now;
    if (isNews) this.#tellState(now);
    this.#tell(this.#quality.judge(samples, now), now);
  }

  lost(reason: Fault): void {
    const now = this.#rules.clock.now();
    this.#heardAt = null;
    this.#tell(
      this.#points.map((point) => ({ point, fault: reason })),
      now,
    );
  }

  up(): void {
    this.#reason = null;
  }

  down(reason: Fault): void {
    // Tried again every second, and told once.
    const isNews = this.#reason !== reason;
    this.#reason = reason;
    if (!isNews) return;
    this.lost(reason);
    this.#tellState(this.#rules.clock.now());
  }

  #tell(samples: readonly Sample[], now: Instant): void {
    for (const { point } of samples) this.#toldAt.set(point, now);
    if (samples.length > 0)
      this.#sink(samples.map((sample) => readingOf(pointId(this.#link.id, sample.point.name), sample, now)));
  }

  /** Once a period: what is late, and how the link is. */
  #look(): void {
    const now = this.#rules.clock.now();
    this.#health.count(this.#outcome(now), 0, true);
    this.#sink(this.#health.readings(this.#outcome(now), now, this.#period));
    const late = this.#points.filter(
      (point) => elapsed(this.#toldAt.get(point) ?? now, now) > PERIODS_MAX * point.period,
    );
    this.#tell(
      late.map((point) => ({ point, fault: this.#reason ?? "noCommunication" })),
      now,
    );
  }

  /** What has changed of the link is told at once. */
  #tellState(at: Instant): void {
    const value = this.#outcome(at).up ? 1 : 0;
    this.#sink([{ point: pointId(this.#link.id, "link.state"), at, quality: "good", value }]);
  }

  /** How the device is, as a poll would have found it. Nothing is asked, so no answer takes its time. */
  #outcome(now: Instant): Outcome {
    const isHeard = this.#heardAt !== null && elapsed(this.#heardAt, now) <= PERIODS_MAX * this.#period;
    return { samples: [], up: this.#reason === null && isHeard, latencyMs: null };
  }
}
