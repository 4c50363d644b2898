/** A site as it would be read if nothing were wrong: for plans that nobody is asked for. */
import type { Image } from "../core/image.ts";
import { imageAt } from "../core/image.ts";
import type { SiteModel } from "../core/plant.ts";
import type { PointId, Reading } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { instant } from "../core/time.ts";
import type { NodeId, PowerTree } from "../core/topology/power.ts";

/** Every contact closed, every load at a part of its rating, shared by its feeds, and every meter telling it. */
export function assumedReadings({ power }: Pick<SiteModel, "power">, part: number, at: Instant): readonly Reading[] {
  const values = new Map<PointId, number>();
  const carried = new Map<NodeId, number>();
  for (const { feeds, ratedKw } of power.loads)
    for (const { node, outlet, closed, power: meter } of feeds) {
      const kw = (ratedKw * part) / feeds.length;
      for (const contact of [outlet, closed]) if (contact) values.set(contact, 1);
      if (meter) values.set(meter, kw);
      for (const above of preferredWay(power, node)) carried.set(above, (carried.get(above) ?? 0) + kw);
    }
  for (const { id, power: meter } of power.nodes.values()) if (meter) values.set(meter, carried.get(id) ?? 0);
  return [...values].map(([point, value]): Reading => ({ point, at, quality: "good", value }));
}

/** As {@link assumedReadings} has it, seen. */
export function assumedImage(model: Pick<SiteModel, "power" | "points">, part: number): Image {
  const at = instant(0);
  const readings = assumedReadings(model, part, at);
  return imageAt(new Map(readings.map((reading) => [reading.point, reading])), model.points, at);
}

/** A node and all that stand above it by its first supply, the node first. */
export function preferredWay(tree: PowerTree, id: NodeId): readonly NodeId[] {
  const above = tree.nodes.get(id)?.from[0];
  return above === undefined ? [id] : [id, ...preferredWay(tree, above)];
}
