/** The plant as the API shows it: pure, whole, and made only when somebody looks. */
import { annunciated } from "../core/alarm/flood.ts";
import type { Image } from "../core/image.ts";
import { imageAt } from "../core/image.ts";
import type { Plant } from "../core/plant.ts";
import type { PointId } from "../core/reading.ts";
import { elapsed } from "../core/time.ts";
import { sightOf } from "../core/topology/live.ts";
import { standing } from "./alarms.ts";
import type { AlarmView, FloodView, Health, Live, PointValue, SiteView, Snapshot } from "./api.ts";
import { causeViews } from "./causes.ts";
import type { SiteInfo } from "./info.ts";
import { pointViews, shownPoints } from "./info.ts";
import { nodeStates, rackGroups } from "./power.ts";
import { modeOf, responseViews } from "./responses.ts";

/** What the server says of itself in a snapshot. */
export type Host = Pick<Snapshot, "build" | "hasHistory">;

/** Everything there is to show of a plant. */
export function view(plant: Plant, info: SiteInfo, host: Host): Snapshot {
  const shown = shownPoints(plant.site, info);
  return { version: 1, ...host, site: siteView(plant, info, shown), ...live(plant, info, shown, healthOf(plant)) };
}

/** What of it changes. `health` is handed in because counting every point is not worth doing at each change. */
export function live(plant: Plant, info: SiteInfo, shown: readonly PointId[], health: Health): Live {
  const image = imageAt(plant.newest, plant.site.points, plant.now);
  const sight = sightOf(plant.site.power, image, plant.site.points, plant.index.power.below);
  const nodes = nodeStates(sight);
  const causes = causeViews(plant, sight);
  const responses = responseViews(plant);
  const { alarms: listed, counts } = standing(plant, causes);
  const alarms = inLanguages(info, listed);
  const points: Record<string, PointValue> = {};
  for (const point of shown) points[point] = pointValue(image, point);
  const urgent = counts.active.critical + counts.active.high > 0;
  const mode = modeOf(responses, nodes, urgent);
  return {
    at: plant.now,
    mode,
    points,
    nodes,
    racks: rackGroups(plant.site.power, image, nodes),
    alarms,
    counts,
    causes,
    firstOuts: [...plant.firstOuts].map(([group, first]) => ({ group, ...first })),
    flood: floodView(plant),
    responses,
    health,
  };
}

/** Alarms with what to do in every language of the site. */
export const inLanguages = ({ alarmResponses }: SiteInfo, alarms: readonly AlarmView[]): readonly AlarmView[] =>
  alarms.map((alarm) => ({ ...alarm, response: alarmResponses?.get(alarm.id) ?? alarm.response }));

const floodView = ({ flood, now }: Plant): FloodView | null =>
  flood.since === null ? null : { since: flood.since, count: annunciated(flood, now) };

const qualities = { good: 0, uncertain: 1, bad: 2 } as const;

/** One point's value as it stands. */
export function pointValue(image: Image, point: PointId): PointValue {
  const reading = image.readingOf(point);
  if (reading.quality !== "bad") return { v: reading.value, q: qualities[reading.quality], at: null };
  return { v: null, q: 2, at: reading.reason === "waitingForFirst" ? null : reading.at };
}

/** Counts every point by the quality it has now, and how old the newest usable reading is. */
export function healthOf({ site, newest, now, leads }: Plant): Health {
  const points = { good: 0, uncertain: 0, bad: 0 };
  let last = Number.NEGATIVE_INFINITY;
  // A loop without a closure or a copied reading: a large site has a hundred thousand points.
  for (const [point, { maxAge }] of site.points) {
    const reading = newest.get(point);
    if (!reading || reading.quality === "bad") points.bad += 1;
    else {
      points[elapsed(reading.at, now) > maxAge ? "bad" : reading.quality] += 1;
      if (reading.at > last) last = reading.at;
    }
  }
  return { points, ageMs: last === Number.NEGATIVE_INFINITY ? null : now - last, leads };
}

/** What is fixed about a site. */
export function siteView(plant: Plant, info: SiteInfo, shown: readonly PointId[]): SiteView {
  const { name, timezone, spaces, elsewhere, nextDrill = null } = info;
  const { power } = plant.site;
  return {
    id: plant.site.id,
    name,
    timezone,
    spaces: spaces.map(({ id, kind, name }) => ({ id, kind, name })),
    services: info.services.map(({ id, tier, name }) => ({ id, tier, name })),
    elsewhere,
    nextDrill,
    nodes: [...power.nodes.values()].map(({ id, kind, feed, from, ratedKw, space, power, device, battery }) => ({
      id,
      kind,
      name: info.nodeNames?.get(id) ?? { en: id },
      feed,
      from,
      ratedKw,
      space,
      power,
      devices: [device, battery].filter((d) => d !== null),
    })),
    loads: power.loads.map(({ id, space, ratedKw, importance, feeds }) => ({
      id,
      space,
      ratedKw,
      importance,
      from: feeds.map(({ node }) => node),
    })),
    points: pointViews(plant.site, info, shown),
  };
}
