/**
 * Whether a node of the power tree is lost: dead though something counts on it, or on its battery.
 * A standby that stands by is not lost, and what nobody knows is neither lost nor whole.
 */
import type { PointId } from "../reading.ts";
import { deviceOf } from "../reading.ts";
import type { Instant } from "../time.ts";
import type { Sight } from "./live.ts";
import { belowOf, isBreakerOpen, isLive, modeOf, speakersOf } from "./live.ts";
import type { LoadFeed, NodeId, PowerNode, PowerTree } from "./power.ts";
import { deadKw, isTransferSwitch } from "./power.ts";

/** dead: it has no power to give. battery: it lives on its battery. */
export type Loss = "dead" | "battery";

/** A node that is lost, since when, and the topmost lost node that it follows from: itself where it follows from none. */
export interface LostNode {
  readonly node: NodeId;
  readonly is: Loss;
  readonly since: Instant;
  readonly of: NodeId;
}

/** What follows from one lost node. */
export interface CauseEvent {
  readonly node: NodeId;
  readonly since: Instant;
  /** Every node that has been lost in it, the cause first. */
  nodes: readonly NodeId[];
  /** When what is new of it will be told; null when all has been. */
  tellAt: Instant | null;
  /** What was lost when it was last told; null before the first time. */
  told: string | null;
  /** The assertion that failed when it was to be told: nothing is folded under it until it can be. */
  faulted?: string | null;
}

/** What a plant remembers of its losses. */
export interface Causes {
  lost: readonly LostNode[];
  events: readonly CauseEvent[];
  /** Something has changed that they depend on. */
  isDirty: boolean;
  /** The assertion that failed when losses were last worked out: no event stands then. */
  faulted: string | null;
}

/** What is looked up of a power tree again and again, worked out once. */
export interface PowerIndex {
  readonly below: Sight["below"];
  /** Nodes of which others or loads count on being supplied, those above before those below. */
  readonly counted: readonly PowerNode[];
  /** Points by which it is told whether a node is lost, and how: a meter by whether it shows anything, a state by its value. */
  readonly tellers: ReadonlyMap<PointId, "meter" | "state">;
  /** The nodes that each device speaks for or switches. A battery's own device is left out: its trouble is never only its supply's. */
  readonly nodesOf: ReadonlyMap<string, readonly NodeId[]>;
}

export function powerIndexOf(tree: PowerTree): PowerIndex {
  const below = belowOf(tree);
  const tellers = new Map<PointId, "meter" | "state">();
  for (const node of tree.nodes.values()) {
    for (const point of speakersOf(node)) tellers.set(point, "state");
    if (node.power !== null) tellers.set(node.power, "meter");
  }
  // A board that shows nothing is known to be dead by what its racks draw from their other feeds.
  for (const { closed, power } of tree.loads.flatMap(({ feeds }) => feeds)) {
    if (closed !== null) tellers.set(closed, "state");
    if (power !== null) tellers.set(power, "meter");
  }
  return { below, counted: countedOn(tree, below), tellers, nodesOf: nodesByDevice(tree) };
}

function nodesByDevice(tree: PowerTree): PowerIndex["nodesOf"] {
  const nodes = new Map<string, Set<NodeId>>();
  const add = (device: string | null, node: NodeId): void => {
    if (device === null) return;
    const known = nodes.get(device);
    if (known) known.add(node);
    else nodes.set(device, new Set([node]));
  };
  for (const { id, device, power } of tree.nodes.values()) {
    add(device, id);
    add(power && deviceOf(power), id);
  }
  for (const { feeds } of tree.loads)
    for (const { node, outlet, closed, power } of feeds)
      for (const point of [outlet, closed, power]) add(point && deviceOf(point), node);
  return new Map([...nodes].map(([device, of]) => [device, [...of]]));
}

function countedOn(tree: PowerTree, below: Sight["below"]): readonly PowerNode[] {
  const loaded = new Set(tree.loads.flatMap(({ feeds }) => feeds.map(({ node }) => node)));
  const known = new Map<NodeId, boolean>();
  const isCounted = (node: PowerNode): boolean => {
    const before = known.get(node.id);
    if (before !== undefined) return before;
    known.set(node.id, false);
    const children = (below.get(node.id) ?? []).map((id) => tree.nodes.get(id)!);
    const counts = loaded.has(node.id) || children.some((child) => isMeant(tree, child, node) && isCounted(child));
    known.set(node.id, counts);
    return counts;
  };
  const depths = depthsOf(tree);
  const counted = [...tree.nodes.values()].filter(isCounted);
  return counted.toSorted((a, b) => depths.get(a.id)! - depths.get(b.id)!);
}

