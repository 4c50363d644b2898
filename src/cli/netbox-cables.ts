/**
 * What hangs on a power feed: the devices at the other ends of its cables, and the rack, which the feed names itself or
 * which those devices stand in. Whatever does not fit together is told with its place in the export.
 */
import { inOrder } from "../profiles/document.ts";
import type { Document, Path, Problem } from "../profiles/index.ts";
import type { Cable, End, Export, Feed } from "./netbox-export.ts";
import { inList } from "./netbox-export.ts";

type ListName = "racks" | "power_panels" | "power_feeds" | "devices" | "cables";

const feedType = "dcim.powerfeed";
const portType = "dcim.powerport";

/** A cable that is there: what is only planned or is taken away again carries nothing. */
const isThere = ({ status }: Cable): boolean => (status?.value ?? "connected") === "connected";

/** A feed that carries something. */
export const isActive = ({ status }: Feed): boolean => (status?.value ?? "active") === "active";

interface Joint {
  readonly feed: End;
  readonly feedPath: Path;
  readonly port: End;
  readonly portPath: Path;
}

/** Each pair of a feed and a power port that a cable joins, from either side. */
function jointsOf({ cables }: Export): readonly Joint[] {
  const ends = (cable: Cable, i: number, side: "a_terminations" | "b_terminations") =>
    cable[side].map((end, n) => ({ end, path: [...above(cables, "cables"), i, side, n] }));
  return inList(cables).flatMap((cable, i) => {
    if (!isThere(cable)) return [];
    const [a, b] = [ends(cable, i, "a_terminations"), ends(cable, i, "b_terminations")];
    return [...a.map((one) => [one, b] as const), ...b.map((one) => [one, a] as const)].flatMap(([one, others]) =>
      one.end.object_type === feedType
        ? others
            .filter(({ end }) => end.object_type === portType)
            .map((other) => ({ feed: one.end, feedPath: one.path, port: other.end, portPath: other.path }))
        : [],
    );
  });
}

const above = (list: Export[ListName], name: ListName): Path => [name, ...("results" in list ? ["results"] : [])];

/** The devices that are cabled to each feed, by the feed's id. */
export function cabledTo(known: Export): ReadonlyMap<number, readonly number[]> {
  const cabled = new Map<number, number[]>();
  for (const { feed, port } of jointsOf(known)) {
    const device = port.object?.device?.id;
    if (device !== undefined) cabled.set(feed.object_id, [...(cabled.get(feed.object_id) ?? []), device]);
  }
  return cabled;
}

/** The rack that hangs on each feed, by the feed's id; none for a feed of which nobody can say it. */
export function racksOf(known: Export): ReadonlyMap<number, number> {
  const cabled = cabledTo(known);
  const standsIn = new Map(inList(known.devices).map(({ id, rack }) => [id, rack?.id]));
  return new Map(
    inList(known.power_feeds).flatMap(({ id, rack }) => {
      const found = rack?.id ?? (cabled.get(id) ?? []).flatMap((device) => standsIn.get(device) ?? [])[0];
      return found === undefined ? [] : [[id, found] as const];
    }),
  );
}

/** All that does not fit together: ids that stand twice, what refers to nothing, and feeds that are cabled elsewhere. */
export function strays(document: Document, known: Export): readonly Problem[] {
  const idsOf = (name: ListName): ReadonlySet<number> =>
    new Set(inList<{ readonly id: number }>(known[name]).map(({ id }) => id));
  const [racks, panels, feeds, devices] = [
    idsOf("racks"),
    idsOf("power_panels"),
    idsOf("power_feeds"),
    idsOf("devices"),
  ];
  const lost = (path: Path, what: string, id: number): Problem => document.problemAt(path, `there is no ${what} ${id}`);
  const ofFeeds = inList(known.power_feeds).flatMap(({ rack, power_panel: panel }, i) => {
    const path = [...above(known.power_feeds, "power_feeds"), i];
    return [
      ...(panels.has(panel.id) ? [] : [lost([...path, "power_panel"], "power panel", panel.id)]),
      ...(rack && !racks.has(rack.id) ? [lost([...path, "rack"], "rack", rack.id)] : []),
    ];
  });
  const ofDevices = inList(known.devices).flatMap(({ rack }, i) =>
    rack && !racks.has(rack.id) ? [lost([...above(known.devices, "devices"), i, "rack"], "rack", rack.id)] : [],
  );
  const ofCables = jointsOf(known).flatMap((joint): readonly Problem[] => {
    const device = joint.port.object?.device?.id;
    if (!feeds.has(joint.feed.object_id)) return [lost(joint.feedPath, "power feed", joint.feed.object_id)];
    if (device === undefined) return [document.problemAt(joint.portPath, "does not say of which device this port is")];
    if (!devices.has(device)) return [lost(joint.portPath, "device", device)];
    return elsewhere(document, known, joint, device);
  });
  return inOrder([...twice(document, known), ...ofFeeds, ...ofDevices, ...ofCables]);
}

function twice(document: Document, known: Export): readonly Problem[] {
  const names = ["racks", "power_panels", "power_feeds", "devices", "cables"] as const;
  return names.flatMap((name) => {
    const ids = inList<{ readonly id: number }>(known[name]).map(({ id }) => id);
    return ids.flatMap((id, i) =>
      ids.indexOf(id) === i
        ? []
        : [document.problemAt([...above(known[name], name), i, "id"], `${id} is there already`)],
    );
  });
}

/** A feed of one rack that ends at a device in another. */
function elsewhere(document: Document, known: Export, { feed, portPath }: Joint, device: number): readonly Problem[] {
  const { rack, name } = inList(known.power_feeds).find(({ id }) => id === feed.object_id)!;
  const other = inList(known.devices).find(({ id }) => id === device)!;
  if (!rack || !other.rack || rack.id === other.rack.id) return [];
  const what = `feed ${name} is of rack ${rack.name}, and ${other.name ?? `device ${device}`} stands in ${other.rack.name}`;
  return [document.problemAt(portPath, what)];
}
