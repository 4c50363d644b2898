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
  /** Height of a box, which says how many lines of text it holds. */
  readonly boxH: number;
}

/** A box holds a name such as "UPS A" and "no answer 6:12" cut short. */
const boxMin = 3.8;
const boxMax = 8.4;
const lineGapMin = 1;
/** One line of text; two; three. */
const heights = [4.1, 2.9, 1.65] as const;
const rowGap = 0.4;
const rowMin = heights[2] + rowGap;

export interface Panel {
  readonly width: number;
  readonly height: number;
  /** How wide a box would like to be for what it says, rem. */
  readonly wantedW: (cell: Cell) => number;
}

/** Lays the power tree of a snapshot out on a panel of this size. */
export function diagramOf(snapshot: Snapshot, panel: Panel): Diagram {
  const { width, height } = panel;
  const columnsMax = Math.max(2, Math.floor((width + lineGapMin) / (boxMin + lineGapMin)));
  const placed = chainOf(snapshot.site.nodes, columnsMax - 1);
  const lanes = lanesOf(placed, snapshot, Math.max(1, Math.floor((height + rowGap) / rowMin)));
  const last = Math.max(-1, ...placed.map(({ column }) => column));
  const cells = [
    ...cellsOf(placed, lanes, snapshot, height),
    ...rackCells(snapshot, last + 1, Math.floor((height + rowGap) / (heights[1] + rowGap))),
  ];
  const boxH = boxHeight(cells, height, lanes.length);
  const boxes = arrange(cells, { ...panel, lanes, boxH });
  return { boxes, lines: linesBetween(boxes, snapshot), boxH };
}

/** The feeds that share a lane, lane by lane. Too many feeds for the height: those in order share the last. */
function lanesOf(placed: readonly Placed[], snapshot: Snapshot, max: number): readonly (readonly string[])[] {
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
  const isShared = (key: string): boolean => key.split("/")[1] === "-1";
  return [...stacks].flatMap(([key, stack]) => {
    const merged = (lanes[Number(key.split("/")[1])]?.length ?? 1) > 1;
    const room = isShared(key) ? Math.min(3, Math.floor(height / rowMin / 2)) : merged ? 1 : laneRoom;
    return nodeCells(stack, room, snapshot);
  });
}

/** The tallest box of which the fullest column holds all. */
function boxHeight(cells: readonly Cell[], height: number, lanes: number): number {
  const columns = new Map<number, number>();
  for (const { column } of cells) columns.set(column, (columns.get(column) ?? 0) + 1);
  const most = Math.max(1, lanes, ...columns.values());
  return heights.find((h) => most * (h + rowGap) - rowGap <= height) ?? heights[2];
}

interface Room extends Panel {
  readonly lanes: readonly (readonly string[])[];
  readonly boxH: number;
}

function arrange(cells: readonly Cell[], room: Room): readonly Box[] {
  const numbers = [...new Set(cells.map(({ column }) => column))].sort((a, b) => a - b);
  const columns = numbers.map((column) => cells.filter((cell) => cell.column === column));
  const widths = widthsOf(columns, room);
  const between = numbers.length > 1 ? (room.width - sum(widths)) / (numbers.length - 1) : 0;
  return columns.flatMap((column, i) => {
    const x = sum(widths.slice(0, i)) + i * between;
    const wishes = column
      .map((cell) => ({ cell, center: centerOf(cell, cells, room), height: room.boxH }))
      .sort((a, b) => a.center - b.center);
    const tops = spread(wishes, room.height, rowGap);
    return wishes.map(({ cell }, k) => ({ cell, x, y: tops[k]!, w: widths[i]!, h: room.boxH }));
  });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Each column as wide as it likes; where that is too much together, all give way alike. */
function widthsOf(columns: readonly (readonly Cell[])[], room: Room): readonly number[] {
  const wanted = columns.map((cells) => Math.min(boxMax, Math.max(boxMin, ...cells.map(room.wantedW))));
  const free = room.width - (columns.length - 1) * lineGapMin;
  const spare = free - columns.length * boxMin;
  const over = sum(wanted) - columns.length * boxMin;
  if (over <= spare) return wanted;
  return wanted.map((w) => boxMin + ((w - boxMin) * Math.max(0, spare)) / over);
}

/** The middle of its lanes; several boxes of one lane and column stand around it. */
function centerOf(cell: Cell, cells: readonly Cell[], { lanes, height, boxH }: Room): number {
  const laneH = height / Math.max(1, lanes.length);
  const mine = lanes.flatMap((feeds, i) => (cell.feeds.some((feed) => feeds.includes(feed)) ? [i] : []));
  const middle = mine.length === 0 ? height / 2 : (mine.reduce((sum, i) => sum + i + 0.5, 0) / mine.length) * laneH;
  const same = cells.filter((other) => other.column === cell.column && sameFeeds(other, cell));
  const room = cell.kind === "racks" ? height : laneH * Math.max(1, mine.length);
  const step = Math.max(boxH + rowGap, room / same.length);
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
    kw: known.length === all.length ? known.reduce((a, b) => a + b, 0) : null,
    ratedKw: cell.nodes.reduce((sum, node) => sum + node.ratedKw, 0),
    outOfOrder: cell.nodes.some((node) => isOutOfOrder(node, states[node.id])),
  };
}

export interface Summary {
  readonly live: number;
  readonly dead: number;
  readonly kw: number | null;
  readonly ratedKw: number;
  readonly outOfOrder: boolean;
}