/** Whether a node stands on this supply of its own when all is well. A UPS is never a mere standby. */
function isMeant(tree: PowerTree, node: PowerNode, supply: PowerNode): boolean {
  if (supply.kind === "ups") return true;
  if (isTransferSwitch(node)) return node.from[0] === supply.id;
  return supply.kind !== "generator" || node.from.every((id) => tree.nodes.get(id)?.kind === "generator");
}

/** How many nodes stand one above the other over each. */
function depthsOf({ nodes }: PowerTree): ReadonlyMap<NodeId, number> {
  const depths = new Map<NodeId, number>();
  const depthOf = (id: NodeId): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    // Until it is known it counts as 0, so that a circle, which no site file may hold, still ends.
    depths.set(id, 0);
    const depth = Math.max(0, ...(nodes.get(id)?.from ?? []).map((from) => depthOf(from) + 1));
    depths.set(id, depth);
    return depth;
  };
  for (const id of nodes.keys()) depthOf(id);
  return depths;
}

export type Told = Loss | "none" | "carrying" | "unknown";

/**
 * How a node is lost, "none" where it is seen not to be, "carrying" where it is seen not to be dead and nobody can say
 * whether it is on its battery, "unknown" where nobody can say anything. What only a
 * meter says is not enough: where nothing is drawn, all may have been shed. `isGone` tells of the
 * nodes above.
 */
export function lossOf(sight: Sight, node: PowerNode, isGone: (id: NodeId) => boolean): Told {
  if (node.kind === "ups" && modeOf(sight, node) === "battery") return "battery";
  if (carries(sight, node)) return node.kind === "ups" && isMute(sight, node) ? "carrying" : "none";
  const live = isLive(sight, node.id);
  const isUnsupplied = node.from.length > 0 && node.from.every(isGone);
  if (live === false) return isUnsupplied || isSaidDead(sight, node) ? "dead" : "unknown";
  if (node.kind === "pdu" && isStarved(sight, node)) return "dead";
  // What stands above a node does not bring it back: it must be seen itself, where it has a voice, and a board's is its supply's.
  if (live === null || isMute(sight, node)) return "unknown";
  return node.kind === "pdu" && isUnsupplied ? "unknown" : "none";
}

const carries = ({ image }: Sight, { power }: PowerNode): boolean =>
  power !== null && Math.abs(image.valueOf(power) ?? 0) > deadKw;

/** Whether a node has a voice, a state or else a meter, that says nothing now. */
function isMute({ image, rules }: Sight, node: PowerNode): boolean {
  const speakers = speakersOf(node).filter((point) => rules.has(point));
  if (speakers.length > 0) return speakers.every((point) => image.valueOf(point) === null);
  return node.power !== null && image.valueOf(node.power) === null;
}

/** Whether a node that shows nothing is dead by what it says itself, or by what others say of it. */
function isSaidDead(sight: Sight, node: PowerNode): boolean {
  switch (node.kind) {
    case "utility":
    case "generator":
      return (sight.below.get(node.id) ?? []).some((id) => isLeft(sight, sight.tree.nodes.get(id)!));
    case "ats":
    case "sts":
      return node.device !== null && speakersOf(node).every((point) => sight.image.valueOf(point) === 0);
    case "ups":
      return modeOf(sight, node) === "off";
    case "pdu":
      return isBreakerOpen(sight, node) || isStarved(sight, node);
  }
}

/** Whether a node is seen to do without its supply: a switch that tells what it stands on, a UPS on its battery or off. */
function isLeft(sight: Sight, node: PowerNode): boolean {
  if (isTransferSwitch(node)) return speakersOf(node).some((point) => sight.image.valueOf(point) !== null);
  const mode = modeOf(sight, node);
  return mode === "battery" || mode === "off";
}

/** Whether a board shows nothing while a rack that is closed on it draws from its other feed: something between is open. */
function isStarved({ tree, image }: Sight, { id, power }: PowerNode): boolean {
  const shown = power === null ? null : image.valueOf(power);
  if (shown === null || Math.abs(shown) > deadKw) return false;
  const value = (point: PointId | null): number | null => (point === null ? null : image.valueOf(point));
  const draws = (feed: LoadFeed): boolean => (value(feed.power) ?? 0) > deadKw;
  return tree.loads.some(({ feeds }) =>
    feeds.some(
      (feed) =>
        feed.node === id && value(feed.closed) === 1 && feeds.some((other) => other.node !== id && draws(other)),
    ),
  );
}
