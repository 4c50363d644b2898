import type { PointId, Reading } from "../core/reading.ts";
import type { LoadFeed, PowerTree } from "../core/topology/power.ts";
import { preferredWay } from "../site/index.ts";

/**
 * What contacts and meters show once an outlet is open, kW: what its load drew there is drawn by its other closed
 * feeds, or by nobody where there is none. Meters that show nothing show nothing afterwards.
 */
export function redrawn(
  tree: PowerTree,
  outlet: PointId,
  shown: ReadonlyMap<PointId, Reading>,
): ReadonlyMap<PointId, number> {
  const changed = new Map<PointId, number>();
  const valueOf = (point: PointId | null): number | null => {
    const known = point === null ? undefined : shown.get(point);
    return point === null || !known || known.quality === "bad" ? null : (changed.get(point) ?? known.value);
  };
  const add = (point: PointId | null, kw: number): void => {
    const before = valueOf(point);
    if (point !== null && before !== null) changed.set(point, Math.max(0, before + kw));
  };
  const draw = ({ node, power }: LoadFeed, kw: number): void => {
    add(power, kw);
    for (const id of preferredWay(tree, node)) add(tree.nodes.get(id)?.power ?? null, kw);
  };
  for (const { feeds, ratedKw } of tree.loads) {
    const feed = feeds.find((one) => one.outlet === outlet);
    if (!feed) continue;
    const others = feeds.filter((other) => other !== feed && valueOf(other.closed ?? other.outlet) !== 0);
    const kw = valueOf(feed.power) ?? ratedKw / (others.length + 1);
    draw(feed, -kw);
    for (const other of others) draw(other, kw / others.length);
    if (feed.closed !== null) changed.set(feed.closed, 0);
  }
  return changed;
}
