/**
 * What a slower collector would have made of the same event. A site file may not ask for what guards safety less often than
 * its profile does, so this is the scenario's to say; only rehearsals in virtual time heed it.
 */
import type { PointRule } from "../../src/core/image.ts";
import type { PointId } from "../../src/core/reading.ts";
import { pointId } from "../../src/core/reading.ts";
import type { Duration } from "../../src/core/time.ts";
import { ms } from "../../src/core/time.ts";
import type { Device, Site } from "../../src/site/index.ts";

/** After so many polls that failed a point is stale, as everywhere. */
const pollsMissed = 3;

/** The site with no device asked more often than this; readings keep their worth for as many polls as before. */
export function polledEvery(site: Site, period: Duration): Site {
  const rules = new Map<PointId, PointRule>(site.model.points);
  for (const { id, model } of site.devices) {
    const maxAge = ms(pollsMissed * period + model.link.timeout);
    for (const [point, rule] of site.model.points) {
      if (point.startsWith(pointId(id, "")) && rule.maxAge < maxAge) rules.set(point, { ...rule, maxAge });
    }
  }
  return {
    ...site,
    devices: site.devices.map((device) => slowed(device, period)),
    model: { ...site.model, points: rules },
  };
}

const slowed = (device: Device, period: Duration): Device => ({
  ...device,
  model: {
    ...device.model,
    points: device.model.points.map((point) => (point.period < period ? { ...point, period } : point)),
  },
});
