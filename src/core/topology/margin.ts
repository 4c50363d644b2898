/**
 * The N+1 margin, live: does each group of UPS, and each cooling loop, carry what it carries now
 * without its largest member? Where a meter is silent the answer is "unknown": a load that nobody
 * has read is not a load of nothing.
 */
import type { Sight } from "./live.ts";
import { seenKw } from "./live.ts";
import type { Load, NodeId } from "./power.ts";
import { fillMax, isOpen } from "./power.ts";
import type { CoolingLoop, Grounds, LoadClass } from "./premises.ts";

/** Whether what is left would carry the load. alone: there is nothing that could. */
export type Verdict = "carries" | "short" | "alone" | "unknown";

/** What is left of a group of UPS, or a loop, when a member of it is lost. */
export interface Margin {
  readonly kind: "ups" | "cooling";
  readonly members: readonly string[];
  /** The member whose loss leaves least. */
  readonly without: string;
  readonly is: Verdict;
  /** What the fullest of those that are left may still take up, kW, below the 90 % that a UPS is meant to carry; null where that is not known. */
  readonly marginKw: number | null;
  /** What cannot be read. */
  readonly silent: readonly string[];
}

export const marginsOf = (grounds: Grounds, sight: Sight): readonly Margin[] => [
  ...grounds.groups.map((group) => upsMargin(grounds, sight, group)),
  ...[...grounds.premises.loops.values()]
    .filter(({ machines }) => machines.length > 0)
    .map((loop) => coolingMargin(grounds, sight, loop)),
];

function upsMargin(grounds: Grounds, sight: Sight, group: readonly NodeId[]): Margin {
  const carried = new Map(group.map((id) => [id, seenKw(sight, sight.tree.nodes.get(id)!)]));
  const silent = group.filter((id) => carried.get(id) === null);
  const base = { kind: "ups", members: group, silent } as const;
  if (group.length < 2) return { ...base, without: group[0] ?? "", is: "alone", marginKw: null };
  if (silent.length > 0) return { ...base, without: largest(sight, group), is: "unknown", marginKw: null };
  const margins = group.map((lost) => ({ lost, marginKw: leftWithout(grounds, sight, lost, carried) }));
  const worst = margins.reduce((a, b) => (b.marginKw < a.marginKw ? b : a));
  return { ...base, without: worst.lost, is: worst.marginKw >= 0 ? "carries" : "short", marginKw: worst.marginKw };
}

const largest = ({ tree }: Sight, group: readonly NodeId[]): NodeId =>
  group.reduce((a, b) => (tree.nodes.get(b)!.ratedKw > tree.nodes.get(a)!.ratedKw ? b : a));

/** The least that one of the others has to spare when what one carries has gone over to them, kW. */
function leftWithout(
  grounds: Grounds,
  sight: Sight,
  lost: NodeId,
  carried: ReadonlyMap<NodeId, number | null>,
): number {
  const after = new Map([...carried].filter(([id]) => id !== lost).map(([id, kw]) => [id, kw ?? 0]));
  for (const [id, kw] of movedFrom(grounds, sight, lost, carried.get(lost) ?? 0))
    if (after.has(id)) after.set(id, after.get(id)! + kw);
  return Math.min(...[...after].map(([id, kw]) => sight.tree.nodes.get(id)!.ratedKw * fillMax - kw));
}

/** Where what a UPS carries goes when it is lost: to the other feeds of its racks, and what no rack's meter accounts for by their ratings. */
function movedFrom(grounds: Grounds, sight: Sight, lost: NodeId, kw: number): ReadonlyMap<NodeId, number> {
  const classes = grounds.suppliedBy.get(lost) ?? [];
  const hung = classes.flatMap((one) => hungOn(grounds, sight, one, lost));
  const read = hung.reduce((sum, { readKw }) => sum + (readKw ?? 0), 0);
  const ratedKw = hung.reduce((sum, { readKw, load }) => sum + (readKw === null ? load.ratedKw : 0), 0);
  const restKw = Math.max(0, kw - read);
  // Of what a board draws that several UPS hold up, each carries its part.
  const part = read > kw ? kw / read : 1;
  const moved = new Map<NodeId, number>();
  for (const { load, readKw, to } of hung) {
    const ownKw = readKw === null ? (restKw * load.ratedKw) / ratedKw : readKw * part;
    for (const id of to) moved.set(id, (moved.get(id) ?? 0) + ownKw / to.length);
  }
  return moved;
}

