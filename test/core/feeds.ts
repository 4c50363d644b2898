import type { PointId, Reading } from "../../src/core/reading.ts";
import type { ShedAction } from "../../src/core/respond/response.ts";
import { ms, seconds } from "../../src/core/time.ts";
import type { Importance, Load, LoadFeed, NodeId, PowerNode, PowerTree } from "../../src/core/topology/power.ts";
import { good, point } from "./fixture.ts";

export const node = (name: string): NodeId => name as NodeId;

export function powerNode(
  id: string,
  kind: PowerNode["kind"],
  from: readonly string[],
  more: Partial<PowerNode> = {},
): PowerNode {
  return {
    id: node(id),
    kind,
    feed: null,
    space: null,
    from: from.map(node),
    ratedKw: 100,
    power: point(`${id}/kw`),
    battery: null,
    device: null,
    ...more,
  };
}

export const treeOf = (nodes: readonly PowerNode[], loads: readonly Load[] = []): PowerTree => ({
  nodes: new Map(nodes.map((n) => [n.id, n])),
  loads,
});

export interface LoadSketch {
  readonly kw: number;
  readonly is?: Importance;
  /** The rows it hangs on: "a", "b", or both. */
  readonly on?: readonly string[];
  /** What its feeds lack: a meter, a contact that shows whether they are closed, a switch. */
  readonly without?: readonly ("power" | "closed" | "outlet")[];
}

const fed = (load: string, row: string, without: LoadSketch["without"] = []): LoadFeed => {
  const part = (name: "power" | "closed" | "outlet"): PointId | null =>
    without.includes(name) ? null : point(`${row}.${load}/${name}`);
  return { node: node(`row-${row}`), outlet: part("outlet"), closed: part("closed"), power: part("power") };
};

export const load = (id: string, { kw, is = "normal", on = ["a", "b"], without }: LoadSketch): Load => ({
  id,
  space: "hall",
  ratedKw: kw,
  importance: is,
  feeds: on.map((row) => fed(id, row, without)),
});

/** Two of everything: utility → ups-a → row-a and utility → ups-b → row-b, and loads on one or on both. */
export function twoFeeds(loads: Readonly<Record<string, LoadSketch>>, ratedKw = 100): PowerTree {
  const sides = ["a", "b"].flatMap((side) => [
    powerNode(`ups-${side}`, "ups", ["utility"], { ratedKw }),
    powerNode(`row-${side}`, "pdu", [`ups-${side}`], { ratedKw }),
  ]);
  return treeOf(
    [powerNode("utility", "utility", []), ...sides],
    Object.entries(loads).map(([id, sketch]) => load(id, sketch)),
  );
}

/** A plain plant: loads draw what they are rated, shared over the feeds that are closed; every meter tells it. */
export interface Wiring {
  readonly tree: PowerTree;
  /** Outlets that are open. */
  readonly open: Set<PointId>;
}

const closedFeeds = ({ open }: Wiring, { feeds }: Load): readonly LoadFeed[] =>
  feeds.filter(({ outlet }) => outlet === null || !open.has(outlet));

export const drawOf = (wiring: Wiring, { ratedKw, feeds }: Load, feed: LoadFeed): number => {
  const closed = closedFeeds(wiring, { feeds } as Load);
  return closed.includes(feed) ? ratedKw / closed.length : 0;
};

export const isLit = (wiring: Wiring, one: Load): boolean => closedFeeds(wiring, one).length > 0;

/** Whether power flows to a feed's node through another node, by the preferred way. */
const passes = (tree: PowerTree, id: NodeId, through: NodeId): boolean => {
  if (id === through) return true;
  const above = tree.nodes.get(id)?.from[0];
  return above !== undefined && passes(tree, above, through);
};

export const loadOf = (wiring: Wiring, id: NodeId): number =>
  wiring.tree.loads.reduce(
    (sum, one) =>
      sum +
      one.feeds.reduce((kw, feed) => kw + (passes(wiring.tree, feed.node, id) ? drawOf(wiring, one, feed) : 0), 0),
    0,
  );

/** What all its meters and contacts say. */
export function readingsOf(wiring: Wiring, after = 0): Reading[] {
  const said: Reading[] = [];
  for (const { id, power } of wiring.tree.nodes.values())
    if (power !== null) said.push(good(power, loadOf(wiring, id), after));
  for (const one of wiring.tree.loads)
    for (const feed of one.feeds) {
      const isClosed = feed.outlet === null || !wiring.open.has(feed.outlet);
      if (feed.closed !== null) said.push(good(feed.closed, isClosed ? 1 : 0, after));
      if (feed.power !== null) said.push(good(feed.power, drawOf(wiring, one, feed), after));
    }
  return said;
}

export const wire = (tree: PowerTree, ...open: readonly string[]): Wiring => ({ tree, open: new Set(open.map(point)) });

export const relieving = (toKw: number, ...nodes: readonly string[]): ShedAction => ({
  kind: "shed",
  relieve: nodes.map((id) => ({ node: node(id), toKw })),
  within: seconds(5),
  settle: ms(2000),
});
