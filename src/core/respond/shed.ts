/**
 * The shed plan, one stage at a time. A stage takes the least important loads that can still help
 * an endangered supply: first those that merely move to their other feed (where that feed has
 * room), then those that go dark. Nothing is planned further ahead than one stage, because the
 * next is planned from what the meters say after this one.
 */
import type { Test } from "../command.ts";
import type { Image } from "../image.ts";
import type { PointId } from "../reading.ts";
import type { Importance, Load, LoadFeed, NodeId, PowerNode, PowerTree } from "../topology/power.ts";
import {
  carriedKw,
  deadKw,
  drawnKw,
  fillMax,
  importances,
  isAlive,
  isOpen,
  pathOf,
  supplyOf,
  under,
} from "../topology/power.ts";
import type { ShedAction } from "./response.ts";

/** One outlet to open, and the physical effect that confirms it. */
export interface Cut {
  readonly load: string;
  readonly outlet: PointId;
  readonly expect: Test;
  readonly why: string;
}

export interface ShedStage {
  /** "move batch": loads go over to their other feed. "drop batch": loads go dark. */
  readonly name: string;
  readonly cuts: readonly Cut[];
  /** What the endangered supplies are freed of, kW. */
  readonly freedKw: number;
}

/** What one planning run works on: how much each supply has too much, and how much room all other nodes still have. */
interface Books {
  readonly tree: PowerTree;
  readonly image: Image;
  readonly excessKw: Map<NodeId, number>;
  readonly roomKw: Map<NodeId, number>;
  readonly below: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
  readonly taken: ReadonlySet<PointId>;
}

/** By how much each endangered supply carries more than it should, kW; at or under 0 it is relieved. */
export function excesses(tree: PowerTree, action: ShedAction, image: Image): Map<NodeId, number> {
  return new Map(action.relieve.map(({ node, toKw }) => [node, carriedKw(tree, node, image) - toKw]));
}

/** The next stage, or null when every supply is relieved or nothing is left that may be opened. `taken` outlets are spoken for. */
export function nextStage(
  tree: PowerTree,
  action: ShedAction,
  image: Image,
  taken: ReadonlySet<PointId>,
): ShedStage | null {
  const books = openBooks(tree, action, image, taken);
  for (const manner of ["move", "drop"] as const) {
    for (const importance of importances) {
      if (importance === "protected") continue;
      const stage = planStage(books, manner, importance);
      if (stage.cuts.length > 0) return stage;
    }
  }
  return null;
}

function openBooks(tree: PowerTree, action: ShedAction, image: Image, taken: ReadonlySet<PointId>): Books {
  const excessKw = excesses(tree, action, image);
  const below = new Map(action.relieve.map(({ node }) => [node, under(tree, node)]));
  const books: Books = { tree, image, excessKw, roomKw: new Map(), below, taken };
  if (taken.size > 0) for (const load of tree.loads) expectMoves(books, load);
  return books;
}

/** Keeps room for what commands that are out may still bring over: no two plans fill the same room. */
function expectMoves(books: Books, load: Load): void {
  const isLeaving = (feed: LoadFeed): boolean => feed.outlet !== null && books.taken.has(feed.outlet);
  const closed = load.feeds.filter((feed) => !isOpen(feed, books.image));
  const host = closed.find((feed) => !isLeaving(feed));
  if (!host) return;
  const leaving = closed.filter(isLeaving).reduce((sum, feed) => sum + drawnKw(load, feed, books.image), 0);
  if (leaving > deadKw) keepRoom(books, host, leaving);
}

function planStage(books: Books, manner: "move" | "drop", importance: Importance): ShedStage {
  const cuts: Cut[] = [];
  let freedKw = 0;
  for (const load of candidates(books, importance)) {
    if (![...books.excessKw.values()].some((kw) => kw > 0)) break;
    const feeds = feedsToOpen(books, load, manner);
    if (feeds.length === 0) continue;
    for (const feed of feeds) {
      freedKw += settleBooks(books, load, feed);
      cuts.push(cutOf(books, load, feed, manner));
    }
  }
  return { name: `${manner} ${importance}`, cuts, freedKw };
}

