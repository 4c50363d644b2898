/**
 * All that a shed may do, as the planner's numbers: what every deed does in harm, gives to the nodes
 * that have too much, and takes of what is scarce.
 */
import { deviceOf } from "../reading.ts";
import type { Importance, Load, LoadFeed, NodeId } from "../topology/power.ts";
import { deadKw, isOpen } from "../topology/power.ts";
import type { Amount, Choice, Problem } from "./draft.ts";
import type { ShedAction } from "./response.ts";
import { atMostOf, roomsOf } from "./rooms.ts";
import type { Deed, View } from "./scene.ts";
import { deedsFor, isLit } from "./scene.ts";
import { remembered } from "./ways.ts";

export interface Prospect {
  readonly problem: Problem;
  /** What a choice of the problem stands for. */
  readonly deedOf: (choice: Choice) => Deed;
}

type Shedable = Exclude<Importance, "protected">;

/**
 * What it costs that a load which draws a kilowatt goes dark. A class is worth a thousand of the one
 * below it, and more kilowatts than that hang on no UPS: however many of a class it takes, they go dark
 * before one of the class above does.
 */
const darkHarm: Readonly<Record<Shedable, number>> = { batch: 1e3, redundant: 1e6, normal: 1e9 };
/** What it costs that a load hangs on one feed less: so little that nothing goes dark for it. */
const moveHarm: Readonly<Record<Shedable, number>> = { batch: 1, redundant: 2, normal: 3 };
/** A load costs this much beside what it draws, kW: of two plans that free the same, the one that touches fewer is better. */
const touchKw = 1;
const ranks: Readonly<Record<Shedable, number>> = { batch: 0, redundant: 1, normal: 2 };

/** What is scarce, numbered as it is met. */
interface Scarcities {
  readonly sizes: number[];
  /** The number of one by its name. */
  numberOf(name: string, size: () => number): number;
}

function scarcities(): Scarcities {
  const numbers = new Map<string, number>();
  const sizes: number[] = [];
  const numberOf = (name: string, size: () => number): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, sizes.length);
    return sizes.push(size()) - 1;
  };
  return { sizes, numberOf };
}

/**
 * What may be done and is seen to help; or, as the last resort, what may be done by devices that do
 * not answer, or to loads that nobody sees draw anything, for what they are likely to.
 */
export function prospectOf(view: View, action: ShedAction, resort: "seen" | "last"): Prospect {
  const scarce = scarcities();
  const takesOf = takings(view, action, scarce);
  const as = resort === "seen" ? "seenKw" : "likelyKw";
  const deeds: Deed[][] = [];
  const choices = loadsOf(view, action).map((load, at) => {
    const made: Choice[] = [];
    const meant: Deed[] = [];
    for (const deed of deedsFor(view, load)) {
      if (isSure(view, deed) !== (resort === "seen")) continue;
      const gives = givesOf(view, deed, as);
      if (gives.length === 0) continue;
      const takes = takesOf(deed);
      // What is taken is not given back by anything in the plan: what does not fit now never will.
      if (takes.some((one) => one.kw > scarce.sizes[one.of]!)) continue;
      const { harm, rank } = harmOf(view, deed);
      made.push({ load: at, harm, rank, isMove: deed.manner === "move", kw: freedBy(view, deed, as), gives, takes });
      meant.push(deed);
    }
    deeds.push(meant);
    return made;
  });
  return {
    problem: { needs: [...view.over.values()], rooms: scarce.sizes, choices, isListed: action.order !== undefined },
    deedOf: (choice) => deeds[choice.load]![choices[choice.load]!.indexOf(choice)]!,
  };
}

/** Listed loads in the list's order; else all by their ids, so that a plan does not hang on how a file is sorted. */
function loadsOf({ tree }: View, { order }: ShedAction): readonly Load[] {
  if (order === undefined) return tree.loads.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const byId = new Map(tree.loads.map((load) => [load.id, load]));
  return order.flatMap((id) => byId.get(id) ?? []);
}

/** Whether a deed is seen to free something, by devices that answer. */
const isSure = ({ draws, mute, needsOn }: View, { opens }: Deed): boolean =>
  opens.some((feed) => draws(feed).seenKw > deadKw && needsOn(feed.node).length > 0) &&
  (mute.size === 0 || opens.every(({ outlet }) => !mute.has(deviceOf(outlet!))));

/** What a deed takes off each node that has too much: nothing where what it leans on may hang under that node too. */
function givesOf(view: View, { opens, leansOn }: Deed, as: "seenKw" | "likelyKw"): readonly Amount[] {
  const gives: Amount[] = [];
  for (const feed of opens)
    for (const of of view.needsOn(feed.node)) {
      if (gives.some((gift) => gift.of === of) || leansOn.some(({ node }) => view.needsOver(node).includes(of)))
        continue;
      const under = opens.filter(({ node }) => view.needsOn(node).includes(of));
      const kw = under.reduce((sum, one) => sum + view.draws(one)[as], 0);
      if (kw > deadKw) gives.push({ of, kw });
    }
  return gives;
}

