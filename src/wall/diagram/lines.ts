/** The lines between the boxes, and whether power runs through them. */
import type { NodeView, Snapshot } from "../../serve/api.ts";
import type { Box, Cell } from "./cells.ts";

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
  const lines = links.map((link) => ({
    key: `${link.from.cell.key}>${link.to.cell.key}`,
    d: pathOf(link, links),
    flow: link.flow,
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
    const chosen = to?.kind === "ats" ? nodes[to.id]?.mode : undefined;
    // A source that runs unloaded is live; the line from it to a transfer switch that has not chosen it is not.
    if (typeof chosen === "string" && (from.kind === "utility" || from.kind === "generator") && from.kind !== chosen)
      return false;
    return nodes[from.id]?.live ?? null;
  });
  if (flows.includes(true)) return "live";
  return flows.includes(null) ? "unknown" : "dead";
}

/** Out of the middle of the right side, across at the source's own place in the gap, into the left side. */
function pathOf(link: Link, links: readonly Link[]): string {
  const { from, to } = link;
  const y1 = from.y + from.h / 2;
  const y2 = portOf(
    to,
    links.filter((l) => l.to === to).map((l) => l.from),
    from,
  );
  const x1 = from.x + from.w;
  const x2 = to.x;
  if (Math.abs(y1 - y2) < 0.02) return `M${r(x1)} ${r(y1)}H${r(x2)}`;
  const sources = [...new Set(links.filter((l) => l.to.x === x2).map((l) => l.from))].sort((a, b) => a.y - b.y);
  const gapLeft = Math.max(x1, ...sources.map((s) => s.x + s.w).filter((x) => x < x2));
  const x = gapLeft + ((x2 - gapLeft) * (sources.indexOf(from) + 1)) / (sources.length + 1);
  return `M${r(x1)} ${r(y1)}H${r(x)}V${r(y2)}H${r(x2)}`;
}

const r = (n: number): number => Math.round(n * 1000) / 1000;

/** Where on a box's left side a line ends: one alone in the middle, several one under another in their order. */
function portOf(box: Box, sources: readonly Box[], source: Box): number {
  const sorted = [...sources].sort((a, b) => a.y - b.y);
  return box.y + (box.h * (sorted.indexOf(source) + 1)) / (sorted.length + 1);
}
