/** The one-line diagram: boxes and lines for any topology, in rem, worked out from the snapshot alone. */
import type { NodeState, Snapshot } from "../../serve/api.ts";
import type { Box, Cell, NodeCell } from "./cells.ts";
import { isOdd, isOutOfOrder, nodeCells, rackCells } from "./cells.ts";
import type { Placed } from "./chain.ts";
import { chainOf } from "./chain.ts";
import type { Line } from "./lines.ts";
import { linesBetween } from "./lines.ts";
import { spread } from "./spread.ts";

export interface Diagram {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

/** A box holds a name such as "UPS A" and "no answer 6:12" cut short. */
const boxMin = 4.3;
const boxMax = 8.4;
const lineGapMin = 1;
/** One line of text; two; three. */
const heights = [4.1, 2.9, 1.55] as const;
const rowGap = 0.3;
const rowMin = heights[2] + rowGap;
/** More boxes of one kind than these are not set between the lanes one by one. */
const sharedMax = 3;
/** More lines than about these between the last boxes and the racks are a tangle: then more is put together. */
const linksMax = 8;
/** The gap before the racks, where most lines cross, is so much wider than the others. */
const lastGapWeight = 1.8;

export interface Panel {
  readonly width: number;
  readonly height: number;
  /** How wide a box that holds so many lines under its name would like to be, rem. */
  readonly wantedW: (cell: Cell, lines: number) => number;
  /** How wide it must be at least: its name may be cut short, a figure beside an indicator may not. */
  readonly leastW?: (cell: Cell, lines: number) => number;
}

/** Lays the power tree of a snapshot out on a panel of this size. */
export function diagramOf(snapshot: Snapshot, panel: Panel): Diagram {
  const { width, height } = panel;
  const columnsMax = Math.max(2, Math.floor((width + lineGapMin) / (boxMin + lineGapMin)));
  const chain = chainOf(snapshot.site.nodes, columnsMax - 1);
  const { placed } = chain;
  const rows = Math.floor((height + rowGap) / rowMin);
  const lanes = lanesOf(placed, snapshot, rows);
  const column = Math.max(-1, ...placed.map((one) => one.column)) + 1;
  const room = Math.floor(Math.min((height + rowGap) / (heights[1] + rowGap), linksMax / Math.max(1, lanes.length)));
  const racks = rackCells(snapshot, chain, { column, room });
  const cells = [...cellsOf(placed, lanes, snapshot, height), ...racks];
  const boxes = arrange(cells, { ...panel, lanes });
  return { boxes, lines: linesBetween(boxes, snapshot) };
}

/** Boxes that stand between the lanes, in the column in which most of them stand beside lanes' own. */
function sharedMost(placed: readonly Placed[]): number {
  const beside = (column: number): number => {
    const here = placed.filter((one) => one.column === column);
    const shared = here.filter(({ feeds }) => feeds.length > 1).length;
    return shared === here.length ? 0 : Math.min(sharedMax, shared);
  };
  return Math.max(0, ...placed.map(({ column }) => beside(column)));
}

/** The feeds that share a lane, lane by lane. Too many feeds for the height: those in order share the last. */
function lanesOf(placed: readonly Placed[], snapshot: Snapshot, rows: number): readonly (readonly string[])[] {
  const max = Math.max(1, rows - sharedMost(placed));
  const feeds = [...new Set(placed.flatMap((one) => one.feeds))].sort();
  if (feeds.length <= max) return feeds.map((feed) => [feed]);
  const odd = (feed: string): boolean =>
    placed.some(({ node, feeds: serves }) => serves.length === 1 && serves[0] === feed && isOdd(node, snapshot));
  const ranked = [...feeds.filter(odd), ...feeds.filter((feed) => !odd(feed))];
  const alone = ranked.slice(0, max - 1).sort();
  return [...alone.map((feed) => [feed]), ranked.slice(max - 1).sort()];
}

function cellsOf(
  placed: readonly Placed[],
  lanes: readonly (readonly string[])[],
  snapshot: Snapshot,
  height: number,
): readonly NodeCell[] {
  const stacks = new Map<string, Placed[]>();
  for (const one of placed) {
    const lane = lanes.findIndex((feeds) => one.feeds.length > 0 && one.feeds.every((feed) => feeds.includes(feed)));
    // What several lanes share is kept apart by kind, so that a group never mixes a utility with a generator.
    const key = `${one.column}/${lane}/${lane < 0 || lanes[lane]!.length > 1 ? one.node.kind : ""}`;
    stacks.set(key, [...(stacks.get(key) ?? []), one]);
  }
  const laneRoom = Math.floor(height / Math.max(1, lanes.length) / rowMin);
  const isTangle = linksOf(placed, snapshot) > linksMax;
  return [...stacks].flatMap(([key, stack]) => {
    const lane = Number(key.split("/")[1]);
    if (lane < 0) return nodeCells(stack, Math.min(sharedMax, Math.floor(height / rowMin / 2)), snapshot);
    const together = lanes[lane]!.length > 1 || (isTangle && stack[0]!.node.kind === "pdu");
    // What is out of order keeps a box of its own beside the others' one.
    const isOddOne = stack.length > 1 && stack.some(({ node }) => isOdd(node, snapshot));
    return nodeCells(stack, together ? Math.min(laneRoom, isOddOne ? 2 : 1) : laneRoom, snapshot);
  });
}

/** Lines that there would be to the racks if nothing were put together. */
function linksOf(placed: readonly Placed[], { site }: Snapshot): number {
  const drawn = new Set(placed.map(({ node }) => node.id));
  return new Set(
    site.loads.flatMap(({ space, from }) => from.filter((id) => drawn.has(id)).map((id) => `${id}>${space}`)),
  ).size;
}

/** The tallest box of which a column holds all, and each lane one. Racks take all the height there is: their feeds come from everywhere. */
function heightIn(column: readonly Cell[], { height, lanes }: Room): number {
  if (column[0]?.kind === "racks") return (height + rowGap * 2) / column.length - rowGap * 2;
  const most = Math.max(1, column.length, lanes.length);
  return heights.find((h) => most * (h + rowGap) - rowGap <= height) ?? heights[2];
}

/** Lines of text that a box of this height holds under its name. */
export const linesIn = (boxH: number): number => Math.max(0, Math.floor((boxH - 0.35) / 1.2) - 1);

interface Room extends Panel {
  readonly lanes: readonly (readonly string[])[];
}

function arrange(cells: readonly Cell[], room: Room): readonly Box[] {
  const numbers = [...new Set(cells.map(({ column }) => column))].sort((a, b) => a - b);
  const columns = numbers.map((column) => cells.filter((cell) => cell.column === column));
  const widths = widthsOf(columns, room);
  const gaps = gapsOf(columns, room.width - sum(widths));
  return columns.flatMap((column, i) => {
    const x = sum(widths.slice(0, i)) + sum(gaps.slice(0, i));
    const h = heightIn(column, room);
    const wishes = column
      .map((cell) => ({ cell, center: centerOf(cell, column, room), height: h }))
      .sort((a, b) => a.center - b.center);
    const tops = spread(wishes, room.height, column[0]?.kind === "racks" ? rowGap * 2 : rowGap);
    return wishes.map(({ cell }, k) => ({ cell, x, y: tops[k]!, w: widths[i]!, h }));
  });
}

function gapsOf(columns: readonly (readonly Cell[])[], free: number): readonly number[] {
  const isLast = (i: number): boolean => columns[i + 1]?.[0]?.kind === "racks" && columns.length > 2;
  const weights = columns.slice(1).map((_, i) => (isLast(i) ? lastGapWeight : 1));
  return weights.map((weight) => (free * weight) / sum(weights));
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Each column as wide as it likes; where that is too much together, all give way alike, down to what their figures need. */
function widthsOf(columns: readonly (readonly Cell[])[], room: Room): readonly number[] {
  const widest = (column: readonly Cell[], widthOf: Panel["wantedW"]): number => {
    const lines = linesIn(heightIn(column, room));
    return Math.min(boxMax, Math.max(boxMin, ...column.map((cell) => widthOf(cell, lines))));
  };
  const { wantedW, leastW = () => boxMin } = room;
  const wanted = columns.map((column) => widest(column, wantedW));
  const needed = columns.map((column) => widest(column, leastW));
  const free = room.width - (columns.length - 1) * lineGapMin;
  const least = sum(needed) <= free ? needed : columns.map(() => boxMin);
  const spare = free - sum(least);
  const over = sum(wanted) - sum(least);
  if (over <= spare) return wanted;
  return wanted.map((w, i) => least[i]! + ((w - least[i]!) * Math.max(0, spare)) / over);
}

/** The middle of its lanes; several boxes of one lane and column stand around it. */
function centerOf(cell: Cell, column: readonly Cell[], room: Room): number {
  const { lanes, height } = room;
  const laneH = height / Math.max(1, lanes.length);
  const mine = lanes.flatMap((feeds, i) => (cell.feeds.some((feed) => feeds.includes(feed)) ? [i] : []));
  const middle = mine.length === 0 ? height / 2 : (sum(mine) / mine.length + 0.5) * laneH;
  const same = column.filter((other) => sameFeeds(other, cell));
  const span = cell.kind === "racks" ? height : laneH * Math.max(1, mine.length);
  const step = Math.max(heightIn(column, room) + rowGap, span / same.length);
  return middle + (same.indexOf(cell) - (same.length - 1) / 2) * step;
}

const sameFeeds = (a: Cell, b: Cell): boolean => a.feeds.join() === b.feeds.join();

/** What the nodes of a box come to together. */
export function summaryOf(cell: NodeCell, states: Readonly<Record<string, NodeState>>): Summary {
  const all = cell.nodes.map((node) => states[node.id]);
  const kws = all.map((state) => state?.kw ?? null);
  const known = kws.filter((kw) => kw !== null);
  return {
    live: all.filter((state) => state?.live === true).length,
    dead: all.filter((state) => state?.live === false).length,
    silent: all.filter((state) => state === undefined || state.silentSince !== null).length,
    kw: known.length === all.length ? known.reduce((a, b) => a + b, 0) : null,
    ratedKw: cell.nodes.reduce((sum, node) => sum + node.ratedKw, 0),
    outOfOrder: cell.nodes.some((node) => isOutOfOrder(node, states[node.id])),
  };
}

export interface Summary {
  readonly live: number;
  readonly dead: number;
  /** Nodes whose devices say nothing. */
  readonly silent: number;
  readonly kw: number | null;
  readonly ratedKw: number;
  readonly outOfOrder: boolean;
}
