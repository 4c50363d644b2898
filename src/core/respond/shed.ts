/**
 * The shed plan, one stage at a time. A stage takes the least important loads that can still help
 * an endangered supply: first those that merely move to their other feed (where that feed has
 * room), then those that go dark. Nothing is planned further ahead than one stage, because the
 * next is planned from what the meters say after this one.
 */
import type { Test } from "../command.ts";
import type { Image } from "../image.ts";
import type { PointId } from "../reading.ts";
import type { Importance, Load, LoadFeed, NodeId, PowerTree } from "../topology/power.ts";
import { carriedKw, drawnKw, importances, isOpen, supplyOf, under } from "../topology/power.ts";
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

/** A supply is not loaded beyond this part of its rating by moving load to it. */
const fillMax = 0.9;
/** An open outlet still shows this much at most: meters have an offset. kW. */
const deadKw = 0.05;

/** What one planning run works on: how much each supply has too much, and how much room the others still have. */
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
  for (const manner of ["move", "drop"] as const) {
    for (const importance of importances) {
      if (importance === "protected") continue;
      const books = openBooks(tree, action, image, taken);
      const stage = planStage(books, manner, importance);
      if (stage.cuts.length > 0) return stage;
    }
  }
  return null;
}

function openBooks(tree: PowerTree, action: ShedAction, image: Image, taken: ReadonlySet<PointId>): Books {
  const excessKw = excesses(tree, action, image);
  const below = new Map(action.relieve.map(({ node }) => [node, under(tree, node)]));
  return { tree, image, excessKw, roomKw: new Map(), below, taken };
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
      cuts.push(cutOf(load, feed, manner));
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
  const endangered = closed.filter((feed) => endangeredNode(books, feed) !== null);
  const helping = endangered.filter((feed) => (books.excessKw.get(endangeredNode(books, feed)!) ?? 0) > 0);
  if (!helping.some((feed) => mayOpen(books, feed))) return [];
  const others = closed.filter((feed) => !endangered.includes(feed));
  const drawn = helping.reduce((sum, feed) => sum + drawnKw(load, feed, books.image), 0);
  const host = others.find((feed) => roomOf(books, feed) >= drawn);
  if (manner === "move") {
    if (!host || !helping.every((feed) => mayOpen(books, feed))) return [];
    const supply = supplyOf(books.tree, host.node).id;
    books.roomKw.set(supply, roomOf(books, host) - drawn);
    return helping;
  }
  // A load whose other feed has no room must leave that feed too, or it would overload it.
  const all = host ? helping : closed;
  return all.every((feed) => mayOpen(books, feed)) ? all : [];
}

const endangeredNode = (books: Books, feed: LoadFeed): NodeId | null => {
  for (const [node, below] of books.below) if (below.has(feed.node)) return node;
  return null;
};

const mayOpen = (books: Books, feed: LoadFeed): boolean => feed.outlet !== null && !books.taken.has(feed.outlet);

/** What a healthy feed can still take on, kW. A supply that is dark, or that nobody can see, can take nothing. */
function roomOf(books: Books, feed: LoadFeed): number {
  const supply = supplyOf(books.tree, feed.node);
  const known = books.roomKw.get(supply.id);
  if (known !== undefined) return known;
  const measured = supply.power === null ? null : books.image.valueOf(supply.power);
  return measured === null || measured <= deadKw ? 0 : supply.ratedKw * fillMax - measured;
}

/** Takes a cut off its supply's excess; gives back by how much it helps. */
function settleBooks(books: Books, load: Load, feed: LoadFeed): number {
  const node = endangeredNode(books, feed);
  if (node === null) return 0;
  const kw = drawnKw(load, feed, books.image);
  books.excessKw.set(node, (books.excessKw.get(node) ?? 0) - kw);
  return kw;
}

function cutOf(load: Load, feed: LoadFeed, manner: "move" | "drop"): Cut {
  const expect: Test =
    feed.power !== null
      ? { point: feed.power, is: "<", value: deadKw }
      : { point: feed.closed ?? feed.outlet!, is: "=", value: 0 };
  const why = manner === "move" ? `${load.id} moves to its other feed` : `${load.id} (${load.importance}) goes dark`;
  return { load: load.id, outlet: feed.outlet!, expect, why };
}
