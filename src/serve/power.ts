/**
 * What the power tree looks like from outside: which node has power, how much it carries, which
 * racks live on how many feeds. A device that says nothing leaves its node to its supply and its
 * meter; where those say nothing either, the answer is "not known".
 */
import type { Image } from "../core/image.ts";
import type { PointId } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import type { Load, NodeId, PowerNode, PowerTree } from "../core/topology/power.ts";
import { isOpen, isTransferSwitch } from "../core/topology/power.ts";
import type { NodeState, RackGroup } from "./api.ts";
import type { SiteInfo } from "./info.ts";

/** A meter that shows no more than this shows its own offset. kW. */
const offsetKw = 0.05;

interface Sight {
  readonly tree: PowerTree;
  readonly image: Image;
  readonly info: SiteInfo;
  readonly live: Map<NodeId, boolean | null>;
  readonly below: ReadonlyMap<NodeId, readonly NodeId[]>;
}

/** Every node of the power tree as it stands. */
export function nodeStates(tree: PowerTree, image: Image, info: SiteInfo): Record<string, NodeState> {
  const sight: Sight = { tree, image, info, live: new Map(), below: belowOf(tree) };
  const states: Record<string, NodeState> = {};
  for (const node of tree.nodes.values()) states[node.id] = stateOf(sight, node);
  return states;
}

/** The racks of each space, counted by what feeds them. */
export function rackGroups(tree: PowerTree, image: Image, nodes: Readonly<Record<string, NodeState>>): RackGroup[] {
  const groups = new Map<string, Load[]>();
  for (const load of tree.loads) {
    const group = groups.get(load.space);
    if (group) group.push(load);
    else groups.set(load.space, [load]);
  }
  return [...groups].map(([space, loads]) => {
    const fed: Record<string, number> = {};
    const group = { space, total: loads.length, fed, single: 0, dark: 0, unknown: 0 };
    for (const load of loads)
      count(group, load, (feed) => (isOpen(feed, image) ? false : (nodes[feed.node]?.live ?? null)), tree);
    return group;
  });
}

type Counted = { fed: Record<string, number>; single: number; dark: number; unknown: number };

function count(
  group: Counted,
  load: Load,
  liveOf: (feed: Load["feeds"][number]) => boolean | null,
  tree: PowerTree,
): void {
  const lives = load.feeds.map(liveOf);
  load.feeds.forEach(({ node }, i) => {
    const feed = tree.nodes.get(node)?.feed ?? node;
    group.fed[feed] = (group.fed[feed] ?? 0) + (lives[i] === true ? 1 : 0);
  });
  const sure = lives.filter((live) => live === true).length;
  if (sure === 0 && lives.includes(null)) group.unknown += 1;
  else if (sure === 0) group.dark += 1;
  else if (sure === 1 && lives.length > 1 && !lives.includes(null)) group.single += 1;
}

function belowOf(tree: PowerTree): ReadonlyMap<NodeId, readonly NodeId[]> {
  const below = new Map<NodeId, NodeId[]>();
  for (const node of tree.nodes.values()) {
    for (const from of node.from) below.set(from, [...(below.get(from) ?? []), node.id]);
  }
  return below;
}

function stateOf(sight: Sight, node: PowerNode): NodeState {
  const mode = modeOf(sight, node);
  const runtime = node.kind === "ups" ? readingOf(sight, node, "battery.runtime") : null;
  const runtimeS = runtime && runtime.quality !== "bad" ? runtime.value : null;
  return {
    live: liveOf(sight, node.id),
    kw: kwOf(sight, node),
    mode,
    runtimeS,
    emptyAt: mode === "battery" && runtime && runtimeS !== null ? wholeSecond(runtime.at + runtimeS * 1000) : null,
    chargePct: node.kind === "ups" ? valueOf(sight, node, "battery.charge") : null,
    silentSince: silentSince(sight, node),
  };
}

/** A countdown shows seconds: what is finer would only be sent again and again. */
const wholeSecond = (at: number): number => Math.round(at / 1000) * 1000;

/** The first of the node's own device and its battery's that has the point. */
function readingOf(sight: Sight, node: PowerNode, name: string): ReturnType<Image["readingOf"]> | null {
  for (const device of [node.device, node.battery]) {
    const point = device === null ? null : pointId(device, name);
    if (point !== null && sight.info.points.has(point)) return sight.image.readingOf(point);
  }
  return null;
}

function valueOf(sight: Sight, node: PowerNode, name: string): number | null {
  const reading = readingOf(sight, node, name);
  return reading && reading.quality !== "bad" ? reading.value : null;
}

const modePoint: Readonly<Partial<Record<PowerNode["kind"], string>>> = {
  ups: "ups.mode",
  generator: "generator.state",
};

