/** What a shed plan is made from: the power tree, what is seen of it, and what may not be counted on. */
import type { Image } from "../image.ts";
import type { PointId } from "../reading.ts";
import { deviceOf } from "../reading.ts";
import type { Load, LoadFeed, NodeId, PowerTree } from "../topology/power.ts";
import { carriedKw, deadKw, isAlive, isOpen } from "../topology/power.ts";
import type { Draws } from "./draws.ts";
import { drawsOf } from "./draws.ts";
import type { ShedAction } from "./response.ts";
import type { Ways } from "./ways.ts";
import { remembered, waysOf } from "./ways.ts";

export interface Scene {
  readonly tree: PowerTree;
  readonly image: Image;
  /** Outlets that are spoken for. */
  readonly taken: ReadonlySet<PointId>;
  /** Devices that do not answer: nothing is counted on that they would have to do. */
  readonly mute: ReadonlySet<string>;
  /** How many writes a device can make in the time that is left for all of it; null where there is no such time. */
  readonly writesOf: ((device: string) => number) | null;
  /** How much of what racks are rated may still go dark with nobody asked, kW; without a bound where it is not said. */
  readonly darkLeftKw?: number | null;
}

/** A scene as one plan looks at it. */
export interface View extends Scene {
  readonly ways: Ways;
  readonly draws: Draws;
  /** The nodes that have too much, and by how much, kW. */
  readonly over: ReadonlyMap<NodeId, number>;
  /** The numbers of those that a node's power comes through, and of those that it might come through. */
  readonly needsOn: (node: NodeId) => readonly number[];
  readonly needsOver: (node: NodeId) => readonly number[];
  /** What stands over the second node, and is not on the first one's way: where a load that goes from one to the other is new. */
  readonly crossing: (from: NodeId, to: NodeId) => readonly NodeId[];
}

/** By how much each endangered supply carries more than it should, kW; at or under 0 it is relieved. */
export const excesses = (
  { tree, image }: Pick<Scene, "tree" | "image">,
  { relieve }: ShedAction,
): Map<NodeId, number> => new Map(relieve.map(({ node, toKw }) => [node, carriedKw(tree, node, image) - toKw]));

export function viewOf(scene: Scene, action: ShedAction): View {
  const { tree, image } = scene;
  const ways = waysOf(tree, image);
  const over = new Map([...excesses(scene, action)].filter(([, kw]) => kw > 0));
  const needs = [...over.keys()];
  const numbersOf = (among: (node: NodeId) => ReadonlySet<NodeId>): ((node: NodeId) => readonly number[]) =>
    remembered((node) => needs.flatMap((need, at) => (among(node).has(need) ? [at] : [])));
  const onWay = remembered((node) => new Set(ways.wayOf(node).map(({ id }) => id)));
  const crossings = remembered((from) =>
    remembered((to) => [...ways.aboveOf(to)].filter((node) => !onWay(from).has(node))),
  );
  return {
    ...scene,
    ways,
    draws: drawsOf(tree, ways, image),
    over,
    needsOn: numbersOf(onWay),
    needsOver: numbersOf(ways.aboveOf),
    crossing: (from, to) => crossings(from)(to),
  };
}

/** What may be done to a load. */
export interface Deed {
  readonly load: Load;
  /** "move": it goes over to its other feeds. "drop": it goes dark. */
  readonly manner: "move" | "drop";
  readonly opens: readonly LoadFeed[];
  /** The feeds that it leans on afterwards. */
  readonly leansOn: readonly LoadFeed[];
  /** Feeds that are left closed on nodes that are seen to carry nothing, which may only mean that nothing is drawn there yet. */
  readonly leaves: readonly LoadFeed[];
}

/** Moves before drops: none where nothing may be opened, or nothing is freed by it. */
export function deedsFor(view: View, load: Load): readonly Deed[] {
  if (load.importance === "protected") return [];
  const closed = load.feeds.filter((feed) => !isOpen(feed, view.image));
  if (closed.some(({ outlet }) => outlet !== null && view.taken.has(outlet))) return [];
  const helping = closed.filter((feed) => feed.outlet !== null && isHelp(view, feed));
  if (helping.length === 0) return [];
  const lit = closed.filter(({ node }) => !view.ways.isDark(node));
  const leansOn = lit.filter((feed) => !helping.includes(feed));
  const isSafe =
    leansOn.some((feed) => isAlive(feed, view.image)) && !leansOn.some(({ node }) => view.ways.isUnseen(node));
  const dark = closed.filter((feed) => !lit.includes(feed) && !helping.includes(feed));
  const move: Deed = { load, manner: "move", opens: helping, leansOn, leaves: dark };
  // What is dark now would light the load again: it is opened as well where it can be, and nothing hangs on that.
  const isAtHand = ({ outlet }: LoadFeed): boolean => outlet !== null && !view.mute.has(deviceOf(outlet));
  const opens = closed.filter((feed) => !dark.includes(feed) || isAtHand(feed));
  const drop: Deed = { load, manner: "drop", opens, leansOn: [], leaves: dark.filter((feed) => !isAtHand(feed)) };
  const canDrop = opens.every(({ outlet }) => outlet !== null);
  return [...(isSafe ? [move] : []), ...(canDrop ? [drop] : [])];
}

/** Whether opening a feed takes something off a node that has too much. */
const isHelp = ({ draws, needsOn }: View, feed: LoadFeed): boolean =>
  draws(feed).likelyKw > deadKw && needsOn(feed.node).length > 0;

/** Whether a load is seen to have power, and nobody is about to take it. */
export const isLit = ({ image, ways, taken }: View, { feeds }: Load): boolean =>
  feeds.some(
    (feed) => isAlive(feed, image) && !ways.isDark(feed.node) && (feed.outlet === null || !taken.has(feed.outlet)),
  );
