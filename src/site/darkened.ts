import type { NodeId, PowerTree } from "../core/topology/power.ts";
import { under } from "../core/topology/power.ts";

/** The loads that a shed may darken: all that it may switch below the nodes that it relieves. */
export function darkened(tree: PowerTree, nodes: readonly NodeId[]): readonly string[] {
  const below = new Set(nodes.flatMap((node) => [...under(tree, node)]));
  return tree.loads
    .filter(({ importance }) => importance !== "protected")
    .filter(({ feeds }) => feeds.some(({ node, outlet }) => outlet !== null && below.has(node)))
    .map(({ id }) => id);
}
