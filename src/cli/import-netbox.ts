/**
 * What NetBox knows of racks and their power: one JSON file with `racks`, `power_panels`,
 * `power_feeds` and, if wanted, `devices`, each a list as NetBox's REST API gives it, with or
 * without `results` around it. Panels become boards, feeds their ways to racks; what feeds the
 * panels NetBox does not know.
 */
import { z } from "zod";
import type { Problem } from "../profiles/index.ts";
import { Document, validate } from "../profiles/index.ts";
import type { Fragment, FragmentLoad, FragmentNode } from "./fragment.ts";
import { freeId, plainId } from "./ids.ts";

const text = z.string().min(1);
const reference = z.looseObject({ id: z.int(), name: text });
const place = { site: z.looseObject({ name: text }).nullish(), location: z.looseObject({ name: text }).nullish() };
const choice = <T extends string>(values: readonly [T, ...T[]]) => z.looseObject({ value: z.enum(values) });
const named = z.looseObject({ id: z.int(), name: text, ...place });
const feedSchema = z.looseObject({
  id: z.int(),
  name: text,
  power_panel: reference,
  rack: reference.nullish(),
  type: choice(["primary", "redundant"]),
  phase: choice(["single-phase", "three-phase"]),
  voltage: z.number(),
  amperage: z.number().positive(),
  max_utilization: z.number().positive().max(100),
});
const deviceSchema = z.looseObject({
  id: z.int(),
  name: z.string().nullish(),
  role: z.looseObject({ name: text }).nullish(),
  rack: reference.nullish(),
  primary_ip: z.looseObject({ address: text }).nullish(),
  ...place,
});
type Listed<T> = readonly T[] | { readonly results: readonly T[] };
const listOf = <T extends z.ZodType>(one: T) => z.union([z.array(one), z.looseObject({ results: z.array(one) })]);
const exportSchema = z.looseObject({
  racks: listOf(named),
  power_panels: listOf(named),
  power_feeds: listOf(feedSchema),
  devices: listOf(deviceSchema).default([]),
});
type Export = z.output<typeof exportSchema>;
type Feed = z.output<typeof feedSchema>;
type Placed = Pick<z.output<typeof named>, "site" | "location">;

/** Devices by whose roles it can be told that they are watched here. */
const watchedRole = /ups|pdu|power|batter|cool|crac|crah|chill|generator|meter|sensor|environment|transfer/i;

/** What feeds the panels, which somebody has to say. */
const utility = "utility";

export function fromNetbox(file: string, source: string): Fragment | { readonly problems: readonly Problem[] } {
  const document = Document.parse(file, source);
  const checked = validate(document, exportSchema);
  if ("problems" in checked) return checked;
  const known = checked.value;
  const problems = strayFeeds(document, known);
  return problems.length > 0 ? { problems } : fragmentOf(known);
}

/** A list by itself, or in the answer of the API that it came in. */
const inList = <T>(list: Listed<T>): readonly T[] => ("results" in list ? list.results : list);

function strayFeeds(document: Document, { racks, power_panels, power_feeds }: Export): readonly Problem[] {
  const has = (list: Listed<{ readonly id: number }>, id: number): boolean => inList(list).some((one) => one.id === id);
  const above = ["power_feeds", ...("results" in power_feeds ? ["results"] : [])];
  return inList(power_feeds).flatMap(({ rack, power_panel: panel }, i) => {
    const stray = (key: string, what: string, id: number): Problem =>
      document.problemAt([...above, i, key], `there is no ${what} ${id}`);
    return [
      ...(has(power_panels, panel.id) ? [] : [stray("power_panel", "power panel", panel.id)]),
      ...(rack && !has(racks, rack.id) ? [stray("rack", "rack", rack.id)] : []),
    ];
  });
}