/** What a deed takes off the nodes that have too much, each feed counted once. */
const freedBy = ({ draws, needsOn }: View, { opens }: Deed, as: "seenKw" | "likelyKw"): number =>
  opens.reduce((sum, feed) => sum + (needsOn(feed.node).length > 0 ? draws(feed)[as] : 0), 0);

function harmOf({ draws }: View, { load, manner, opens }: Deed): Pick<Choice, "harm" | "rank"> {
  const importance = load.importance as Shedable;
  const kw = opens.reduce((sum, feed) => sum + draws(feed).likelyKw, 0) + touchKw;
  if (manner === "move") return { harm: moveHarm[importance] * kw, rank: ranks[importance] };
  return { harm: darkHarm[importance] * kw, rank: 3 + ranks[importance] };
}

/** What deeds take: room on the nodes that a load goes over to, one of the loads of a group that may go dark, and writes. */
function takings(view: View, action: ShedAction, scarce: Scarcities): (deed: Deed) => readonly Amount[] {
  const { tree, image, ways, draws, writesOf } = view;
  const roomOf = roomsOf(tree, image, { ways, draws, atMost: atMostOf(action) });
  const [coming, lit] = [comingTo(view), litIn(view)];
  const numberOf = remembered((node) => scarce.numberOf(`node ${node}`, () => roomOf(node) - (coming.get(node) ?? 0)));
  return (deed) => {
    const takes: Amount[] = [];
    for (const [node, kw] of broughtBy(view, deed.opens, [...deed.leansOn, ...deed.leaves]))
      takes.push({ of: numberOf(node), kw });
    const { spread } = deed.load;
    const litNow = spread === undefined ? 0 : (lit.get(spread) ?? 0);
    // Where none of a group is seen to be lit, any may be the last that is.
    if (deed.manner === "drop" && spread !== undefined && (litNow === 0 || isLit(view, deed.load)))
      takes.push({ of: scarce.numberOf(`group ${spread}`, () => Math.max(0, litNow - 1)), kw: 1 });
    if (writesOf)
      for (const [device, kw] of writesIn(deed))
        takes.push({ of: scarce.numberOf(`device ${device}`, () => writesOf(device)), kw });
    return takes;
  };
}

/**
 * What may come to every node when some feeds of a load are opened and others stay closed: all of it
 * may come to any of those. Nothing comes to a node through which it has come already.
 */
export function broughtBy(
  { crossing, draws }: View,
  opens: readonly LoadFeed[],
  stay: readonly LoadFeed[],
): Iterable<readonly [NodeId, number]> {
  const [open, other] = [opens[0], stay[0]];
  if (!open || !other) return [];
  if (opens.length === 1 && stay.length === 1) {
    const { mostKw } = draws(open);
    return crossing(open.node, other.node).map((node) => [node, mostKw] as const);
  }
  const brought = new Map<NodeId, number>();
  for (const feed of opens)
    for (const node of new Set(stay.flatMap((one) => crossing(feed.node, one.node))))
      brought.set(node, (brought.get(node) ?? 0) + draws(feed).mostKw);
  return brought;
}

/** What commands that are out may still bring over to each node: no two plans fill the same room. */
function comingTo(view: View): ReadonlyMap<NodeId, number> {
  const coming = new Map<NodeId, number>();
  if (view.taken.size === 0) return coming;
  const isLeaving = ({ outlet }: LoadFeed): boolean => outlet !== null && view.taken.has(outlet);
  for (const { feeds } of view.tree.loads) {
    const closed = feeds.filter((feed) => !isOpen(feed, view.image));
    const [leaving, staying] = [closed.filter(isLeaving), closed.filter((feed) => !isLeaving(feed))];
    for (const [node, kw] of broughtBy(view, leaving, staying)) coming.set(node, (coming.get(node) ?? 0) + kw);
  }
  return coming;
}

/** How many loads of each group are seen to be lit. */
function litIn(view: View): ReadonlyMap<string, number> {
  const lit = new Map<string, number>();
  for (const load of view.tree.loads)
    if (load.spread !== undefined && isLit(view, load)) lit.set(load.spread, (lit.get(load.spread) ?? 0) + 1);
  return lit;
}

/** How many writes a deed is for each device. */
export function writesIn({ opens }: Pick<Deed, "opens">): ReadonlyMap<string, number> {
  const writes = new Map<string, number>();
  for (const { outlet } of opens) {
    const device = deviceOf(outlet!);
    writes.set(device, (writes.get(device) ?? 0) + 1);
  }
  return writes;
}
