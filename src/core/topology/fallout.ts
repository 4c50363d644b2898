/**
 * What follows when a part of a site is struck: rooms that burn, routes that are cut, nodes that are
 * lost. Nothing is measured here but what a look at the plant is handed in for. Of four standings
 * "unknown" outranks those that are worse, and never those that are well: what may have been struck,
 * because nobody has said where it stands, is not counted on.
 */
import type { Sight } from "./live.ts";
import { isLive, modeOf } from "./live.ts";
import type { LoadFeed, NodeId, PowerNode } from "./power.ts";
import { contactOf, isAlive } from "./power.ts";
import type { CoolingLoop, CoolingMachine, Grounds, Tenant } from "./premises.ts";
import { routesTo } from "./premises.ts";

/** powered: supplied. unknown: nobody can say. battery: only until a battery is empty. dead: no power. */
export type Standing = "powered" | "unknown" | "battery" | "dead";

/** What is struck itself. */
export interface Strike {
  readonly spaces: ReadonlySet<string>;
  readonly routes: ReadonlySet<string>;
  readonly nodes: ReadonlySet<NodeId>;
  readonly loops: ReadonlySet<string>;
}

export const noStrike: Strike = { spaces: new Set(), routes: new Set(), nodes: new Set(), loops: new Set() };

/** How a rack fares. single: it lives on one of several feeds. */
export type RackStanding = "whole" | "fewer" | "single" | "unknown" | "battery" | "dark";

/** How cool a room stays: `hot` without any cooling, null where nothing is said or known of it. */
export type RoomCooling = "cooled" | "hot" | null;

/** How a service fares, from well to worst. endangered: it ends when batteries are empty or its hall is too hot. */
export const fates = ["whole", "degraded", "unknown", "endangered", "lost"] as const;
export type Fate = (typeof fates)[number];

/** All that follows from a strike. */
export interface Fallout {
  readonly strike: Strike;
  readonly nodes: ReadonlyMap<NodeId, Standing>;
  /** By load. */
  readonly racks: ReadonlyMap<string, RackStanding>;
  readonly machines: ReadonlyMap<string, Standing>;
  readonly loops: ReadonlyMap<string, Standing>;
  /** Of every room that something is said to cool. */
  readonly rooms: ReadonlyMap<string, RoomCooling>;
  readonly services: ReadonlyMap<string, Fate>;
}

/** Follows a strike through power, cooling and services. With a sight, feeds and nodes are taken as they stand now. */
export function falloutOf(grounds: Grounds, strike: Strike, sight: Sight | null = null): Fallout {
  const nodes = nodeStandings(grounds, strike, sight);
  const machines = machineStandings(grounds, strike, nodes);
  const loops = loopStandings(grounds, strike, machines);
  const rooms = roomsCooled(grounds, loops);
  const racks = sight ? racksSeen(grounds, strike, nodes, sight) : racksByClass(grounds, strike, nodes);
  return { strike, nodes, racks, machines, loops, rooms, services: fatesOf(grounds, racks, rooms, strike) };
}

/** The best that any of several supplies gives. */
export const bestOf = (standings: readonly Standing[]): Standing =>
  (["powered", "unknown", "battery"] as const).find((standing) => standings.includes(standing)) ?? "dead";

const isCut = ({ routes: cut }: Strike, routes: readonly string[]): boolean => routes.some((route) => cut.has(route));

/** Nodes as they stand after a strike. */
export function nodeStandings(grounds: Grounds, strike: Strike, sight: Sight | null): ReadonlyMap<NodeId, Standing> {
  const standings = new Map<NodeId, Standing>();
  for (const node of grounds.nodes) standings.set(node.id, nodeStanding(grounds, strike, node, standings));
  return sight ? nodesSeen(grounds, standings, sight) : standings;
}

function nodeStanding(
  { premises }: Grounds,
  strike: Strike,
  node: PowerNode,
  known: ReadonlyMap<NodeId, Standing>,
): Standing {
  if (strike.nodes.has(node.id) || (node.space !== null && strike.spaces.has(node.space))) return "dead";
  const supplies = node.from.map((from) =>
    isCut(strike, routesTo(premises, node.id, from)) ? "dead" : (known.get(from) ?? "unknown"),
  );
  const supplied = node.from.length === 0 ? "powered" : bestOf(supplies);
  const held = node.kind === "ups" && supplied === "dead" ? heldUp(premises.batteryRooms, strike, node) : supplied;
  // Where it stands is not said, so that it may have been struck itself.
  return node.space === null && strike.spaces.size > 0 && held !== "dead" ? "unknown" : held;
}

