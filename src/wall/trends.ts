/** The last quarter of an hour of what is drawn as a curve: the rooms' temperatures and the feeds' loads. */
import { signal } from "@preact/signals";
import type { Sample, Snapshot } from "../serve/api.ts";
import { feedsOf, suppliesOf } from "./cards/margins.ts";
import { Ring, resample, sampleMs, samples } from "./ring.ts";

/** More curves than these are not drawn; a site of 40 rooms and 8 feeds has fewer. */
const ringsMax = 256;
/** Feeds are kept under a name that no point has. */
const feedKey = (feed: string): string => `feed:${feed}`;

export class Trends {
  /** Counts the samples, so that curves know when to redraw. */
  readonly count = signal(0);
  readonly #rings = new Map<string, Ring>();
  #sampledAt = Number.NEGATIVE_INFINITY;

  /** Takes a sample of everything, if it is time for one. */
  sample(snapshot: Snapshot, time: number): void {
    if (time - this.#sampledAt < sampleMs) return;
    this.#sampledAt = time;
    for (const point of temperaturesOf(snapshot)) this.#ring(point)?.push(snapshot.points[point]?.v ?? null);
    for (const { name, kw } of feedsOf(snapshot)) this.#ring(feedKey(name))?.push(kw);
    this.count.value += 1;
  }

  values(point: string): Float64Array {
    return this.#rings.get(point)?.values() ?? new Float64Array(samples).fill(Number.NaN);
  }

  feed(name: string): Float64Array {
    return this.values(feedKey(name));
  }

  /** Fetches what was before the page was opened. Without it curves begin empty. */
  async recall(snapshot: Snapshot): Promise<void> {
    if (!snapshot.hasHistory) return;
    for (const point of temperaturesOf(snapshot)) this.#ring(point)?.prefill(await historyOf(point, snapshot.at));
    for (const { name } of feedsOf(snapshot)) {
      // A feed of several supplies would need their sum at equal instants: it begins empty.
      const [only, ...more] = suppliesOf(snapshot.site.nodes, name);
      if (!only?.power || more.length > 0) continue;
      this.#ring(feedKey(name))?.prefill(await historyOf(only.power, snapshot.at));
    }
    this.count.value += 1;
  }

  #ring(key: string): Ring | undefined {
    const known = this.#rings.get(key);
    if (known || this.#rings.size >= ringsMax) return known;
    const ring = new Ring();
    this.#rings.set(key, ring);
    return ring;
  }
}

const temperaturesOf = ({ site }: Snapshot): readonly string[] =>
  Object.keys(site.points).filter((id) => site.points[id]!.unit === "Cel" && site.points[id]!.space !== null);

async function historyOf(point: string, now: number): Promise<Float64Array> {
  const query = new URLSearchParams({
    point,
    from: String(now - samples * sampleMs),
    to: String(now),
    count: String(samples),
  });
  const response = await fetch(`api/v1/history?${query}`).catch(() => null);
  if (!response?.ok) return resample([], now);
  const { samples: found } = (await response.json()) as { samples: readonly Sample[] };
  return resample(found, now);
}
