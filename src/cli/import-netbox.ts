/**
 * What NetBox knows of racks and their power: one JSON file with `racks`, `power_panels`,
 * `power_feeds` and, if wanted, `devices` and `cables`, each a list as NetBox's REST API gives it.
 * Panels become boards, and each feed a way of its own from its board to its rack, with its own
 * limit; what feeds the panels NetBox does not know.
 */
import type { Problem } from "../profiles/index.ts";
import { Document, validate } from "../profiles/index.ts";
import type { Fragment, FragmentLoad, FragmentNode } from "./fragment.ts";
import { freeId, plainId } from "./ids.ts";
import { cabledTo, isActive, racksOf, strays } from "./netbox-cables.ts";
import type { Device, Export, Feed, Placed } from "./netbox-export.ts";
import { exportSchema, inList } from "./netbox-export.ts";

/** Devices by whose roles it can be told that they are watched here. */
const watchedRole = /ups|pdu|power|batter|cool|crac|crah|chill|generator|meter|sensor|environment|transfer/i;

/** What feeds the panels, which somebody has to say. */
const utility = "utility";

export function fromNetbox(file: string, source: string): Fragment | { readonly problems: readonly Problem[] } {
  const document = Document.parse(file, source);
  const checked = validate(document, exportSchema);
  if ("problems" in checked) return checked;
  const problems = strays(document, checked.value);
  return problems.length > 0 ? { problems } : fragmentOf(checked.value);
}

function fragmentOf(known: Export): Fragment {
  const [racks, panels] = [inList(known.racks), inList(known.power_panels)];
  const [places, rackOf] = [placesOf(), racksOf(known)];
  const feeds = inList(known.power_feeds).filter(isActive);
  const taken = new Set([utility]);
  const boards = new Map(panels.map(({ id, name }) => [id, freeId(plainId(name) || `panel-${id}`, taken)]));
  const ways = new Map(feeds.map((feed) => [feed.id, freeId(wayId(boards, feed), taken)]));
  const nodes = panels.flatMap((panel): readonly FragmentNode[] => {
    const own = feeds.filter((feed) => feed.power_panel.id === panel.id);
    const [id, space] = [boards.get(panel.id)!, places.spaceOf(panel)];
    const ratedKw = rounded(own.reduce((sum, feed) => sum + kwOf(feed), 0)) || 1;
    const board = { id, kind: "pdu", space, from: [utility], feed: letterOf(own), ratedKw };
    return [board, ...own.filter(({ id: feed }) => rackOf.has(feed)).map((feed) => wayOf(feed, ways, { id, space }))];
  });
  const fed = racks.filter((rack) => feeds.some(({ id }) => rackOf.get(id) === rack.id));
  const rackIds = new Set<string>();
  const loads = fed.map((rack): FragmentLoad => {
    const own = feeds.filter(({ id }) => rackOf.get(id) === rack.id);
    // Each cord has to carry the rack alone when the other is gone.
    const ratedKw = rounded(Math.min(...own.map(kwOf)));
    const id = freeId(plainId(rack.name) || `rack-${rack.id}`, rackIds);
    const from = own.map((feed) => ways.get(feed.id)!);
    return { id, space: places.spaceOf(rack), ratedKw, importance: "normal", from };
  });
  const devices = watchedOf(known, { spaceOf: places.spaceOf, ways });
  const totalKw = rounded(nodes.reduce((sum, { from, ratedKw }) => (from[0] === utility ? sum + ratedKw : sum), 0));
  return {
    spaces: [...places.spaces].map(([id, name]) => ({ id, name, kind: "other", compartment: null, plenum: null })),
    nodes: [{ id: utility, kind: "utility", space: null, from: [], feed: null, ratedKw: totalKw || 1 }, ...nodes],
    loads,
    devices,
    notes: notesOf(known, {
      panels: panels.length,
      isMixed: nodes.some(({ from, feed }) => from[0] === utility && feed === null),
      unfedRacks: racks.length - fed.length,
      looseFeeds: feeds.filter(({ id }) => !rackOf.has(id)).length,
    }),
  };
}