/** What a UPS lives on without its supply. */
function heldUp(rooms: ReadonlyMap<string, string>, { spaces }: Strike, { battery }: PowerNode): Standing {
  const room = battery === null ? undefined : rooms.get(battery);
  return room !== undefined && spaces.has(room) ? "dead" : "battery";
}

/** What is dead or silent already helps nobody. A generator that stands is not dead: it has not been asked. */
function nodesSeen(
  { nodes }: Grounds,
  standings: ReadonlyMap<NodeId, Standing>,
  sight: Sight,
): ReadonlyMap<NodeId, Standing> {
  const seen = new Map<NodeId, Standing>();
  for (const node of nodes) {
    const standing = standings.get(node.id)!;
    const live = node.kind === "generator" ? mayStart(sight, node) : isLive(sight, node.id);
    if (standing === "dead" || live === false) seen.set(node.id, "dead");
    else seen.set(node.id, live === null ? "unknown" : standing);
  }
  return seen;
}

function mayStart(sight: Sight, node: PowerNode): boolean | null {
  const mode = modeOf(sight, node);
  return mode === null ? isLive(sight, node.id) : mode !== "fault";
}

/** How the racks of each class fare, in the classes' order. */
export function classStandings(
  { classes }: Grounds,
  strike: Strike,
  nodes: ReadonlyMap<NodeId, Standing>,
): readonly RackStanding[] {
  return classes.map(({ space, feeds }) => {
    if (strike.spaces.has(space)) return "dark";
    return rackStanding(
      feeds.map(({ node, routes }) => (isCut(strike, routes) ? "dead" : (nodes.get(node) ?? "unknown"))),
    );
  });
}

function racksByClass(
  grounds: Grounds,
  strike: Strike,
  nodes: ReadonlyMap<NodeId, Standing>,
): ReadonlyMap<string, RackStanding> {
  const standings = classStandings(grounds, strike, nodes);
  return new Map(grounds.classes.flatMap(({ loads }, i) => loads.map(({ id }) => [id, standings[i]!] as const)));
}

function racksSeen(
  { classes }: Grounds,
  strike: Strike,
  nodes: ReadonlyMap<NodeId, Standing>,
  sight: Sight,
): ReadonlyMap<string, RackStanding> {
  const racks = new Map<string, RackStanding>();
  for (const { space, feeds, loads } of classes) {
    for (const load of loads) {
      const fed = load.feeds.map((feed, i) =>
        isCut(strike, feeds[i]!.routes) ? "dead" : feedSeen(feed, nodes.get(feed.node) ?? "unknown", sight),
      );
      racks.set(load.id, rackStanding(strike.spaces.has(space) ? [] : fed));
    }
  }
  return racks;
}

function feedSeen(feed: LoadFeed, node: Standing, { image }: Sight): Standing {
  if (node === "dead") return "dead";
  const contact = contactOf(feed, image);
  if (contact === 0) return "dead";
  return contact === 1 || isAlive(feed, image) ? node : "unknown";
}

export function rackStanding(feeds: readonly Standing[]): RackStanding {
  const powered = feeds.filter((standing) => standing === "powered").length;
  if (powered === 0) {
    const best = bestOf(feeds);
    return best === "dead" || best === "powered" ? "dark" : best;
  }
  if (powered === feeds.length) return "whole";
  return powered === 1 ? "single" : "fewer";
}

function machineStandings(
  { premises }: Grounds,
  strike: Strike,
  nodes: ReadonlyMap<NodeId, Standing>,
): ReadonlyMap<string, Standing> {
  const isPowerHit = [...nodes.values()].some((standing) => standing !== "powered");
  const standingOf = ({ space, from }: CoolingMachine): Standing => {
    if (strike.spaces.has(space)) return "dead";
    if (from.length === 0) return isPowerHit ? "unknown" : "powered";
    return bestOf(from.map((id) => nodes.get(id) ?? "unknown"));
  };
  return new Map(
    [...premises.loops.values()].flatMap(({ id, machines }) =>
      machines.map((machine) => [machine.device, strike.loops.has(id) ? "dead" : standingOf(machine)] as const),
    ),
  );
}

