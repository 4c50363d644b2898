/** Panels of the Foundation SDK, dressed in one way: grey while all is well, hues only for what is an alarm. */
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  AxisPlacement,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableCellDisplayMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { DynamicConfigValue, Panel, ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as TimelineBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as SeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { Priority } from "../src/core/alarm/definition.ts";
import { priorities } from "../src/core/alarm/definition.ts";
import { assert } from "../src/core/assert.ts";
import { quantityOf } from "../src/core/quantity.ts";
import type { Danger } from "./danger.ts";
import { stepsOf } from "./danger.ts";
import type { Selection } from "./influxql.ts";
import { chosenDatasource, countOfQuality, events, lettered, lines, refIdOf } from "./influxql.ts";
import type { SpannedPanel } from "./skeleton.ts";

/** What every panel says of itself. `span` is its width in twelfths. */
export interface Face {
  readonly title: string;
  readonly description: string;
  readonly span: number;
}

/** The wall's alarm hues, which tell apart by lightness as well. */
export const priorityColor: Readonly<Record<Priority, string>> = {
  critical: "#ff4040",
  high: "#ff8a14",
  medium: "#ffec70",
  low: "#cf9bff",
};

/** Greys for states of which none is better than another, and for lines. */
const greys = ["#4a5056", "#5d656c", "#7c848c", "#949ba2", "#b2b9c0", "#cfd4d9", "#e2e5e8"] as const;
const lineGrey = "#949ba2";

/** The slowest of the points drawn here are read every 10 s; a shorter interval would be half empty. */
const intervalMin = "10s";
/** Three polls of those: longer silence breaks the line, as it makes a point stale. ms */
const silenceMs = 30_000;

/** UCUM units as Grafana calls them. */
const grafanaUnit: Readonly<Record<string, string>> = {
  kW: "kwatt",
  "%": "percent",
  s: "s",
  ms: "ms",
  Cel: "celsius",
  V: "volt",
  MB: "decmbytes",
};

/** Lines over time. `limits` names the quantity whose limits stand behind them; all points must have one unit. */
export function series(
  face: Face,
  selections: readonly Selection[],
  from?: { readonly danger: Danger; readonly limits: string },
): SpannedPanel {
  const builder = new SeriesBuilder()
    .targets(lettered(selections.map(lines)))
    .unit(unitOf(selections))
    .interval(intervalMin)
    .spanNulls(silenceMs)
    .lineWidth(1)
    .fillOpacity(0)
    .showPoints(VisibilityMode.Never)
    .axisPlacement(AxisPlacement.Auto)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Shades).fixedColor(lineGrey))
    .legend(legend())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (from) drawLimits(builder, from.danger, from.limits);
  return placed(builder, face);
}

/** How states are shown: the standard names of the state points, and which state of an interval is told. */
export interface States {
  readonly quantities: readonly string[];
  readonly take: "max" | "min" | "last";
  readonly by: Selection["by"];
}

/** What some points were, state by state. A state has the hue of the alarm that profiles have for it, and is grey without one. */
export function timeline(face: Face, { quantities, take, by }: States, danger: Danger): SpannedPanel {
  const builder = new TimelineBuilder()
    .targets(lettered(quantities.map((quantity) => lines({ measurement: "state", points: [quantity], take, by }))))
    .unit("none")
    .interval(intervalMin)
    .spanNulls(false)
    .mergeValues(true)
    .rowHeight(0.8)
    .fillOpacity(90)
    .showValue(VisibilityMode.Auto)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(lineGrey))
    .legend(new VizLegendOptionsBuilder().showLegend(false).displayMode(LegendDisplayMode.Hidden).calcs([]));
  quantities.forEach((quantity, i) => {
    builder.overrideByQuery(refIdOf(i), [{ id: "mappings", value: [statesOf(quantity, danger)] }]);
  });
  return placed(builder, face);
}

/** Events, newest first, a row each. */
export function eventTable(face: Face, measurement: string, columns: readonly string[]): SpannedPanel {
  const builder = new TableBuilder()
    .targets(lettered([events(measurement, columns)]))
    .unit("none")
    .filterable(true)
    .overrideByName("priority", asColouredText(priorityMapping()));
  return placed(builder, face);
}

/** Bars of how many points there were of each quality, stacked, by what they measure. */
export function qualityCounts(face: Face, qualities: readonly { code: number; color: string }[]): SpannedPanel {
  const builder = new SeriesBuilder()
    .targets(lettered(qualities.map(({ code }) => countOfQuality(code))))
    .unit("short")
    .interval(intervalMin)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
    .min(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"))
    .legend(legend())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  qualities.forEach(({ color }, i) => {
    builder.overrideByQuery(refIdOf(i), [{ id: "color", value: { mode: FieldColorModeId.Fixed, fixedColor: color } }]);
  });
  return placed(builder, face);
}

const legend = (): VizLegendOptionsBuilder =>
  new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Right)
    .calcs(["lastNotNull"]);

/** The builder's own calls give back the builder of its kind, so that only these three need its shape. */
interface Faced extends Builder<Panel> {
  title(title: string): unknown;
  description(description: string): unknown;
  datasource(datasource: typeof chosenDatasource): unknown;
}

function placed(builder: Faced, { title, description, span }: Face): SpannedPanel {
  builder.title(title);
  builder.description(description);
  builder.datasource(chosenDatasource);
  return { ...builder.build(), span };
}

function drawLimits(builder: SeriesBuilder, danger: Danger, quantity: string): void {
  const limits = danger.limitsOf(quantity);
  assert(limits.length > 0, `some profile has a limit for ${quantity}`);
  const steps = stepsOf(limits).map(({ from, priority }) => ({
    value: from,
    color: priority === null ? "transparent" : priorityColor[priority],
  }));
  builder
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Area));
}

function unitOf(selections: readonly Selection[]): string {
  const units = new Set(selections.flatMap(({ points }) => points.map((point) => quantityOf(point)?.unit ?? "")));
  const [unit = ""] = units;
  const known = grafanaUnit[unit];
  assert(units.size === 1 && known !== undefined, `${[...units].join(", ")} is one unit that Grafana has a name for`);
  return known;
}

/** The words for a state's numbers, each with its hue or grey. */
function statesOf(quantity: string, danger: Danger): ValueMapping {
  const states = quantityOf(quantity)?.states ?? [];
  assert(states.length > 0, `${quantity} has states`);
  const words = states.map((text, index) => {
    const priority = danger.priorityOf(quantity, text);
    return [String(index), { text, index, color: priority ? priorityColor[priority] : greyOf(index, states.length) }];
  });
  return { type: MappingType.ValueToText, options: Object.fromEntries(words) };
}

/** States without an alarm are spread over the greys, so that neighbours can be told apart. */
const greyOf = (index: number, count: number): string =>
  greys[Math.floor((index * (greys.length - 1)) / Math.max(1, count - 1))] ?? lineGrey;

const priorityMapping = (): ValueMapping => ({
  type: MappingType.ValueToText,
  options: Object.fromEntries(priorities.map((text, index) => [text, { text, index, color: priorityColor[text] }])),
});

const asColouredText = (mapping: ValueMapping): DynamicConfigValue[] => [
  { id: "mappings", value: [mapping] },
  { id: "custom.cellOptions", value: { type: TableCellDisplayMode.ColorText } },
];