/** The rooms that things stand in, as they are met. */
function placesOf(): { readonly spaces: ReadonlyMap<string, string>; readonly spaceOf: (placed: Placed) => string } {
  const spaces = new Map<string, string>();
  const spaceOf = ({ location, site }: Placed): string => {
    const name = location?.name ?? site?.name ?? "Not placed yet";
    const id = plainId(name) || "unplaced";
    spaces.set(id, spaces.get(id) ?? name);
    return id;
  };
  return { spaces, spaceOf };
}

/** Feeds have names of their own on one panel only. */
const wayId = (boards: ReadonlyMap<number, string>, { id, name, power_panel: panel }: Feed): string =>
  `${boards.get(panel.id)!}-${plainId(name) || `feed-${id}`}`;

const wayOf = (
  feed: Feed,
  ways: ReadonlyMap<number, string>,
  board: { readonly id: string; readonly space: string },
): FragmentNode => ({
  id: ways.get(feed.id)!,
  kind: "pdu",
  space: board.space,
  from: [board.id],
  feed: letterOf([feed]),
  ratedKw: rounded(kwOf(feed)),
});

/** What a feed may carry, kW, as NetBox reckons it: at a power factor of 1, three phases evenly loaded. */
function kwOf({ voltage, amperage, max_utilization: utilization, phase, supply }: Feed): number {
  const phases = phase.value === "three-phase" && supply?.value !== "dc" ? Math.sqrt(3) : 1;
  return (Math.abs(voltage) * amperage * phases * utilization) / 100 / 1000;
}

const rounded = (kw: number): number => Math.round(kw * 10) / 10;

/** Feed A where all of these are primary, B where all are redundant. */
function letterOf(feeds: readonly Feed[]): string | null {
  const types = new Set(feeds.map(({ type }) => type.value));
  if (types.size !== 1) return null;
  return types.has("primary") ? "A" : "B";
}

interface Ground {
  readonly spaceOf: (placed: Placed) => string;
  /** The id of each feed's way. */
  readonly ways: ReadonlyMap<number, string>;
}

function watchedOf(known: Export, { spaceOf, ways }: Ground): Fragment["devices"] {
  const ids = new Set<string>();
  const cabled = [...cabledTo(known)];
  const fedBy = ({ id }: Device): string => {
    const on = cabled.flatMap(([feed, devices]) => (devices.includes(id) ? (ways.get(feed) ?? []) : []));
    return on.length === 0 ? "" : `, on ${on.join(", ")}`;
  };
  return inList(known.devices).flatMap((device) => {
    const host = device.primary_ip?.address.replace(/\/\d+$/, "");
    const role = device.role?.name ?? "";
    if (host === undefined || !watchedRole.test(role)) return [];
    const id = freeId(plainId(device.name ?? "") || `device-${device.id}`, ids);
    return [{ id, what: `${role}${fedBy(device)}`, space: spaceOf(device), host }];
  });
}

interface Left {
  readonly panels: number;
  /** A panel has primary and redundant feeds. */
  readonly isMixed: boolean;
  readonly unfedRacks: number;
  readonly looseFeeds: number;
}

function notesOf({ power_feeds: feeds }: Export, { panels, isMixed, unfedRacks, looseFeeds }: Left): readonly string[] {
  const idle = inList(feeds).filter((feed) => !isActive(feed)).length;
  return [
    `NetBox does not know what feeds its ${panels} power panels: "${utility}" stands for it. Put transfer switches and UPS between.`,
    "Limits of feeds are voltage x current x utilisation, at a power factor of 1 and with three phases evenly loaded;",
    "ratings of panels are the sums of their feeds, those of racks their smallest feed.",
    ...(isMixed ? ["Panels with primary and redundant feeds belong to no feed."] : []),
    ...counted(unfedRacks, "rack", "without a power feed"),
    ...counted(looseFeeds, "power feed", "of which neither NetBox nor a cable says the rack"),
    ...counted(idle, "power feed", "not active (planned, offline or failed)"),
  ];
}

function counted(count: number, what: string, why: string): readonly string[] {
  if (count === 0) return [];
  return [count === 1 ? `1 ${what} ${why} was left out.` : `${count} ${what}s ${why} were left out.`];
}
