import type { Site } from "../site/index.ts";
import type { Measured, Measurements } from "./durations.ts";
import { keyOf, withMeasured } from "./durations.ts";

/** The site with its plans reckoned by what drills have shown, where they have, in place of what its file says. */
export function measuredSite(site: Site, measured: Measurements): Site {
  const responses = withMeasured(site.model.responses, measured);
  const slowest = new Map<string, Measured["p95"]>();
  for (const { id, action } of responses)
    for (const step of action.kind === "failover" ? action.steps : []) {
      const p95 = measured.steps.get(keyOf(id, step.id))?.p95;
      if (p95 !== undefined && p95 > (slowest.get(step.point) ?? 0)) slowest.set(step.point, p95);
    }
  const services = site.premises.services.map((service) => {
    const p95 = service.move ? slowest.get(service.move.point) : undefined;
    return p95 === undefined ? service : { ...service, p95 };
  });
  const model = { ...site.model, responses, power: measuredTree(site.model.power, measured) };
  return { ...site, model, premises: { ...site.premises, services } };
}

function measuredTree(tree: Site["model"]["power"], { writes }: Measurements): Site["model"]["power"] {
  if (writes.size === 0) return tree;
  const shown = [...writes].map(([device, { p95 }]) => [device, p95] as const);
  return { ...tree, writeTimes: new Map([...(tree.writeTimes ?? []), ...shown]) };
}
