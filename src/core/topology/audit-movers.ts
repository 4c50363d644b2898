/** Findings of what is to save the services: their movers, and this service itself. */
import { servicesIn } from "./audit-places.ts";
import type { Finding } from "./finding.ts";
import type { Grounds, Tenant } from "./premises.ts";
import { listed } from "./subject.ts";

export const moverFindings = (grounds: Grounds): readonly Finding[] => [
  ...oneControlPlane(grounds),
  ...moversInside(grounds),
  ...circles(grounds),
];

/** What a service is moved by: a control plane that is named, or else the host that is told. */
const planeOf = ({ by, move }: Tenant): string | null => by ?? move?.host ?? null;

function oneControlPlane({ premises }: Grounds): readonly Finding[] {
  const movable = premises.services.filter(({ move }) => move !== null);
  const planes = new Set(movable.map(planeOf));
  const [plane] = planes;
  if (movable.length < 2 || planes.size !== 1) return [];
  return [
    {
      kind: "one-control-plane",
      what: `all ${movable.length} services that can be moved are moved by ${plane}`,
      where: `mover ${plane}`,
      why: "When it does not answer, nothing moves.",
      loads: [],
      services: movable.map(({ id }) => id),
    },
  ];
}

/** Whether all of it can run elsewhere. */
const isElsewhere = ({ targets }: Tenant): boolean => targets.some(({ sharePct }) => sharePct === 100);

/** Control planes that run in the very site that they are to move services out of. */
function moversInside({ premises }: Grounds): readonly Finding[] {
  const byId = new Map(premises.services.map((service) => [service.id, service]));
  return [...new Set(premises.services.flatMap(({ by }) => by ?? []))].flatMap((by) => {
    const plane = byId.get(by);
    if (!plane || plane.loads.length === 0 || isElsewhere(plane)) return [];
    return [
      {
        kind: "own-fate" as const,
        what: `${by} moves services out of this site and runs in it, in ${listed(plane.loads)}`,
        where: `service ${by}`,
        why: "It is lost with what it is to save.",
        loads: plane.loads,
        services: premises.services.filter((service) => service.by === by).map(({ id }) => id),
      },
    ];
  });
}

/** What this service stands on, of what it watches. */
export function ownFindings(grounds: Grounds): readonly Finding[] {
  const { own } = grounds.premises;
  if (own === null) return [unsaidOwn];
  const finding = (what: string, where: string, loads: readonly string[], services: readonly string[]): Finding => ({
    kind: "own-fate",
    what: `this service ${what}, which it watches`,
    where,
    why: "It is blind, or cannot act, when it is needed.",
    loads,
    services,
  });
  const racks = own.loads.length > 0 ? [finding(`runs in ${listed(own.loads)}`, "haechi", own.loads, [])] : [];
  const rooms = own.spaces.map((space) => finding(`depends on room ${space}`, `space ${space}`, [], []));
  const services = own.needs.map((id) => {
    const loads = grounds.premises.services.find((service) => service.id === id)?.loads ?? [];
    return finding(`needs ${id}`, `service ${id}`, loads, servicesIn(grounds, loads));
  });
  return [...racks, ...rooms, ...services];
}

const unsaidOwn: Finding = {
  kind: "unsaid",
  what: "what this service itself stands on is not said",
  where: "haechi",
  why: "Whether it outlives what it watches is not known.",
  loads: [],
  services: [],
};

/** Services that cannot start, or move, without each other. */
function circles({ premises }: Grounds): readonly Finding[] {
  const next = new Map(
    premises.services.map(({ id, needs, by }) => [id, by === null || by === id ? needs : [...needs, by]]),
  );
  const told = new Set<string>();
  return premises.services.flatMap(({ id }) => {
    const circle = told.has(id) ? [] : circleOf(id, next);
    if (circle.length === 0) return [];
    for (const member of circle) told.add(member);
    return [
      {
        kind: "circle" as const,
        what: `${listed([...circle, id])}: each needs the next`,
        where: `service ${id}`,
        why: "Once down, none of them starts before the others.",
        loads: [],
        services: circle,
      },
    ];
  });
}

/** The shortest way from a service back to itself; empty where there is none. */
function circleOf(start: string, next: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const cameFrom = new Map<string, string>();
  const open = [start];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    for (const to of next.get(id) ?? []) {
      if (to === start) return wayTo(id, start, cameFrom);
      if (cameFrom.has(to)) continue;
      cameFrom.set(to, id);
      open.push(to);
    }
  }
  return [];
}

function wayTo(id: string, start: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const way = [id];
  for (let at = id; at !== start; at = way[0]!) way.unshift(cameFrom.get(at)!);
  return way;
}