function fragmentOf(known: Export): Fragment {
  const [racks, panels, allFeeds] = [inList(known.racks), inList(known.power_panels), inList(known.power_feeds)];
  const spaces = new Map<string, string>();
  const spaceOf = (placed: Placed): string => {
    const name = placed.location?.name ?? placed.site?.name ?? "Not placed yet";
    const id = plainId(name) || "unplaced";
    spaces.set(id, spaces.get(id) ?? name);
    return id;
  };
  const taken = new Set([utility]);
  const panelIds = new Map(panels.map(({ id, name }) => [id, freeId(plainId(name) || `panel-${id}`, taken)]));
  const feedsOf = (key: "rack" | "power_panel", id: number): readonly Feed[] =>
    allFeeds.filter((feed) => feed[key]?.id === id);
  const nodes = panels.map((panel): FragmentNode => {
    const feeds = feedsOf("power_panel", panel.id);
    const ratedKw = rounded(feeds.reduce((sum, feed) => sum + kwOf(feed), 0));
    const node = { id: panelIds.get(panel.id)!, kind: "pdu", space: spaceOf(panel), from: [utility] };
    return { ...node, feed: letterOf(feeds), ratedKw: ratedKw > 0 ? ratedKw : 1 };
  });
  const rackIds = new Set<string>();
  const fed = racks.filter(({ id }) => feedsOf("rack", id).length > 0);
  const loads = fed.map((rack): FragmentLoad => {
    const feeds = feedsOf("rack", rack.id);
    // Each cord has to carry the rack alone when the other is gone.
    const ratedKw = rounded(Math.min(...feeds.map(kwOf)));
    const from = feeds.map((feed) => panelIds.get(feed.power_panel.id)!);
    return {
      id: freeId(plainId(rack.name) || `rack-${rack.id}`, rackIds),
      space: spaceOf(rack),
      ratedKw,
      importance: "normal",
      from,
    };
  });
  const watched = watchedOf(inList(known.devices), spaceOf);
  const totalKw = rounded(nodes.reduce((sum, { ratedKw }) => sum + ratedKw, 0));
  return {
    spaces: [...spaces].map(([id, name]) => ({ id, name, kind: "other", compartment: null, plenum: null })),
    nodes: [{ id: utility, kind: "utility", space: null, from: [], feed: null, ratedKw: totalKw || 1 }, ...nodes],
    loads,
    devices: watched,
    notes: notesOf(racks.length - fed.length, nodes, panels.length),
  };
}

/** What a feed may carry, kW, as NetBox reckons it: at a power factor of 1. */
function kwOf({ voltage, amperage, max_utilization: utilization, phase }: Feed): number {
  const phases = phase.value === "three-phase" ? Math.sqrt(3) : 1;
  return (Math.abs(voltage) * amperage * phases * utilization) / 100 / 1000;
}

const rounded = (kw: number): number => Math.round(kw * 10) / 10;

/** Feed A where all of a panel's feeds are primary, B where all are redundant. */
function letterOf(feeds: readonly Feed[]): string | null {
  const types = new Set(feeds.map(({ type }) => type.value));
  if (types.size !== 1) return null;
  return types.has("primary") ? "A" : "B";
}

function watchedOf(
  devices: readonly z.output<typeof deviceSchema>[],
  spaceOf: (placed: Placed) => string,
): Fragment["devices"] {
  const ids = new Set<string>();
  return devices.flatMap((device) => {
    const host = device.primary_ip?.address.replace(/\/\d+$/, "");
    const role = device.role?.name ?? "";
    if (host === undefined || !watchedRole.test(role)) return [];
    const id = freeId(plainId(device.name ?? "") || `device-${device.id}`, ids);
    return [{ id, what: role, space: spaceOf(device), host }];
  });
}

const notesOf = (withoutFeed: number, nodes: readonly FragmentNode[], panels: number): readonly string[] => [
  `NetBox does not know what feeds its ${panels} power panels: "${utility}" stands for it. Put transfer switches and UPS between.`,
  "Ratings of panels are the sums of their feeds, those of racks their smallest feed, at a power factor of 1.",
  ...(nodes.some(({ feed }) => feed === null) ? ["Panels with primary and redundant feeds belong to no feed."] : []),
  ...(withoutFeed === 1 ? ["1 rack without a power feed was left out."] : []),
  ...(withoutFeed > 1 ? [`${withoutFeed} racks without a power feed were left out.`] : []),
];
