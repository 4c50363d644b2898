/**
 * A site as the answers see it: rooms with what they share, the routes that cables and pipes take
 * through them, cooling, the power tree, the services in the racks, and what this service itself
 * stands on. What a site file does not say is null here, and no answer takes it for harmless.
 */
import type { Test } from "../command.ts";
import type { PointId } from "../reading.ts";
import type { Duration } from "../time.ts";
import { belowOf } from "./live.ts";
import type { Importance, Load, NodeId, PowerNode, PowerTree } from "./power.ts";

/** A room. Rooms of one compartment burn together; rooms of one plenum share their smoke and heat. */
export interface Room {
  readonly compartment: string | null;
  readonly plenum: string | null;
}

export const routeKinds = ["cable", "water"] as const;

/** A way that cables or pipes take, and the rooms that it passes through. */
export interface Route {
  readonly kind: (typeof routeKinds)[number];
  readonly through: readonly string[];
}

/** A machine that cools: a device. */
export interface CoolingMachine {
  readonly device: string;
  readonly space: string;
  /** The nodes that it is supplied from; none where that is not said. */
  readonly from: readonly NodeId[];
  /** The heat that it can carry away, kW. */
  readonly ratedKw: number | null;
}

/** Machines that do one thing together, such as chillers on one loop of water or coolers of one hall. */
export interface CoolingLoop {
  readonly id: string;
  readonly machines: readonly CoolingMachine[];
  /** Loops that it must have one of to cool. */
  readonly from: readonly string[];
  readonly serves: readonly string[];
  readonly routes: readonly string[];
}

/** A place that a service may move to. */
export interface MoveTarget {
  readonly site: string;
  /** The share of the service that it can carry there, %; null where that is not said. */
  readonly sharePct: number | null;
  /** By how much its data is behind there, s, and how much may be lost; null where nothing tells. */
  readonly lag: { readonly point: PointId; readonly max: Duration } | null;
}

/** A service as the answers see it. */
export interface Tenant {
  readonly id: string;
  readonly tier: number;
  readonly importance: Importance | null;
  readonly loads: readonly string[];
  readonly needs: readonly string[];
  /** The point that says where it is, and the host that is told to move it; null where it cannot be moved. */
  readonly move: { readonly point: PointId; readonly host: string } | null;
  /** The service by whose control plane it is moved; null where that is not said. */
  readonly by: string | null;
  /** How long a move takes, 95 in 100 times, as drills have shown; null where none has. */
  readonly p95: Duration | null;
  readonly targets: readonly MoveTarget[];
}

/** Whether water may be used in a zone, what shows that its ways are dead, and who leaves before. */
export interface WaterPlan {
  readonly use: "spray" | "flood" | "none";
  readonly note: string | null;
  /** Readings that show an opening of the isolation plan to be dead, beside those of the power tree; `of` is its key. */
  readonly proofs: readonly { readonly of: string; readonly test: Test }[];
  /** Failovers that one request starts. */
  readonly evacuate: readonly string[];
}

/** What this service itself stands on. */
export interface OwnNeeds {
  readonly loads: readonly string[];
  readonly spaces: readonly string[];
  readonly needs: readonly string[];
}

export interface Premises {
  readonly rooms: ReadonlyMap<string, Room>;
  readonly routes: ReadonlyMap<string, Route>;
  readonly power: PowerTree;
  /** Where each device that backs a UPS stands. */
  readonly batteryRooms: ReadonlyMap<string, string>;
  /** Of a node, the routes that each of its supplies takes. */
  readonly supplyRoutes: ReadonlyMap<NodeId, ReadonlyMap<NodeId, readonly string[]>>;
  /** Of a load, the routes that each of its feeds takes, in their order. */
  readonly feedRoutes: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly loops: ReadonlyMap<string, CoolingLoop>;
  readonly services: readonly Tenant[];
  /** What each site elsewhere can still take up, kW, or the point that tells. */
  readonly spareKw: ReadonlyMap<string, number | PointId>;
  /** Null where the site file does not say. */
  readonly own: OwnNeeds | null;
  /** By room; what is said of one holds for its zone. */
  readonly water?: ReadonlyMap<string, WaterPlan>;
}

/** Loads that stand in one room on the same feeds by the same routes: what befalls one befalls all. */
export interface LoadClass {
  readonly space: string;
  readonly feeds: readonly { readonly node: NodeId; readonly routes: readonly string[] }[];
  readonly loads: readonly Load[];
}