function loopStandings(
  { premises: { loops } }: Grounds,
  strike: Strike,
  machines: ReadonlyMap<string, Standing>,
): ReadonlyMap<string, Standing> {
  const standings = new Map<string, Standing>();
  const standingOf = (loop: CoolingLoop): Standing => {
    const known = standings.get(loop.id);
    if (known !== undefined) return known;
    // A circle cannot be: the site file's check refuses it. Should one get here, it ends as "not known".
    standings.set(loop.id, "unknown");
    const standing = judged(loop);
    standings.set(loop.id, standing);
    return standing;
  };
  const judged = (loop: CoolingLoop): Standing => {
    if (strike.loops.has(loop.id) || isCut(strike, loop.routes)) return "dead";
    const own = loop.machines.map(({ device }) => machines.get(device)!);
    const above = loop.from.map((id) => (loops.has(id) ? standingOf(loops.get(id)!) : "unknown"));
    const parts = [own, above].filter(({ length }) => length > 0).map(bestOf);
    return worstOf(parts);
  };
  for (const loop of loops.values()) standingOf(loop);
  return standings;
}

/** The worst of several that are all needed; unknown where there is none. */
const worstOf = (standings: readonly Standing[]): Standing =>
  (["dead", "battery", "unknown", "powered"] as const).find((standing) => standings.includes(standing)) ?? "unknown";

function roomsCooled({ premises }: Grounds, loops: Fallout["loops"]): ReadonlyMap<string, RoomCooling> {
  const serving = new Map<string, Standing[]>();
  for (const { id, serves } of premises.loops.values())
    for (const space of serves) serving.set(space, [...(serving.get(space) ?? []), loops.get(id)!]);
  const coolings = { powered: "cooled", unknown: null, battery: "hot", dead: "hot" } as const;
  return new Map([...serving].map(([space, standings]) => [space, coolings[bestOf(standings)]]));
}

type LoadFate = "well" | "unknown" | "endangered" | "dark";

function fatesOf(
  grounds: Grounds,
  racks: Fallout["racks"],
  rooms: Fallout["rooms"],
  strike: Strike,
): ReadonlyMap<string, Fate> {
  const { services } = grounds.premises;
  const isAllStruck = strike.spaces.size >= grounds.premises.rooms.size;
  const loadFate = (id: string): LoadFate => {
    const rack = racks.get(id) ?? "unknown";
    if (rack === "dark") return "dark";
    if (rack === "battery" || rooms.get(grounds.loads.get(id)?.space ?? "") === "hot") return "endangered";
    return rack === "unknown" ? "unknown" : "well";
  };
  const own = new Map(
    services.map(({ id, loads }) => {
      if (loads.length === 0) return [id, isAllStruck ? "lost" : "unknown"] as const;
      return [id, fateOf(loads.map(loadFate))] as const;
    }),
  );
  return withNeeds(services, own);
}

/** The fate of a service by the fates of the racks that it runs in. */
function fateOf(loads: readonly LoadFate[]): Fate {
  const has = (fate: LoadFate): boolean => loads.includes(fate);
  if (has("well")) return loads.every((fate) => fate === "well") ? "whole" : "degraded";
  if (has("unknown")) return "unknown";
  return has("endangered") ? "endangered" : "lost";
}

/** A service fares no better than what it needs. */
function withNeeds(services: readonly Tenant[], own: ReadonlyMap<string, Fate>): ReadonlyMap<string, Fate> {
  const neededBy = new Map<string, string[]>();
  for (const { id, needs } of services)
    for (const need of needs) neededBy.set(need, [...(neededBy.get(need) ?? []), id]);
  const result = new Map(own);
  const open = [...own.keys()];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const fate = result.get(id)!;
    for (const needing of neededBy.get(id) ?? []) {
      if (fates.indexOf(result.get(needing)!) >= fates.indexOf(fate)) continue;
      result.set(needing, fate);
      open.push(needing);
    }
  }
  return result;
}