function modeOf(sight: Sight, node: PowerNode): string | null {
  if (isTransferSwitch(node)) return atsModeOf(sight, node);
  const name = modePoint[node.kind];
  if (name === undefined || node.device === null) return null;
  const value = valueOf(sight, node, name);
  return value === null ? null : (sight.info.points.get(pointId(node.device, name))?.states?.[value] ?? null);
}

function atsModeOf(sight: Sight, node: PowerNode): string | null {
  if (valueOf(sight, node, "ats.on_utility") === 1) return "utility";
  return valueOf(sight, node, "ats.on_generator") === 1 ? "generator" : null;
}

/** Of the points that speak for a node, whether all are silent, and since when. */
function silentSince(sight: Sight, node: PowerNode): number | null {
  const points = [node.power, ...speakers(node)].filter((p): p is PointId => p !== null && sight.info.points.has(p));
  const readings = points.map((point) => sight.image.readingOf(point));
  if (readings.length === 0 || readings.some((reading) => reading.quality !== "bad")) return null;
  return Math.max(...readings.map((reading) => reading.at));
}

function speakers(node: PowerNode): readonly PointId[] {
  if (node.device === null) return [];
  const names = isTransferSwitch(node) ? ["ats.on_utility", "ats.on_generator"] : [modePoint[node.kind]];
  return names.flatMap((name) => (name === undefined ? [] : [pointId(node.device!, name)]));
}

function liveOf(sight: Sight, id: NodeId): boolean | null {
  const known = sight.live.get(id);
  if (known !== undefined) return known;
  // A circle cannot be: the site file's check refuses it. Should one get here, it ends as "not known".
  sight.live.set(id, null);
  const node = sight.tree.nodes.get(id);
  const live = node ? judge(sight, node) : null;
  sight.live.set(id, live);
  return live;
}

function judge(sight: Sight, node: PowerNode): boolean | null {
  const metered = node.power === null ? null : sight.image.valueOf(node.power);
  if (metered !== null && Math.abs(metered) > offsetKw) return true;
  switch (node.kind) {
    case "utility":
      return sourceLive(sight, node, metered, "ats.on_utility");
    case "generator": {
      const mode = modeOf(sight, node);
      return mode === null ? sourceLive(sight, node, metered, "ats.on_generator") : mode === "running";
    }
    case "ups":
      return upsLive(sight, node);
    case "ats":
    case "sts":
      return atsLive(sight, node);
    case "pdu":
      return anyOf(node.from.map((from) => liveOf(sight, from))) ?? (metered === null ? null : false);
  }
}

/** A source is known by its meter, or by the transfer switch that has chosen it or left it. */
function sourceLive(sight: Sight, node: PowerNode, metered: number | null, chosen: string): boolean | null {
  for (const id of sight.below.get(node.id) ?? []) {
    const ats = sight.tree.nodes.get(id);
    const on = ats && isTransferSwitch(ats) ? valueOf(sight, ats, chosen) : null;
    if (on !== null) return on === 1;
  }
  return metered === null ? null : false;
}

function upsLive(sight: Sight, node: PowerNode): boolean | null {
  const mode = modeOf(sight, node);
  if (mode === "off") return false;
  if (mode !== null && mode !== "other" && mode !== "bypass") return true;
  return anyOf(node.from.map((from) => liveOf(sight, from)));
}

function atsLive(sight: Sight, node: PowerNode): boolean | null {
  const chosen = atsModeOf(sight, node);
  const from = node.from.map((id) => ({ kind: sight.tree.nodes.get(id)?.kind, live: liveOf(sight, id) }));
  const heard = chosen === null && readingOf(sight, node, "ats.on_utility") !== null;
  if (heard && valueOf(sight, node, "ats.on_utility") === 0 && valueOf(sight, node, "ats.on_generator") === 0)
    return false;
  const ways =
    chosen === null ? from : from.filter(({ kind }) => kind === chosen || (kind !== "utility" && kind !== "generator"));
  return anyOf((ways.length > 0 ? ways : from).map(({ live }) => live));
}

/** True when one is; not known when one that is not known could still be. */
function anyOf(lives: readonly (boolean | null)[]): boolean | null {
  if (lives.includes(true)) return true;
  return lives.includes(null) || lives.length === 0 ? null : false;
}

/** What a node carries: its meter's word, or the sum of the nodes below it where all of those are known. */
function kwOf(sight: Sight, node: PowerNode): number | null {
  if (node.power !== null) return sight.image.valueOf(node.power);
  // Behind a transfer switch the sum belongs to whichever source is chosen, so sources are not summed.
  if (node.kind === "utility" || node.kind === "generator") return null;
  let sum = 0;
  const below = sight.below.get(node.id) ?? [];
  for (const id of below) {
    const kw = kwOf(sight, sight.tree.nodes.get(id)!);
    if (kw === null) return null;
    sum += kw;
  }
  return below.length === 0 ? null : sum;
}
