/**
 * The isolation plan of a zone: what to open, in which order, so that nothing in the zone is live,
 * and nothing that has been made dead is fed again from another side. Far ends come first, then
 * batteries and supplies that would take over by themselves, and only then what carries the zone.
 * It is worked out from the site file alone, so that it can be printed before it is needed.
 */
import type { PointId } from "../reading.ts";
import type { Opened, Outlet, RacksLost } from "./opening.ts";
import { noneOpened, racksAfter, racksLost, standingsWith } from "./opening.ts";
import type { NodeId, PowerNode } from "./power.ts";
import { isTransferSwitch } from "./power.ts";
import type { Grounds } from "./premises.ts";
import { routesTo } from "./premises.ts";
import { listed, zoneOf } from "./subject.ts";

/** In the order in which they are done. */
const stepKinds = ["farEnd", "battery", "generator", "standby", "utility", "supply", "outlets"] as const;

export interface IsolationStep {
  /** What is opened: "ups-b > row-b1", "battery ups-a", "source gen", "outlets row-a1". */
  readonly key: string;
  readonly kind: (typeof stepKinds)[number];
  /** What to do, in one line. */
  readonly text: string;
  /** The room in which it is done; null where that is not said. */
  readonly at: string | null;
  /** It is done in the zone itself: from afar, or not at all. */
  readonly isInside: boolean;
  /** Outlets that can be written. */
  readonly points: readonly PointId[];
  /** The racks whose outlets these are. */
  readonly loads: readonly string[];
  readonly loses: RacksLost;
}

export interface Isolation {
  readonly space: string;
  /** The rooms that are cut together: those of one compartment. */
  readonly spaces: readonly string[];
  /** Cable routes that pass through them. */
  readonly routes: readonly string[];
  /** What feeds the zone in the end. */
  readonly sources: readonly { readonly id: string; readonly is: "utility" | "generator" | "battery" }[];
  readonly steps: readonly IsolationStep[];
  /** Batteries in the zone, which nobody can switch off, and nodes that the plan does not make dead. */
  readonly staysLive: readonly string[];
  readonly lost: RacksLost;
  readonly unsaid: readonly string[];
}

interface Zone {
  readonly grounds: Grounds;
  readonly spaces: ReadonlySet<string>;
  readonly routes: ReadonlySet<string>;
}

/** A step and what it opens. */
interface Act {
  readonly key: string;
  readonly kind: IsolationStep["kind"];
  readonly text: string;
  readonly at: string | null;
  readonly opens: Opened;
  readonly points?: readonly PointId[];
  readonly loads?: readonly string[];
}

/** The plan of the zone that a room is in. */
export function isolationOf(grounds: Grounds, space: string): Isolation {
  const zone = zoneAt(grounds, space);
  const acts = [...edgeActs(zone), ...batteryActs(zone), ...sourceActs(zone), ...outletActs(zone)];
  const ordered = stepKinds.flatMap((kind) => acts.filter((act) => act.kind === kind));
  const { steps, lost, staysLive } = performed(zone, ordered);
  const batteries = [...grounds.premises.batteryRooms].filter(([, room]) => zone.spaces.has(room)).map(([id]) => id);
  return {
    space,
    spaces: [...zone.spaces],
    routes: [...zone.routes],
    sources: sourcesOf(zone),
    steps,
    staysLive: [...batteries, ...staysLive],
    lost,
    unsaid: unsaidOf(zone, space),
  };
}

function zoneAt(grounds: Grounds, space: string): Zone {
  const spaces = new Set(zoneOf(grounds.premises, space));
  const through = [...grounds.premises.routes].filter(
    ([, route]) => route.kind === "cable" && route.through.some((one) => spaces.has(one)),
  );
  return { grounds, spaces, routes: new Set(through.map(([id]) => id)) };
}

const isInside = ({ spaces }: Zone, { space }: PowerNode): boolean => space !== null && spaces.has(space);

const isThrough = ({ routes }: Zone, taken: readonly string[]): boolean => taken.some((route) => routes.has(route));

