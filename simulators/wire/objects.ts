/**
 * An SNMP device's objects in the order of their identifiers: the system group, what the device says of itself, and
 * every point of its profile, encoded when it is asked for.
 */
import type { DeviceModel, SnmpValue } from "../../src/profiles/index.ts";
import { encodeSnmp, rawSnmp } from "../../src/profiles/index.ts";
import type { PlantAccess } from "./access.ts";
import { identityOf } from "./identity.ts";
import { byArcs } from "./oid.ts";
import { sayable } from "./sayable.ts";

/** An object and how to look at it; null while the device has no such instance. */
export interface SnmpObject {
  readonly oid: string;
  readonly arcs: readonly number[];
  readonly look: () => SnmpValue | null;
}

const arcsOf = (oid: string): number[] => oid.split(".").map(Number);

/** All that a device answers, sorted. `uptimeS` is the age of its agent; `fixed` goes before what it says of itself. */
export function objectsOf(
  device: { readonly id: string; readonly model: DeviceModel },
  plant: PlantAccess,
  { uptimeS, fixed }: { readonly uptimeS: () => number; readonly fixed: readonly Pick<SnmpObject, "oid" | "look">[] },
): readonly SnmpObject[] {
  const found = new Map<string, SnmpObject["look"]>();
  for (const [oid, value] of Object.entries(identityOf(device))) found.set(oid, () => value);
  for (const { oid, look } of fixed) found.set(oid, look);
  found.set("1.3.6.1.2.1.1.3.0", () => ({ type: timeTicks, value: Math.floor(uptimeS() * 100) }));
  for (const point of device.model.points) {
    const { at } = point;
    if (at.protocol !== "snmp") continue;
    found.set(at.oid, () => {
      const value = sayable(point, plant.measure(device.id, point.name));
      if (value !== null) return encodeSnmp(point, value);
      const sentinel = point.invalid[0];
      return sentinel === undefined ? null : rawSnmp(at, sentinel);
    });
  }
  return inOrder([...found].map(([oid, look]) => ({ oid, look })));
}

/** Objects in the order in which they are walked. */
export const inOrder = (objects: readonly Pick<SnmpObject, "oid" | "look">[]): readonly SnmpObject[] =>
  objects.map(({ oid, look }) => ({ oid, arcs: arcsOf(oid), look })).toSorted((a, b) => byArcs(a.arcs, b.arcs));

const timeTicks = 67;

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
