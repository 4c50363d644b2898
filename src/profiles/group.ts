import type { Duration } from "../core/time.ts";
import type { PointModel, ScanClass } from "./model.ts";

/** The most urgent first. */
export const scanClasses: readonly ScanClass[] = ["safety", "fast", "normal", "slow"];

/** Points that are asked for together. */
export interface Group {
  readonly scan: ScanClass;
  readonly period: Duration;
  readonly points: readonly PointModel[];
}

/** 0 is the most urgent. */
export const urgencyOf = ({ scan }: Pick<Group, "scan">): number => scanClasses.indexOf(scan);

/** Points with one scan class and period together, the most urgent first. */
export function grouped(points: readonly PointModel[]): readonly Group[] {
  const groups = new Map<string, Group & { points: PointModel[] }>();
  for (const point of points) {
    const key = `${point.scan} ${point.period}`;
    const group = groups.get(key);
    if (group) group.points.push(point);
    else groups.set(key, { scan: point.scan, period: point.period, points: [point] });
  }
  return [...groups.values()].sort((a, b) => urgencyOf(a) - urgencyOf(b) || a.period - b.period);
}
