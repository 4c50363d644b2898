import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
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
/** More curves in one picture are a tangle. */
const curvesMax = dashes.length;

/** The load of the feeds over the last quarter of an hour. One chart for the life of the page's part. */
export function Trend({ session, words, lines }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const snapshot = session.snapshot.value!;
  const feeds = feedsOf(snapshot).slice(0, curvesMax);
  const names = feeds.map(({ name }) => name).join();
  const count = session.trends.count.value;
  useEffect(() => {
    const element = host.current!;
    const made = new uPlot(optionsOf(feeds.length, element), dataOf(session, feeds), element);
    chart.current = made;
    return () => {
      made.destroy();
      chart.current = null;
    };
  }, [names, lines, words.language, innerWidth, innerHeight]);
  useEffect(() => chart.current?.setData(dataOf(session, feeds)), [count, names]);
  return (
    <div class="trend" style={{ height: `${lines * alarmLineH}rem` }} role="img" aria-label={words.t("aria.trend")}>
      <div class="legend">
        <span class="dim">{words.t("trend.title")}</span>
        {feeds.map(({ name, kw }, i) => (
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

type Feeds = ReturnType<typeof feedsOf>;

/** Minutes before now, and each feed's kW. */
function dataOf(session: Session, feeds: Feeds): uPlot.AlignedData {
  const minutes = Float64Array.from({ length: samples }, (_, i) => ((i - samples + 1) * sampleMs) / 60_000);
  const curves = feeds.map(({ name }) => Array.from(session.trends.feed(name), (v) => (Number.isNaN(v) ? null : v)));
  return [minutes, ...curves];
}

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
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false },
      y: { range: (_, low, high) => [Math.max(0, (low ?? 0) * 0.9 - 1), (high ?? 1) * 1.1 + 1] },
    },
    axes: [
      {
        ...axis,
        size: size * 1.5,
        space: size * 6,
        values: (_, ticks) => ticks.map((minute) => (minute === 0 ? "0" : `−${-minute}`)),
      },
      { ...axis, size: size * 2.6, space: size * 1.5 },
    ],
    series: [{}, ...Array.from({ length: curves }, (_, i) => curve(i))],
  };
}
