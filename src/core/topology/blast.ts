/** The blast radius: what a site loses with a part of it. */
import type { Instant } from "../time.ts";
import type { Fallout, Fate, RackStanding, Standing } from "./fallout.ts";
import { falloutOf } from "./fallout.ts";
import type { Sight } from "./live.ts";
import type { NodeId, PowerNode } from "./power.ts";
import type { Grounds } from "./premises.ts";
import type { StruckRoom, Subject } from "./subject.ts";
import { listed, strikeOf, struckRooms } from "./subject.ts";

/** How a UPS fares: its own loss, its supply's, or its battery's. */
export type UpsFate = "lost" | "onBattery" | "withoutBattery" | "unknown";

export interface Blast {
  readonly subject: Subject;
  /** When the plant was looked at; null where it was not. */
  readonly at: Instant | null;
  readonly spaces: readonly StruckRoom[];
  readonly routes: readonly string[];
  /** Those that do not go on as they are. */
  readonly ups: readonly { readonly id: NodeId; readonly is: UpsFate }[];
  /** UPS that stand in for each other, where one of them is lost: how many of them are. */
  readonly groups: readonly { readonly ups: readonly NodeId[]; readonly lost: number }[];
  /** Feeds, by their letters, of which nodes are not powered. */
  readonly feeds: readonly { readonly feed: string; readonly is: "lost" | "partly" | "onBattery" | "unknown" }[];
  /** Other nodes of the power tree without power, or of which nobody can say. */
  readonly nodes: { readonly dead: readonly NodeId[]; readonly unknown: readonly NodeId[] };
  /** Racks by what becomes of them; `hot` ones have power and no cooling. */
  readonly racks: { readonly total: number } & Readonly<
    Record<"dark" | "battery" | "hot" | "single" | "unknown", readonly string[]>
  >;
  readonly coolers: { readonly lost: readonly string[]; readonly unknown: readonly string[] };
  /** Rooms with nothing left that cools them. */
  readonly hotSpaces: readonly string[];
  readonly services: Readonly<Record<Exclude<Fate, "whole">, readonly string[]>>;
  /** What the site file does not say, and would have to for this to be the whole of it. */
  readonly unsaid: readonly string[];
}

/** What is lost with a subject; with a sight, on top of what is lost already. */
export function blastOf(grounds: Grounds, subject: Subject, sight: Sight | null = null): Blast {
  const { premises } = grounds;
  const strike = strikeOf(premises, subject);
  const fallout = falloutOf(grounds, strike, sight);
  const ups = upsFates(grounds, fallout);
  const lost = new Set(ups.filter(({ is }) => is === "lost").map(({ id }) => id));
  const others = (is: Standing): readonly NodeId[] =>
    grounds.nodes.filter(({ id, kind }) => kind !== "ups" && fallout.nodes.get(id) === is).map(({ id }) => id);
  return {
    subject,
    at: sight?.image.now ?? null,
    spaces: struckRooms(premises, subject),
    routes: [...strike.routes],
    ups,
    groups: grounds.groups
      .map((group) => ({ ups: group, lost: group.filter((id) => lost.has(id)).length }))
      .filter((group) => group.lost > 0),
    feeds: feedsHit(grounds, fallout),
    nodes: { dead: others("dead"), unknown: others("unknown") },
    racks: racksHit(grounds, fallout),
    coolers: { lost: machinesAt(fallout, ["dead", "battery"]), unknown: machinesAt(fallout, ["unknown"]) },
    hotSpaces: hotSpaces(fallout),
    services: servicesHit(fallout),
    unsaid: unsaidOf(grounds, subject),
  };
}

