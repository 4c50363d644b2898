/** What is drawn as one box: a node, a group of alike nodes, or the racks of a space. Grouping comes before shrinking. */
import type { AlarmView, NodeState, NodeView, Priority, RackGroup, Snapshot } from "../../serve/api.ts";
import { priorityOrder } from "../palette.ts";
import type { Chain, Placed } from "./chain.ts";

export interface NodeCell {
  readonly kind: "nodes";
  readonly key: string;
  readonly column: number;
  readonly feeds: readonly string[];
  readonly nodes: readonly NodeView[];
  /** Worst priority of the alarms on it. */
  readonly priority: Priority | null;
}

export interface RackCell {
  readonly kind: "racks";
  readonly key: string;
  readonly column: number;
  readonly feeds: readonly string[];
  readonly groups: readonly RackGroup[];
  /** Nodes that its racks hang on. */
  readonly from: ReadonlySet<string>;
  readonly priority: Priority | null;
}

export type Cell = NodeCell | RackCell;

/** A cell with its place on the panel, rem. */
export interface Box {
  readonly cell: Cell;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A node that should have power and is known to have none, or whose device is silent, or says fault. */
export const isOutOfOrder = (node: NodeView, state: NodeState | undefined): boolean =>
  state === undefined ||
  state.silentSince !== null ||
  state.mode === "fault" ||
  (state.live === false && node.kind !== "generator" && node.kind !== "utility");

/** The worst of the active alarms that a node's devices speak for. */
export function priorityOf(nodes: readonly NodeView[], alarms: readonly AlarmView[]): Priority | null {
  const devices = new Set(nodes.flatMap((node) => node.devices));
  return worst(alarms.filter((alarm) => alarm.active && alarm.devices.some((device) => devices.has(device))));
}

export const worst = (alarms: readonly AlarmView[]): Priority | null =>
  priorityOrder.find((priority) => alarms.some((alarm) => alarm.priority === priority)) ?? null;

/** The nodes of one lane and column: each on its own while there is room, else what is in order in one box. */
export function nodeCells(placed: readonly Placed[], room: number, snapshot: Snapshot): readonly NodeCell[] {
  const first = placed[0];
  if (!first) return [];
  if (placed.length <= Math.max(1, room)) return placed.map((one) => nodeCell([one], snapshot));
  const odd = placed.filter(({ node }) => isOdd(node, snapshot)).slice(0, Math.max(0, room - 1));
  const rest = placed.filter((one) => !odd.includes(one));
  return [...odd.map((one) => nodeCell([one], snapshot)), nodeCell(rest, snapshot)];
}

/** Whether a node must be seen on its own. */
export const isOdd = (node: NodeView, { nodes, alarms }: Snapshot): boolean =>
  isOutOfOrder(node, nodes[node.id]) || priorityOf([node], alarms) !== null;

function nodeCell(placed: readonly Placed[], { alarms }: Snapshot): NodeCell {
  const nodes = placed.map(({ node }) => node);
  const feeds = [...new Set(placed.flatMap((one) => one.feeds))].sort();
  const { column } = placed[0]!;
  return { kind: "nodes", key: nodes[0]!.id, column, feeds, nodes, priority: priorityOf(nodes, alarms) };
}

/** The racks, a box a space while there is room; then the spaces that are in order in one. */
export function rackCells(snapshot: Snapshot, { standIns }: Chain, place: RackPlace): readonly RackCell[] {
  const { racks } = snapshot;
  const { room } = place;
  const cell = (groups: readonly RackGroup[]): RackCell => rackCell(groups, snapshot, standIns, place.column);
  if (racks.length === 0) return [];
  if (racks.length <= Math.max(1, room)) return racks.map((group) => cell([group]));
  const odd = racks.filter((group) => group.single + group.dark + group.unknown > 0).slice(0, Math.max(0, room - 1));
  const rest = racks.filter((group) => !odd.includes(group));
  return [...odd.map((group) => cell([group])), cell(rest)];
}

export interface RackPlace {
  readonly column: number;
  /** Boxes that the column holds. */
  readonly room: number;
}

function rackCell(
  groups: readonly RackGroup[],
  { site }: Snapshot,
  standIns: Chain["standIns"],
  column: number,
): RackCell {
  const spaces = new Set(groups.map(({ space }) => space));
  const own = site.loads.filter((load) => spaces.has(load.space)).flatMap((load) => load.from);
  const from = new Set(own.flatMap((id) => standIns.get(id) ?? [id]));
  const feeds = [...new Set(groups.flatMap(({ fed }) => Object.keys(fed)))].sort();
  return { kind: "racks", key: `racks-${groups[0]!.space}`, column, feeds, groups, from, priority: null };
}