/** Premises with what is looked up again and again, worked out once. */
export interface Grounds {
  readonly premises: Premises;
  /** Those above before those below. */
  readonly nodes: readonly PowerNode[];
  readonly below: ReadonlyMap<NodeId, readonly NodeId[]>;
  readonly classes: readonly LoadClass[];
  /** The class of each load, and its place among the classes. */
  readonly classOf: ReadonlyMap<string, number>;
  readonly loads: ReadonlyMap<string, Load>;
  /** The UPS, or topmost nodes, that a node may be supplied by. */
  readonly suppliesOf: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
  /** The classes of racks that a UPS, or topmost node, may supply. */
  readonly suppliedBy: ReadonlyMap<NodeId, readonly LoadClass[]>;
  /** UPS that stand in for each other: they carry loads, or boards, between them. */
  readonly groups: readonly (readonly NodeId[])[];
}

export function groundsOf(premises: Premises): Grounds {
  const { power } = premises;
  const nodes = inOrder(power);
  const suppliesOf = suppliesIn(nodes);
  const { classes, classOf } = classesOf(premises);
  return {
    premises,
    nodes,
    below: belowOf(power),
    classes,
    classOf,
    loads: new Map(power.loads.map((load) => [load.id, load])),
    suppliesOf,
    suppliedBy: suppliedBy(suppliesOf, classes),
    groups: groupsOf(nodes, suppliesOf, classes),
  };
}

/** The routes of one supply of a node. */
export const routesTo = ({ supplyRoutes }: Premises, node: NodeId, from: NodeId): readonly string[] =>
  supplyRoutes.get(node)?.get(from) ?? [];

function inOrder({ nodes }: PowerTree): readonly PowerNode[] {
  const done = new Set<NodeId>();
  const ordered: PowerNode[] = [];
  const visit = (id: NodeId): void => {
    const node = nodes.get(id);
    if (!node || done.has(id)) return;
    done.add(id);
    for (const from of node.from) visit(from);
    ordered.push(node);
  };
  for (const id of nodes.keys()) visit(id);
  return ordered;
}

function suppliesIn(nodes: readonly PowerNode[]): Grounds["suppliesOf"] {
  const supplies = new Map<NodeId, ReadonlySet<NodeId>>();
  for (const { id, kind, from } of nodes) {
    const isTop = kind === "ups" || from.length === 0;
    supplies.set(id, new Set(isTop ? [id] : from.flatMap((above) => [...(supplies.get(above) ?? [])])));
  }
  return supplies;
}

function classesOf({ power, feedRoutes }: Premises): Pick<Grounds, "classes" | "classOf"> {
  const found = new Map<string, { readonly at: number; readonly loads: Load[] }>();
  const classes: LoadClass[] = [];
  const classOf = new Map<string, number>();
  for (const load of power.loads) {
    const feeds = load.feeds.map(({ node }, i) => ({ node, routes: feedRoutes.get(load.id)?.[i] ?? [] }));
    const key = [load.space, ...feeds.map(({ node, routes }) => [node, ...routes].join("+"))].join(" ");
    const known = found.get(key);
    if (known) known.loads.push(load);
    else {
      const loads = [load];
      found.set(key, { at: classes.length, loads });
      classes.push({ space: load.space, feeds, loads });
    }
    classOf.set(load.id, found.get(key)!.at);
  }
  return { classes, classOf };
}

function suppliedBy(suppliesOf: Grounds["suppliesOf"], classes: readonly LoadClass[]): Grounds["suppliedBy"] {
  const supplied = new Map<NodeId, LoadClass[]>();
  for (const one of classes) {
    for (const id of new Set(one.feeds.flatMap(({ node }) => [...(suppliesOf.get(node) ?? [])]))) {
      const known = supplied.get(id);
      if (known) known.push(one);
      else supplied.set(id, [one]);
    }
  }
  return supplied;
}

/** Supplies are of one group when one load hangs on both, or one board is held up by both. */
function groupsOf(
  nodes: readonly PowerNode[],
  suppliesOf: Grounds["suppliesOf"],
  classes: readonly LoadClass[],
): Grounds["groups"] {
  const together = [
    ...classes.map(({ feeds }) => feeds.flatMap(({ node }) => [...(suppliesOf.get(node) ?? [])])),
    ...nodes.map(({ id }) => [...suppliesOf.get(id)!]),
  ];
  const groupOf = new Map<NodeId, Set<NodeId>>();
  for (const node of nodes) if (node.kind === "ups") groupOf.set(node.id, new Set([node.id]));
  for (const supplies of together) join(groupOf, supplies);
  return [...new Set(groupOf.values())].map((group) => [...group]);
}

function join(groupOf: Map<NodeId, Set<NodeId>>, supplies: readonly NodeId[]): void {
  const [first, ...others] = [...new Set(supplies.flatMap((id) => groupOf.get(id) ?? []))];
  for (const other of others) {
    for (const id of other) {
      first!.add(id);
      groupOf.set(id, first!);
    }
  }
}