/** Loads of this importance, the largest draw first so that few are touched; equal ones by their id. */
function candidates(books: Books, importance: Importance): readonly Load[] {
  const drawn = (load: Load): number => load.feeds.reduce((sum, feed) => sum + drawnKw(load, feed, books.image), 0);
  return books.tree.loads
    .filter((load) => load.importance === importance)
    .map((load) => ({ load, kw: drawn(load) }))
    .sort((a, b) => b.kw - a.kw || (a.load.id < b.load.id ? -1 : 1))
    .map(({ load }) => load);
}

function feedsToOpen(books: Books, load: Load, manner: "move" | "drop"): readonly LoadFeed[] {
  const closed = load.feeds.filter((feed) => !isOpen(feed, books.image));
  const helping = closed.filter((feed) => isHelp(books, load, feed));
  if (!helping.some((feed) => mayOpen(books, feed))) return [];
  const drawn = helping.reduce((sum, feed) => sum + drawnKw(load, feed, books.image), 0);
  const host = closed.find((feed) => mayHost(books, feed) && roomOf(books, feed) >= drawn);
  if (manner === "move" && !host) return [];
  // A load whose other feed has no room must leave that feed too, or it would overload it.
  const feeds = host ? helping : closed;
  if (!feeds.every((feed) => mayOpen(books, feed))) return [];
  if (host) keepRoom(books, host, drawn);
  return feeds;
}

/** The endangered nodes that a feed hangs under. */
const endangeredBy = (books: Books, feed: LoadFeed): readonly NodeId[] =>
  [...books.below].flatMap(([node, below]) => (below.has(feed.node) ? [node] : []));

/** Whether opening a feed takes something off a node that still has too much. */
const isHelp = (books: Books, load: Load, feed: LoadFeed): boolean =>
  drawnKw(load, feed, books.image) > deadKw &&
  endangeredBy(books, feed).some((node) => (books.excessKw.get(node) ?? 0) > 0);

const mayOpen = (books: Books, feed: LoadFeed): boolean => feed.outlet !== null && !books.taken.has(feed.outlet);

/** Whether a load may be left to this feed alone: it is healthy, seen to be alive, and nobody is about to open it. */
const mayHost = (books: Books, feed: LoadFeed): boolean =>
  endangeredBy(books, feed).length === 0 &&
  isAlive(feed, books.image) &&
  (feed.outlet === null || !books.taken.has(feed.outlet));

/** What every node on a feed's way can still take on, kW. */
const roomOf = (books: Books, feed: LoadFeed): number =>
  Math.min(...pathOf(books.tree, feed.node).map((node) => roomAt(books, node, feed)));

/** A node that is dark can take nothing, nor can a supply that nobody can see. */
function roomAt(books: Books, node: PowerNode, feed: LoadFeed): number {
  const known = books.roomKw.get(node.id);
  if (known !== undefined) return known;
  const measured = node.power === null ? null : books.image.valueOf(node.power);
  const isDark = measured === null ? node === supplyOf(books.tree, feed.node) : measured <= deadKw;
  const room = isDark ? 0 : node.ratedKw * fillMax - (measured ?? carriedKw(books.tree, node.id, books.image));
  books.roomKw.set(node.id, room);
  return room;
}

function keepRoom(books: Books, host: LoadFeed, kw: number): void {
  for (const node of pathOf(books.tree, host.node)) books.roomKw.set(node.id, roomAt(books, node, host) - kw);
}

/** Takes a cut off its supplies' excess; gives back by how much it helps. */
function settleBooks(books: Books, load: Load, feed: LoadFeed): number {
  const nodes = endangeredBy(books, feed);
  const kw = drawnKw(load, feed, books.image);
  for (const node of nodes) books.excessKw.set(node, (books.excessKw.get(node) ?? 0) - kw);
  return nodes.length === 0 ? 0 : kw;
}

function cutOf(books: Books, load: Load, feed: LoadFeed, manner: "move" | "drop"): Cut {
  // A meter that is silent now would leave the cut unconfirmed, whatever the outlet does.
  const isMetered = feed.power !== null && books.image.valueOf(feed.power) !== null;
  const expect: Test = isMetered
    ? { point: feed.power, is: "<", value: deadKw }
    : { point: feed.closed ?? feed.outlet!, is: "=", value: 0 };
  const why = manner === "move" ? `${load.id} moves to its other feed` : `${load.id} (${load.importance}) goes dark`;
  return { load: load.id, outlet: feed.outlet!, expect, why };
}