/** What is opened of the ways between nodes: at the supply's end, and at the far end where something could feed back. */
function edgeActs(zone: Zone): readonly Act[] {
  const { premises, nodes } = zone.grounds;
  return nodes.flatMap((node) =>
    node.from.flatMap((from, i): readonly Act[] => {
      const above = premises.power.nodes.get(from);
      if (!above) return [];
      const [head, tail] = [isInside(zone, above), isInside(zone, node)];
      const through = isThrough(zone, routesTo(premises, node.id, from));
      const isLeaving = !tail && (head || through);
      const isEntering = !head && (tail || through);
      return [
        ...(isLeaving && feedsBack(zone.grounds, node) ? [farEnd(above, node)] : []),
        ...(isEntering ? [supplyAct(above, node, i)] : []),
      ];
    }),
  );
}

/** Whether a node may be live without this supply, by itself or from below, and push back into it. A transfer switch keeps its supplies apart. */
function feedsBack(grounds: Grounds, node: PowerNode): boolean {
  if (isTransferSwitch(node)) return false;
  if (node.kind === "ups" || node.from.length > 1) return true;
  const below = grounds.below.get(node.id) ?? [];
  return below.some((id) => feedsBack(grounds, grounds.premises.power.nodes.get(id)!));
}

const way = (from: NodeId, to: NodeId): Opened => ({ ...noneOpened, ways: new Set([`${from} ${to}`]) });

const farEnd = (above: PowerNode, node: PowerNode): Act => ({
  kind: "farEnd",
  key: `${above.id} > ${node.id}`,
  text: `open the input of ${node.id} from ${above.id}, so that it cannot feed back`,
  at: node.space,
  opens: way(above.id, node.id),
});

function supplyAct(above: PowerNode, node: PowerNode, place: number): Act {
  const isStandby = above.kind === "generator" || (isTransferSwitch(node) && place > 0);
  return {
    kind: isStandby ? "standby" : "supply",
    key: `${above.id} > ${node.id}`,
    text: `open ${above.id} towards ${node.id}${isStandby ? ", so that it cannot take over" : ""}`,
    at: above.space,
    opens: way(above.id, node.id),
  };
}

/** Batteries that stand in the zone, or feed a UPS that does. */
function batteryActs(zone: Zone): readonly Act[] {
  const { premises, nodes } = zone.grounds;
  return nodes.flatMap((node): readonly Act[] => {
    if (node.kind !== "ups") return [];
    const room = node.battery === null ? null : (premises.batteryRooms.get(node.battery) ?? null);
    const isStruck = room !== null && zone.spaces.has(room);
    if (!isStruck && !isInside(zone, node)) return [];
    const name = node.battery === null ? "the battery" : `the battery ${node.battery}`;
    const text = `open the breaker between ${name} and ${node.id}`;
    // The end that lies outside the zone can be reached.
    const at = isStruck ? node.space : room;
    const opens = { ...noneOpened, batteries: new Set([node.id]) };
    return [{ kind: "battery", key: `battery ${node.id}`, text, at, opens }];
  });
}

/** Sources that stand in the zone have nothing above them that could be opened. */
const sourceActs = (zone: Zone): readonly Act[] =>
  zone.grounds.nodes.flatMap((node): readonly Act[] => {
    if (!isInside(zone, node) || (node.kind !== "utility" && node.kind !== "generator")) return [];
    const opens = { ...noneOpened, sources: new Set([node.id]) };
    const { kind } = node;
    const text =
      kind === "generator" ? `stop ${node.id} and block its start` : `have the network operator cut ${node.id}`;
    return [{ kind, key: `source ${node.id}`, text, at: kind === "generator" ? node.space : null, opens }];
  });

