/**
 * How long a battery will bear its load, from within which bounds: from its design, and from how its charge or its
 * voltage has fallen. The times are intervals, because none of their reasons is known exactly.
 * Peukert: t = rated · load^-k, k 1.15 to 1.25 for lead-acid and about 1.05 for lithium, as is usual. Capacity falls
 * with cold by 1 % and 0.5 % a kelvin below 25 Cel, and a battery is worn out at 80 % of it, with half more resistance.
 * What a load cannot draw any more goes by the square of load times resistance: the voltage gives out before the charge.
 * How much that is, and how the end steepens, is fitted to the simulated banks, which follow Panasonic and Samsung.
 */

/** Early and late end of a time, in seconds. */
export interface Interval {
  readonly leastS: number;
  readonly mostS: number;
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export type Chemistry = "lithium" | "lead";

/** What a new and full battery was built for. `load` is in the unit of the loads that it is asked about. */
export interface Design {
  readonly chemistry: Chemistry;
  readonly ratedS: number;
  readonly load: number;
}

/** A battery as it stands. Charge and health in per cent, warmth in Cel. */
export interface Standing {
  readonly load: number;
  readonly health: Bounds;
  readonly warmC: Bounds;
}

interface Nature {
  readonly peukert: Bounds;
  /** Share of the capacity for each kelvin below 25 Cel. */
  readonly coldShare: number;
  /** More resistance for each part of the capacity that is worn, and for each kelvin below 25 Cel. */
  readonly wornOhm: number;
  readonly coldOhm: number;
  /** Per cent of charge that the rated load leaves in a new battery at 25 Cel. */
  readonly leaves: number;
  /** How much faster charge falls to its end than it did just now: current rises as voltage falls. */
  readonly steepens: number;
}

const natures: Readonly<Record<Chemistry, Nature>> = {
  lithium: {
    peukert: { low: 1.03, high: 1.08 },
    coldShare: 0.005,
    wornOhm: 2.5,
    coldOhm: 0.04,
    leaves: 3,
    steepens: 1.1,
  },
  lead: {
    peukert: { low: 1.15, high: 1.25 },
    coldShare: 0.01,
    wornOhm: 1,
    coldOhm: 0.008,
    leaves: 12,
    steepens: 1.05,
  },
};

const usualC = 25;
/** A battery that lasts longer than a day is not counted down. */
const longestS = 86_400;
/** A rated runtime is believed within so much: makers' tables are of new cells, and a load's power factor is guessed. */
const believed: Bounds = { low: 0.8, high: 1.2 };
/** Charge is told in whole per cents. */
const grainPercent = 1;
/** No load leaves more than this, %. */
const leavesMax = 80;

const middle = ({ low, high }: Bounds): number => (low + high) / 2;
const capped = (s: number): number => Math.min(longestS, Math.max(0, s));

function lastsS({ ratedS, load: rated }: Design, load: number, k: number): number {
  return load <= 0 ? longestS : Math.min(longestS, ratedS * Math.exp(k * Math.log(rated / load)));
}

/** How long a new and full battery would last at a load, by the middle of what is known of its chemistry, s. */
export const nominalS = (design: Design, load: number): number =>
  lastsS(design, load, middle(natures[design.chemistry].peukert));

/** Per cent of charge that the load may leave in it at the most. */
function leftover({ chemistry, load: rated }: Design, { load, health, warmC }: Standing): number {
  const { leaves, wornOhm, coldOhm } = natures[chemistry];
  const ohm = (1 + wornOhm * (1 - health.low / 100)) * (1 + coldOhm * Math.max(0, usualC - warmC.low));
  const drop = (load / rated) * ohm;
  return Math.min(leavesMax, leaves * drop * drop);
}

/** By its design, at a charge. */
export function byDesign(design: Design, standing: Standing, charge: number): Interval {
  const { peukert, coldShare } = natures[design.chemistry];
  const { load, health, warmC } = standing;
  const times = [lastsS(design, load, peukert.low), lastsS(design, load, peukert.high)];
  const cold = 1 - coldShare * Math.max(0, usualC - warmC.low);
  const usable = charge - grainPercent - leftover(design, standing);
  return {
    leastS: capped((Math.min(...times) * believed.low * health.low * cold * usable) / 10_000),
    mostS: capped((Math.max(...times) * believed.high * health.high * charge) / 10_000),
  };
}

/** What fell from one moment to another, and which share of the nominal runtime went by meanwhile. */
export interface Fall {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** Per cents of charge that must have fallen before their slope is believed. */
const fallMin = 4;

/** By how charge has fallen of late; null while it has not fallen enough. */
export function byCharge(design: Design, standing: Standing, { from, to, share }: Fall): Interval | null {
  const fell = from - to;
  if (fell < fallMin) return null;
  const perPercentS = share * nominalS(design, standing.load);
  const usable = to - grainPercent - leftover(design, standing);
  return {
    leastS: capped((usable * perPercentS) / ((fell + grainPercent) * natures[design.chemistry].steepens)),
    mostS: capped((to * perPercentS) / (fell - grainPercent)),
  };
}

/** Of the lowest voltage, so much must have fallen before its slope is believed. */
const saggedMin = 0.01;
/** At the rated load a lead-acid battery meets its lowest voltage so much sooner than the slope of now says. */
const knee = 1.6;

/**
 * By how a lead-acid battery's voltage has fallen of late, down to the lowest; null while it has not fallen enough. The
 * less the load, the later and the steeper the last of the fall.
 */
export function byVoltage(design: Design, load: number, fall: Fall, emptyV: number): Interval | null {
  const { from, to, share } = fall;
  const fell = from - to;
  if (fell < saggedMin * emptyV) return null;
  const mostS = (Math.max(0, to - emptyV) * share * nominalS(design, load)) / fell;
  return { leastS: capped(mostS / (knee * Math.max(1, design.load / load))), mostS: capped(mostS) };
}
