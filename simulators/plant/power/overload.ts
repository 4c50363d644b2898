/**
 * How long a UPS bears more than its rating. Makers differ by a factor of two hundred, so the curve is the maker's:
 * Riello Dialog Plus (p. 17), Huawei UPS2000-G (p. 82, halved above 35 °C), MGE Galaxy PW (p. 56), Staco FirstLine (p.
 * 28). Its use is an integral: each second at a load takes 1 / tolerated(load) of what there is, ten minutes of rest
 * give it back. A static bypass bears what Schneider's Galaxy 5000 manual (p. 7) says: 125 % for 10 min, 150 % for 1
 * min, beyond a cycle or so.
 */

/**
 * Up to which load, in per cent of the rating, for how many seconds; in ascending order, and what is beyond the last.
 */
export interface OverloadCurve {
  readonly steps: readonly (readonly [percent: number, seconds: number])[];
  readonly beyondS: number;
}

const always = Number.POSITIVE_INFINITY;

export const overloadCurves = {
  riello: {
    steps: [
      [105, always],
      [110, 1800],
      [130, 30],
      [150, 10],
    ],
    beyondS: 0.5,
  },
  huawei: {
    steps: [
      [105, always],
      [110, 600],
      [130, 60],
      [150, 3],
    ],
    beyondS: 0.5,
  },
  galaxy: {
    steps: [
      [105, always],
      [125, 600],
      [150, 60],
    ],
    beyondS: 1,
  },
  staco: {
    steps: [
      [100, always],
      [110, 120],
      [125, 30],
    ],
    beyondS: 0.5,
  },
} as const satisfies Readonly<Record<string, OverloadCurve>>;

/** Makers by what the path of their profiles holds. */
const makers: readonly (readonly [pattern: RegExp, curve: OverloadCurve])[] = [
  [/huawei/, overloadCurves.huawei],
  [/apc|mge|schneider|galaxy/, overloadCurves.galaxy],
];

/** The curve of a device's maker; Riello's, the middle of those that are known, where the maker has none here. */
export const curveOf = (profile: string): OverloadCurve =>
  makers.find(([pattern]) => pattern.test(profile))?.[1] ?? overloadCurves.riello;

export const bypassCurve: OverloadCurve = {
  steps: [
    [110, always],
    [125, 600],
    [150, 60],
    [1000, 1],
  ],
  beyondS: 0.02,
};

const derateC = 35;

/** Seconds for which a load may stand; half of them where the air is above 35 °C. */
export function toleratedS(curve: OverloadCurve, percent: number, intakeC: number): number {
  let seconds = curve.beyondS;
  for (const [limit, borneS] of curve.steps) {
    if (percent > limit) continue;
    seconds = borneS;
    break;
  }
  return intakeC > derateC ? seconds / 2 : seconds;
}

const restS = 600;

/** The share of the tolerance that is used up after a step at a load. */
export function strained(strain: number, borneS: number, dtS: number): number {
  return Number.isFinite(borneS) ? strain + dtS / borneS : Math.max(0, strain - dtS / restS);
}