/** Feeds of racks in the zone, or through it, from nodes that stand elsewhere: all those of one node at once. */
function outletActs(zone: Zone): readonly Act[] {
  const { classes, premises } = zone.grounds;
  const byNode = new Map<NodeId, { readonly feeds: Outlet[]; readonly loads: string[]; readonly points: PointId[] }>();
  for (const [at, { space, feeds, loads }] of classes.entries()) {
    for (const [i, { node, routes }] of feeds.entries()) {
      const above = premises.power.nodes.get(node);
      if (!above || isInside(zone, above)) continue;
      if (!zone.spaces.has(space) && !isThrough(zone, routes)) continue;
      const found = byNode.get(node) ?? { feeds: [], loads: [], points: [] };
      byNode.set(node, found);
      found.feeds.push(`${at} ${i}`);
      found.loads.push(...loads.map(({ id }) => id));
      found.points.push(...loads.flatMap((load) => load.feeds[i]?.outlet ?? []));
    }
  }
  return [...byNode].map(([node, { feeds, loads, points }]) => ({
    kind: "outlets",
    key: `outlets ${node}`,
    loads,
    text: `open the outlets of ${node} to ${listed(loads)}`,
    at: premises.power.nodes.get(node)?.space ?? null,
    opens: { ...noneOpened, outlets: new Set(feeds) },
    points,
  }));
}

interface Performed {
  readonly steps: readonly IsolationStep[];
  readonly lost: RacksLost;
  readonly staysLive: readonly NodeId[];
}

/** The steps one after the other, and what each of them costs. */
function performed(zone: Zone, acts: readonly Act[]): Performed {
  const { grounds } = zone;
  const first = racksAfter(grounds, noneOpened);
  let [opened, before] = [noneOpened, first];
  const steps = acts.map((act): IsolationStep => {
    opened = joined(opened, act.opens);
    const now = racksAfter(grounds, opened);
    const loses = racksLost(grounds, before, now);
    before = now;
    const { kind, key, text, at, points = [], loads = [] } = act;
    return { key, kind, text, at, isInside: at !== null && zone.spaces.has(at), points, loads, loses };
  });
  const standings = standingsWith(grounds, opened);
  const live = grounds.nodes.filter((node) => isInside(zone, node) && standings.get(node.id) !== "dead");
  return { steps, lost: racksLost(grounds, first, before), staysLive: live.map(({ id }) => id) };
}

const joined = (a: Opened, b: Opened): Opened => ({
  ways: new Set([...a.ways, ...b.ways]),
  batteries: new Set([...a.batteries, ...b.batteries]),
  sources: new Set([...a.sources, ...b.sources]),
  outlets: new Set([...a.outlets, ...b.outlets]),
});

/** Everything that the zone could be live from. */
function sourcesOf(zone: Zone): Isolation["sources"] {
  const { premises, nodes } = zone.grounds;
  const feeding = new Set<NodeId>();
  const climb = (id: NodeId): void => {
    if (feeding.has(id)) return;
    feeding.add(id);
    for (const from of premises.power.nodes.get(id)?.from ?? []) climb(from);
  };
  for (const node of nodes) if (isTouched(zone, node)) climb(node.id);
  for (const { space, feeds } of zone.grounds.classes)
    for (const { node, routes } of feeds) if (zone.spaces.has(space) || isThrough(zone, routes)) climb(node);
  const batteries = nodes.filter(
    (node) =>
      node.battery !== null && (feeding.has(node.id) || zone.spaces.has(premises.batteryRooms.get(node.battery) ?? "")),
  );
  const ends = nodes.filter(({ id, kind }) => feeding.has(id) && (kind === "utility" || kind === "generator"));
  return [
    ...ends.map(({ id, kind }) => ({ id, is: kind as "utility" | "generator" })),
    ...batteries.map(({ battery }) => ({ id: battery!, is: "battery" as const })),
  ];
}

const isTouched = (zone: Zone, node: PowerNode): boolean =>
  isInside(zone, node) || node.from.some((from) => isThrough(zone, routesTo(zone.grounds.premises, node.id, from)));

function unsaidOf({ grounds }: Zone, space: string): readonly string[] {
  const nowhere = grounds.nodes.filter((node) => node.space === null).map(({ id }) => id);
  const isAlone = (grounds.premises.rooms.get(space)?.compartment ?? null) === null;
  const { routes } = grounds.premises;
  return [
    ...(nowhere.length > 0 ? [`in which room stand ${listed(nowhere)}: they are left live`] : []),
    ...(isAlone ? [`of which compartment ${space} is: only this room is cut`] : []),
    ...(routes.size === 0 ? ["by which routes cables run: one that passes through is left live"] : []),
  ];
}
