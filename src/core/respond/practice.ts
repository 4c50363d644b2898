/**
 * What of a response may be made for practice: steps of a failover, or single outlets of a shed, each opened and
 * closed again. An outlet goes the way of a step, so that there is one kind of drill. It is opened only where its
 * load is seen to have another feed with room for it, so that nothing goes dark for a drill.
 */
import type { SiteModel } from "../plant.ts";
import type { PointId } from "../reading.ts";
import type { Load, LoadFeed, NodeId } from "../topology/power.ts";
import { isAlive, isOpen, under } from "../topology/power.ts";
import { broughtBy } from "./prospect.ts";
import type { Action, FailoverAction, FailoverStep, ShedAction } from "./response.ts";
import { roomsOf } from "./rooms.ts";
import { viewOf } from "./scene.ts";
import type { Turn } from "./turn.ts";
import { waysOf } from "./ways.ts";

const opened = 0;
const closed = 1;

type Grounds = Pick<SiteModel, "power" | "closable">;

/** The steps of a failover; of a shed, every outlet that it may open, as a step called "rack@node" that is undone by closing it. */
export function practiceOf(action: Action, site: Grounds): FailoverAction {
  if (action.kind === "failover") return action;
  return { kind: "failover", steps: outletsOf(action, site).map((one) => stepOf(one, action, site)) };
}

interface Outlet {
  readonly id: string;
  readonly load: Load;
  readonly feed: LoadFeed;
  readonly outlet: PointId;
}

function outletsOf({ relieve, order }: ShedAction, { power }: Grounds): readonly Outlet[] {
  const below = new Set(relieve.flatMap(({ node }) => [...under(power, node)]));
  const mayOpen = ({ id, importance }: Load): boolean =>
    importance !== "protected" && (order === undefined || order.includes(id));
  return power.loads.filter(mayOpen).flatMap((load) =>
    load.feeds.flatMap((feed, i): readonly Outlet[] => {
      const { node, outlet } = feed;
      if (outlet === null || !below.has(node)) return [];
      const sameBefore = load.feeds.slice(0, i).filter((other) => other.node === node).length;
      return [{ id: `${load.id}@${node}${sameBefore === 0 ? "" : `#${sameBefore + 1}`}`, load, feed, outlet }];
    }),
  );
}

const stepOf = ({ id, outlet }: Outlet, { within }: ShedAction, { closable }: Grounds): FailoverStep => ({
  id,
  title: { en: id },
  point: outlet,
  value: opened,
  needs: [],
  within,
  retries: 0,
  ifFailed: "stop",
  ...(closable?.has(outlet) === true ? { inverse: closed } : {}),
});

/** Why these outlets of a shed may not be opened now, all of them together, in words; null where they may. */
export function cannotLean(
  turn: Pick<Turn, "plant" | "image">,
  action: ShedAction,
  ids: readonly string[],
): string | null {
  const { plant, image } = turn;
  const tree = plant.site.power;
  const all = outletsOf(action, plant.site).filter(({ id }) => ids.includes(id));
  const view = viewOf({ tree, image, taken: new Set(), mute: new Set(), writesOf: null }, action);
  const roomOf = roomsOf(tree, image, { ways: view.ways, draws: view.draws, atMost: new Map() });
  const coming = new Map<NodeId, number>();
  for (const load of new Set(all.map((one) => one.load))) {
    const opens = all.filter((one) => one.load === load).map(({ feed }) => feed);
    const stays = load.feeds.filter((feed) => !opens.includes(feed) && !isOpen(feed, image));
    const isSafe = ({ node }: LoadFeed): boolean => !view.ways.isDark(node) && !view.ways.isUnseen(node);
    if (!stays.some((feed) => isAlive(feed, image) && isSafe(feed)))
      return `${load.id} is not seen to have another feed that carries it`;
    for (const [node, kw] of broughtBy(view, opens, stays)) coming.set(node, (coming.get(node) ?? 0) + kw);
  }
  const full = [...coming].find(([node, kw]) => kw > roomOf(node));
  return full ? `${full[0]} has no room for what would come over to it` : null;
}

/** A load of these outlets of which every other feed is seen to be open or without power; silence loses nothing. */
export function starving(turn: Pick<Turn, "plant" | "image">, action: ShedAction, ids: readonly string[]): Load | null {
  const { plant, image } = turn;
  const all = outletsOf(action, plant.site).filter(({ id }) => ids.includes(id));
  const ways = waysOf(plant.site.power, image);
  const isLost = (feed: LoadFeed): boolean => isOpen(feed, image) || ways.isDark(feed.node);
  const isStarving = (load: Load): boolean =>
    load.feeds.filter((feed) => !all.some((one) => one.feed === feed)).every(isLost);
  return all.map(({ load }) => load).find(isStarving) ?? null;
}

/** Whether any of these outlets of a shed hangs on a node that another response relieves. */
export function isRelieved({ site }: Turn["plant"], action: ShedAction, ids: readonly string[], by: Action): boolean {
  if (by.kind !== "shed") return false;
  const below = new Set(by.relieve.flatMap(({ node }) => [...under(site.power, node)]));
  return outletsOf(action, site).some(({ id, feed }) => ids.includes(id) && below.has(feed.node));
}
