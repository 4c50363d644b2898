/** What every node can still take on, kW, in the worst case of what is not seen. */
import type { Image } from "../image.ts";
import type { NodeId, PowerNode, PowerTree } from "../topology/power.ts";
import { fillMax } from "../topology/power.ts";
import type { Draws } from "./draws.ts";
import type { ShedAction } from "./response.ts";
import type { Ways } from "./ways.ts";
import { remembered } from "./ways.ts";

/**
 * The room of every node. What a plan takes off a node is no room on it: that is seen only when it is
 * done. `atMost` is what nodes that are to be relieved may carry; a UPS that nobody can see has no room.
 */
export function roomsOf(
  tree: PowerTree,
  image: Image,
  { ways, draws, atMost }: { readonly ways: Ways; readonly draws: Draws; readonly atMost: ReadonlyMap<NodeId, number> },
): (id: NodeId) => number {
  // Where every node is measured nobody asks for it, and it is a sum over every feed.
  let worst: ReadonlyMap<NodeId, number> | null = null;
  const worstOn = (id: NodeId): number => {
    worst ??= worstOf(tree, ways, draws);
    return worst.get(id) ?? 0;
  };
  return remembered((id) => {
    const node = tree.nodes.get(id)!;
    const measured = node.power === null ? null : image.valueOf(node.power);
    if (measured === null && node.kind === "ups") return 0;
    return limitKw(node, atMost) - (measured ?? worstOn(id));
  });
}

/** What nodes that are to be relieved may carry, kW. */
export const atMostOf = ({ relieve }: Pick<ShedAction, "relieve">): ReadonlyMap<NodeId, number> =>
  new Map(relieve.map(({ node, toKw }) => [node, toKw]));

/** What a node is not meant to go over, kW: its part of its rating, and what it may carry at most where that is said. */
export const limitKw = ({ id, ratedKw }: PowerNode, atMost: ReadonlyMap<NodeId, number>): number =>
  Math.min(ratedKw * fillMax, atMost.get(id) ?? Number.POSITIVE_INFINITY);

/** The most that each node may carry by what hangs below it. */
function worstOf({ loads }: PowerTree, ways: Ways, draws: Draws): ReadonlyMap<NodeId, number> {
  const worst = new Map<NodeId, number>();
  for (const { feeds } of loads)
    for (const feed of feeds) {
      const { mostKw } = draws(feed);
      if (mostKw > 0) for (const id of ways.aboveOf(feed.node)) worst.set(id, (worst.get(id) ?? 0) + mostKw);
    }
  return worst;
}
