/**
 * Queries in InfluxQL: InfluxDB 1 speaks it, and 2 through a DBRP mapping. Each line of a panel is one
 * point: nothing is summed or averaged over several points, because a sum over what still speaks would
 * pass silence for zero. An empty interval stays empty.
 */
import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { assert } from "../src/core/assert.ts";
import { quantityOf } from "../src/core/quantity.ts";

/** Whatever database the reader of the dashboard chooses. */
export const chosenDatasource = { type: "influxdb", uid: "${datasource}" } as const;

/** What stands beside a reading in its line, and what lines of a panel may be told apart by. */
export type LineTag = "device" | "point" | "space";

/** Readings of some points over time. */
export interface Selection {
  /** As the store names it: the class of what is measured. */
  readonly measurement: string;
  /** Standard names; "output.load[n]" stands for every instance. */
  readonly points: readonly string[];
  /** Only devices of these classes. */
  readonly classes?: readonly string[];
  /** Which of the readings of an interval is shown. */
  readonly take: "mean" | "max" | "min" | "last";
  /** A line is told apart, and named, by these. */
  readonly by: readonly LineTag[];
}

/** One query of a panel. */
export interface InfluxTarget {
  readonly refId: string;
  readonly datasource: typeof chosenDatasource;
  readonly rawQuery: true;
  readonly query: string;
  readonly resultFormat: "time_series" | "table";
  readonly alias?: string;
}

type Unnumbered = Omit<InfluxTarget, "refId">;

const atSite = `"site" =~ /^$site$/`;
/** So many events are on one page; older ones are found by a narrower time. */
const eventsMax = 200;

/** Readings as lines, named by their tags. */
export function lines(selection: Selection): Unnumbered {
  const { measurement, points, classes, take, by } = selection;
  for (const point of points) assert(quantityOf(point) !== undefined, `"${point}" is a standard quantity`);
  const among = classes ? ` AND "class" =~ ${oneOf(classes)}` : "";
  const grouped = by.map((tag) => `, "${tag}"`).join("");
  return {
    datasource: chosenDatasource,
    rawQuery: true,
    query:
      `SELECT ${take}("value") FROM "${measurement}" ` +
      `WHERE ${atSite} AND "point" =~ ${oneOf(points)}${among} AND $timeFilter ` +
      `GROUP BY time($__interval)${grouped} fill(null)`,
    resultFormat: "time_series",
    alias: by.map((tag) => `$tag_${tag}`).join(" "),
  };
}

/** How many points had this quality at worst in each interval, by what they measure. An interval without readings has no count. */
export function countOfQuality(quality: number): Unnumbered {
  const worst =
    `SELECT max("quality") AS "worst" FROM /.+/ WHERE ${atSite} AND $timeFilter ` +
    `GROUP BY time($__interval), "device", "point" fill(none)`;
  return {
    datasource: chosenDatasource,
    rawQuery: true,
    query:
      `SELECT count("worst") FROM (${worst}) ` +
      `WHERE "worst" = ${quality} AND $timeFilter GROUP BY time($__interval) fill(none)`,
    resultFormat: "time_series",
    alias: "$m",
  };
}

/** The newest events, one a row. At least one column must be a field; tags alone select nothing. */
export const events = (measurement: string, columns: readonly string[]): Unnumbered => ({
  datasource: chosenDatasource,
  rawQuery: true,
  query:
    `SELECT ${columns.map((column) => `"${column}"`).join(", ")} FROM "${measurement}" ` +
    `WHERE ${atSite} AND $timeFilter ORDER BY time DESC LIMIT ${eventsMax}`,
  resultFormat: "table",
});

/** Alarms as they were raised, for marks on every graph. */
export const raisedAlarms = {
  refId: "Anno",
  rawQuery: true,
  fromAnnotations: true,
  query:
    `SELECT "alarm", "priority", "because" FROM "alarm_event" ` +
    `WHERE ${atSite} AND "status" = 'unacknowledged' AND $timeFilter ORDER BY time DESC LIMIT ${eventsMax}`,
  titleColumn: "alarm",
  textColumn: "because",
  tagsColumn: "priority",
} as const;

/** Targets of a panel, lettered in their order, for the builders of the Foundation SDK. */
export const lettered = (targets: readonly Unnumbered[]): Builder<Dataquery>[] =>
  targets.map((target, i) => ({ build: () => asDataquery({ refId: refIdOf(i), ...target }) }));

/** The letter of a panel's nth query. */
export const refIdOf = (at: number): string => String.fromCharCode("A".charCodeAt(0) + at);

/** The SDK knows its own kinds of query by a method that says nothing and must not reach the file; InfluxDB is not among them. */
export const asDataquery = (query: object): Dataquery => query as Dataquery;

/** A regular expression for one of these names. \d, and not [0-9], because [[…]] is a variable to Grafana. */
const oneOf = (names: readonly string[]): string =>
  `/^(${names.map((name) => name.replaceAll(".", "\\.").replace(/\[[a-z]\]/, "\\[\\d+\\]")).join("|")})$/`;
