/** A bounded memory of one value: what is older than it holds is gone. A gap is NaN. */

/** Samples of the last quarter of an hour. */
export const samples = 180;
export const sampleMs = 5000;

export class Ring {
  readonly #values = new Float64Array(samples).fill(Number.NaN);
  #next = 0;

  /** Adds the newest value; null is a gap. */
  push(value: number | null): void {
    this.#values[this.#next] = value ?? Number.NaN;
    this.#next = (this.#next + 1) % samples;
  }

  /** Puts what was known before the page was there into the gaps; oldest first. */
  prefill(older: Float64Array): void {
    for (let i = 0; i < samples; i += 1) {
      const at = (this.#next + i) % samples;
      if (Number.isNaN(this.#values[at]!)) this.#values[at] = older[i] ?? Number.NaN;
    }
  }

  /** All of it, oldest first. */
  values(): Float64Array {
    const ordered = new Float64Array(samples);
    ordered.set(this.#values.subarray(this.#next));
    ordered.set(this.#values.subarray(0, this.#next), samples - this.#next);
    return ordered;
  }
}

/** How many of the newest samples a slope is drawn through: two minutes. */
const slopeSamples = 24;
const slopeSamplesMin = 8;

/** Least-squares slope of the newest two minutes, per minute; null while too little is known. */
export function slopePerMinute(values: Float64Array): number | null {
  const known: [number, number][] = [];
  const from = Math.max(0, values.length - slopeSamples);
  for (let i = from; i < values.length; i += 1) if (!Number.isNaN(values[i]!)) known.push([i, values[i]!]);
  if (known.length < slopeSamplesMin) return null;
  const mean = (k: 0 | 1): number => known.reduce((sum, pair) => sum + pair[k], 0) / known.length;
  const [mx, my] = [mean(0), mean(1)];
  const over = known.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const slope = known.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / over;
  return slope * (60_000 / sampleMs);
}

/** A historian that keeps changes only leaves this much between two samples. */
const holdMs = 60_000;

/** History as a ring holds it: one value a sample, the last that was said, for no longer than a minute. */
export function resample(history: readonly (readonly [at: number, value: number | null])[], now: number): Float64Array {
  const values = new Float64Array(samples);
  let next = 0;
  let last: readonly [number, number | null] = [Number.NEGATIVE_INFINITY, null];
  for (let i = 0; i < samples; i += 1) {
    const until = now - (samples - 1 - i) * sampleMs;
    for (let one = history[next]; one !== undefined && one[0] <= until; one = history[next]) {
      last = one;
      next += 1;
    }
    values[i] = until - last[0] > holdMs ? Number.NaN : (last[1] ?? Number.NaN);
  }
  return values;
}
