import type { PointRule } from "../../src/core/image.ts";
import type { Plant, SiteModel } from "../../src/core/plant.ts";
import { start } from "../../src/core/plant.ts";
import { quantityOf } from "../../src/core/quantity.ts";
import type { PointId } from "../../src/core/reading.ts";
import { instant, seconds } from "../../src/core/time.ts";
import type { Load, NodeId, PowerNode } from "../../src/core/topology/power.ts";
import type { PointInfo, SiteInfo } from "../../src/serve/info.ts";
import { begin, cycle, point } from "./plants.ts";

// Sites of any size, to see that a display draws them all.

export interface Large {
  readonly plant: Plant;
  readonly info: SiteInfo;
  /** Every point's calm value. */
  readonly calm: Readonly<Record<string, number>>;
}

export interface Size {
  readonly feeds: number;
  readonly rooms: number;
  /** Rows of racks that each feed supplies. */
  readonly rows: number;
  /** UPS of each feed. */
  readonly ups?: number;
}

const letter = (n: number): string => String.fromCharCode(65 + n);
const nodeId = (text: string): NodeId => text as NodeId;

type Sketch = Partial<PowerNode> & Pick<PowerNode, "kind">;
const node = (id: string, sketch: Sketch): PowerNode => ({
  id: nodeId(id),
  feed: null,
  space: null,
  from: [],
  ratedKw: 500,
  power: point(`${id}/power.active`),
  battery: null,
  device: id,
  ...sketch,
});

/** Each feed has its own utility and transfer switch; one generator stands behind all. */
function nodesOf({ feeds, rows, ups = 1 }: Size): readonly PowerNode[] {
  const chain = Array.from({ length: feeds }, (_, f) => {
    const feed = letter(f);
    const supplies = Array.from({ length: ups }, (_, u) => `UPS ${feed}${ups > 1 ? u + 1 : ""}`);
    return [
      node(`Utility ${feed}`, { kind: "utility" }),
      node(`ATS ${feed}`, { kind: "ats", from: [nodeId(`Utility ${feed}`), nodeId("Gen")], power: null }),
      ...supplies.map((id) =>
        node(id, { kind: "ups", feed, from: [nodeId(`ATS ${feed}`)], power: point(`${id}/output.power`) }),
      ),
      ...Array.from({ length: rows }, (_, r) =>
        node(`Row ${feed}${r + 1}`, { kind: "pdu", feed, from: [nodeId(supplies[r % ups]!)], ratedKw: 100 }),
      ),
    ];
  });
  return [node("Gen", { kind: "generator" }), ...chain.flat()];
}

const kinds = ["battery-room", "ups-room", "hall", "hall", "cooling-room"] as const;

const spacesOf = ({ rooms }: Size): SiteInfo["spaces"] =>
  Array.from({ length: rooms }, (_, n) => {
    const kind = kinds[n % kinds.length]!;
    return {
      id: `room-${n}`,
      kind,
      name: { en: `${kind[0]!.toUpperCase()}${kind.slice(1).replace("-", " ")} ${n + 1}` },
    };
  });

function loadsOf({ feeds, rows }: Size, halls: readonly string[]): readonly Load[] {
  return Array.from({ length: halls.length * 6 }, (_, n) => ({
    id: `rack-${n}`,
    space: halls[n % halls.length]!,
    ratedKw: 5,
    importance: "normal",
    feeds: [...new Set([n % feeds, (n + 1) % feeds])].map((f) => ({
      node: nodeId(`Row ${letter(f)}${(n % rows) + 1}`),
      outlet: null,
      closed: null,
      power: null,
    })),
  }));
}

/** A calm site of this size. */
export function large(size: Size): Large {
  const nodes = nodesOf(size);
  const spaces = spacesOf(size);
  const halls = spaces.filter(({ kind }) => kind === "hall").map(({ id }) => id);
  const calm: Record<string, number> = {};
  for (const { power, kind, id } of nodes) {
    if (power) calm[power] = kind === "generator" ? 0 : kind === "pdu" ? 60 : 180;
    if (kind === "ups")
      Object.assign(calm, { [`${id}/ups.mode`]: 1, [`${id}/battery.runtime`]: 640, [`${id}/battery.charge`]: 100 });
  }
  for (const { id } of spaces)
    Object.assign(calm, { [`${id}/temperature.ambient`]: 22 + (id.length % 5), [`${id}/smoke.level`]: 0 });
  const names = Object.keys(calm);
  const site: SiteModel = {
    id: "large",
    points: new Map(names.map((name): [PointId, PointRule] => [point(name), { maxAge: seconds(30) }])),
    alarms: [],
    responses: [],
    power: {
      nodes: new Map(nodes.map((one) => [one.id, one])),
      loads: loadsOf(size, halls.length > 0 ? halls : ["room-0"]),
    },
  };
  const points = new Map(names.map((name): [PointId, PointInfo] => [point(name), infoOf(name, spaces)]));
  const info: SiteInfo = { name: { en: "Large" }, timezone: "UTC", spaces, services: [], elsewhere: [], points };
  const plant = start(site, instant(begin - 1000));
  cycle(plant, begin, calm);
  return { plant, info, calm };
}

function infoOf(name: string, spaces: SiteInfo["spaces"]): PointInfo {
  const [device, quantity = ""] = name.split("/");
  const known = quantityOf(quantity);
  const space = spaces.some(({ id }) => id === device) ? (device ?? null) : null;
  return { quantity, unit: known?.unit ?? null, states: known?.states ?? null, space };
}
