/** What the gate moves services by, out of a site: their own movers, or targets. */
import type { MovedLink, ServiceLink } from "./gate/index.ts";
import type { Site } from "./site/index.ts";

/** One link for each service; `secrets` are those of the movers. */
export const moversOf = (
  site: Pick<Site, "sites" | "targets">,
  services: Site["services"],
  secrets: ReadonlyMap<string, string>,
): readonly (ServiceLink | MovedLink)[] =>
  services.flatMap((service): (ServiceLink | MovedLink)[] => {
    const { id, url, format } = service;
    const { sites } = site;
    if (url === null) return [movedOf(site, service)];
    return [{ id, url, sites, secret: secrets.get(id) ?? "", ...(format === undefined ? {} : { format }) }];
  });

/** Where a service may be moved, by which state of its target; a service with a mover of its own goes anywhere. */
export function movedOf(
  { sites, targets }: Pick<Site, "sites" | "targets">,
  { id, by }: Pick<Site["services"][number], "id" | "by">,
): MovedLink {
  const known = targets.find((target) => target.id === by?.target)?.states ?? [];
  const states = sites.map((site) => {
    const place = known.indexOf(by?.at[site] ?? "");
    return place < 0 ? null : place;
  });
  return { id, by: by?.target ?? "", sites, states };
}
