/**
 * What the power tree looks like from outside: which node has power, how much it carries, which
 * racks live on how many feeds.
 */
import type { Image } from "../core/image.ts";
import type { PointId } from "../core/reading.ts";
import type { Sight } from "../core/topology/live.ts";
import { isLive, modeOf, nodeReading, nodeValue, seenKw, speakersOf } from "../core/topology/live.ts";
import type { Load, PowerNode, PowerTree } from "../core/topology/power.ts";
import { isOpen } from "../core/topology/power.ts";
import type { NodeState, RackGroup } from "./api.ts";

/** Every node of the power tree as it stands. */
export function nodeStates(sight: Sight): Record<string, NodeState> {
  const states: Record<string, NodeState> = {};
  for (const node of sight.tree.nodes.values()) states[node.id] = stateOf(sight, node);
  return states;
}

/** The racks of each space, counted by what feeds them. */
export function rackGroups(tree: PowerTree, image: Image, nodes: Readonly<Record<string, NodeState>>): RackGroup[] {
  const groups = new Map<string, Load[]>();
  for (const load of tree.loads) {
    const group = groups.get(load.space);
    if (group) group.push(load);
    else groups.set(load.space, [load]);
  }
  return [...groups].map(([space, loads]) => {
    const fed: Record<string, number> = {};
    const group = { space, total: loads.length, fed, single: 0, dark: 0, unknown: 0 };
    for (const load of loads)
      count(group, load, (feed) => (isOpen(feed, image) ? false : (nodes[feed.node]?.live ?? null)), tree);
    return group;
  });
}

type Counted = { fed: Record<string, number>; single: number; dark: number; unknown: number };

function count(
  group: Counted,
  load: Load,
  liveOf: (feed: Load["feeds"][number]) => boolean | null,
  tree: PowerTree,
): void {
  const lives = load.feeds.map(liveOf);
  load.feeds.forEach(({ node }, i) => {
    const feed = tree.nodes.get(node)?.feed ?? node;
    group.fed[feed] = (group.fed[feed] ?? 0) + (lives[i] === true ? 1 : 0);
  });
  const sure = lives.filter((live) => live === true).length;
  if (sure === 0 && lives.includes(null)) group.unknown += 1;
  else if (sure === 0) group.dark += 1;
  else if (sure === 1 && lives.length > 1 && !lives.includes(null)) group.single += 1;
}

function stateOf(sight: Sight, node: PowerNode): NodeState {
  const mode = modeOf(sight, node);
  const runtime = node.kind === "ups" ? nodeReading(sight, node, "battery.runtime") : null;
  const runtimeS = runtime && runtime.quality !== "bad" ? runtime.value : null;
  return {
    live: isLive(sight, node.id),
    kw: seenKw(sight, node),
    mode,
    runtimeS,
    emptyAt: mode === "battery" && runtime && runtimeS !== null ? wholeSecond(runtime.at + runtimeS * 1000) : null,
    chargePct: node.kind === "ups" ? nodeValue(sight, node, "battery.charge") : null,
    silentSince: silentSince(sight, node),
  };
}

/** A countdown shows seconds: what is finer would only be sent again and again. */
const wholeSecond = (at: number): number => Math.round(at / 1000) * 1000;

/** Of the points that speak for a node, whether all are silent, and since when. */
function silentSince(sight: Sight, node: PowerNode): number | null {
  const points = [node.power, ...speakersOf(node)].filter((p): p is PointId => p !== null && sight.rules.has(p));
  const readings = points.map((point) => sight.image.readingOf(point));
  if (readings.length === 0 || readings.some((reading) => reading.quality !== "bad")) return null;
  return Math.max(...readings.map((reading) => reading.at));
}
