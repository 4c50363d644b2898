/**
 * What every feed of every load draws, as three figures that differ where little is seen. `seenKw`:
 * what opening it is credited with, and nothing is credited that is not seen. `likelyKw`: what is
 * reckoned with where nothing better is known. `mostKw`: what it may bring over to another feed,
 * its rating where nobody looks. A feed that never had a meter is seen through the nearest meter
 * above it: by its rating, it has a share of what that shows and nothing below accounts for.
 */
import type { Image } from "../image.ts";
import type { Load, LoadFeed, NodeId, PowerNode, PowerTree } from "../topology/power.ts";
import { deadKw, drawnKw, isOpen } from "../topology/power.ts";
import type { Ways } from "./ways.ts";

export interface Draw {
  readonly seenKw: number;
  readonly likelyKw: number;
  readonly mostKw: number;
}

export type Draws = (feed: LoadFeed) => Draw;

const none: Draw = { seenKw: 0, likelyKw: 0, mostKw: 0 };

/** What is seen by one node's meter and by none below it. */
interface Remainder {
  kw: number;
  /** The ratings that share it, kW. */
  ratedKw: number;
}

export function drawsOf(tree: PowerTree, ways: Ways, image: Image): Draws {
  const remainders = remaindersOf(tree, ways, image);
  const draws = new Map<LoadFeed, Draw>();
  const unmetered: { readonly load: Load; readonly feed: LoadFeed; readonly remainder: Remainder }[] = [];
  for (const load of tree.loads)
    for (const feed of load.feeds) {
      if (isOpen(feed, image)) continue;
      const meter = meterOver(ways.wayOf(feed.node), image);
      const remainder = meter ? remainders.get(meter.id)! : null;
      const measured = feed.power === null ? null : image.valueOf(feed.power);
      draws.set(feed, measured === null ? unseen(load, feed, image) : metered(measured));
      if (remainder) account(remainder, load, measured);
      if (remainder && feed.power === null) unmetered.push({ load, feed, remainder });
    }
  for (const { load, feed, remainder } of unmetered) {
    const share = Math.min(load.ratedKw, (remainder.kw * load.ratedKw) / remainder.ratedKw);
    // Meters are read one after the other, and what is left between two of them may be nothing: then nothing is seen.
    if (share > deadKw) draws.set(feed, { seenKw: share, likelyKw: share, mostKw: load.ratedKw });
  }
  return (feed) => draws.get(feed) ?? none;
}

const metered = (kw: number): Draw => ({ seenKw: kw, likelyKw: kw, mostKw: kw });

const unseen = (load: Load, feed: LoadFeed, image: Image): Draw => ({
  seenKw: 0,
  likelyKw: drawnKw(load, feed, image),
  mostKw: load.ratedKw,
});

function account(remainder: Remainder, { ratedKw }: Load, measured: number | null): void {
  if (measured === null) remainder.ratedKw += ratedKw;
  else remainder.kw -= measured;
}

/** What each meter that is seen shows more than the meters of nodes right below it. */
function remaindersOf(tree: PowerTree, ways: Ways, image: Image): ReadonlyMap<NodeId, Remainder> {
  const remainders = new Map<NodeId, Remainder>();
  const seen = [...tree.nodes.values()].filter((node) => seenOn(node, image) !== null);
  for (const node of seen) remainders.set(node.id, { kw: seenOn(node, image)!, ratedKw: 0 });
  for (const node of seen) {
    const above = meterOver(ways.wayOf(node.id).slice(1), image);
    if (above) remainders.get(above.id)!.kw -= seenOn(node, image)!;
  }
  return remainders;
}

const seenOn = ({ power }: PowerNode, image: Image): number | null => (power === null ? null : image.valueOf(power));

/** The nearest node of a way whose meter is seen. */
const meterOver = (way: readonly PowerNode[], image: Image): PowerNode | null =>
  way.find((node) => seenOn(node, image) !== null) ?? null;
