/** A hall of many racks on two feeds, as large as it is asked for, and what its meters say. */

import { between, dice } from "../../simulators/plant/dice.ts";
import type { Image } from "../../src/core/image.ts";
import { imageAt } from "../../src/core/image.ts";
import type { PointId, Reading } from "../../src/core/reading.ts";
import { pointId } from "../../src/core/reading.ts";
import { seconds } from "../../src/core/time.ts";
import type { Importance, Load, LoadFeed, NodeId, PowerNode, PowerTree } from "../../src/core/topology/power.ts";
import { epoch } from "../core/bed.ts";

const racksPerRow = 20;
const rowsPerUps = 16;
/** Of all racks, one in so many is of a group: some six of each are redundant. */
const racksPerGroup = 25;
const ratedKw = 10;
/** Feed B has room for so much of what feed A carries. */
const spareOnB = 0.3;

export interface Hall {
  readonly tree: PowerTree;
  readonly image: Image;
  readonly upsOfA: readonly NodeId[];
  carriedKw(node: NodeId): number;
}

const importanceAt = (part: number): Importance =>
  part < 0.3 ? "batch" : part < 0.55 ? "redundant" : part < 0.9 ? "normal" : "protected";

/** Racks of which nine in ten hang on both feeds, on rows of twenty, on UPS of sixteen rows. */
export function hallOf(racks: number, seed: number): Hall {
  const chance = dice(seed);
  const nodes = new Map<NodeId, PowerNode>();
  const carried = new Map<string, number>();
  const readings: Reading[] = [];
  const rowCount = Math.ceil(racks / racksPerRow);
  const add = (id: string, kind: PowerNode["kind"], from: readonly string[]): void => {
    nodes.set(id as NodeId, {
      id: id as NodeId,
      kind,
      feed: null,
      space: null,
      from: from as NodeId[],
      ratedKw: 0,
      power: pointId(id, "power.active"),
      battery: null,
      device: null,
    });
  };
  add("main", "utility", []);
  for (const side of ["a", "b"])
    for (let row = 0; row < rowCount; row += 1) {
      const ups = `ups-${side}${Math.floor(row / rowsPerUps)}`;
      if (!nodes.has(ups as NodeId)) add(ups, "ups", ["main"]);
      add(`row-${side}${row}`, "pdu", [ups]);
    }
  const loads = Array.from({ length: racks }, (_, at): Load => {
    const row = Math.floor(at / racksPerRow);
    const isDual = between(chance, 0, 1) < 0.9;
    const drawnKw = between(chance, 0.2, 0.9) * ratedKw;
    const importance = importanceAt(between(chance, 0, 1));
    const feeds = (isDual ? ["a", "b"] : ["a"]).map((side): LoadFeed => {
      const device = `row-${side}${row}`;
      const [outlet, power] = [pointId(device, `outlet[${at}].state`), pointId(device, `outlet[${at}].power`)];
      const kw = drawnKw / (isDual ? 2 : 1);
      readings.push(said(outlet, 1), said(power, kw));
      for (const id of [device, `ups-${side}${Math.floor(row / rowsPerUps)}`, "main"])
        carried.set(id, (carried.get(id) ?? 0) + kw);
      return { node: device as NodeId, outlet, closed: outlet, power };
    });
    const spread = importance === "redundant" ? { spread: `g${at % Math.ceil(racks / racksPerGroup)}` } : {};
    return { id: `r${at}`, space: "hall", ratedKw, importance, feeds, ...spread };
  });
  for (const node of nodes.values()) {
    const kw = carried.get(node.id) ?? 0;
    readings.push(said(node.power!, kw));
    // Every node is filled so far that it has its part of room under nine tenths.
    nodes.set(node.id, { ...node, ratedKw: (kw * (1 + spareOnB * between(chance, 0.6, 1.4))) / 0.9 });
  }
  return {
    tree: { nodes, loads },
    image: imageOf(readings),
    upsOfA: [...nodes.keys()].filter((id) => id.startsWith("ups-a")),
    carriedKw: (node) => carried.get(node) ?? 0,
  };
}

const said = (point: PointId, value: number): Reading => ({ point, at: epoch, quality: "good", value });

const imageOf = (readings: readonly Reading[]): Image =>
  imageAt(
    new Map(readings.map((reading) => [reading.point, reading])),
    new Map(readings.map(({ point }) => [point, { maxAge: seconds(30) }])),
    epoch,
  );
