/** Every point of a site: those of its devices, the health of each link to them, and where each service is. */
import type { PointRule } from "../core/image.ts";
import { quantities } from "../core/quantity.ts";
import type { PointId } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import { targetKind } from "../core/target.ts";
import type { Duration } from "../core/time.ts";
import { ms, seconds } from "../core/time.ts";
import type { DeviceModel } from "../profiles/index.ts";
import type { Device } from "./devices.ts";
import type { Service } from "./services.ts";
import type { Target } from "./targets.ts";

/** What a point is and where. `device` is the service's id, `class` "service" and `space` null for a service's point. */
export interface PointInfo {
  /** The standard name: "outlet[n].state". */
  readonly quantity: string;
  readonly unit: string | null;
  readonly states: readonly string[] | null;
  readonly device: string;
  readonly class: string;
  readonly space: string | null;
}

/** A point as it is found by its id. */
export interface SitePoint {
  readonly id: PointId;
  readonly info: PointInfo;
  readonly rule: PointRule;
  /** How often it is asked for; null for a service's place, which its mover is asked for. */
  readonly period: Duration | null;
}

/** Polls that may fail before a point is stale: one lost, one late, and the third decides. */
const POLLS_MISSED_MAX = 3;
/** Movers and targets are asked every five seconds; four times that is silence. */
const WHEREABOUTS_AGE = seconds(20);

const linkPoints = ["link.state", "link.latency", "link.misses", "link.missed", "link.period", "link.jitter"] as const;
export const servicePoint = "service.site";

/** What a point is on every device of a model. */
interface ModelPoint {
  readonly name: string;
  readonly quantity: string;
  readonly rule: Required<PointRule>;
  readonly period: Duration;
}

/** Racks are full of devices of one model: what does not differ between them is kept once. */
const pointsOfModel = new WeakMap<DeviceModel, readonly ModelPoint[]>();

function modelPoints(model: DeviceModel): readonly ModelPoint[] {
  const known = pointsOfModel.get(model);
  if (known) return known;
  const fastest = ms(Math.min(...model.points.map(({ period }) => period)));
  const point = (name: string, period: Duration, of: Omit<PointRule, "maxAge"> | undefined): ModelPoint => {
    const maxAge = ms(POLLS_MISSED_MAX * period + model.link.timeout);
    const rule = { maxAge, states: of?.states ?? null, unit: of?.unit ?? null };
    return { name, quantity: name.replace(/\[\d+\]/, "[n]"), rule, period };
  };
  const points = [
    ...model.points.map((own) => point(own.name, own.period, own)),
    ...linkPoints.map((name) => point(name, fastest, quantities[name])),
  ];
  pointsOfModel.set(model, points);
  return points;
}

export function devicePoints({ id, model, space }: Device): readonly SitePoint[] {
  const known = { device: id, class: model.class, space };
  return modelPoints(model).map(({ name, quantity, rule, period }) => {
    const { unit, states } = rule;
    return { id: pointId(id, name), info: { ...known, quantity, unit, states }, rule, period };
  });
}

/** Where a service is: 0 is this site, and n the nth of `elsewhere`. The sites' ids are its states. */
export function servicePointOf(service: Service, sites: readonly string[]): SitePoint {
  return {
    id: pointId(service.id, servicePoint),
    info: { quantity: servicePoint, unit: null, states: sites, device: service.id, class: "service", space: null },
    rule: { maxAge: WHEREABOUTS_AGE, states: sites, unit: null },
    period: null,
  };
}

/** How a target stands, and what else it tells of itself. */
export function targetPoints({ id, kind, point, states }: Target): readonly SitePoint[] {
  const of = (name: string, among: readonly string[] | null, unit: string | null): SitePoint => ({
    id: pointId(id, name),
    info: { quantity: name, unit, states: among, device: id, class: "target", space: null },
    rule: { maxAge: WHEREABOUTS_AGE, states: among, unit },
    period: null,
  });
  const readings = Object.entries(targetKind(kind).readings ?? {});
  return [of(point, states, null), ...readings.map(([name, unit]) => of(name, null, unit))];
}
