/**
 * How long a temperature that climbs needs to its limit. Air without cooling warms at first at the rate that its own heat
 * store gives and bends to the rate of all that stands in the room, with time constants that are the room's (Khankari,
 * ASHRAE 2011). Its slope is so a sum of exponentials that die away, and of such a sum two things hold, whatever the room:
 * it never grows again, and it bends ever less. From the slope s now, and its decay 1/τ now, the future lies between
 *   the soonest, s for ever,   and the latest, s·(ρ + (1 - ρ)·exp(-t/τ)),   with ρ the least that all mass leaves of it.
 * s and τ come from exponential arcs of a grid of τ, each laid through the newest samples by least squares: every arc that
 * fits about as well as the best is believed.
 */
import type { Duration, Instant } from "../time.ts";
import { hours, ms, seconds } from "../time.ts";

/** [instant, value], oldest first. */
export type Sample = readonly [at: Instant, value: number];

/** What is known of a climb, as of its newest sample. */
export interface Climb {
  /** As it climbs now, in the point's unit a minute; null while nothing is known of it. */
  readonly perMinute: number | null;
  /** Until the limit: the soonest and the latest that is believed; null where that is not for hours. */
  readonly soonest: Duration | null;
  readonly latest: Duration | null;
}

/** What is asked of samples. */
export interface Sought {
  readonly limit: number;
  readonly band: number;
  /** The instant that waits are counted from: that of the newest sample, or later. */
  readonly now: Instant;
}

/** Time constants of an aisle's air at the quickest and of a hall with its racks at the slowest, s. */
const constantsS = [10, 20, 40, 80, 160, 320, 640, Number.POSITIVE_INFINITY];
/** What all mass leaves of a slope: 350 kJ/K about a rack of which the air's are 10 to 20. */
const lasting = 0.03;
/** Readings are rounded to a tenth, and the air at a sensor is never quite still. */
const noise = 0.1;
/** The part by which the work of servers, and with it the slope, wanders meanwhile. */
const wander = 0.1;
/** How much worse than the best an arc may fit, in variances of the noise: 95 % for what is sought. */
const worse = 6;
/** Fewer samples than this make no arc. */
const samplesMin = 4;
/** Arcs are laid through the newer half of a climb, and through no less and no more than this. */
const arcMin = seconds(20);
const arcMax = seconds(240);
/** Nothing is said of what is later than this. */
const horizon = hours(2);
/** Halvings of the horizon until a tenth of a second is left. */
const halvings = 17;

/**
 * The climb that the newest sample stands at the end of; null where there is none. It begins where the value last was
 * within `band` of the lowest, and a fall of more than `band` ends it.
 */
export function climbIn(samples: readonly Sample[], { limit, band, now }: Sought): Climb | null {
  const last = samples.at(-1);
  if (!last) return null;
  const low = lowBefore(samples, band);
  const start = samples.findLastIndex(([, value]) => value <= low + band);
  if (start === samples.length - 1) return null;
  const arcFrom = last[0] - Math.min(arcMax, Math.max(arcMin, (last[0] - samples[start]![0]) / 2));
  const arc = samples.slice(start).filter(([at]) => at >= arcFrom);
  return outlookOf(arc, limit, now);
}

/** The lowest value since the last fall of more than `band`. */
function lowBefore(samples: readonly Sample[], band: number): number {
  let low = Number.POSITIVE_INFINITY;
  for (let i = samples.length - 1; i >= 0; i--) {
    const [, value] = samples[i]!;
    if (value > low + band) break;
    low = Math.min(low, value);
  }
  return low;
}

/** An arc through the samples. */
interface Arc {
  readonly tauS: number;
  /** Value and slope, per second, at the newest sample. */
  readonly value: number;
  readonly slope: number;
  /** The sum of squares that is left. */
  readonly left: number;
}

function outlookOf(samples: readonly Sample[], limit: number, now: Instant): Climb {
  const arcs = samples.length < samplesMin ? [] : constantsS.map((tauS) => arcOf(samples, tauS));
  const climbing = arcs.filter(({ slope }) => slope > 0);
  const best = climbing.reduce<Arc | null>((one, other) => (one && one.left <= other.left ? one : other), null);
  if (!best) return { perMinute: null, soonest: null, latest: null };
  const variance = Math.max(noise * noise, best.left / (samples.length - 2));
  const believed = climbing.filter(({ left }) => left <= best.left + worse * variance);
  const soonest = Math.min(...believed.map((arc) => soonestOf(arc, limit)));
  const latest = Math.max(...believed.map((arc) => latestOf(arc, limit)));
  const age = now - samples.at(-1)![0];
  return { perMinute: 60 * best.slope, soonest: waitOf(soonest, age), latest: waitOf(latest, age) };
}

/** A wait as of now; null where that is beyond the horizon. */
const waitOf = (waitS: number, age: number): Duration | null =>
  waitS * 1000 < horizon ? ms(Math.max(0, Math.round(waitS * 1000) - age)) : null;

/** Seconds until an arc that bends no more comes to the limit. */
const soonestOf = ({ value, slope }: Arc, limit: number): number =>
  Math.max(0, limit - noise - value) / (slope * (1 + wander));

/** How far a slope of 1 that dies away comes in so many seconds; negative before now. */
const wayOf = (tauS: number, forS: number): number =>
  tauS === Number.POSITIVE_INFINITY ? forS : tauS * (1 - Math.exp(-forS / tauS));

/** Least squares of value + slope · way, with time counted from the newest sample back. */
function arcOf(samples: readonly Sample[], tauS: number): Arc {
  const [end, base] = samples.at(-1)!;
  let [sumX, sumY, sumXX, sumXY, sumYY] = [0, 0, 0, 0, 0];
  for (const [at, value] of samples) {
    const x = wayOf(tauS, (at - end) / 1000);
    const y = value - base;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumXY += x * y;
    sumYY += y * y;
  }
  const n = samples.length;
  const spread = sumXX - (sumX * sumX) / n;
  const together = sumXY - (sumX * sumY) / n;
  const slope = spread > 0 ? together / spread : 0;
  const left = Math.max(0, sumYY - (sumY * sumY) / n - slope * together);
  return { tauS, value: base + (sumY - slope * sumX) / n, slope, left };
}

/** Seconds until an arc that goes on bending as it does comes to the limit; infinite beyond the horizon. */
function latestOf({ tauS, value, slope }: Arc, limit: number): number {
  const missing = (limit + noise - value) / (slope * (1 - wander));
  const comes = (forS: number): number => lasting * forS + (1 - lasting) * wayOf(tauS, forS);
  let [early, late] = [0, horizon / 1000];
  if (comes(late) < missing) return Number.POSITIVE_INFINITY;
  for (let i = 0; i < halvings; i++) {
    const middle = (early + late) / 2;
    if (comes(middle) < missing) early = middle;
    else late = middle;
  }
  return late;
}
