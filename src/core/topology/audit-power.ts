/** Findings of the power tree and of cooling: what hangs on one thing. */
import { idsIn, racksInWords, servicesIn } from "./audit-places.ts";
import { falloutOf, noStrike } from "./fallout.ts";
import type { Finding } from "./finding.ts";
import type { NodeId } from "./power.ts";
import type { Grounds, LoadClass } from "./premises.ts";
import { listed } from "./subject.ts";

export const powerFindings = (grounds: Grounds): readonly Finding[] => [
  ...oneFeed(grounds),
  ...sharedNodes(grounds),
  ...oneCooler(grounds),
  ...shedFirst(grounds),
];

/** The UPS, or topmost nodes, that a class hangs on. */
const suppliesOf = (grounds: Grounds, { feeds }: LoadClass): ReadonlySet<NodeId> =>
  new Set(feeds.flatMap(({ node }) => [...(grounds.suppliesOf.get(node) ?? [])]));

function oneFeed(grounds: Grounds): readonly Finding[] {
  const bySupply = new Map<string, LoadClass[]>();
  for (const one of grounds.classes) {
    const supplies = suppliesOf(grounds, one);
    if (one.feeds.length > 1 && supplies.size !== 1) continue;
    const supply = listed([...supplies]);
    bySupply.set(supply, [...(bySupply.get(supply) ?? []), one]);
  }
  return [...bySupply].map(([supply, classes]) => {
    const loads = idsIn(classes);
    const cords = idsIn(classes.filter(({ feeds }) => feeds.length > 1)).length;
    const both = cords > 0 ? `, ${cords} of them with every cord` : "";
    return {
      kind: "one-feed",
      what: `${racksInWords(loads)} on ${supply} alone${both}: ${listed(loads)}`,
      where: `node ${supply}`,
      why: "What ends this feed ends them, and every service that cannot do without them.",
      loads,
      services: servicesIn(grounds, loads),
    };
  });
}

/** Nodes that every way of power to racks with several feeds comes through. */
function sharedNodes(grounds: Grounds): readonly Finding[] {
  const needed = neededBy(grounds);
  const shared = new Map<NodeId, LoadClass[]>();
  for (const one of grounds.classes) {
    if (one.feeds.length < 2 || suppliesOf(grounds, one).size === 1) continue;
    for (const id of common(one.feeds.map(({ node }) => needed.get(node) ?? new Set())))
      shared.set(id, [...(shared.get(id) ?? []), one]);
  }
  return [...shared].map(([id, classes]) => {
    const loads = idsIn(classes);
    return {
      kind: "shared-node",
      what: `every feed of ${racksInWords(loads)} comes through ${id}`,
      where: `node ${id}`,
      why: "One fault or one mistake at it leaves both sides with what is in their batteries.",
      loads,
      services: servicesIn(grounds, loads),
    };
  });
}

/** Of each node, the nodes without which it has no supply, itself among them. */
function neededBy({ nodes }: Grounds): ReadonlyMap<NodeId, ReadonlySet<NodeId>> {
  const needed = new Map<NodeId, ReadonlySet<NodeId>>();
  for (const { id, from } of nodes)
    needed.set(id, new Set([id, ...common(from.map((above) => needed.get(above) ?? new Set()))]));
  return needed;
}

function common(sets: readonly ReadonlySet<NodeId>[]): readonly NodeId[] {
  const [first = new Set<NodeId>(), ...others] = sets;
  return [...first].filter((id) => others.every((other) => other.has(id)));
}

/** Rooms with racks that are hot when one machine stops. */
function oneCooler(grounds: Grounds): readonly Finding[] {
  const { premises } = grounds;
  const inhabited = new Set(premises.power.loads.map(({ space }) => space));
  return [...premises.loops.values()].flatMap((loop) => {
    const [machine, ...others] = loop.machines;
    if (!machine || others.length > 0) return [];
    const { rooms } = falloutOf(grounds, { ...noStrike, loops: new Set([loop.id]) });
    const hot = [...rooms].filter(([id, cooling]) => cooling === "hot" && inhabited.has(id)).map(([id]) => id);
    if (hot.length === 0) return [];
    const loads = premises.power.loads.filter(({ space }) => hot.includes(space)).map(({ id }) => id);
    return [
      {
        kind: "one-cooler" as const,
        what: `nothing cools ${listed(hot)} but ${machine.device}`,
        where: `loop ${loop.id}`,
        why: "When it stops, racks are too hot within minutes.",
        loads,
        services: servicesIn(grounds, loads),
      },
    ];
  });
}

/** Services that never go, in racks that go before others. */
function shedFirst({ premises, loads }: Grounds): readonly Finding[] {
  return premises.services.flatMap((service) => {
    if (service.importance !== "protected") return [];
    const shed = service.loads.filter((id) => loads.get(id)?.importance !== "protected");
    if (shed.length === 0) return [];
    return [
      {
        kind: "shed-first" as const,
        what: `${service.id} is protected and runs in ${listed(shed)}, which may be shed`,
        where: `service ${service.id}`,
        why: "A shed opens outlets by the rack's importance and not by what runs in it.",
        loads: shed,
        services: [service.id],
      },
    ];
  });
}
