/** A device, or an edge node itself, that publishes metrics of Sparkplug B. */
import type { Fault } from "../../core/reading.ts";
import type { Instant } from "../../core/time.ts";
import type { DeviceModel, PointModel, Sample } from "../../profiles/index.ts";
import { decodePublished } from "../../profiles/index.ts";
import { doubted, type Ear } from "./ear.ts";
import type { EdgeEar, Named } from "./edge.ts";

/** OPC's qualities as Sparkplug B numbers them. */
const BAD = 0;
const GOOD = 192;
/** Periods that a retained value may be old, by its own time. */
const PERIODS_MAX = 3;

export class SparkplugMetrics implements EdgeEar {
  readonly #ear: Ear;
  readonly #now: () => Instant;
  readonly #points = new Map<string, PointModel[]>();
  #isLive = false;

  constructor({ points }: DeviceModel, ear: Ear, now: () => Instant) {
    this.#ear = ear;
    this.#now = now;
    for (const point of points) {
      if (point.at.protocol !== "mqtt" || point.at.form !== "sparkplug") continue;
      this.#points.set(point.at.metric, [...(this.#points.get(point.at.metric) ?? []), point]);
    }
  }

  up(): void {
    this.#ear.up();
  }

  down(reason: Fault): void {
    this.#isLive = false;
    this.#ear.down(reason);
  }

  lost(): void {
    this.#ear.lost("noCommunication");
  }

  metrics(metrics: readonly Named[], retained: boolean): void {
    if (retained && this.#isLive) return;
    this.#isLive ||= !retained;
    this.#ear.heard(
      metrics.flatMap((metric) =>
        (this.#points.get(metric.name) ?? []).map((point) => this.#sample(point, metric, retained)),
      ),
    );
  }

  #sample(point: PointModel, { value, quality, timestampMs }: Named, retained: boolean): Sample {
    if (quality === BAD) return { point, fault: "sensorFailure" };
    const sample = decodePublished(point, value);
    const isOld =
      retained && (timestampMs === null || Math.abs(this.#now() - timestampMs) > PERIODS_MAX * point.period);
    return isOld || (quality !== null && quality !== GOOD) ? doubted(sample) : sample;
  }
}
