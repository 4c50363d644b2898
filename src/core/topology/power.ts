/**
 * The power tree: where power comes from, through what it passes, and what it ends in. A node's
 * supplies are ordered by preference; a load may hang on one feed or on two. All questions that a
 * shed plan asks of the tree are answered here, from the process image.
 */
import { assert } from "../assert.ts";
import type { Image } from "../image.ts";
import type { PointId } from "../reading.ts";
import type { Duration } from "../time.ts";

export type NodeId = string & { readonly brand: "NodeId" };

/** What power comes from or passes through. An ATS is a transfer switch with contacts, an STS one of thyristors. */
export const nodeKinds = ["utility", "generator", "ats", "sts", "ups", "pdu"] as const;

export interface PowerNode {
  readonly id: NodeId;
  readonly kind: (typeof nodeKinds)[number];
  /** The feed it belongs to ("A", "B"), where it belongs to one. */
  readonly feed: string | null;
  readonly space: string | null;
  readonly from: readonly NodeId[];
  readonly ratedKw: number;
  /** The point that measures what it carries, kW. */
  readonly power: PointId | null;
  /** Battery string that backs it, for a UPS: the device's id. */
  readonly battery: string | null;
  /** The device that speaks for it. */
  readonly device: string | null;
}

/** Whether a node stands on one of its supplies and goes over to another by itself. */
export const isTransferSwitch = ({ kind }: Pick<PowerNode, "kind">): boolean => kind === "ats" || kind === "sts";

/** Nothing that carries no load shows more than this, kW: meters have an offset. */
export const deadKw = 0.05;

/** A supply is not meant to carry more than this part of its rating: what is over is its margin. */
export const fillMax = 0.9;

/** From what goes first to what never goes. */
export const importances = ["batch", "redundant", "normal", "protected"] as const;
export type Importance = (typeof importances)[number];

export interface Load {
  readonly id: string;
  readonly space: string;
  readonly ratedKw: number;
  readonly importance: Importance;
  readonly feeds: readonly LoadFeed[];
  /** Loads that say the same stand for each other: not all of them are shed. */
  readonly spread?: string;
}

export interface LoadFeed {
  readonly node: NodeId;
  /** What is written to open or close it; null where it cannot be switched. */
  readonly outlet: PointId | null;
  /** What shows that it is closed (1) or open (0): not always the point that is written. */
  readonly closed: PointId | null;
  /** What it draws, kW; null where it has no meter of its own. */
  readonly power: PointId | null;
}

export interface PowerTree {
  readonly nodes: ReadonlyMap<NodeId, PowerNode>;
  readonly loads: readonly Load[];
  /** How long a write to a device takes, for those of which it is known. */
  readonly writeTimes?: ReadonlyMap<string, Duration>;
}

/** The node itself and all that is supplied through it. */
export function under(tree: PowerTree, root: NodeId): ReadonlySet<NodeId> {
  assert(tree.nodes.has(root), `${root} is a node of the power tree`);
  const found = new Set<NodeId>([root]);
  let grew = true;
  while (grew) {
    grew = false;
    for (const node of tree.nodes.values()) {
      if (found.has(node.id) || !node.from.some((from) => found.has(from))) continue;
      found.add(node.id);
      grew = true;
    }
  }
  return found;
}

/** The nodes through which power comes to this one, by the preferred way: itself first, and last its supply, the UPS or topmost node. */
export function pathOf(tree: PowerTree, id: NodeId): readonly PowerNode[] {
  const node = tree.nodes.get(id);
  assert(node !== undefined, `${id} is a node of the power tree`);
  const above = node.from[0];
  return node.kind === "ups" || above === undefined ? [node] : [node, ...pathOf(tree, above)];
}

/** The UPS (or, where there is none, the topmost node) through which a node is supplied. */
export const supplyOf = (tree: PowerTree, id: NodeId): PowerNode => pathOf(tree, id).at(-1)!;

/** Whether a feed is known to be open. Unknown counts as closed: what may carry power is taken to. */
export const isOpen = (feed: LoadFeed, image: Image): boolean => contactOf(feed, image) === 0;

/** What shows whether a feed is closed: its contact, else its outlet. What cannot be opened is closed. */
export function contactOf(feed: LoadFeed, image: Image): number | null {
  const contact = feed.closed ?? feed.outlet;
  return contact === null ? 1 : image.valueOf(contact);
}

/**
 * Whether a feed is known to be able to carry its load alone: it cannot be opened, or is seen to be
 * closed, or is seen to carry something. Unknown counts as no: a load that moves there may go dark.
 */
export function isAlive(feed: LoadFeed, image: Image): boolean {
  if (contactOf(feed, image) === 1) return true;
  const drawn = feed.power === null ? null : image.valueOf(feed.power);
  return drawn !== null && drawn > deadKw;
}

/** What a load draws through one of its feeds, kW. Without a meter it is its rating, shared with the other feeds that are seen to be closed: too much rather than too little. */
export function drawnKw(load: Load, feed: LoadFeed, image: Image): number {
  if (isOpen(feed, image)) return 0;
  const measured = feed.power === null ? null : image.valueOf(feed.power);
  if (measured !== null) return measured;
  const sharers = load.feeds.filter((other) => other === feed || contactOf(other, image) === 1).length;
  return load.ratedKw / sharers;
}

/** What a node carries, kW: its meter's word, or else the sum of what hangs below it. */
export function carriedKw(tree: PowerTree, id: NodeId, image: Image): number {
  const node = tree.nodes.get(id);
  assert(node !== undefined, `${id} is a node of the power tree`);
  const measured = node.power === null ? null : image.valueOf(node.power);
  if (measured !== null) return measured;
  const below = under(tree, id);
  let sum = 0;
  for (const load of tree.loads) {
    for (const feed of load.feeds) if (below.has(feed.node)) sum += drawnKw(load, feed, image);
  }
  return sum;
}
