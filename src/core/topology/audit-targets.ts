/** Findings of where services are to go: whether there is room for them, and whether their data is there. */
import type { Image } from "../image.ts";
import type { Finding } from "./finding.ts";
import { drawnKw } from "./power.ts";
import type { Grounds, Tenant } from "./premises.ts";
import { listed } from "./subject.ts";

export function targetFindings(grounds: Grounds, image: Image | null): readonly Finding[] {
  const movable = grounds.premises.services.filter(({ move }) => move !== null);
  const sites = new Set(movable.flatMap(({ targets }) => targets.map(({ site }) => site)));
  return [
    ...unsaidTargets(movable),
    ...[...sites].flatMap((site) => roomAt(grounds, site, image)),
    ...movable.flatMap((service) => [...shareOf(service), ...lagOf(service, image)]),
    ...unsaidLags(movable),
  ];
}

const unsaid = (what: string, where: string, services: readonly Tenant[]): Finding => ({
  kind: "unsaid",
  what,
  where,
  why: "What is not known before a fire is found out in it.",
  loads: [],
  services: services.map(({ id }) => id),
});

const idsOf = (services: readonly Tenant[]): string => listed(services.map(({ id }) => id));

function unsaidTargets(movable: readonly Tenant[]): readonly Finding[] {
  const without = movable.filter(({ targets }) => targets.length === 0);
  const slow = movable.filter(({ p95 }) => p95 === null);
  return [
    ...(without.length > 0 ? [unsaid(`where else ${idsOf(without)} can run is not said`, "targets", without)] : []),
    ...(slow.length > 0 ? [unsaid(`how long it takes to move ${idsOf(slow)} is not said`, "moves", slow)] : []),
  ];
}

function unsaidLags(movable: readonly Tenant[]): readonly Finding[] {
  const dark = movable.filter(({ targets }) => targets.some(({ lag }) => lag === null));
  return dark.length > 0 ? [unsaid(`nothing tells whether the data of ${idsOf(dark)} is behind`, "targets", dark)] : [];
}

/** Whether a site elsewhere can take all that may go there, tier by tier; racks count once. */
function roomAt(grounds: Grounds, site: string, image: Image | null): readonly Finding[] {
  const coming = grounds.premises.services
    .filter(({ move, targets }) => move !== null && targets.some((target) => target.site === site))
    .toSorted((a, b) => a.tier - b.tier);
  const where = `site ${site}`;
  const spare = spareAt(grounds, site, image);
  if (spare === "unread") return [];
  if (spare === null) return [unsaid(`how much ${site} can still take up is not known`, where, coming)];
  const nowhere = coming.filter(({ loads }) => loads.length === 0);
  const left = leftOver(grounds, coming, spare, image);
  const room =
    left.services.length === 0
      ? []
      : [
          {
            kind: "no-room" as const,
            what: `${site} has ${inKw(spare)} to spare and ${inKw(left.kw)} would come: no room for ${idsOf(left.services)}`,
            where,
            why: "A move that the other site cannot carry takes that site down as well.",
            loads: left.loads,
            services: left.services.map(({ id }) => id),
          },
        ];
  const unknown =
    nowhere.length === 0
      ? []
      : [unsaid(`how much ${idsOf(nowhere)} would take up at ${site} is not known`, where, nowhere)];
  return [...room, ...unknown];
}

/** What a site can still take up, kW; "unread" where a point tells and nobody looks. */
function spareAt({ premises }: Grounds, site: string, image: Image | null): number | null | "unread" {
  const spare = premises.spareKw.get(site) ?? null;
  if (typeof spare !== "string") return spare;
  return image === null ? "unread" : image.valueOf(spare);
}

interface LeftOver {
  /** What all would take up, kW. */
  readonly kw: number;
  readonly services: readonly Tenant[];
  readonly loads: readonly string[];
}

function leftOver(grounds: Grounds, coming: readonly Tenant[], spareKw: number, image: Image | null): LeftOver {
  const taken = new Set<string>();
  const services: Tenant[] = [];
  const loads: string[] = [];
  let kw = 0;
  for (const service of coming) {
    const own = service.loads.filter((id) => !taken.has(id));
    for (const id of own) {
      taken.add(id);
      kw += kwOf(grounds, id, image);
    }
    if (kw <= spareKw || service.loads.length === 0) continue;
    services.push(service);
    loads.push(...own);
  }
  return { kw, services, loads };
}

/** What a rack draws; its rating where nobody looks. */
function kwOf({ loads }: Grounds, id: string, image: Image | null): number {
  const load = loads.get(id);
  if (!load) return 0;
  return image === null ? load.ratedKw : load.feeds.reduce((sum, feed) => sum + drawnKw(load, feed, image), 0);
}

function shareOf({ id, targets }: Tenant): readonly Finding[] {
  const shares = targets.map(({ sharePct }) => sharePct);
  if (shares.length === 0 || shares.some((share) => share === null)) return [];
  const sum = shares.reduce<number>((total, share) => total + share!, 0);
  if (sum >= 100) return [];
  const where = targets.map(({ site, sharePct }) => `${sharePct} % at ${site}`);
  const what = `${id} can run to no more than ${listed(where)}`;
  const why = "The rest of it is lost with this site.";
  return [{ kind: "no-room", what, where: `service ${id}`, why, loads: [], services: [id] }];
}

function lagOf({ id, targets }: Tenant, image: Image | null): readonly Finding[] {
  return targets.flatMap(({ site, lag }): readonly Finding[] => {
    if (lag === null || image === null) return [];
    const behindS = image.valueOf(lag.point);
    const where = `service ${id}`;
    const base = {
      where,
      loads: [],
      services: [id],
      why: "What has not been copied is lost, or the move has to wait.",
    };
    if (behindS === null)
      return [{ ...base, kind: "unsaid", what: `by how much ${id} is behind at ${site} is not known now` }];
    if (behindS * 1000 <= lag.max) return [];
    return [
      {
        ...base,
        kind: "lagging",
        what: `${id} is ${Math.round(behindS)} s behind at ${site}; at most ${lag.max / 1000} s is allowed`,
      },
    ];
  });
}

const inKw = (kw: number): string => `${Math.round(kw * 10) / 10} kW`;
