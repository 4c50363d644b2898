/** What is asked of an alarm system, and whether it is so: the figures of EEMUA 191 and ISA-18.2 beside those that were counted. */

import { floodAbove } from "./flood.ts";
import type { KpiFigures } from "./kpi.ts";
import type { Standing } from "./standing.ts";

/** One figure and what it should be. */
export interface Target {
  readonly name: string;
  /** What was counted. */
  readonly value: number;
  readonly unit: "" | "%";
  /** What it should be at most. */
  readonly most: number;
  readonly isMet: boolean;
}

/** Alarms in ten minutes that one operator can answer, on average, and the most that are still no flood. */
const perTenMinutes = 1;
/** Of all time. */
const floodPercent = 1;
/** Of all that are put before people: the two upper priorities together, and the next. A share that is lower is no fault. */
const urgentPercent = 5;
const mediumPercent = 15;
const staleMost = 5;
const topTenPercent = 5;

/** Every target. Shares of nothing are 0, and met. */
export function targetsOf(figures: KpiFigures, standing: Standing): readonly Target[] {
  const { per10min, flood, byPriority, chattering, topShare } = figures;
  const most = (name: string, value: number, limit: number, unit: Target["unit"] = ""): Target => ({
    name,
    value,
    unit,
    most: limit,
    isMet: value <= limit,
  });
  return [
    most("alarms in 10 min, on average", per10min.mean, perTenMinutes),
    most("alarms in 10 min, at most", per10min.peak, floodAbove),
    most("time in flood", 100 * flood.share, floodPercent, "%"),
    most("critical and high", 100 * (byPriority.critical.share + byPriority.high.share), urgentPercent, "%"),
    most("medium", 100 * byPriority.medium.share, mediumPercent, "%"),
    most("the ten most frequent", 100 * topShare, topTenPercent, "%"),
    most("alarms that chattered", chattering.length, 0),
    most("alarms that stand for more than a day", standing.stale.length, staleMost - 1),
  ];
}