function upsFates({ nodes, premises }: Grounds, fallout: Fallout): Blast["ups"] {
  const { spaces } = fallout.strike;
  const isStruck = ({ battery }: PowerNode): boolean =>
    battery !== null && spaces.has(premises.batteryRooms.get(battery) ?? "");
  const fateOf = (node: PowerNode): UpsFate | null => {
    const standing = fallout.nodes.get(node.id);
    if (standing === "dead") return "lost";
    if (standing === "battery") return "onBattery";
    if (isStruck(node)) return "withoutBattery";
    return standing === "unknown" ? "unknown" : null;
  };
  return nodes.flatMap((node) => {
    const is = node.kind === "ups" ? fateOf(node) : null;
    return is === null ? [] : [{ id: node.id, is }];
  });
}

function feedsHit({ nodes }: Grounds, fallout: Fallout): Blast["feeds"] {
  const feeds = new Map<string, Standing[]>();
  for (const { id, feed } of nodes)
    if (feed !== null) feeds.set(feed, [...(feeds.get(feed) ?? []), fallout.nodes.get(id)!]);
  return [...feeds].flatMap(([feed, standings]) => {
    const is = feedFate(standings);
    return is === null ? [] : [{ feed, is }];
  });
}

function feedFate(standings: readonly Standing[]): Blast["feeds"][number]["is"] | null {
  const has = (standing: Standing): boolean => standings.includes(standing);
  if (standings.every((standing) => standing === "dead")) return "lost";
  if (has("dead")) return "partly";
  if (has("battery")) return "onBattery";
  return has("unknown") ? "unknown" : null;
}

function racksHit({ premises }: Grounds, { racks, rooms }: Fallout): Blast["racks"] {
  const by = (of: RackStanding): readonly string[] => [...racks].filter(([, is]) => is === of).map(([id]) => id);
  const isHot = (id: string, space: string): boolean =>
    rooms.get(space) === "hot" && racks.get(id) !== "dark" && racks.get(id) !== "battery";
  const { loads } = premises.power;
  return {
    total: loads.length,
    dark: by("dark"),
    battery: by("battery"),
    hot: loads.filter(({ id, space }) => isHot(id, space)).map(({ id }) => id),
    single: by("single"),
    unknown: by("unknown"),
  };
}

const machinesAt = ({ machines }: Fallout, at: readonly Standing[]): readonly string[] =>
  [...machines].filter(([, standing]) => at.includes(standing)).map(([id]) => id);

const hotSpaces = ({ rooms, strike }: Fallout): readonly string[] =>
  [...rooms].filter(([id, cooling]) => cooling === "hot" && !strike.spaces.has(id)).map(([id]) => id);

function servicesHit({ services }: Fallout): Blast["services"] {
  const by = (of: Fate): readonly string[] => [...services].filter(([, is]) => is === of).map(([id]) => id);
  return { lost: by("lost"), endangered: by("endangered"), degraded: by("degraded"), unknown: by("unknown") };
}

function unsaidOf({ premises, nodes }: Grounds, { kind, id }: Subject): readonly string[] {
  const isSpatial = kind === "space" || kind === "compartment" || kind === "plenum";
  const nowhere = nodes.filter(({ space }) => space === null).map((node) => node.id);
  const open = [...premises.rooms].filter(([, { compartment }]) => compartment === null).map(([space]) => space);
  const runsNowhere = premises.services.filter(({ loads }) => loads.length === 0).map((service) => service.id);
  const uncooled = [...new Set(premises.power.loads.map(({ space }) => space))].filter(
    (space) => ![...premises.loops.values()].some(({ serves }) => serves.includes(space)),
  );
  const isAlone = kind === "space" && premises.rooms.get(id)?.compartment === null;
  return [
    ...(isSpatial && nowhere.length > 0 ? [`in which room stand ${listed(nowhere)}`] : []),
    ...(isAlone ? [`of which compartment ${id} is, so that what burns with it is not known`] : []),
    ...(isSpatial && !isAlone && open.length > 0 ? [`of which compartment are ${listed(open)}`] : []),
    ...(uncooled.length > 0 ? [`what cools ${listed(uncooled)}`] : []),
    ...(runsNowhere.length > 0 ? [`in which racks run ${listed(runsNowhere)}`] : []),
  ];
}
