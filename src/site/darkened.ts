import type { NodeId, PowerTree } from "../core/topology/power.ts";
import { under } from "../core/topology/power.ts";

/** What a shed says of the loads that it may take. */
export interface Wish {
  readonly relieve: readonly { readonly node: NodeId }[];
  readonly order?: readonly string[] | undefined;
}

/** The loads that a shed may darken: those that it lists, or all that it may switch below the nodes that it relieves. */
export function darkened(tree: PowerTree, { relieve, order }: Wish): readonly string[] {
  if (order) return order;
  // A node that is not there has been told of already.
  const below = new Set(relieve.flatMap(({ node }) => (tree.nodes.has(node) ? [...under(tree, node)] : [])));
  return tree.loads
    .filter(({ importance }) => importance !== "protected")
    .filter(({ feeds }) => feeds.some(({ node, outlet }) => outlet !== null && below.has(node)))
    .map(({ id }) => id);
}
