/**
 * An SNMP device's objects in the order of their identifiers: the system group, what the device says of itself, and
 * every point of its profile, encoded when it is asked for.
 */
import type { DeviceModel, PointModel, SnmpValue } from "../../src/profiles/index.ts";
import { encodeSnmp, rawSnmp } from "../../src/profiles/index.ts";
import type { Look, PlantAccess } from "./access.ts";
import type { Faults } from "./faults.ts";
import { identityOf } from "./identity.ts";
import { lookThrough } from "./look-through.ts";
import { byArcs } from "./oid.ts";
import { sayable } from "./sayable.ts";

/** An object and how to look at it; null while the device has no such instance. What has not changed is the same value, object and all. */
export interface SnmpObject {
  readonly oid: string;
  readonly arcs: readonly number[];
  readonly look: () => SnmpValue | null;
}

/** What stands behind a device's objects. `uptimeS` is the age of its agent; `fixed` goes before all that its profile says. */
export interface ObjectsBackground {
  readonly plant: PlantAccess;
  readonly uptimeS: () => number;
  readonly fixed: readonly Pick<SnmpObject, "oid" | "look">[];
  readonly faults?: Faults;
}

const arcsOf = (oid: string): number[] => oid.split(".").map(Number);

/** All that a device answers, sorted. */
export function objectsOf(
  device: { readonly id: string; readonly model: DeviceModel },
  { plant, uptimeS, fixed, faults }: ObjectsBackground,
): readonly SnmpObject[] {
  const found = new Map<string, SnmpObject["look"]>();
  for (const [oid, value] of Object.entries(identityOf(device))) found.set(oid, () => value);
  found.set("1.3.6.1.2.1.1.3.0", () => ({ type: timeTicks, value: Math.floor(uptimeS() * 100) }));
  for (const [oid, points] of pointsByObject(device.model)) {
    const looks = points.map((point) => {
      const look = plant.look(device.id, point.name);
      return faults ? lookThrough(look, point, faults) : look;
    });
    found.set(oid, saidAnew(points, looks));
  }
  for (const { oid, look } of fixed) found.set(oid, look);
  return inOrder([...found].map(([oid, look]) => ({ oid, look })));
}

/** Objects in the order in which they are walked. */
export const inOrder = (objects: readonly Pick<SnmpObject, "oid" | "look">[]): readonly SnmpObject[] =>
  objects.map(({ oid, look }) => ({ oid, arcs: arcsOf(oid), look })).toSorted((a, b) => byArcs(a.arcs, b.arcs));

const timeTicks = 67;

/** Several points may be bits or characters of one object, or stand for what it says in different words. */
function pointsByObject({ points }: DeviceModel): ReadonlyMap<string, readonly PointModel[]> {
  const byObject = new Map<string, PointModel[]>();
  for (const point of points) {
    if (point.at.protocol !== "snmp") continue;
    const beside = byObject.get(point.at.oid);
    if (beside) beside.push(point);
    else byObject.set(point.at.oid, [point]);
  }
  return byObject;
}

/** What an object says, encoded again only when what is behind it has changed. */
function saidAnew(points: readonly PointModel[], looks: readonly Look[]): SnmpObject["look"] {
  const shown: (number | null | undefined)[] = points.map(() => undefined);
  let value: SnmpValue | null = null;
  return () => {
    let isChanged = false;
    for (let i = 0; i < looks.length; i++) {
      const now = sayable(points[i]!, looks[i]!());
      if (now === shown[i]) continue;
      shown[i] = now;
      isChanged = true;
    }
    if (isChanged) value = said(points, shown as readonly (number | null)[]);
    return value;
  };
}

/** What an object says: all its parts together, or what the first point that stands for the whole of it has to say. */
function said(points: readonly PointModel[], values: readonly (number | null)[]): SnmpValue | null {
  let whole: SnmpValue | undefined;
  for (const [i, point] of points.entries()) {
    if (whole && !isPart(point)) continue;
    const value = values[i] ?? null;
    if (value !== null) whole = encodeSnmp(point, value, whole);
  }
  return whole ?? sentinelOf(points);
}

const isPart = ({ at }: PointModel): boolean =>
  at.protocol === "snmp" && (at.bit !== undefined || at.char !== undefined);

function sentinelOf(points: readonly PointModel[]): SnmpValue | null {
  for (const { at, invalid } of points)
    if (at.protocol === "snmp" && invalid[0] !== undefined) return rawSnmp(at, invalid[0]);
  return null;
}

/** The first object behind an identifier that has a value now. */
export function nextAfter(objects: readonly SnmpObject[], oid: string): { oid: string; value: SnmpValue } | null {
  const from = arcsOf(oid);
  let low = 0;
  let high = objects.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byArcs(objects[middle]!.arcs, from) <= 0) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < objects.length; at++) {
    const value = objects[at]!.look();
    if (value !== null) return { oid: objects[at]!.oid, value };
  }
  return null;
}
