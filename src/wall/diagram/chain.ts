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
const kindRank: Readonly<Record<NodeView["kind"], number>> = {
  utility: 0,
  generator: 0,
  ats: 1,
  sts: 1,
  ups: 2,
  pdu: 3,
};

export interface Chain {
  readonly placed: readonly Placed[];
  /** What is drawn in the place of a node that is not. */
  readonly standIns: ReadonlyMap<string, readonly string[]>;
}

/**
 * Gives every node its column, none empty and at most this many, and the feeds that it serves.
 * Where there are more, the distribution furthest from the source is left out: its racks show what
 * becomes of it.
 */
export function chainOf(nodes: readonly NodeView[], columnsMax: number): Chain {
  const standIns = new Map<string, readonly string[]>();
  let kept = nodes;
  for (;;) {
    const ranks = ranksOf(kept);
    const used = [...new Set(ranks.values())].sort((a, b) => a - b);
    const last = used.at(-1);
    const outer = kept.filter((node) => ranks.get(node.id) === last && node.kind === "pdu" && node.from.length > 0);
    if (used.length <= columnsMax || outer.length === 0)
      return { placed: place(kept, ranks, used, columnsMax), standIns };
    for (const node of outer) standIns.set(node.id, node.from);
    for (const [id, others] of standIns)
      standIns.set(
        id,
        others.flatMap((other) => standIns.get(other) ?? [other]),
      );
    kept = kept.filter((node) => !outer.includes(node));
  }
}

function place(
  nodes: readonly NodeView[],
  ranks: ReadonlyMap<string, number>,
  used: readonly number[],
  columnsMax: number,
): readonly Placed[] {
  const feeds = feedsOf(nodes, new Map(nodes.map((node) => [node.id, node])));
  return nodes.map((node) => ({
    node,
    column: Math.min(used.indexOf(ranks.get(node.id)!), columnsMax - 1),
    feeds: [...(feeds.get(node.id) ?? [])].sort(),
  }));
}

function ranksOf(nodes: readonly NodeView[]): ReadonlyMap<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
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
