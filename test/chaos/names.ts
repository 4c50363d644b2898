import type { DetectorSpec } from "../../src/core/detect/index.ts";
import type { PointId } from "../../src/core/reading.ts";
import type { Site } from "../../src/site/index.ts";

/** A switch that may be written to, by its device. */
export interface Switch {
  readonly device: string;
  readonly point: string;
}

/** A channel of an alarm. */
export interface Sensed {
  readonly alarm: string;
  readonly point: PointId;
  readonly detect: DetectorSpec;
}

/** What there is on a site that something can befall. */
export interface Names {
  readonly devices: readonly string[];
  readonly batteries: readonly string[];
  readonly coolers: readonly string[];
  readonly samplers: readonly string[];
  readonly ups: readonly string[];
  readonly rooms: readonly string[];
  readonly loads: readonly string[];
  readonly services: readonly string[];
  readonly outlets: readonly Switch[];
  readonly alarms: readonly string[];
  /** Each channel of each alarm. */
  readonly channels: readonly Sensed[];
  readonly responses: readonly string[];
  /** What alarms look at, and how; of a link it is the collector that tells, and no device. */
  readonly judged: readonly { readonly point: PointId; readonly detect: DetectorSpec }[];
}

/** The names of a site. */
export function namesOf(site: Site): Names {
  const { model } = site;
  const ofClass = (name: string): readonly string[] =>
    site.devices.filter((device) => device.model.class === name).map(({ id }) => id);
  const outlets = model.power.loads.flatMap(({ feeds }) => feeds.flatMap(({ outlet }) => (outlet ? [outlet] : [])));
  return {
    devices: site.devices.map(({ id }) => id),
    batteries: ofClass("battery"),
    coolers: ofClass("cooling"),
    samplers: ofClass("fire"),
    ups: [...model.power.nodes.values()].filter(({ kind }) => kind === "ups").map(({ id }) => id),
    rooms: site.spaces.map(({ id }) => id),
    loads: model.power.loads.map(({ id }) => id),
    services: site.services.map(({ id }) => id),
    outlets: outlets.map((id) => {
      const at = id.indexOf("/");
      return { device: id.slice(0, at), point: id.slice(at + 1) };
    }),
    alarms: model.alarms.map(({ id }) => id),
    channels: model.alarms.flatMap(({ id, channels }) =>
      channels.map(({ point, detect }) => ({ alarm: id, point, detect })),
    ),
    responses: model.responses.map(({ id }) => id),
    judged: model.alarms.flatMap(({ channels }) => channels).filter(({ point }) => !point.includes("/link.")),
  };
}
