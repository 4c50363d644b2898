/** What the server must be told of a site beyond what the core knows: the names that people use. */
import type { SiteModel } from "../core/plant.ts";
import type { PointId } from "../core/reading.ts";
import { pointNameOf } from "../core/reading.ts";
import type { Premises } from "../core/topology/premises.ts";
import type { PointView, SpaceView, Text } from "./api.ts";

/** A site's names and places. The power tree, alarms and responses come from the plant itself. */
export interface SiteInfo {
  readonly name: Text;
  readonly timezone: string;
  readonly spaces: readonly SpaceView[];
  readonly services: readonly { readonly id: string; readonly tier: number; readonly name: Text }[];
  readonly elsewhere: readonly string[];
  readonly points: ReadonlyMap<PointId, PointInfo>;
  /** Names of power nodes; a node without one is called by its id. */
  readonly nodeNames?: ReadonlyMap<string, Text>;
  /** What to do about an alarm, in the site's languages; one without is told in the core's. */
  readonly alarmResponses?: ReadonlyMap<string, Text>;
  /** What answers about rooms, routes and services are worked out from; without it there are none. */
  readonly premises?: Premises;
  readonly nextDrill?: { readonly title: Text; readonly at: number };
}

export interface PointInfo {
  readonly quantity: string;
  readonly unit: string | null;
  readonly states?: readonly string[] | null;
  readonly space: string | null;
}

/** A display is sent no more points than this: at 4 updates a second a browser keeps up with them for months. */
export const shownMax = 4000;

/** What a level 1 display draws. Single outlets, phases and counters are for the points route. */
const shownQuantities = new Set([
  "temperature.ambient",
  "temperature.inlet",
  "temperature.supply",
  "temperature.return",
  "humidity.ambient",
  "module.temperature.max",
  "battery.temperature",
  "smoke.level",
  "smoke.fault",
  "offgas.state",
  "leak.state",
  "flame.state",
  "suppression.released",
  "generator.state",
  "fuel.level",
  "cooling.mode",
  "cooling.output",
  "service.site",
]);

/** The points that are sent to displays, in the site's order. */
export function shownPoints(site: SiteModel, info: SiteInfo): readonly PointId[] {
  const power = new Set([...site.power.nodes.values()].flatMap((node) => node.power ?? []));
  const shown: PointId[] = [];
  for (const point of site.points.keys()) {
    if (shown.length === shownMax) break;
    if (power.has(point) || shownQuantities.has(info.points.get(point)?.quantity ?? "")) shown.push(point);
  }
  return shown;
}

/** What is fixed about the shown points, with the limits that alarms watch on them. */
export function pointViews(site: SiteModel, info: SiteInfo, shown: readonly PointId[]): Record<string, PointView> {
  const limits = limitsOf(site);
  const views: Record<string, PointView> = {};
  for (const point of shown) {
    const { quantity = pointNameOf(point), unit = null, states, space = null } = info.points.get(point) ?? {};
    const { high = null, low = null } = limits.get(point) ?? {};
    views[point] = { quantity, unit, states: states ?? null, space, high, low };
  }
  return views;
}

interface Limits {
  high?: number;
  low?: number;
}

function limitsOf(site: SiteModel): ReadonlyMap<PointId, Limits> {
  const limits = new Map<PointId, Limits>();
  for (const { point, detect } of site.alarms.flatMap((alarm) => alarm.channels)) {
    if (detect.kind !== "limit") continue;
    const known = limits.get(point) ?? {};
    if (detect.side === "above") known.high = Math.min(known.high ?? detect.limit, detect.limit);
    else known.low = Math.max(known.low ?? detect.limit, detect.limit);
    limits.set(point, known);
  }
  return limits;
}
