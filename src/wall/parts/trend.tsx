import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Snapshot } from "../../serve/api.ts";
import { feedsOf } from "../cards/margins.ts";
import { quantityText } from "../format.ts";
import { alarmLineH } from "../layout.ts";
import { palette } from "../palette.ts";
import { sampleMs, samples } from "../ring.ts";
import type { Session } from "../session.ts";
import type { Words } from "../text.ts";

interface Props {
  readonly session: Session;
  readonly words: Words;
  readonly lines: number;
}

/** Feeds are told apart by their dashes, not by hues: those belong to the alarms. In parts of a rem. */
const dashes: readonly (readonly number[])[] = [[], [0.5, 0.3], [0.15, 0.25], [0.9, 0.3, 0.15, 0.3]];

interface Curve {
  readonly name: string;
  readonly kw: number | null;
  readonly feeds: readonly string[];
}

/** A curve a feed. More than there are dashes would be a tangle: then one for all of them. */
function curvesOf(snapshot: Snapshot, words: Words): readonly Curve[] {
  const feeds = feedsOf(snapshot);
  if (feeds.length <= dashes.length) return feeds.map(({ name, kw }) => ({ name, kw, feeds: [name] }));
  const isKnown = feeds.every(({ kw }) => kw !== null);
  const kw = isKnown ? feeds.reduce((sum, feed) => sum + feed.kw!, 0) : null;
  return [{ name: words.t("feeds.all", { n: feeds.length }), kw, feeds: feeds.map(({ name }) => name) }];
}

/** The load of the feeds over the last quarter of an hour. One chart for the life of the page's part. */
export function Trend({ session, words, lines }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const snapshot = session.snapshot.value!;
  const curves = curvesOf(snapshot, words);
  const names = curves.map(({ name }) => name).join();
  const count = session.trends.count.value;
  useEffect(() => {
    const element = host.current!;
    const made = new uPlot(optionsOf(curves.length, element), dataOf(session, curves), element);
    chart.current = made;
    return () => {
      made.destroy();
      chart.current = null;
    };
  }, [names, lines, words.language, innerWidth, innerHeight]);
  useEffect(() => chart.current?.setData(dataOf(session, curves)), [count, names]);
  return (
    <div class="trend" style={{ height: `${lines * alarmLineH}rem` }} role="img" aria-label={words.t("aria.trend")}>
      <div
        class="legend"
        style={{ gridTemplateRows: `repeat(${Math.floor((lines * alarmLineH - 0.3) / 1.2)}, 1.2rem)` }}
      >
        <span class="dim">{words.t("trend.title")}</span>
        {curves.map(({ name, kw }, i) => (
          <span key={name}>
            <svg viewBox="0 0 2 1" aria-hidden="true">
              <path d="M0 .5H2" stroke-dasharray={dashes[i]!.join(" ")} />
            </svg>
            {name} {kw === null ? <i class="hatched">–</i> : quantityText(kw, "kW", words)}
          </span>
        ))}
      </div>
      <div class="chart" ref={host} />
    </div>
  );
}

/** Minutes before now, and each curve's kW; a sum is known where all of its feeds are. */
function dataOf(session: Session, curves: readonly Curve[]): uPlot.AlignedData {
  const minutes = Float64Array.from({ length: samples }, (_, i) => ((i - samples + 1) * sampleMs) / 60_000);
  const data = curves.map(({ feeds }) => {
    const parts = feeds.map((feed) => session.trends.feed(feed));
    return Array.from(minutes, (_, i) => parts.reduce((sum, part) => sum + part[i]!, 0)).map((v) =>
      Number.isNaN(v) ? null : v,
    );
  });
  return [minutes, ...data];
}

const minuteText = (minute: number): string => String(minute).replace("-", "−");

/** Whole tens around the curves, so that the scale does not jump about with them. */
const tens = (low: number, high: number): [number, number] => [
  10 * Math.floor((0.9 * low) / 10),
  10 * Math.ceil((1.1 * high + 1) / 10),
];

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

function optionsOf(curves: number, element: HTMLElement): uPlot.Options {
  const size = rem();
  const font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: palette.dim, font, grid: { stroke: palette.line, width: 1 }, ticks: { show: false } };
  const curve = (i: number): uPlot.Series => ({
    stroke: palette.live,
    width: size * 0.08,
    dash: dashes[i]!.map((d) => d * size * devicePixelRatio),
    points: { show: false },
  });
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    // Half a line: a label at the end of an axis reaches that far beyond it.
    padding: [size * 0.6, size * 0.6, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false },
      y: { range: (_, low, high) => tens(low ?? 0, high ?? 0) },
    },
    axes: [
      { ...axis, size: size * 1.5, splits: () => [-10, -5, 0], values: (_, ticks) => ticks.map(minuteText) },
      { ...axis, size: size * 2.6, splits: (chart) => [chart.scales["y"]!.min!, chart.scales["y"]!.max!] },
    ],
    series: [{}, ...Array.from({ length: curves }, (_, i) => curve(i))],
  };
}
