/** One point over the time of a run: what it showed, where it showed nothing, and the limits that alarms hold it to. */
import type { PointId } from "../../core/reading.ts";
import { deviceOf, pointNameOf } from "../../core/reading.ts";
import type { Axis } from "./axis.ts";
import { inXml } from "./in-xml.ts";
import { frame, px, svg } from "./lanes.ts";
import type { Played } from "./played.ts";

const heightPx = 118;
const topPx = 30;

interface Limit {
  readonly value: number;
  readonly priority: string;
  readonly alarm: string;
}

export function plotOf({ run: { record }, scenario }: Played, point: PointId, axis: Axis): string {
  const samples = record.samples.get(point) ?? { at: [], values: [] };
  const info = scenario.site.pointInfo.get(point);
  const states = record.site.points.get(point)?.states ?? null;
  const limits = limitsOn(record.site.alarms, point);
  const seen = samples.values.filter((value) => value !== null);
  const [low, high] = rangeOf([...seen, ...near(limits, seen)]);
  const y = (value: number): number => topPx + (heightPx * (high - value)) / (high - low);
  const bottom = topPx + heightPx;
  const unit = info?.unit ?? "";
  const scale = (states ? states.map((_, i) => i) : [low, (low + high) / 2, high])
    .filter((value) => value >= low && value <= high)
    .map(
      (value) =>
        `<text class="dim" x="${axis.left - 10}" y="${px(y(value) + 4)}" text-anchor="end">${inXml(states?.[value] ?? tidy(value, high - low))}</text>`,
    );
  const drawn = limits
    .filter(({ value }) => value >= low && value <= high)
    .map(
      ({ value, priority, alarm }) =>
        `<line class="limit ${priority}" x1="${axis.left}" x2="${axis.right}" y1="${px(y(value))}" y2="${px(y(value))}"><title>${inXml(alarm)}</title></line>`,
    );
  const last = seen.at(-1);
  const [lowest, highest] = extremesOf(seen);
  const label = `<text x="0" y="${topPx + 8}">${inXml(deviceOf(point))}</text><text class="dim" x="0" y="${topPx + 26}">${inXml(pointNameOf(point))}${unit === "" ? "" : `, ${inXml(unitShown(unit))}`}</text>${
    last === undefined
      ? `<text class="dim" x="0" y="${topPx + 44}">never seen</text>`
      : `<text class="dim" x="0" y="${topPx + 44}">${states ? "" : `${tidy(lowest, high - low)} to ${tidy(highest, high - low)}`}</text>`
  }`;
  const silences = silent(samples, record.ends).map(
    ([from, to]) =>
      `<rect class="blind" x="${px(axis.x(from))}" y="${topPx}" width="${px(Math.max(1, axis.x(to) - axis.x(from)))}" height="${heightPx}"><title>no reading</title></rect>`,
  );
  const curve = `<path class="curve" d="${path(samples, { x: axis.x, y, ends: record.ends, isStepped: states !== null })}"/>`;
  return svg(axis, bottom + 12, [frame(axis, topPx - 4, bottom), ...silences, ...drawn, curve, ...scale, label]);
}

/** UCUM's way of writing what people write otherwise. */
const unitShown = (unit: string): string => ({ Cel: "°C", "1": "" })[unit] ?? unit;

function limitsOn(alarms: Played["run"]["record"]["site"]["alarms"], point: PointId): readonly Limit[] {
  return alarms.flatMap(({ id, priority, channels }) =>
    channels.flatMap(({ point: of, detect }) =>
      of === point && detect.kind === "limit" ? { value: detect.limit, priority, alarm: `${id}: ${detect.limit}` } : [],
    ),
  );
}

/** Limits that the curve comes near: one that is far off would only flatten it. */
function near(limits: readonly Limit[], seen: readonly number[]): readonly number[] {
  if (seen.length === 0) return limits.map(({ value }) => value);
  const [low, high] = extremesOf(seen);
  const reach = Math.max(high - low, Math.abs(high) * 0.2);
  return limits.map(({ value }) => value).filter((value) => value >= low - reach && value <= high + reach);
}

/** The lowest and the highest; a week has more values than a call takes arguments. */
const extremesOf = (values: readonly number[]): readonly [number, number] =>
  values.reduce<readonly [number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );

function rangeOf(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 1];
  const [low, high] = extremesOf(values);
  const room = (high - low) * 0.08 || Math.max(0.5, Math.abs(high) * 0.05);
  return [low >= 0 && low - room < 0 ? 0 : low - room, high + room];
}

/** As many places as the span is worth. */
const tidy = (value: number, span: number): string =>
  value.toFixed(Math.min(3, Math.max(0, Math.ceil(1.5 - Math.log10(span)))));

type Samples = { readonly at: readonly number[]; readonly values: readonly (number | null)[] };

function silent({ at, values }: Samples, ends: number): readonly (readonly [number, number])[] {
  return values.flatMap((value, i) => (value === null ? [[at[i]!, at[i + 1] ?? ends] as const] : []));
}

/** Samples say when a value changed: between two it held, and a gap breaks the line. */
function path(
  { at, values }: Samples,
  { x, y, ends, isStepped }: { x: (at: number) => number; y: (v: number) => number; ends: number; isStepped: boolean },
): string {
  const steps: string[] = [];
  let isDown = false;
  let drawnAt = Number.NEGATIVE_INFINITY;
  values.forEach((value, i) => {
    if (value === null) {
      if (isDown) steps.push(`H${px(x(at[i]!))}`);
      isDown = false;
      return;
    }
    const place = x(at[i]!);
    // Two samples within a third of a pixel cannot be told apart.
    if (isDown && place - drawnAt < 0.35 && i + 1 < values.length && values[i + 1] !== null) return;
    const height = px(y(value));
    if (!isDown) steps.push(`M${px(place)} ${height}`);
    else steps.push(isStepped || at[i]! - at[i - 1]! > heldMs ? `H${px(place)}V${height}` : `L${px(place)} ${height}`);
    isDown = true;
    drawnAt = place;
  });
  if (isDown) steps.push(`H${px(x(ends))}`);
  return steps.join("");
}

/** A value that stood for longer than this did not glide to the next. */
const heldMs = 30_000;
