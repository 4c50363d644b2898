/** A device that publishes JSON: a document under each topic, of which each point is one value. */
import type { Fault } from "../../core/reading.ts";
import type { Instant } from "../../core/time.ts";
import type { DeviceLink, MqttAddress, PointModel, Sample } from "../../profiles/index.ts";
import { decodePublished, timeSaid, valueAt } from "../../profiles/index.ts";
import type { Listener } from "./broker.ts";
import { doubted, type Ear } from "./ear.ts";

type JsonAddress = Extract<MqttAddress, { form: "json" }>;

/** Periods that a value may be old, by what it says itself: as many as silence may last. */
const PERIODS_MAX = 3;

export class JsonTopics implements Listener {
  readonly #ear: Ear;
  readonly #now: () => Instant;
  readonly #points = new Map<string, PointModel[]>();
  /** Topics of which something was heard that was not retained: an older value does not follow a newer one. */
  readonly #live = new Set<string>();

  constructor({ model, address }: DeviceLink, ear: Ear, now: () => Instant) {
    this.#ear = ear;
    this.#now = now;
    for (const point of model.points) {
      if (point.at.protocol !== "mqtt" || point.at.form !== "json") continue;
      const topic = point.at.topic.replaceAll("{device}", address.mqtt?.device ?? "");
      this.#points.set(topic, [...(this.#points.get(topic) ?? []), point]);
    }
  }

  get topics(): readonly string[] {
    return [...this.#points.keys()];
  }

  up(): void {
    this.#ear.up();
  }

  down(reason: Fault): void {
    this.#live.clear();
    this.#ear.down(reason);
  }

  message(topic: string, body: Buffer | null, retained: boolean): void {
    if (retained && this.#live.has(topic)) return;
    if (!retained) this.#live.add(topic);
    const points = this.#points.get(topic) ?? [];
    const document = body && parsed(body);
    this.#ear.heard(
      document === null
        ? points.map((point) => ({ point, fault: "deviceFailure" }))
        : points.flatMap((point) => this.#sample(point, document.value, retained) ?? []),
    );
  }

  /** Null where the document says nothing of the point: devices leave out what has not changed. */
  #sample(point: PointModel, document: unknown, retained: boolean): Sample | null {
    const { path, at } = point.at as JsonAddress;
    const { found, value } = valueAt(document, path);
    if (!found) return null;
    const sample = decodePublished(point, value);
    const isFresh = at === null ? !retained : this.#isFresh(point, timeSaid(valueAt(document, at).value));
    return isFresh ? sample : doubted(sample);
  }

  #isFresh({ period }: PointModel, saidMs: number | null): boolean {
    return saidMs !== null && Math.abs(this.#now() - saidMs) <= PERIODS_MAX * period;
  }
}

/** Null for what is no JSON. */
function parsed(body: Buffer): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(body.toString("utf8")) };
  } catch {
    return null;
  }
}
