/** A point's history as a line to be drawn: each bucket by its lowest and its highest value, and gaps as gaps. */
import type { Bucket, Span } from "./tables.ts";

/** One sample: a null value is a gap. */
export type Sample = readonly [at: number, value: number | null];

/** A bucket gives two samples. */
const samplesOfBucket = 2;

/** The buckets in which a span is asked for so that at most `count` samples come back, gaps aside. */
export function bucketMsOf(from: number, to: number, count: number): number {
  return Math.max(1, Math.ceil((to - from) / Math.max(1, Math.floor(count / samplesOfBucket))));
}

/** Samples in order. Where a point was silent for longer than `silenceMs`, or said that it had no value, there is a gap. */
export function samplesOf(buckets: readonly Bucket[], { bucketMs }: Span, silenceMs: number): Sample[] {
  const samples: Sample[] = [];
  let until: number | null = null;
  for (const bucket of buckets) {
    if (until !== null && bucket.at - until > silenceMs) samples.push([until, null]);
    samples.push(...samplesIn(bucket));
    until = bucket.at + bucketMs;
  }
  return samples;
}

function samplesIn({ at, min, max }: Bucket): Sample[] {
  if (!min || !max) return [[at, null]];
  if (min.at === max.at) return [[min.at, min.value]];
  const [first, second] = min.at < max.at ? [min, max] : [max, min];
  return [
    [first.at, first.value],
    [second.at, second.value],
  ];
}
