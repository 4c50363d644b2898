/** The lines between the boxes, and whether power runs through them. */
import type { NodeView, Snapshot } from "../../serve/api.ts";
import type { Box, Cell } from "./cells.ts";
import { spread } from "./spread.ts";

export interface Line {
  readonly key: string;
  /** Path data in rem. */
  readonly d: string;
  readonly flow: "live" | "dead" | "unknown";
}

/** Every connection once, the dead ones first so that the live ones lie on top. */
export function linesBetween(boxes: readonly Box[], snapshot: Snapshot): readonly Line[] {
  const links = boxes.flatMap((from) =>
    boxes.flatMap((to) => {
      const pairs = pairsOf(from.cell, to.cell);
      return pairs.length === 0 ? [] : [{ from, to, flow: flowOf(pairs, snapshot) }];
    }),
  );
  const ends = links.map((link) => ({ ...link, y1: link.from.y + link.from.h / 2, y2: portOf(link, links) }));
  const lines = ends.map((end) => ({
    key: `${end.from.cell.key}>${end.to.cell.key}`,
    d: pathOf(end, ends),
    flow: end.flow,
  }));
  const order = { dead: 0, unknown: 1, live: 2 } as const;
  return lines.sort((a, b) => order[a.flow] - order[b.flow]);
}

interface Link {
  readonly from: Box;
  readonly to: Box;
  readonly flow: Line["flow"];
}

type Pair = readonly [from: NodeView, to: NodeView | null];

function pairsOf(from: Cell, to: Cell): readonly Pair[] {
  if (from.kind === "racks" || from === to) return [];
  if (to.kind === "racks") return from.nodes.filter((node) => to.from.has(node.id)).map((node): Pair => [node, null]);
  return to.nodes.flatMap((node) =>
    from.nodes.filter(({ id }) => node.from.includes(id)).map((source): Pair => [source, node]),
  );
}

function flowOf(pairs: readonly Pair[], { nodes }: Snapshot): Line["flow"] {
  const flows = pairs.map(([from, to]) => {
    const chosen = to?.kind === "ats" || to?.kind === "sts" ? nodes[to.id]?.mode : undefined;
    // A source that runs unloaded is live; the line from it to a transfer switch that has not chosen it is not.
    if (typeof chosen === "string" && (from.kind === "utility" || from.kind === "generator") && from.kind !== chosen)
      return false;
    return nodes[from.id]?.live ?? null;
  });
  if (flows.includes(true)) return "live";
  return flows.includes(null) ? "unknown" : "dead";
}

interface End extends Link {
  readonly y1: number;
  readonly y2: number;
}

/** Out of the middle of the right side, across on the source's own track in the gap, into the left side. */
function pathOf(end: End, ends: readonly End[]): string {
  const { from, to, y1, y2 } = end;
  const [x1, x2] = [from.x + from.w, to.x];
  if (isStraight(end)) return `M${r(x1)} ${r(y1)}H${r(x2)}`;
  const beside = ends.filter((other) => other.to.x === x2);
  const left = Math.max(...beside.map((other) => other.from.x + other.from.w));
  const tracks = tracksOf(beside.filter((other) => !isStraight(other)));
  const count = Math.max(...tracks.values()) + 1;
  const x = left + ((x2 - left) * ((tracks.get(from) ?? 0) + 1)) / (count + 1);
  return `M${r(x1)} ${r(y1)}H${r(x)}V${r(y2)}H${r(x2)}`;
}

const isStraight = ({ y1, y2 }: End): boolean => Math.abs(y1 - y2) < 0.02;
const r = (n: number): number => Math.round(n * 1000) / 1000;

/** Lines of two sources that run side by side keep at least this apart, rem. */
const trackGap = 0.3;

/** Gives the sources of a gap as few tracks as will do without two of them on one. */
function tracksOf(ends: readonly End[]): ReadonlyMap<Box, number> {
  const reach = new Map<Box, { low: number; high: number }>();
  for (const { from, y1, y2 } of ends) {
    const known = reach.get(from) ?? { low: y1, high: y1 };
    reach.set(from, { low: Math.min(known.low, y2), high: Math.max(known.high, y2) });
  }
  const tracks = new Map<Box, number>();
  const taken: number[] = [];
  for (const [box, { low, high }] of [...reach].sort((a, b) => a[1].low - b[1].low)) {
    const free = taken.findIndex((end) => end + trackGap < low);
    const track = free < 0 ? taken.length : free;
    taken[track] = high;
    tracks.set(box, track);
  }
  return tracks;
}

/** The corners of a box take no line, rem. */
const cornerMin = 0.4;
/** Two lines into one box keep this apart where it is tall enough, rem. */
const portGap = 0.55;

/**
 * Where on a box's left side a line ends: one alone at the middle, unless the box is tall enough to
 * take it straight; of several, each as straight as it can, in the order of their sources.
 */
function portOf({ from, to }: Link, links: readonly Link[]): number {
  const sources = links.filter((link) => link.to === to).map((link) => link.from);
  sources.sort((a, b) => a.y - b.y);
  if (sources.length === 1 && to.cell.kind !== "racks") return to.y + to.h / 2;
  const inside = to.h - 2 * cornerMin;
  const wishes = sources.map(({ y, h }) => ({ center: y + h / 2 - to.y - cornerMin, height: 0 }));
  const ports = spread(wishes, inside, Math.min(portGap, inside / Math.max(1, sources.length - 1)));
  return to.y + cornerMin + ports[sources.indexOf(from)]!;
}
