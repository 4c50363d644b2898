/**
 * Which nodes of the power tree have power, as the process image shows it: by a node's own device,
 * its meter, and what stands above and below it. A device that says nothing leaves its node to its
 * supply and its meter; where those say nothing either, the answer is "not known".
 */
import type { Image, PointRule } from "../image.ts";
import type { PointId, Reading } from "../reading.ts";
import { pointId } from "../reading.ts";
import type { NodeId, PowerNode, PowerTree } from "./power.ts";
import { deadKw, isTransferSwitch } from "./power.ts";

/** One look at the tree: what is worked out of a node is worked out once. */
export interface Sight {
  readonly tree: PowerTree;
  readonly image: Image;
  readonly rules: ReadonlyMap<PointId, PointRule>;
  readonly below: ReadonlyMap<NodeId, readonly NodeId[]>;
  readonly live: Map<NodeId, boolean | null>;
}

export const sightOf = (
  tree: PowerTree,
  image: Image,
  rules: ReadonlyMap<PointId, PointRule>,
  below: Sight["below"] = belowOf(tree),
): Sight => ({ tree, image, rules, below, live: new Map() });

/** The nodes that each node supplies, in the tree's order. */
export function belowOf(tree: PowerTree): Sight["below"] {
  const below = new Map<NodeId, NodeId[]>();
  for (const node of tree.nodes.values()) {
    for (const from of node.from) below.set(from, [...(below.get(from) ?? []), node.id]);
  }
  return below;
}

/** The points by which devices say what state their nodes are in. */
const statePoints: Readonly<Record<PowerNode["kind"], readonly string[]>> = {
  utility: [],
  generator: ["generator.state"],
  ats: ["ats.on_utility", "ats.on_generator"],
  sts: ["ats.on_utility", "ats.on_generator"],
  ups: ["ups.mode"],
  pdu: ["breaker.state"],
};

/** The points of a node's device that say what state it is in, whether the site has them or not. */
export const speakersOf = ({ kind, device }: PowerNode): readonly PointId[] =>
  device === null ? [] : statePoints[kind].map((name) => pointId(device, name));

/** The reading of a point of the node's own device or, where that has none, of its battery's; null where neither has it. */
export function nodeReading(sight: Sight, node: PowerNode, name: string): Reading | null {
  for (const device of [node.device, node.battery]) {
    const point = device === null ? null : pointId(device, name);
    if (point !== null && sight.rules.has(point)) return sight.image.readingOf(point);
  }
  return null;
}

export function nodeValue(sight: Sight, node: PowerNode, name: string): number | null {
  const reading = nodeReading(sight, node, name);
  return reading && reading.quality !== "bad" ? reading.value : null;
}

/** The state that a node's device reports ("online", "battery", "running", "utility"); null where it reports none. */
export function modeOf(sight: Sight, node: PowerNode): string | null {
  if (isTransferSwitch(node)) return chosenBy(sight, node);
  if (node.kind === "pdu") return null;
  const [point] = speakersOf(node);
  const value = point === undefined || !sight.rules.has(point) ? null : sight.image.valueOf(point);
  return value === null ? null : (sight.rules.get(point!)?.states?.[value] ?? null);
}

function chosenBy(sight: Sight, node: PowerNode): "utility" | "generator" | null {
  if (nodeValue(sight, node, "ats.on_utility") === 1) return "utility";
  return nodeValue(sight, node, "ats.on_generator") === 1 ? "generator" : null;
}

/** Whether a node has power to give; null where nobody knows. */
export function isLive(sight: Sight, id: NodeId): boolean | null {
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
  if (metered !== null && Math.abs(metered) > deadKw) return true;
  switch (node.kind) {
    case "utility":
      return isSourceLive(sight, node, metered, "ats.on_utility");
    case "generator": {
      const mode = modeOf(sight, node);
      return mode === null ? isSourceLive(sight, node, metered, "ats.on_generator") : mode === "running";
    }
    case "ups":
      return isUpsLive(sight, node);
    case "ats":
    case "sts":
      return isSwitchLive(sight, node);
    case "pdu":
      if (isBreakerOpen(sight, node)) return false;
      return anyOf(node.from.map((from) => isLive(sight, from))) ?? (metered === null ? null : false);
  }
}

/** Whether a node's own breaker is seen to be open. */
export const isBreakerOpen = (sight: Sight, node: PowerNode): boolean => nodeValue(sight, node, "breaker.state") === 0;

/** A source is known by its meter, or by the transfer switch that has chosen it or left it. */
function isSourceLive(sight: Sight, node: PowerNode, metered: number | null, chosen: string): boolean | null {
  for (const id of sight.below.get(node.id) ?? []) {
    const ats = sight.tree.nodes.get(id);
    const on = ats && isTransferSwitch(ats) ? nodeValue(sight, ats, chosen) : null;
    if (on !== null) return on === 1;
  }
  return metered === null ? null : false;
}

/** A UPS that says nothing while its supply is dead may well stand on its battery. */
function isUpsLive(sight: Sight, node: PowerNode): boolean | null {
  const mode = modeOf(sight, node);
  if (mode === "off") return false;
  if (mode !== null && mode !== "other" && mode !== "bypass") return true;
  const supplied = anyOf(node.from.map((from) => isLive(sight, from)));
  return mode === "bypass" || supplied === true ? supplied : null;
}

function isSwitchLive(sight: Sight, node: PowerNode): boolean | null {
  const chosen = chosenBy(sight, node);
  const from = node.from.map((id) => ({ kind: sight.tree.nodes.get(id)?.kind, live: isLive(sight, id) }));
  if (nodeValue(sight, node, "ats.on_utility") === 0 && nodeValue(sight, node, "ats.on_generator") === 0) return false;
  const ways =
    chosen === null ? from : from.filter(({ kind }) => kind === chosen || (kind !== "utility" && kind !== "generator"));
  return anyOf((ways.length > 0 ? ways : from).map(({ live }) => live));
}

/** True when one is; not known when one that is not known could still be. */
function anyOf(lives: readonly (boolean | null)[]): boolean | null {
  if (lives.includes(true)) return true;
  return lives.includes(null) || lives.length === 0 ? null : false;
}

/** What a node is seen to carry, kW: its meter's word, or the sum of the nodes below it where all of those are known. */
export function seenKw(sight: Sight, node: PowerNode): number | null {
  if (node.power !== null) return sight.image.valueOf(node.power);
  // Behind a transfer switch the sum belongs to whichever source is chosen, so sources are not summed.
  if (node.kind === "utility" || node.kind === "generator") return null;
  let sum = 0;
  const below = sight.below.get(node.id) ?? [];
  for (const id of below) {
    const kw = seenKw(sight, sight.tree.nodes.get(id)!);
    if (kw === null) return null;
    sum += kw;
  }
  return below.length === 0 ? null : sum;
}