interface Hung {
  readonly load: Load;
  /** What its feed there draws; null where that is not known. */
  readonly readKw: number | null;
  /** The UPS that take it over; none where it goes dark. */
  readonly to: readonly NodeId[];
}

/** The racks of a class that draw through a UPS, by their first feed that hangs on it. */
function hungOn(grounds: Grounds, { image }: Sight, { feeds, loads }: LoadClass, lost: NodeId): readonly Hung[] {
  const supplies = feeds.map(({ node }) => [...(grounds.suppliesOf.get(node) ?? [])]);
  const through = feeds.flatMap((_, i) => (supplies[i]!.includes(lost) ? [i] : []));
  const others = (closed: readonly boolean[]): readonly NodeId[] =>
    [...new Set(supplies.flatMap((ids, i) => (closed[i] ? ids : [])))].filter((id) => id !== lost);
  const all = others(feeds.map(() => true));
  return loads.flatMap((load) => {
    const closed = load.feeds.map((feed) => !isOpen(feed, image));
    const own = load.feeds[through.find((i) => closed[i]) ?? -1];
    if (!own) return [];
    const readKw = own.power === null ? null : image.valueOf(own.power);
    return [{ load, readKw, to: closed.includes(false) ? others(closed) : all }];
  });
}

/** Whether a loop carries the heat of the racks in the rooms that it serves, which is all the power that they draw. */
function coolingMargin(grounds: Grounds, sight: Sight, loop: CoolingLoop): Margin {
  const members = loop.machines.map(({ device }) => device);
  const ratings = loop.machines.map(({ ratedKw }) => ratedKw);
  const unrated = members.filter((_, i) => ratings[i] === null);
  const most = Math.max(...ratings.map((kw) => kw ?? 0));
  const without = members[ratings.indexOf(most)] ?? members[0]!;
  const { kw, silent } = heatOf(grounds, sight, servedBy(grounds, loop.id));
  const base = { kind: "cooling", members, without, silent: [...unrated, ...silent] } as const;
  if (members.length < 2) return { ...base, is: "alone", marginKw: null };
  if (kw === null || unrated.length > 0) return { ...base, is: "unknown", marginKw: null };
  const marginKw = ratings.reduce<number>((sum, rated) => sum + rated!, 0) - most - kw;
  return { ...base, is: marginKw >= 0 ? "carries" : "short", marginKw };
}

/** The rooms that a loop cools, by itself or through loops that hang on it. */
function servedBy({ premises: { loops } }: Grounds, top: string): ReadonlySet<string> {
  const found = new Set([top]);
  for (let grew = true; grew; ) {
    const more = [...loops.values()].filter(({ id, from }) => !found.has(id) && from.some((above) => found.has(above)));
    for (const { id } of more) found.add(id);
    grew = more.length > 0;
  }
  return new Set([...found].flatMap((id) => loops.get(id)?.serves ?? []));
}

/** What the racks of rooms draw, kW, by the meters of their feeds, or of the boards in their rooms where every feed has one of those. */
function heatOf(
  grounds: Grounds,
  sight: Sight,
  rooms: ReadonlySet<string>,
): { kw: number | null; silent: readonly string[] } {
  const classes = grounds.classes.filter(({ space }) => rooms.has(space));
  const feeds = classes.flatMap(({ loads }) => loads.flatMap((load) => load.feeds));
  const boards = new Set<NodeId>();
  const silent: string[] = [];
  let kw = 0;
  for (const feed of feeds) {
    const read = isOpen(feed, sight.image) ? 0 : feed.power === null ? null : sight.image.valueOf(feed.power);
    if (read !== null) kw += read;
    else boards.add(feed.node);
  }
  // A board's meter counts every rack on it: too much heat rather than too little.
  for (const board of boards) {
    const read = seenKw(sight, sight.tree.nodes.get(board)!);
    if (read === null) silent.push(board);
    else kw += read;
  }
  return { kw: silent.length > 0 ? null : kw, silent };
}
