/**
 * Readings and events as InfluxDB line protocol, instants in ms. The measurement is the class of
 * quantity ("temperature", "power", "state"); where it comes from stands in tags that a site file
 * bounds. A bad reading has its quality and no value, so that silence cannot be mistaken for zero.
 */
import type { Command, Outcome } from "../core/command.ts";
import type { Notice, Transition } from "../core/plant.ts";
import { quantities } from "../core/quantity.ts";
import type { PointId } from "../core/reading.ts";
import { pointNameOf } from "../core/reading.ts";
import type { Gap } from "./batch.ts";

/** What a line says of a point beside its reading. `quantity` is the standard name, instance filled in or not. */
export interface PointMeta {
  readonly quantity: string;
  readonly device: string;
  /** The device's class: "ups", "pdu", … */
  readonly class: string;
  readonly space: string | null;
}

/** What has happened at an instant, other than a reading. */
export type StoreEvent =
  | { readonly kind: "transition"; readonly transition: Transition }
  | { readonly kind: "command"; readonly command: Command }
  /** `point`: the point of the command that it is the outcome of. */
  | { readonly kind: "outcome"; readonly outcome: Outcome; readonly point: PointId }
  | { readonly kind: "notice"; readonly notice: Notice };

/** Qualities as databases hold them. */
export const qualityCode = { good: 0, uncertain: 1, bad: 2 } as const;

const ofUnit: Readonly<Record<string, string>> = {
  Cel: "temperature",
  V: "voltage",
  A: "current",
  kW: "power",
  "kV.A": "apparent_power",
  kvar: "reactive_power",
  "kW.h": "energy",
  Hz: "frequency",
  s: "duration",
  ms: "duration",
  kPa: "pressure",
  "l/s": "flow",
  "r/min": "speed",
};

/** The measurement of a quantity: the class of what is measured, or the last word of its name where the unit does not tell. */
export function measurementOf(quantity: string): string {
  const known = quantities[quantity.replace(/\[\d+\]/g, "[n]")];
  if (known?.states) return "state";
  const byUnit = known?.unit ? ofUnit[known.unit] : undefined;
  return (
    byUnit ??
    (quantity
      .replace(/\[[^\]]*\]/g, "")
      .split(".")
      .at(-1) ||
      "value")
  );
}

/** A line for an event. Two of the same instant differ in their tags, so that neither overwrites the other. */
export function eventLine(site: string, event: StoreEvent): string {
  switch (event.kind) {
    case "transition":
      return transitionLine(site, event.transition);
    case "command": {
      const { id, response, point, value, why, issued } = event.command;
      const tags = { site, point, response, result: "planned" };
      return line("action_event", tags, { command: text(id), detail: text(why), value: number(value) }, issued);
    }
    case "outcome": {
      const { command, at, result, detail, readBack } = event.outcome;
      const fields = { command: text(command), detail: text(detail), value: number(readBack) };
      return line("action_event", { site, point: event.point, result }, fields, at);
    }
    case "notice": {
      const { at, about, id, event: what, text: said } = event.notice;
      return line("notice_event", { site, about, id, event: what }, { text: text(said) }, at);
    }
  }
}

/** A line that says how much is missing, and since when. */
export const gapLine = (site: string, gap: Gap): string =>
  line("spool_gap", { site }, { lines: `${gap.lines}i`, damaged: `${gap.damaged}i` }, gap.at);

function transitionLine(site: string, { alarm, at, priority, from, to, blind, because }: Transition): string {
  // Sight and state may change at the same instant, or sight alone while the state stays.
  const sight = blind === undefined ? undefined : blind ? "lost" : "regained";
  const tags = { site, alarm, priority, status: to, sight };
  return line("alarm_event", tags, { was: text(from), because: text(because) }, at);
}

/** What stands before the fields of a point's readings, and the space behind it. */
export function headOf(site: string, point: PointId, meta: PointMeta): string {
  const { device, space, quantity } = meta;
  const name = pointNameOf(point);
  return `${escapeName(measurementOf(quantity))}${tagsOf({ site, device, point: name, class: meta.class, space })} `;
}

type Tags = Readonly<Record<string, string | null | undefined>>;

function line(measurement: string, tags: Tags, fields: Readonly<Record<string, string | null>>, at: number): string {
  const written = Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]));
  return `${measurement}${tagsOf(tags)} ${written.join(",")} ${Math.round(at)}`;
}

/** Tags without a value are left out: line protocol has no empty ones. */
const tagsOf = (tags: Tags): string =>
  Object.entries(tags)
    .map(([name, value]) => (value ? `,${name}=${escapeTag(value)}` : ""))
    .join("");

const number = (value: number | undefined): string | null =>
  value !== undefined && Number.isFinite(value) ? String(value) : null;
const oneLine = (value: string): string => value.replace(/[\r\n]+/g, " ");
const text = (value: string): string => `"${oneLine(value).replace(/(["\\])/g, "\\$1")}"`;
/** A backslash would escape what comes after it, and nothing escapes a backslash everywhere. */
const escapeTag = (value: string): string =>
  oneLine(value)
    .replaceAll("\\", "/")
    .replace(/([,= ])/g, "\\$1");
const escapeName = (value: string): string =>
  oneLine(value)
    .replaceAll("\\", "/")
    .replace(/([, ])/g, "\\$1");
