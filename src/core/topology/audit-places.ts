/** Findings of place: what the one-line diagram shows twice and the building has once. */
import type { RackStanding, Strike } from "./fallout.ts";
import { classStandings, nodeStandings } from "./fallout.ts";
import type { Finding } from "./finding.ts";
import type { NodeId } from "./power.ts";
import type { Grounds, LoadClass } from "./premises.ts";
import type { Subject } from "./subject.ts";
import { listed, strikeOf } from "./subject.ts";

export const placeFindings = (grounds: Grounds): readonly Finding[] => [
  ...placesOf(grounds).flatMap((place) => sharedPlace(grounds, place)),
  ...sharedBatteries(grounds),
  ...onePlace(grounds),
  ...unsaidPlaces(grounds),
];

/** Everything that burns, or is flooded, as one. */
function placesOf({ premises: { rooms, routes } }: Grounds): readonly Subject[] {
  const shared = (kind: "compartment" | "plenum"): readonly Subject[] =>
    [...new Set([...rooms.values()].flatMap((room) => room[kind] ?? []))].map((id) => ({ kind, id }));
  const alone = [...rooms].filter(([, { compartment }]) => compartment === null);
  return [
    ...shared("compartment"),
    ...shared("plenum"),
    ...alone.map(([id]): Subject => ({ kind: "space", id })),
    ...[...routes.keys()].map((id): Subject => ({ kind: "route", id })),
  ];
}

/** The services that run in loads. */
export function servicesIn({ premises }: Grounds, loads: Iterable<string>): readonly string[] {
  const among = new Set(loads);
  return premises.services.filter((service) => service.loads.some((id) => among.has(id))).map(({ id }) => id);
}

export const idsIn = (classes: readonly LoadClass[]): readonly string[] =>
  classes.flatMap(({ loads }) => loads.map(({ id }) => id));

/** Racks that stand elsewhere, are doubly fed, and lose every feed with a place. */
function sharedPlace(grounds: Grounds, place: Subject): readonly Finding[] {
  const strike = strikeOf(grounds.premises, place);
  const standings = classStandings(grounds, strike, nodeStandings(grounds, strike, null));
  const lost = (is: RackStanding): readonly LoadClass[] =>
    grounds.classes.filter(
      ({ feeds, space }, i) => feeds.length > 1 && !strike.spaces.has(space) && standings[i] === is,
    );
  const [dark, battery] = [lost("dark"), lost("battery")];
  const loads = idsIn([...dark, ...battery]);
  if (loads.length === 0) return [];
  const isBattery = dark.length === 0;
  const isOne = loads.length === 1;
  const stand = isOne ? "stands" : "stand";
  const lose = isBattery
    ? `${isOne ? "has only its" : "have only their"} batteries without`
    : `${isOne ? "loses" : "lose"} every feed with`;
  const services = servicesIn(grounds, loads);
  const where = `${place.kind} ${place.id}`;
  const what = `${racksInWords(loads)} that ${stand} elsewhere ${lose} ${where} (${roomsInWords(grounds, strike)})`;
  const why = "Feeds that are two on the one-line diagram are one for fire, smoke and water.";
  return [{ kind: "shared-place", what, where, why, loads, services }];
}

export const racksInWords = ({ length }: readonly string[]): string => (length === 1 ? "1 rack" : `${length} racks`);

const roomsInWords = ({ premises }: Grounds, { spaces, routes }: Strike): string =>
  spaces.size > 0
    ? listed([...spaces])
    : `through ${listed([...routes].flatMap((id) => premises.routes.get(id)?.through ?? []))}`;

function sharedBatteries(grounds: Grounds): readonly Finding[] {
  const { premises, groups } = grounds;
  return groups.flatMap((group): readonly Finding[] => {
    if (group.length < 2) return [];
    const places = new Set(group.map((id) => batteryPlace(grounds, id)));
    const [where = null] = places;
    if (places.size !== 1 || where === null) return [];
    const loads = idsIn(grounds.classes.filter(({ feeds }) => feeds.some(({ node }) => isOf(grounds, node, group))));
    const batteries = group.flatMap((id) => premises.power.nodes.get(id)?.battery ?? []);
    return [
      {
        kind: "shared-batteries",
        what: `the batteries of ${listed(group)} (${listed(batteries)}) stand in one place`,
        where,
        why: "One cell that burns takes the ride-through of both sides, and the fire service will ask for both to be cut.",
        loads,
        services: servicesIn(grounds, loads),
      },
    ];
  });
}

const isOf = ({ suppliesOf }: Grounds, node: NodeId, group: readonly NodeId[]): boolean =>
  group.some((id) => suppliesOf.get(node)?.has(id));

function batteryPlace({ premises }: Grounds, ups: NodeId): string | null {
  const battery = premises.power.nodes.get(ups)?.battery ?? null;
  const space = battery === null ? undefined : premises.batteryRooms.get(battery);
  if (space === undefined) return null;
  const compartment = premises.rooms.get(space)?.compartment ?? null;
  return compartment === null ? `space ${space}` : `compartment ${compartment}`;
}

/** Services of several racks, all of them in one compartment. */
function onePlace(grounds: Grounds): readonly Finding[] {
  const { premises, loads: known } = grounds;
  const placeOf = (load: string): string => {
    const space = known.get(load)?.space ?? "";
    const compartment = premises.rooms.get(space)?.compartment ?? null;
    return compartment === null ? `space ${space}` : `compartment ${compartment}`;
  };
  const byPlace = new Map<string, string[]>();
  for (const { id, loads } of premises.services) {
    const places = new Set(loads.map(placeOf));
    if (loads.length < 2 || places.size !== 1) continue;
    const [place = ""] = places;
    byPlace.set(place, [...(byPlace.get(place) ?? []), id]);
  }
  return [...byPlace].map(([where, services]) => ({
    kind: "one-place",
    what: `${listed(services)} ${services.length === 1 ? "has" : "have"} every rack in ${where}`,
    where,
    why: "Racks beside each other are one rack for fire, water and heat.",
    loads: [...new Set(premises.services.filter(({ id }) => services.includes(id)).flatMap(({ loads }) => loads))],
    services,
  }));
}

function unsaidPlaces({ premises, nodes }: Grounds): readonly Finding[] {
  const nowhere = nodes.filter(({ space }) => space === null).map(({ id }) => id);
  const open = [...premises.rooms].filter(([, { compartment }]) => compartment === null).map(([id]) => id);
  const finding = (what: string, where: string): Finding => ({
    kind: "unsaid",
    what,
    where,
    why: "What it shares with others is not known, and is not counted as nothing.",
    loads: [],
    services: [],
  });
  return [
    ...(nowhere.length > 0 ? [finding(`no room is said of ${listed(nowhere)}`, "power")] : []),
    ...(open.length > 0 ? [finding(`no compartment is said of ${listed(open)}`, "spaces")] : []),
  ];
}
