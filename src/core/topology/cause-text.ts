/** What is lost, in numbers and in words. What nobody knows is said to be not known. */
import type { Sight } from "./live.ts";
import { isLive, nodeValue, seenKw } from "./live.ts";
import type { LostNode } from "./loss.ts";
import type { Load, LoadFeed, NodeId, PowerNode } from "./power.ts";
import { fillMax, isAlive, isOpen, supplyOf } from "./power.ts";

/** The racks that have lost a feed. */
export interface RacksHit {
  readonly count: number;
  /** The feeds that they have lost: "A". */
  readonly feeds: readonly string[];
  /** Of them without any power, and those of which nobody can say. */
  readonly dark: number;
  readonly unknown: number;
  /** The feeds that carry the others. */
  readonly on: readonly string[];
  /** Of the supply that has least to spare: how full it is, and its margin below what it is meant to carry; null where that is not known. */
  readonly fillPct: number | null;
  readonly marginKw: number | null;
}

/** What is lost with a node, in numbers. */
export interface LossFacts {
  /** Without power: the cause first, where it is. */
  readonly dead: readonly NodeId[];
  readonly onBattery: readonly NodeId[];
  /** The shortest time left of those on battery, s; null where that is not known of one. */
  readonly runtimeS: number | null;
  /** Null where no rack has lost a feed. */
  readonly racks: RacksHit | null;
}

/** The facts of what is lost in one event. */
export function lossFacts(sight: Sight, lost: readonly LostNode[]): LossFacts {
  const ids = (is: LostNode["is"]): readonly NodeId[] => lost.filter((one) => one.is === is).map(({ node }) => node);
  const [dead, onBattery] = [ids("dead"), ids("battery")];
  const runtimes = onBattery.map((id) => nodeValue(sight, sight.tree.nodes.get(id)!, "battery.runtime"));
  return { dead, onBattery, runtimeS: least(runtimes), racks: racksHit(sight, new Set(dead)) };
}

/** The least of them; null where one is not known, or there is none. */
function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length || known.length === 0 ? null : Math.min(...known);
}

function racksHit(sight: Sight, dead: ReadonlySet<NodeId>): RacksHit | null {
  const hit = sight.tree.loads.flatMap((load) => hitBy(sight, load, dead) ?? []);
  if (hit.length === 0) return null;
  const kept = hit.flatMap(({ alive }) => alive);
  const supplies = [...new Set(kept.map(({ node }) => supplyOf(sight.tree, node)))];
  const margins = supplies.map((supply) => marginOf(sight, supply));
  const marginKw = least(margins);
  const tight = supplies[margins.indexOf(marginKw)];
  const isDark = ({ alive, unknown }: Hit): boolean => alive.length === 0 && unknown === 0;
  return {
    count: hit.length,
    feeds: feedNames(
      sight,
      hit.flatMap(({ lost }) => lost),
    ),
    dark: hit.filter(isDark).length,
    unknown: hit.filter(({ alive, unknown }) => alive.length === 0 && unknown > 0).length,
    on: feedNames(sight, kept),
    fillPct: marginKw === null || !tight ? null : Math.round((fillMax - marginKw / tight.ratedKw) * 100),
    marginKw,
  };
}

interface Hit {
  readonly lost: readonly LoadFeed[];
  readonly alive: readonly LoadFeed[];
  readonly unknown: number;
}

/** What is left to a rack that has lost a feed; null for one that has lost none. A feed that was open has lost nothing. */
function hitBy(sight: Sight, load: Load, dead: ReadonlySet<NodeId>): Hit | null {
  const lost = load.feeds.filter((feed) => dead.has(feed.node) && !isOpen(feed, sight.image));
  if (lost.length === 0) return null;
  const left = load.feeds.filter((feed) => !isOpen(feed, sight.image) && isLive(sight, feed.node) !== false);
  const others = left.filter(({ node }) => !dead.has(node));
  const alive = others.filter((feed) => isLive(sight, feed.node) === true && isAlive(feed, sight.image));
  return { lost, alive, unknown: others.length - alive.length };
}

const marginOf = (sight: Sight, supply: PowerNode): number | null => {
  const kw = seenKw(sight, supply);
  return kw === null ? null : supply.ratedKw * fillMax - kw;
};

const feedNames = ({ tree }: Sight, feeds: readonly LoadFeed[]): readonly string[] =>
  [...new Set(feeds.map(({ node }) => tree.nodes.get(node)?.feed ?? node))].sort();

/** "lost: feed A of 62 racks, on feed B at 71 %, margin −3 kW; row-a1 and row-a2 with it". */
export function lossInWords(sight: Sight, lost: readonly LostNode[]): string {
  const facts = lossFacts(sight, lost);
  const cause = lost[0]?.of;
  const below = facts.dead.filter((id) => id !== cause);
  const left = leftInWords(facts.runtimeS);
  if (lost[0]?.is === "battery" && facts.onBattery.length === 1 && below.length === 0) return `on battery, ${left}`;
  const parts = [
    ...(facts.racks ? racksInWords(facts.racks) : []),
    ...(below.length > 0 ? [`${listed(below)} with it`] : []),
    ...(facts.onBattery.length > 0 ? [`${listed(facts.onBattery)} on battery, ${left}`] : []),
  ];
  return `lost: ${parts.length === 0 ? "nothing below it is without supply" : parts.join("; ")}`;
}

const leftInWords = (runtimeS: number | null): string =>
  runtimeS === null ? "time left not known" : `${Math.round(runtimeS)} s left`;

function racksInWords({ count, feeds, dark, unknown, on, fillPct, marginKw }: RacksHit): readonly string[] {
  const load = marginKw === null ? "load not known" : `at ${fillPct} %, margin ${inKw(marginKw)}`;
  const lost = `feed ${feeds.join(" and ")} of ${count === 1 ? "1 rack" : `${count} racks`}`;
  return [
    on.length === 0 ? lost : `${lost}, on feed ${on.join(" and ")} ${load}`,
    ...(dark > 0 ? [`${dark} dark`] : []),
    ...(unknown > 0 ? [`${unknown} of which nobody can say whether they have power`] : []),
  ];
}

/** Tenths below ten; with the minus that stands as high as the digits do. */
function inKw(kw: number): string {
  const rounded = Math.abs(kw) < 10 ? Math.round(kw * 10) / 10 : Math.round(kw);
  return `${String(rounded).replace("-", "−")} kW`;
}

/** Names that a person still reads; more are counted. */
const listedMax = 4;

function listed(ids: readonly NodeId[]): string {
  if (ids.length > listedMax) return `${ids.length} nodes`;
  return ids.length < 2 ? ids.join("") : `${ids.slice(0, -1).join(", ")} and ${ids.at(-1)}`;
}
