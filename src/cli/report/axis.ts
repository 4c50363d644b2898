/**
 * Time from left to right. A long span in which nothing happens is folded to a hand's breadth, so that nine hours with
 * ten minutes of action show the ten minutes. All drawings of a page share one axis.
 */
export interface Axis {
  /** Where an instant lies, px. */
  readonly x: (at: number) => number;
  readonly left: number;
  readonly right: number;
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
  /** Folded spans, px. */
  readonly folds: readonly { readonly from: number; readonly to: number }[];
}

export interface AxisOptions {
  readonly from: number;
  readonly to: number;
  /** Instants at which something happens. */
  readonly busy: readonly number[];
  readonly left: number;
  readonly right: number;
  readonly timezone: string;
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly isFolded: boolean;
}

const minuteMs = 60_000;
/** A gap shorter than this, or than this share of what is left, is drawn as it is. */
const foldMinMs = 20 * minuteMs;
const foldShare = 0.25;
const foldPx = 26;
const tickPx = 86;
const stepsS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

export function axisOf(options: AxisOptions): Axis {
  const { left, right } = options;
  const pieces = piecesOf(options);
  const folded = pieces.filter(({ isFolded }) => isFolded).length;
  const drawnMs = pieces.reduce((sum, { from, to, isFolded }) => sum + (isFolded ? 0 : to - from), 0);
  const pxPerMs = (right - left - folded * foldPx) / Math.max(1, drawnMs);
  const widths = pieces.map(({ from, to, isFolded }) => (isFolded ? foldPx : (to - from) * pxPerMs));
  const starts = widths.map((_, i) => left + widths.slice(0, i).reduce((a, b) => a + b, 0));
  const x = (at: number): number => {
    const i = pieces.findIndex(({ to }) => at <= to);
    const piece = pieces[i];
    if (!piece) return right;
    const part = (Math.max(at, piece.from) - piece.from) / Math.max(1, piece.to - piece.from);
    return starts[i]! + part * widths[i]!;
  };
  return {
    x,
    left,
    right,
    ticks: ticksOf(pieces, { x, pxPerMs, timezone: options.timezone }),
    folds: pieces.flatMap(({ isFolded }, i) => (isFolded ? { from: starts[i]!, to: starts[i]! + widths[i]! } : [])),
  };
}

/** The span cut at its longest gaps, each with a margin of life on both sides. */
function piecesOf({ from, to, busy }: AxisOptions): readonly Piece[] {
  const instants = [...new Set([from, ...busy.filter((at) => at > from && at < to), to])].toSorted((a, b) => a - b);
  const gaps = instants.slice(1).map((end, i) => ({ from: instants[i]!, to: end, ms: end - instants[i]! }));
  const folds: typeof gaps = [];
  let leftMs = to - from;
  for (const gap of gaps.toSorted((a, b) => b.ms - a.ms)) {
    if (gaps.length < 2 || gap.ms < foldMinMs || gap.ms < foldShare * leftMs) break;
    folds.push(gap);
    leftMs -= gap.ms;
  }
  const margin = Math.min(foldMinMs / 4, Math.max(minuteMs, leftMs / 20));
  const pieces: Piece[] = [];
  let at = from;
  for (const fold of folds.toSorted((a, b) => a.from - b.from)) {
    const [begin, end] = [fold.from + margin, fold.to - margin];
    pieces.push({ from: at, to: begin, isFolded: false }, { from: begin, to: end, isFolded: true });
    at = end;
  }
  return [...pieces, { from: at, to, isFolded: false }];
}

function ticksOf(
  pieces: readonly Piece[],
  { x, pxPerMs, timezone }: { readonly x: Axis["x"]; readonly pxPerMs: number; readonly timezone: string },
): Axis["ticks"] {
  const stepMs = (stepsS.find((s) => s * 1000 * pxPerMs >= tickPx) ?? stepsS.at(-1)!) * 1000;
  const format = clockOf(timezone, stepMs < minuteMs);
  const ticks: { x: number; text: string }[] = [];
  for (const { from, to, isFolded } of pieces) {
    if (isFolded) continue;
    for (let at = Math.ceil(from / stepMs) * stepMs; at <= to; at += stepMs) {
      const place = x(at);
      if (ticks.length === 0 || place - ticks.at(-1)!.x >= tickPx * 0.6) ticks.push({ x: place, text: format(at) });
    }
  }
  return ticks;
}

/** Says an instant as the site's clock shows it. */
export function clockOf(timezone: string, withSeconds: boolean): (at: number) => string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    hour: "2-digit",
    minute: "2-digit",
    ...(withSeconds ? { second: "2-digit" as const } : {}),
    hourCycle: "h23",
  });
  return (at) => format.format(at);
}
