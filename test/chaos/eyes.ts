/**
 * What can be made of the readings that a run's scans were given, worked out anew and by other means
 * than the core's: per point the newest reading and its age, per channel whether it is abnormal,
 * normal or unknown, and per alarm which outcomes of its vote are possible. Where this file does not
 * know how a channel is judged it says "either", and claims the less; of one that looks at several
 * points it says "any", for one of them that is silent may leave it blind and may not, and claims
 * only that it sees nothing when none of them is seen.
 */
import type { Channel } from "../../src/core/alarm/definition.ts";
import { pointsOf } from "../../src/core/alarm/definition.ts";
import type { ScanInput, SiteModel } from "../../src/core/plant.ts";
import type { Reading } from "../../src/core/reading.ts";

type Word = "abnormal" | "normal" | "unknown" | "either" | "any";

/** Which outcomes a vote may have. */
export interface Possible {
  readonly abnormal: boolean;
  readonly normal: boolean;
  readonly unknown: boolean;
  /** A channel has not spoken yet and still has time to: nothing is said of the alarm. */
  readonly early: boolean;
}

interface Seen {
  readonly maxAgeMs: number;
  readonly channels: readonly (readonly [alarm: number, channel: number])[];
  at: number;
  /** Null: no value, for whatever reason. */
  value: number | null;
  isInDoubt: boolean;
  spoken: boolean;
  /** The time for the first word runs until then. */
  awaitedUntil: number;
}

export class Eyes {
  readonly #site: SiteModel;
  readonly #points = new Map<string, Seen>();
  readonly #words: Word[][];
  /** Beyond a limit and not back by its deadband yet. */
  readonly #beyond: boolean[][];
  #stands: (alarm: number) => boolean = () => false;

  constructor(site: SiteModel, watched: ReadonlySet<string>) {
    this.#site = site;
    this.#words = site.alarms.map(({ channels }) => channels.map((): Word => "unknown"));
    this.#beyond = site.alarms.map(({ channels }) => channels.map(() => false));
    const channels = new Map<string, [number, number][]>();
    site.alarms.forEach((definition, alarm) =>
      definition.channels.forEach((one, channel) => {
        for (const point of pointsOf(one)) channels.set(point, [...(channels.get(point) ?? []), [alarm, channel]]);
      }),
    );
    for (const [point, { maxAge }] of site.points) {
      const of = channels.get(point) ?? [];
      if (of.length === 0 && !watched.has(point)) continue;
      this.#points.set(point, {
        maxAgeMs: maxAge,
        channels: of,
        at: 0,
        value: null,
        isInDoubt: false,
        spoken: false,
        awaitedUntil: 0,
      });
    }
  }

  /** A life begins: nothing is known, and every point has its usual time to speak. */
  open(at: number): void {
    for (const seen of this.#points.values()) {
      Object.assign(seen, { value: null, spoken: false, awaitedUntil: at + seen.maxAgeMs });
    }
    for (const words of this.#words) words.fill("unknown");
  }

  /** `stands`: whether an alarm, by its number, stood before the scan. */
  take({ at, readings }: ScanInput, stands: (alarm: number) => boolean): void {
    this.#stands = stands;
    for (const reading of readings) {
      const seen = this.#points.get(reading.point);
      if (seen) this.#hear(seen, reading, at);
    }
    for (const seen of this.#points.values()) this.#age(seen, at);
  }

  /** A point's newest usable value and when it was read; null where there is none. */
  valueOf(point: string): { readonly at: number; readonly value: number; readonly isInDoubt: boolean } | null {
    const seen = this.#points.get(point);
    if (seen === undefined || seen.value === null) return null;
    return { at: seen.at, value: seen.value, isInDoubt: seen.isInDoubt };
  }

  /** Which outcomes an alarm's vote may have while a person has taken out what looks at one point; null: nothing. */
  possible(alarm: number, bypassed: string | null): Possible {
    const { need, channels } = this.#site.alarms[alarm]!;
    const count = { abnormal: 0, normal: 0, unknown: 0, either: 0, any: 0 };
    const words = this.#words[alarm]!.filter((_, i) => channels[i]!.point !== bypassed);
    for (const word of words) count[word] += 1;
    const most = count.abnormal + count.either + count.any;
    // Too few are left to decide anything.
    if (words.length < need) return { abnormal: false, normal: false, unknown: true, early: false };
    return {
      abnormal: most >= need,
      unknown: count.abnormal < need && count.unknown + count.any > 0 && most + count.unknown >= need,
      normal: count.abnormal + count.unknown < need,
      early: channels.some((channel) => pointsOf(channel).some((point) => this.#points.get(point)!.awaitedUntil > 0)),
    };
  }

  #hear(seen: Seen, reading: Reading, now: number): void {
    const isTimed = Number.isFinite(reading.at);
    const at = isTimed ? Math.min(reading.at, now) : now;
    if (seen.spoken && at < seen.at) return;
    const isUsable = seen.value !== null && now - seen.at <= seen.maxAgeMs;
    // No answer says nothing of the value that is known, nor shortens the wait for a first one.
    if (reading.quality === "bad" && reading.reason === "noCommunication") {
      if (seen.spoken ? isUsable : seen.awaitedUntil > 0) return;
    }
    const value = reading.quality === "bad" || !isTimed || !Number.isFinite(reading.value) ? null : reading.value;
    Object.assign(seen, { at, spoken: true, awaitedUntil: 0, value, isInDoubt: reading.quality === "uncertain" });
    this.#judge(seen, now - at > seen.maxAgeMs ? null : value);
  }

  #age(seen: Seen, now: number): void {
    if (seen.awaitedUntil > 0 && now > seen.awaitedUntil) {
      seen.awaitedUntil = 0;
      this.#judge(seen, null);
    }
    if (seen.value === null || now - seen.at <= seen.maxAgeMs) return;
    seen.value = null;
    this.#judge(seen, null);
  }

  #judge({ channels }: Seen, value: number | null): void {
    for (const [alarm, channel] of channels) {
      const one = this.#site.alarms[alarm]!.channels[channel]!;
      const points = pointsOf(one);
      this.#words[alarm]![channel] =
        points.length > 1 ? this.#wordOfSeveral(points) : this.#wordOf(alarm, channel, one.detect, value);
    }
  }

  #wordOfSeveral(points: readonly string[]): Word {
    return points.every((point) => this.#points.get(point)!.value === null) ? "unknown" : "any";
  }

  #wordOf(alarm: number, channel: number, detect: Channel["detect"], value: number | null): Word {
    if (detect.kind === "stale") return value === null ? "abnormal" : "normal";
    if (value === null) return "unknown";
    if (detect.kind === "state") return detect.among.some((place) => place === value) ? "abnormal" : "normal";
    if (detect.kind !== "limit") return "either";
    const { side, limit, deadband } = detect;
    const past = side === "above" ? value > limit : value < limit;
    const stillPast = side === "above" ? value > limit - deadband : value < limit + deadband;
    const beyond = this.#beyond[alarm]!;
    // A deadband holds what stands; an on-delay wants all of its time beyond the limit.
    beyond[channel] = past || (beyond[channel]! && stillPast && this.#stands(alarm));
    return beyond[channel] ? "abnormal" : "normal";
  }
}
