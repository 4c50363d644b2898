/**
 * Circuit breakers, one at the head of every node, by rated current: up to 125 A a miniature one of type C (IEC
 * 60898-1), up to 630 A a moulded-case one, above an air circuit breaker with a short-time delay (IEC 60947-2, category
 * B), which is what selectivity needs. The bimetal is a first-order heat, dθ/dt = (r² - θ) / τ with r = I / In, and
 * trips at θ = k²; so it trips after τ·ln(r² / (r² - k²)) from cold. k and τ are set so that what the standards ask
 * holds: 1.13 In (1.05 In) never, 1.45 In (1.30 In) within the conventional time, and 2.55 In within 1 to 120 s. The
 * magnet opens at once at 7.5 In (type C: between 5 and 10) or 10 In; an air circuit breaker waits 0.3 s for those
 * below.
 */

/** How a breaker trips. */
export interface TripCurve {
  /** The largest rated current that it is made for, A. */
  readonly upToA: number;
  /** Pick-up by the rated current, and time constant, s, of the bimetal. */
  readonly pickUp: number;
  readonly tauS: number;
  /** Pick-up of the magnet by the rated current, and how long it waits, s. */
  readonly magnet: number;
  readonly delayS: number;
}

export const tripCurves = [
  { upToA: 125, pickUp: 1.2, tauS: 160, magnet: 7.5, delayS: 0 },
  { upToA: 630, pickUp: 1.18, tauS: 200, magnet: 10, delayS: 0 },
  { upToA: Number.POSITIVE_INFINITY, pickUp: 1.18, tauS: 250, magnet: 10, delayS: 0.3 },
] as const satisfies readonly TripCurve[];

/** Phase current of three equal phases at 220 V and a power factor of 0.98, A. */
export const ratedA = (kw: number): number => (kw * 1000) / 3 / 220 / 0.98;

/** Which of the curves a breaker of a rating has. */
export const curveFor = (ratedKw: number): number => tripCurves.findIndex(({ upToA }) => ratedA(ratedKw) <= upToA);

/** Seconds from cold until a current, by the rated one, trips it; infinite where it never does. */
export function tripS(curve: TripCurve, ratio: number): number {
  if (ratio >= curve.magnet) return curve.delayS;
  const [square, limit] = [ratio * ratio, curve.pickUp * curve.pickUp];
  return square <= limit ? Number.POSITIVE_INFINITY : curve.tauS * Math.log(square / (square - limit));
}

/** All breakers of a grid, node by node. */
export interface Breakers {
  readonly ratedKw: Float64Array;
  readonly curve: Uint8Array;
  readonly open: Uint8Array;
  /** Opened by its protection, and locked until it is reset. */
  readonly tripped: Uint8Array;
  /** The bimetal's θ. */
  readonly heat: Float64Array;
  /** Seconds for which the magnet has been picked up. */
  readonly magnetS: Float64Array;
  /** By curve, the share of the way that a bimetal goes within the step. */
  readonly warming: Float64Array;
}

export function makeBreakers(ratedKw: readonly number[]): Breakers {
  const count = ratedKw.length;
  return {
    ratedKw: Float64Array.from(ratedKw),
    curve: Uint8Array.from(ratedKw, curveFor),
    open: new Uint8Array(count),
    tripped: new Uint8Array(count),
    heat: new Float64Array(count),
    magnetS: new Float64Array(count),
    warming: new Float64Array(tripCurves.length),
  };
}

/** Before a step of the breakers: how far their bimetals go within it. */
export function warmingOf({ warming }: Breakers, dtS: number): void {
  for (let i = 0; i < warming.length; i++) warming[i] = 1 - Math.exp(-dtS / tripCurves[i]!.tauS);
}

/**
 * A step of one breaker under a load and, on top of it, a surge, kW. True where it trips. The magnet's delay is counted
 * in steps of a tenth of a second.
 */
export function runBreaker(all: Breakers, at: number, kw: number, surgeKw: number): boolean {
  const curve = tripCurves[all.curve[at]!]!;
  const rated = all.ratedKw[at]!;
  const ratio = kw / rated;
  const heat = all.heat[at]! + (ratio * ratio - all.heat[at]!) * all.warming[all.curve[at]!]!;
  all.heat[at] = heat;
  const isPickedUp = kw + surgeKw >= curve.magnet * rated;
  all.magnetS[at] = isPickedUp ? all.magnetS[at]! + stepS : 0;
  const trips = heat >= curve.pickUp * curve.pickUp || (isPickedUp && all.magnetS[at] > curve.delayS);
  if (!trips || all.open[at] === 1) return false;
  tripBreaker(all, at);
  return true;
}

const stepS = 0.1;

export function tripBreaker(all: Breakers, at: number): void {
  all.open[at] = 1;
  all.tripped[at] = 1;
}

/** Closed again, by somebody's hand; the bimetal stays as warm as it is. */
export function closeBreaker(all: Breakers, at: number): void {
  all.open[at] = 0;
  all.tripped[at] = 0;
  all.magnetS[at] = 0;
}
