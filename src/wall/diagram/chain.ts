/**
 * The power tree as columns and lanes: sources on the left, racks on the right, one lane a feed.
 * Whatever serves one feed only stands in that feed's lane; what serves several stands between.
 */
import type { NodeView } from "../../serve/api.ts";

export interface Placed {
  readonly node: NodeView;
  readonly column: number;
  /** The feeds that it serves, in order. */
  readonly feeds: readonly string[];
}

/** What stands before what, where the tree itself leaves it open. */
const kindRank: Readonly<Record<NodeView["kind"], number>> = { utility: 0, generator: 0, ats: 1, ups: 2, pdu: 3 };

/** Gives every node its column, none empty and at most this many, and the feeds that it serves. */
export function chainOf(nodes: readonly NodeView[], columnsMax: number): readonly Placed[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ranks = ranksOf(nodes, byId);
  const used = [...new Set(ranks.values())].sort((a, b) => a - b);
  const feeds = feedsOf(nodes, byId);
  return nodes.map((node) => ({
    node,
    column: Math.min(used.indexOf(ranks.get(node.id)!), columnsMax - 1),
    feeds: [...(feeds.get(node.id) ?? [])].sort(),
  }));
}

function ranksOf(nodes: readonly NodeView[], byId: ReadonlyMap<string, NodeView>): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  const rank = (node: NodeView, trail: number): number => {
    const known = ranks.get(node.id);
    // A tree deeper than it has nodes would go in a circle; the site's check refuses those.
    if (known !== undefined || trail > nodes.length) return known ?? 0;
    const above = node.from.flatMap((id) => byId.get(id) ?? []).map((parent) => rank(parent, trail + 1) + 1);
    const own = Math.max(kindRank[node.kind], ...above);
    ranks.set(node.id, own);
    return own;
  };
  for (const node of nodes) rank(node, 0);
  return ranks;
}

/** A node's own feed, or else those of everything that it supplies. */
function feedsOf(nodes: readonly NodeView[], byId: ReadonlyMap<string, NodeView>): ReadonlyMap<string, Set<string>> {
  const feeds = new Map(nodes.map((node) => [node.id, new Set(node.feed === null ? [] : [node.feed])]));
  let grew = true;
  while (grew) {
    grew = false;
    for (const node of nodes) {
      for (const from of node.from)
        if (byId.get(from)?.feed === null) grew = join(feeds.get(from)!, feeds.get(node.id)!) || grew;
    }
  }
  return feeds;
}

function join(into: Set<string>, from: ReadonlySet<string>): boolean {
  const before = into.size;
  for (const feed of from) into.add(feed);
  return into.size > before;
}
